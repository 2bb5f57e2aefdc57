//! The requirements behind edges, read again from the problem and the metadata for a refusal.

use mach_nix_model::{PackageName, Requirement};

use crate::node::Node;
use crate::problem::RootRequirement;
use crate::search::Search;
use crate::slots::Slot;

impl Search<'_> {
    /// The user's requirements for a node, in the order of [`Search::own_requirements`].
    pub fn own_requirements_for(&self, to: &Node) -> Vec<RootRequirement> {
        let own = self.own_requirements().into_iter();
        own.filter(|root| asks_for(&root.requirement, to))
            .cloned()
            .collect()
    }

    /// The user's constraints on a package that apply to the target, in the user's order.
    pub fn constraints_on<'s>(&'s self, name: &'s PackageName) -> impl Iterator<Item = &'s RootRequirement> {
        let constraints = self.problem.constraints.iter();
        constraints.filter(move |root| root.requirement.name == *name && self.holds(&root.requirement))
    }

    /// The requirements of a version of a package for a node. The search has read its metadata before, so that the
    /// index has it cached; otherwise the result is empty.
    pub fn needed(&self, from: &Node, slot: Slot, to: &Node) -> Vec<Requirement> {
        let Some(name) = from.name() else {
            return Vec::new();
        };
        let metadata = self
            .candidates(name)
            .and_then(|candidates| self.read_metadata(name, &candidates, slot));
        let Ok(Ok(metadata)) = metadata else {
            return Vec::new();
        };
        let requirements = self.requirements_of(from, &metadata).into_iter();
        requirements
            .filter(|requirement| asks_for(requirement, to))
            .cloned()
            .collect()
    }
}

fn asks_for(requirement: &Requirement, node: &Node) -> bool {
    match node {
        Node::Root | Node::Conda(_) => false,
        Node::Package(name) => requirement.name == *name,
        Node::Extra(name, extra) => requirement.name == *name && requirement.extras.contains(extra),
    }
}
