//! The parts of a project, from the request to the lock.

use std::collections::BTreeMap;

use mach_nix_lock::{LockedParts, LockedRoot, node};
use mach_nix_model::{ExtraName, Requirement, Target};
use mach_nix_resolve::ResolvedPackage;
use serde::{Deserialize, Serialize};

/// The parts of a project, each with its requirements.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// The dependencies of the project itself.
    pub project: Vec<Requirement>,
    /// The extras, with what each adds.
    pub extras: BTreeMap<ExtraName, Vec<Requirement>>,
    /// The dependency groups, with what each adds.
    pub groups: BTreeMap<ExtraName, Vec<Requirement>>,
}

impl Parts {
    /// The parts as the lock records them.
    pub(crate) fn record(&self, targets: &[Target]) -> LockedParts {
        let of = |parts: &BTreeMap<ExtraName, Vec<Requirement>>| {
            let part = |(name, requirements): (&ExtraName, &Vec<Requirement>)| {
                (name.clone(), roots(requirements, targets))
            };
            parts.iter().map(part).collect()
        };
        LockedParts {
            project: roots(&self.project, targets),
            extras: of(&self.extras),
            groups: of(&self.groups),
        }
    }
}

/// The nodes that requirements lead to, where their markers hold.
fn roots(requirements: &[Requirement], targets: &[Target]) -> Vec<LockedRoot> {
    let mut nodes = BTreeMap::<String, Vec<usize>>::new();
    for (index, target) in targets.iter().enumerate() {
        let environment = target.marker_environment();
        for requirement in requirements {
            if !requirement.evaluate_markers(&environment, &[]) {
                continue;
            }
            let extras = requirement.extras.iter().map(Some);
            for extra in std::iter::once(None).chain(extras) {
                let served = nodes.entry(node(&requirement.name, extra)).or_default();
                if served.last() != Some(&index) {
                    served.push(index);
                }
            }
        }
    }
    let root = |(node, served): (String, Vec<usize>)| {
        if served.len() == targets.len() {
            LockedRoot::Always(node)
        } else {
            LockedRoot::Sometimes {
                node,
                targets: served,
            }
        }
    };
    nodes.into_iter().map(root).collect()
}

/// The edges of a package and of its extras, where an extra is involved: otherwise its dependencies say the same.
pub fn needs(package: &ResolvedPackage) -> BTreeMap<String, Vec<String>> {
    let mut edges = package
        .needs
        .iter()
        .flat_map(|(of, to)| to.iter().map(move |to| (of, to)));
    if !edges.any(|(of, (_, extra))| of.is_some() || extra.is_some()) {
        return BTreeMap::new();
    }
    let of_node = |(of, to): (&Option<ExtraName>, &std::collections::BTreeSet<_>)| {
        let to = to
            .iter()
            .map(|(name, extra): &mach_nix_resolve::Need| node(name, extra.as_ref()));
        (node(&package.name, of.as_ref()), to.collect())
    };
    package.needs.iter().map(of_node).collect()
}
