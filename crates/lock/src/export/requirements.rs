//! [Requirements files](https://pip.pypa.io/en/stable/reference/requirements-file-format/) of pip.

use std::collections::{BTreeMap, BTreeSet};

use mach_nix_hash::Sha256;
use mach_nix_model::{AnyName, AnyVersion, PackageName};

use crate::export::{ExportError, Kind};
use crate::marker::marker;
use crate::targets::TargetSet;
use crate::{Lock, LockedPackage, LockedSource};

impl Lock {
    /// The chosen versions as a requirements file: one `name==version` per line, sorted, with a marker if a package or
    /// its version differs between targets. Direct references keep their URLs; files and folders next to the lock have
    /// only their paths, because pip accepts no name with these.
    #[must_use]
    pub fn to_requirements(&self) -> String {
        let mut text = String::new();
        for pin in self.pins() {
            text += &pin;
            text.push('\n');
        }
        text
    }

    /// The requirements file with the digests of all files of the lock, for pip's hash-checking mode, which installs no
    /// others.
    ///
    /// # Errors
    /// If a package is not a distribution that pip can install.
    pub fn to_requirements_with_hashes(&self) -> Result<String, ExportError> {
        for package in &self.packages {
            Kind::of(package, "a requirements file with hashes")?;
            if matches!(
                package.source,
                LockedSource::Git { .. } | LockedSource::Path { file: None, .. }
            ) {
                return Err(ExportError::NoFile {
                    package: package.name.to_string(),
                });
            }
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
        self.releases()
            .into_iter()
            .map(|((name, version, place), release)| {
                // pip has no name for a conda package that is not a Python project.
                let pinned = |project: &PackageName| format!("{project}=={version}");
                let pin = place.unwrap_or_else(|| match name {
                    AnyName::Project(project) => pinned(project),
                    AnyName::Conda(_) => format!("# {name} {version}"),
                });
                match marker(&self.targets, &release.targets) {
                    Some(marker) => format!("{pin} ; {marker}"),
                    None => pin,
                }
            })
    }

    fn releases(&self) -> BTreeMap<(&AnyName, &AnyVersion, Option<String>), Release> {
        let mut releases = BTreeMap::<_, Release>::new();
        for package in &self.packages {
            let LockedPackage { name, version, .. } = package;
            let release = releases.entry((name, version, location(package))).or_default();
            release.targets.extend(self.targets_of(package));
            release.hashes.extend(package.hash());
        }
        releases
    }
}

/// The direct reference instead of a version.
fn location(LockedPackage { name, source, .. }: &LockedPackage) -> Option<String> {
    let subdirectory = |subdirectory: &Option<String>| match subdirectory {
        Some(folder) => format!("#subdirectory={folder}"),
        None => String::new(),
    };
    match source {
        LockedSource::Index(_) | LockedSource::Nixpkgs { .. } | LockedSource::Conda(_) => None,
        LockedSource::Direct {
            file,
            subdirectory: folder,
        } => Some(format!("{name} @ {}{}", file.url, subdirectory(folder))),
        LockedSource::Git { git, .. } => Some(format!(
            "{name} @ git+{}@{}{}",
            git.url,
            git.rev,
            subdirectory(&git.subdirectory)
        )),
        LockedSource::Path { path, .. } => Some(path.clone()),
    }
}

#[derive(Default)]
struct Release {
    targets: TargetSet,
    hashes: BTreeSet<Sha256>,
}
