//! A lock in other tools' formats.

use std::collections::BTreeMap;
use std::fmt::Write;

use mach_nix_model::{PackageName, Version};
use pep508_rs::MarkerTree;

use crate::{Lock, LockedPackage, LockedTarget};

impl Lock {
    /// The chosen versions as a requirements file: one `name==version` a line, sorted, with a marker where a package or
    /// its version is not the same for all targets.
    #[must_use]
    pub fn to_requirements(&self) -> String {
        let mut pins = BTreeMap::<(&PackageName, &Version), Vec<usize>>::new();
        for package in &self.packages {
            pins.entry((&package.name, &package.version))
                .or_default()
                .extend(self.targets_of(package));
        }
        let mut text = String::new();
        for ((name, version), mut targets) in pins {
            targets.sort_unstable();
            write!(text, "{name}=={version}").expect("writing to a string cannot fail");
            if targets.len() < self.targets.len() {
                let marker = self.marker(&targets);
                write!(text, " ; {marker}").expect("writing to a string cannot fail");
            }
            text.push('\n');
        }
        text
    }

    /// The indices of the targets that an entry serves.
    #[must_use]
    pub fn targets_of(&self, package: &LockedPackage) -> Vec<usize> {
        package
            .targets
            .clone()
            .unwrap_or_else(|| (0..self.targets.len()).collect())
    }

    /// The shortest marker that holds on exactly these of the lock's targets.
    fn marker(&self, targets: &[usize]) -> String {
        let mut marker = MarkerTree::FALSE;
        for target in targets {
            marker.or(target_marker(self.targets[*target]));
        }
        marker.try_to_string().unwrap_or_default()
    }
}

/// The marker that holds on this target and on no other that mach-nix knows.
fn target_marker(target: LockedTarget) -> MarkerTree {
    let platform = if target.system.is_darwin() {
        "darwin"
    } else {
        "linux"
    };
    let machine = target.system.machine();
    let python = match target.python.patch() {
        None => format!("python_version == '{}'", target.python),
        Some(_) => format!("python_full_version == '{}'", target.python),
    };
    let text = format!("{python} and sys_platform == '{platform}' and platform_machine == '{machine}'");
    MarkerTree::parse_str::<pep508_rs::VerbatimUrl>(&text).expect("the marker is written above")
}

#[cfg(test)]
mod tests {
    use crate::Lock;

    #[test]
    fn markers_stand_where_targets_differ() {
        let lock = r#"{
            "version": 1,
            "request": {"requirements": ["a"], "digest": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
                "providers": {"_default": "wheel"}, "indexes": [], "prerelease": "allow"},
            "targets": [{"python": "3.11", "system": "x86_64-linux"}, {"python": "3.11", "system": "aarch64-darwin"}],
            "packages": [
                {"name": "a", "version": "1", "provider": "wheel", "file": "a-1-py3-none-any.whl", "url": "https://x/a",
                 "hash": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "a-later-field": true},
                {"name": "b", "version": "1", "provider": "wheel", "file": "b-1-linux.whl", "url": "https://x/b",
                 "hash": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "targets": [0]},
                {"name": "b", "version": "1", "provider": "wheel", "file": "b-1-mac.whl", "url": "https://x/b",
                 "hash": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "targets": [1]},
                {"name": "c", "version": "1", "provider": "wheel", "file": "c-1-py3-none-any.whl", "url": "https://x/c",
                 "hash": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "targets": [1]}
            ]}"#;
        let lock = Lock::from_json(lock).unwrap();
        assert_eq!(
            lock.to_requirements(),
            "a==1\nb==1\nc==1 ; python_full_version == '3.11.*' and platform_machine == 'arm64' and sys_platform == 'darwin'\n"
        );
        assert_eq!(Lock::from_json(&lock.to_json()).unwrap(), lock);
    }
}
