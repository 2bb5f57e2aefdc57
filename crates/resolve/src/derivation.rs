//! PubGrub's derivation of a contradiction.

use std::collections::BTreeSet;

use pubgrub::{DerivationTree, External};

use crate::node::Node;
use crate::slots::SlotSet;

/// PubGrub's derivation of a contradiction.
pub type Derivation = DerivationTree<Node, SlotSet, String>;

/// Visits the leaves of the derivation from left to right, and shared parts once.
pub fn collect<'t>(tree: &'t Derivation, visit: &mut impl FnMut(&'t External<Node, SlotSet, String>)) {
    let mut seen = BTreeSet::new();
    let mut rest = vec![tree];
    while let Some(tree) = rest.pop() {
        match tree {
            DerivationTree::External(external) => visit(external),
            DerivationTree::Derived(derived) => {
                if derived.shared_id.is_none_or(|id| seen.insert(id)) {
                    rest.push(&derived.cause2);
                    rest.push(&derived.cause1);
                }
            }
        }
    }
}

/// The nodes in a derivation, with repetitions.
pub fn nodes(tree: &Derivation) -> Vec<&Node> {
    let mut nodes = Vec::new();
    collect(tree, &mut |external| match external {
        External::FromDependencyOf(from, _, to, _) => nodes.extend([from, to]),
        External::NoVersions(node, _) | External::NotRoot(node, _) | External::Custom(node, _, _) => {
            nodes.push(node);
        }
    });
    nodes
}
