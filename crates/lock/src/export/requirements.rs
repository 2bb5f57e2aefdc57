//! [Requirements files](https://pip.pypa.io/en/stable/reference/requirements-file-format/) of pip.

use std::collections::{BTreeMap, BTreeSet};

use mach_nix_hash::Sha256;
use mach_nix_model::{PackageName, Version};

use crate::export::{ExportError, Kind};
use crate::marker::marker;
use crate::targets::TargetSet;
use crate::{Lock, LockedPackage};

impl Lock {
    /// The chosen versions as a requirements file: one `name==version` a line, sorted, with a marker where a package or
    /// its version is not the same for all targets.
    #[must_use]
    pub fn to_requirements(&self) -> String {
        let mut text = String::new();
        for pin in self.pins() {
            text += &pin;
            text.push('\n');
        }
        text
    }

    /// The same with the digests of all files of the lock, for pip's hash-checking mode: nothing else is installed then.
    ///
    /// # Errors
    /// When a package is not a distribution that pip could install.
    pub fn to_requirements_with_hashes(&self) -> Result<String, ExportError> {
        for package in &self.packages {
            Kind::of(package, "a requirements file with hashes")?;
        }
        let mut text = String::new();
        for (pin, (_, release)) in self.pins().zip(self.releases()) {
            text += &pin;
            for hash in release.hashes {
                text += &format!(" \\\n    --hash=sha256:{}", hash.to_hex());
            }
            text.push('\n');
        }
        Ok(text)
    }

    fn pins(&self) -> impl Iterator<Item = String> {
        self.releases().into_iter().map(|((name, version), release)| {
            match marker(&self.targets, &release.targets) {
                Some(marker) => format!("{name}=={version} ; {marker}"),
                None => format!("{name}=={version}"),
            }
        })
    }

    fn releases(&self) -> BTreeMap<(&PackageName, &Version), Release> {
        let mut releases = BTreeMap::<_, Release>::new();
        for package in &self.packages {
            let LockedPackage { name, version, .. } = package;
            let release = releases.entry((name, version)).or_default();
            release.targets.extend(self.targets_of(package));
            release.hashes.extend(package.hash());
        }
        releases
    }
}

#[derive(Default)]
struct Release {
    targets: TargetSet,
    hashes: BTreeSet<Sha256>,
}
