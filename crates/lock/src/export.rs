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
            pins.entry((&package.name, &package.version)).or_default().extend(self.targets_of(package));
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
        package.targets.clone().unwrap_or_else(|| (0..self.targets.len()).collect())
    }

    /// The shortest marker that holds on exactly these of the lock's targets.
    fn marker(&self, targets: &[usize]) -> String {
        let mut marker = MarkerTree::FALSE;
        for target in targets {
            marker.or(target_marker(&self.targets[*target]));
        }
        marker.try_to_string().unwrap_or_default()
    }
}

/// The marker that holds on this target and on no other that mach-nix knows.
fn target_marker(target: &LockedTarget) -> MarkerTree {
    let platform = if target.system.is_darwin() { "darwin" } else { "linux" };
    let machine = target.system.machine();
    let python = match target.python.patch() {
        None => format!("python_version == '{}'", target.python),
        Some(_) => format!("python_full_version == '{}'", target.python),
    };
    let text = format!("{python} and sys_platform == '{platform}' and platform_machine == '{machine}'");
    MarkerTree::parse_str::<pep508_rs::VerbatimUrl>(&text).expect("the marker is written above")
}
