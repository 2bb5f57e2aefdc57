//! Implementation of PubGrub's dependency provider.

use pubgrub::{DependencyProvider, PackageResolutionStatistics};

use crate::dependencies::NodeDependencies;
use crate::error::ResolveError;
use crate::node::Node;
use crate::priority::Priority;
use crate::search::{ROOT_SLOT, Search};
use crate::slots::{ABSENT, Slot, SlotSet};

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
        let name = match node {
            Node::Root => return Ok(Some(ROOT_SLOT)),
            Node::Conda(name) => return self.best_conda(name, set),
            Node::Package(name) | Node::Extra(name, _) => name,
        };
        if self.conda.is_some() && set.may_be_absent() {
            return Ok(Some(ABSENT));
        }
        let candidates = self.candidates(name)?;
        let best = candidates.best(set, self.problem.preferences.get(name));
        if best.is_none()
            && set
                .iter(candidates.len())
                .any(|slot| candidates.is_prerelease(slot))
        {
            self.note_prereleases();
        }
        Ok(best)
    }

    fn get_dependencies(&self, node: &Node, slot: &Slot) -> Result<NodeDependencies, ResolveError> {
        match node {
            Node::Root => self.root_dependencies(),
            Node::Conda(name) => self.conda_dependencies(name, *slot),
            Node::Package(name) | Node::Extra(name, _) => self.package_dependencies(node, name, *slot),
        }
    }
}
