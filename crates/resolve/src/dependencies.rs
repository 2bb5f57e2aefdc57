//! The dependencies of nodes, read from the problem and from metadata.

use mach_nix_model::{PackageName, Provider, Requirement, VersionOrUrl};
use pubgrub::{Dependencies, VersionSet};

use crate::error::ResolveError;
use crate::node::Node;
use crate::search::Search;
use crate::slots::{ABSENT, Slot, SlotSet};

/// The dependencies of a node, or the reason why its version is not usable.
pub type NodeDependencies = Dependencies<Node, SlotSet, String>;

/// The edges of a node, one per target node, in insertion order.
#[derive(Default)]
pub struct Needs(Vec<(Node, SlotSet)>);

impl From<Needs> for NodeDependencies {
    fn from(needs: Needs) -> Self {
        Self::Available(needs.0.into_iter().collect())
    }
}

impl Needs {
    /// Adds an edge.
    pub fn push(&mut self, node: Node, set: SlotSet) {
        match self.0.iter_mut().find(|(known, _)| *known == node) {
            Some((_, known)) => *known = known.intersection(&set),
            None => self.0.push((node, set)),
        }
    }
}

impl Search<'_> {
    /// The dependencies of the root: the user's requirements.
    pub fn root_dependencies(&self) -> Result<NodeDependencies, ResolveError> {
        let active = self.own_requirements();
        let requirements: Vec<&Requirement> = active.iter().map(|root| &root.requirement).collect();
        self.announce(&requirements);
        let mut needs = Needs::default();
        for root in active {
            self.add(&mut needs, &root.requirement)?;
        }
        self.add_own_conda(&mut needs)?;
        Ok(needs.into())
    }

    /// The dependencies of a version of a package, or the reason why it is not usable; with an extra, its additional
    /// dependencies.
    pub fn package_dependencies(
        &self,
        node: &Node,
        name: &PackageName,
        slot: Slot,
    ) -> Result<NodeDependencies, ResolveError> {
        if slot == ABSENT {
            return Ok(Needs::default().into());
        }
        let candidates = self.candidates(name)?;
        if let Some(record) = candidates.record(slot) {
            return self.owned_dependencies(node, name, &candidates, record, slot);
        }
        if let Some(reason) = self.hopeless(name, &candidates, slot)? {
            return Ok(Dependencies::Unavailable(reason));
        }
        let metadata = match self.read_metadata(name, &candidates, slot)? {
            Ok(metadata) => metadata,
            Err(unusable) => return Ok(Dependencies::Unavailable(unusable)),
        };
        let extras = match node {
            Node::Extra(_, extra) => std::slice::from_ref(extra),
            _ => &[],
        };
        if let Some(reason) = metadata.unreadable_with(&self.environment, extras) {
            return Ok(Dependencies::Unavailable(reason.to_owned()));
        }
        let mut needs = Needs::default();
        if matches!(node, Node::Extra(..)) {
            needs.push(Node::Package(name.clone()), SlotSet::singleton(slot));
        }
        let active = self.requirements_of(node, &metadata);
        self.announce(&active);
        self.note_needed(name, &active);
        for requirement in active {
            if !self.may_refer(requirement) {
                return Ok(Dependencies::Unavailable(format!(
                    "it depends on the direct reference `{requirement}`; to trust it, add it to the requirements"
                )));
            }
            if requirement.name == *name && requirement.extras.is_empty() {
                continue;
            }
            self.add(&mut needs, requirement)?;
        }
        Ok(needs.into())
    }

    /// Whether a package's requirement is not a direct reference, or one that the user also has: only the user may
    /// choose the source of code.
    fn may_refer(&self, requirement: &Requirement) -> bool {
        let own = || self.reference(&requirement.name)?.version_or_url.as_ref();
        match &requirement.version_or_url {
            Some(VersionOrUrl::Url(_)) => requirement.version_or_url.as_ref() == own(),
            _ => true,
        }
    }

    /// Prefetches the names that are queried next, so that the index fetches them concurrently.
    fn announce(&self, requirements: &[&Requirement]) {
        let names: Vec<PackageName> = requirements
            .iter()
            .map(|r| &r.name)
            .filter(|name| !self.is_loaded(name))
            .cloned()
            .collect();
        let first = |name: &&PackageName| {
            let mut ranked = self.problem.policy.providers.of(name).ranked();
            ranked.any(|(tier, provider)| tier == 0 && *provider == Provider::Nixpkgs)
        };
        let in_nixpkgs: Vec<PackageName> = names.iter().filter(first).cloned().collect();
        if !in_nixpkgs.is_empty() {
            self.index.prefetch_nixpkgs(&in_nixpkgs, self.problem.target);
        }
        if !names.is_empty() {
            self.index.prefetch_projects(&names);
        }
    }

    /// Adds the edges of one requirement.
    pub fn add(&self, needs: &mut Needs, requirement: &Requirement) -> Result<(), ResolveError> {
        let name = &requirement.name;
        let package = Node::Package(name.clone());
        self.priorities().meet(&package);
        let candidates = self.candidates(name)?;
        let mut set = match &requirement.version_or_url {
            Some(VersionOrUrl::VersionSpecifier(specifiers)) => self.matching(&candidates, name, specifiers),
            _ => SlotSet::full(),
        };
        // The user's constraints apply wherever a package is needed.
        for constraint in self.constraints_on(name) {
            if let Some(VersionOrUrl::VersionSpecifier(specifiers)) = &constraint.requirement.version_or_url {
                set = set.intersection(&self.matching(&candidates, name, specifiers));
            }
        }
        // Where conda packages may limit what is absent, "every version" is not "absent or every version".
        if self.conda.is_some() {
            set = set.intersection(&SlotSet::present());
        }
        let extras = requirement
            .extras
            .iter()
            .map(|extra| Node::Extra(name.clone(), extra.clone()));
        for node in std::iter::once(package).chain(extras) {
            needs.push(node, set.clone());
        }
        Ok(())
    }
}
