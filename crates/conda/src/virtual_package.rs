//! Virtual packages ([CEP 30](https://conda.org/learn/ceps/cep-0030/)): properties of the target.

use std::fmt;
use std::str::FromStr;

use mach_nix_tags::{GLIBC, MACOS, NixSystem};

use crate::{CondaName, CondaSpec, CondaVersion};

/// The Linux kernel that packages may expect: the oldest one with long-term support that current distributions have.
const LINUX: &str = "5.10";

/// A package that packages depend on, and that is not installed: a property of the target, or a part of its Python.
///
/// As text it is `NAME=VERSION`, or `NAME=VERSION=BUILD` where the build string is not `0`.
///
/// ```
/// use mach_nix_conda::VirtualPackage;
///
/// let cuda: VirtualPackage = "__cuda=12.4".parse()?;
/// assert_eq!((cuda.version.as_str(), &*cuda.build), ("12.4", "0"));
/// # Ok::<(), mach_nix_conda::VirtualPackageError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirtualPackage {
    /// The name, such as `__glibc`.
    pub name: CondaName,
    /// The version.
    pub version: CondaVersion,
    /// The build string.
    pub build: Box<str>,
}

/// A text that is not a virtual package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a virtual package: {reason}; write it like `__cuda=12.4`", text.escape_debug())]
pub struct VirtualPackageError {
    text: String,
    reason: String,
}

impl VirtualPackage {
    /// Whether the package meets a match spec.
    #[must_use]
    pub fn meets(&self, spec: &CondaSpec) -> bool {
        *spec.name() == self.name && spec.allows(&self.version, &self.build, 0)
    }

    /// A package of this crate's own tables.
    pub(crate) fn known(name: &str, version: &str, build: &str) -> Self {
        Self {
            name: name.parse().expect("the tables have valid names"),
            version: version.parse().expect("the tables have valid versions"),
            build: build.into(),
        }
    }
}

impl FromStr for VirtualPackage {
    type Err = VirtualPackageError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text).map_err(|reason| VirtualPackageError {
            text: text.chars().take(256).collect(),
            reason,
        })
    }
}

fn read(text: &str) -> Result<VirtualPackage, String> {
    let mut parts = text.trim().splitn(3, '=');
    let name = parts.next().unwrap_or_default();
    let name: CondaName = name
        .parse()
        .map_err(|error: crate::CondaNameError| error.to_string())?;
    if !name.is_virtual() {
        return Err("its name does not begin with `__`".to_owned());
    }
    let version = parts.next().filter(|version| !version.is_empty());
    let version = version.ok_or_else(|| "it has no version".to_owned())?;
    let version = version
        .parse()
        .map_err(|error: crate::CondaVersionError| error.to_string())?;
    let build = parts.next().unwrap_or("0");
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '+');
    if build.is_empty() || build.len() > 64 || !build.chars().all(allowed) {
        return Err(
            "its build string has other characters than letters, digits, `_`, `.` and `+`".to_owned(),
        );
    }
    Ok(VirtualPackage {
        name,
        version,
        build: build.into(),
    })
}

impl fmt::Display for VirtualPackage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.version)?;
        if &*self.build == "0" {
            Ok(())
        } else {
            write!(f, "={}", self.build)
        }
    }
}

/// The virtual packages of a target.
///
/// They are data of the target and never properties of the machine that locks: the same lock comes out everywhere. A
/// graphics driver is no part of a target, so `__cuda` is absent unless it is given.
///
/// ```
/// use mach_nix_conda::{CondaSpec, VirtualPackages};
/// use mach_nix_tags::NixSystem;
///
/// let packages = VirtualPackages::of(NixSystem::Aarch64Linux);
/// let met = |packages: &VirtualPackages, text: &str| packages.meet(&text.parse::<CondaSpec>().unwrap());
/// assert!(met(&packages, "__glibc >=2.17,<3.0.a0") && !met(&packages, "__osx"));
/// assert!(!met(&packages, "__cuda >=12"));
/// assert!(met(&packages.with("__cuda=12.4".parse()?), "__cuda >=12"));
/// # Ok::<(), mach_nix_conda::VirtualPackageError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirtualPackages(Vec<VirtualPackage>);

