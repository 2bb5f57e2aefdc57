//! Sets of a lock's targets, formatted for messages and markers.

use std::collections::{BTreeMap, BTreeSet};

use mach_nix_model::Target;
use mach_nix_tags::{NixSystem, PythonVersion};

use crate::LockedTarget;

/// A set of a lock's targets, as indices into [`Lock::targets`](crate::Lock::targets).
pub type TargetSet = BTreeSet<usize>;

impl From<&LockedTarget> for Target {
    fn from(target: &LockedTarget) -> Self {
        Self {
            python: target.python,
            system: target.system,
        }
    }
}

/// The targets with one of these Pythons and one of these systems; `None` for any.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Block {
    pub pythons: Option<BTreeSet<PythonVersion>>,
    pub systems: Option<BTreeSet<NixSystem>>,
}

/// The fewest blocks that describe the set among the targets of the lock; usually targets differ only in one dimension,
/// and one block suffices.
pub fn blocks(targets: &[LockedTarget], set: &TargetSet) -> Vec<Block> {
    let pythons: BTreeSet<_> = set.iter().map(|target| targets[*target].python).collect();
    let systems: BTreeSet<_> = set.iter().map(|target| targets[*target].system).collect();
    let describes = |by_python: bool, by_system: bool| {
        targets.iter().enumerate().all(|(index, target)| {
            let inside = (!by_python || pythons.contains(&target.python))
                && (!by_system || systems.contains(&target.system));
            inside == set.contains(&index)
        })
    };
    for (by_python, by_system) in [(false, false), (false, true), (true, false), (true, true)] {
        if describes(by_python, by_system) {
            return vec![Block {
                pythons: by_python.then_some(pythons),
                systems: by_system.then_some(systems),
            }];
        }
    }
    one_per_set_of_systems(targets, set)
}

fn one_per_set_of_systems(targets: &[LockedTarget], set: &TargetSet) -> Vec<Block> {
    let mut systems = BTreeMap::<PythonVersion, BTreeSet<NixSystem>>::new();
    for target in set {
        let target = &targets[*target];
        systems.entry(target.python).or_default().insert(target.system);
    }
    let mut groups = BTreeMap::<BTreeSet<NixSystem>, BTreeSet<PythonVersion>>::new();
    for (python, systems) in systems {
        groups.entry(systems).or_default().insert(python);
    }
    let block = |(systems, pythons): (BTreeSet<NixSystem>, BTreeSet<PythonVersion>)| {
        let open = targets
            .iter()
            .filter(|target| pythons.contains(&target.python))
            .all(|target| systems.contains(&target.system));
        Block {
            pythons: Some(pythons),
            systems: (!open).then_some(systems),
        }
    };
    let mut blocks: Vec<Block> = groups.into_iter().map(block).collect();
    blocks.sort();
    blocks
}

/// The set as text: `Python 3.11 on aarch64-darwin`; `None` for all targets.
pub fn words(targets: &[LockedTarget], set: &TargetSet) -> Option<String> {
    let all = || targets.iter().map(|target| target.system);
    let block = |Block { pythons, systems }: Block| {
        let pythons = pythons.map(|pythons| format!("Python {}", list(&pythons)));
        let systems = systems.map(|systems| system_words(&systems, &all().collect()));
        match (pythons, systems) {
            (Some(pythons), Some(systems)) => Some(format!("{pythons} on {systems}")),
            (pythons, systems) => pythons.or(systems),
        }
    };
    let blocks: Option<Vec<String>> = blocks(targets, set).into_iter().map(block).collect();
    blocks.map(|blocks| blocks.join("; "))
}

fn system_words(systems: &BTreeSet<NixSystem>, all: &BTreeSet<NixSystem>) -> String {
    for (platform, word) in [(true, "Linux"), (false, "macOS")] {
        if systems.len() > 1
            && all
                .iter()
                .all(|system| (system.is_linux() == platform) == systems.contains(system))
        {
            return word.to_owned();
        }
    }
    list(systems)
}

/// `a`, `a and b`, `a, b and c`.
pub fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let mut items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    match items.pop() {
        None => String::new(),
        Some(last) if items.is_empty() => last,
        Some(last) => format!("{} and {last}", items.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_properties_describe_a_set() {
        let targets: Vec<LockedTarget> = ["3.11", "3.12"]
            .into_iter()
            .flat_map(|python| {
                NixSystem::ALL.map(|system| LockedTarget {
                    python: python.parse().unwrap(),
                    system,
                    virtual_packages: Vec::new(),
                })
            })
            .collect();
        for (set, expected) in [
            (&[0, 1, 2, 3, 4, 5, 6, 7][..], None),
            (&[0, 1, 2, 3], Some("Python 3.11")),
            (&[0, 1, 4, 5], Some("Linux")),
            (&[3, 7], Some("aarch64-darwin")),
            (&[0, 3, 4, 7], Some("x86_64-linux and aarch64-darwin")),
            (&[6, 7], Some("Python 3.12 on macOS")),
            (&[0, 4, 5, 6, 7], Some("Python 3.11 on x86_64-linux; Python 3.12")),
        ] {
            let set = set.iter().copied().collect();
            assert_eq!(words(&targets, &set).as_deref(), expected, "{set:?}");
        }
    }
}
