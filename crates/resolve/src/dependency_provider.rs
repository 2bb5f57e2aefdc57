//! Implementation of PubGrub's dependency provider.

use pubgrub::{DependencyProvider, PackageResolutionStatistics};

use crate::dependencies::NodeDependencies;
use crate::error::ResolveError;
use crate::node::Node;
use crate::priority::Priority;
use crate::search::{ROOT_SLOT, Search};
use crate::slots::{Slot, SlotSet};

impl DependencyProvider for Search<'_> {
    type P = Node;
    type V = Slot;
    type VS = SlotSet;
    type Priority = Priority;
    type M = String;
    type Err = ResolveError;

    fn should_cancel(&self) -> Result<(), ResolveError> {
        Ok(self.take_step()?)
    }

    fn prioritize(&self, node: &Node, set: &SlotSet, _: &PackageResolutionStatistics) -> Priority {
        self.priority(node, set)
    }

    fn choose_version(&self, node: &Node, set: &SlotSet) -> Result<Option<Slot>, ResolveError> {
        let Some(name) = node.name() else {
            return Ok(Some(ROOT_SLOT));
        };
        let candidates = self.candidates(name)?;
        let best = candidates.best(set, self.problem.preferences.get(name));
        if best.is_none()
            && set
                .iter(candidates.len())
                .any(|slot| candidates.version(slot).any_prerelease())
        {
            self.note_prereleases();
        }
        Ok(best)
    }

    fn get_dependencies(&self, node: &Node, slot: &Slot) -> Result<NodeDependencies, ResolveError> {
        match node {
            Node::Root => self.root_dependencies(),
            Node::Package(name) | Node::Extra(name, _) => self.package_dependencies(node, name, *slot),
        }
    }
}