impl VirtualPackages {
    /// Those of every machine of a system: the libc and the macOS are those that wheels may need as well.
    #[must_use]
    pub fn of(system: NixSystem) -> Self {
        let machine = match system {
            NixSystem::X86_64Linux | NixSystem::X86_64Darwin => "x86_64",
            NixSystem::Aarch64Linux | NixSystem::Aarch64Darwin => "aarch64",
        };
        let version = |(major, minor): (u8, u8)| format!("{major}.{minor}");
        let mut packages = vec![
            VirtualPackage::known("__archspec", "1", machine),
            VirtualPackage::known("__unix", "0", "0"),
        ];
        if system.is_darwin() {
            packages.push(VirtualPackage::known("__osx", &version(MACOS), "0"));
        } else {
            packages.push(VirtualPackage::known("__glibc", &version(GLIBC), "0"));
            packages.push(VirtualPackage::known("__linux", LINUX, "0"));
        }
        packages.sort_by(|a, b| a.name.cmp(&b.name));
        Self(packages)
    }

    /// The same with one more, which replaces what has its name.
    #[must_use]
    pub fn with(mut self, package: VirtualPackage) -> Self {
        match self.0.binary_search_by(|known| known.name.cmp(&package.name)) {
            Ok(at) => self.0[at] = package,
            Err(at) => self.0.insert(at, package),
        }
        self
    }

    /// The package of this name.
    #[must_use]
    pub fn get(&self, name: &CondaName) -> Option<&VirtualPackage> {
        self.0.iter().find(|package| package.name == *name)
    }

    /// Whether one of them meets a spec.
    #[must_use]
    pub fn meet(&self, spec: &CondaSpec) -> bool {
        self.get(spec.name()).is_some_and(|package| package.meets(spec))
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &VirtualPackage> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use mach_nix_tags::NixSystem;

    use super::{VirtualPackage, VirtualPackages};

    #[test]
    fn a_target_has_the_virtual_packages_of_its_system() {
        let texts = |system| {
            let texts: Vec<String> = VirtualPackages::of(system)
                .iter()
                .map(ToString::to_string)
                .collect();
            texts.join(" ")
        };
        assert_eq!(
            texts(NixSystem::X86_64Linux),
            "__archspec=1=x86_64 __glibc=2.40 __linux=5.10 __unix=0"
        );
        assert_eq!(
            texts(NixSystem::Aarch64Linux),
            "__archspec=1=aarch64 __glibc=2.40 __linux=5.10 __unix=0"
        );
        assert_eq!(
            texts(NixSystem::X86_64Darwin),
            "__archspec=1=x86_64 __osx=14.0 __unix=0"
        );
        assert_eq!(
            texts(NixSystem::Aarch64Darwin),
            "__archspec=1=aarch64 __osx=14.0 __unix=0"
        );
    }

    #[test]
    fn a_given_one_replaces_that_of_the_target() {
        let given: VirtualPackage = "__glibc=2.17".parse().unwrap();
        let packages = VirtualPackages::of(NixSystem::X86_64Linux).with(given.clone());
        assert_eq!(packages.get(&given.name), Some(&given));
        assert_eq!(packages.iter().count(), 4);
    }

    #[test]
    fn other_texts_are_refused_with_an_example() {
        for text in [
            "cuda=12",
            "__cuda",
            "__cuda=",
            "__cuda=12=",
            "__cuda=a b",
            "__cuda=12=x y",
            "",
        ] {
            let error = text.parse::<VirtualPackage>().unwrap_err().to_string();
            assert!(error.ends_with("write it like `__cuda=12.4`"), "{error}");
        }
    }
}
