//! The dependencies of conda packages, and the user's requirements for them.

use std::sync::Arc;

use mach_nix_conda::{CondaName, CondaRecord, CondaSpec};
use mach_nix_model::{CoreMetadata, ExtraName, IndexError, PackageName, VersionOrUrl};
use pubgrub::{Dependencies, VersionSet};

use super::Properties;
use crate::candidates::Candidates;
use crate::dependencies::{Needs, NodeDependencies};
use crate::error::ResolveError;
use crate::node::Node;
use crate::problem::CondaRoot;
use crate::search::Search;
use crate::slots::{ABSENT, Slot, SlotSet};

/// What a spec says of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Force {
    /// The package is needed.
    Needs,
    /// If something else needs the package, it has to be like this.
    Limits,
}

impl Search<'_> {
    /// The user's requirements for conda packages that hold for the target, in an order that is not that of the user's lines.
    pub fn own_conda(&self) -> Vec<&CondaRoot> {
        let all = self.problem.conda.iter();
        let holds = |root: &&CondaRoot| root.requirement.marker.evaluate(&self.environment, &[]);
        let mut own: Vec<&CondaRoot> = all.filter(holds).collect();
        own.sort_by_cached_key(|root| {
            let spec = &root.requirement.spec;
            (spec.name().clone(), spec.to_string(), root.origin.clone())
        });
        own
    }

    /// Adds the user's requirements for conda packages.
    pub fn add_own_conda(&self, needs: &mut Needs) -> Result<(), ResolveError> {
        let own = self.own_conda();
        if own.is_empty() {
            return Ok(());
        }
        let specs: Vec<Arc<CondaSpec>> = own
            .iter()
            .map(|root| Arc::new(root.requirement.spec.clone()))
            .collect();
        if let Some(conda) = &self.conda {
            conda.announce(&specs);
        }
        for spec in &specs {
            if !Properties::has(spec.name()) {
                self.add_spec(needs, spec, Force::Needs)?;
            } else if !self.meets_property(spec) {
                needs.push(Node::Conda(spec.name().clone()), SlotSet::empty());
            }
        }
        Ok(())
    }

    /// Whether the target meets the user's requirement about one of its properties.
    fn meets_property(&self, spec: &CondaSpec) -> bool {
        let properties = self.rules.properties.as_ref();
        properties.is_some_and(|properties| properties.meet(spec) || properties.meet_with_another_patch(spec))
    }

    /// Requirements of the user for another patch release of Python, which nixpkgs decides about: a sentence each.
    pub fn conda_warnings(&self) -> Vec<String> {
        let Some(properties) = &self.rules.properties else {
            return Vec::new();
        };
        let own = self.own_conda().into_iter();
        let other = own.filter(|root| {
            let spec = &root.requirement.spec;
            Properties::has(spec.name()) && !properties.meet(spec)
        });
        other
            .map(|root| {
                format!(
                    "`{}` ({}) is not exactly the Python of the target, {}: its patch release is that of nixpkgs",
                    root.requirement.spec, root.origin, self.problem.target.python
                )
            })
            .collect()
    }

    /// The dependencies of a `conda:` node.
    pub fn conda_dependencies(&self, name: &CondaName, slot: Slot) -> Result<NodeDependencies, ResolveError> {
        let record = match &self.conda {
            Some(conda) if slot != ABSENT => conda.listing(name)?.record(slot).clone(),
            _ => return Ok(Needs::default().into()),
        };
        let mut needs = Needs::default();
        self.add_record(&mut needs, &record)?;
        Ok(needs.into())
    }

    /// The dependencies of a project's node that is a conda package.
    pub fn owned_dependencies(
        &self,
        node: &Node,
        name: &PackageName,
        candidates: &Candidates,
        record: &CondaRecord,
        slot: Slot,
    ) -> Result<NodeDependencies, ResolveError> {
        let mut needs = Needs::default();
        let Node::Extra(_, extra) = node else {
            self.add_record(&mut needs, record)?;
            return Ok(needs.into());
        };
        needs.push(Node::Package(name.clone()), SlotSet::singleton(slot));
        let Some(metadata) = self.metadata_beside(name, candidates, slot)? else {
            return Ok(Dependencies::Unavailable(format!(
                "conda packages have no extras, and the package index has no wheel of this version that would say what \
                 `{extra}` adds"
            )));
        };
        for requirement in self.requirements_of(node, &metadata) {
            if requirement.name != *name || !requirement.extras.is_empty() {
                self.add(&mut needs, requirement)?;
            }
        }
        Ok(needs.into())
    }

    /// The metadata of a wheel in the version of a slot: conda packages do not state extras.
    pub fn metadata_beside(
        &self,
        name: &PackageName,
        candidates: &Candidates,
        slot: Slot,
    ) -> Result<Option<Arc<CoreMetadata>>, ResolveError> {
        let version = candidates.version(slot);
        let mut files = candidates.files_of(version);
        if files.is_empty()
            && let Some(project) = self.index.project(name)?
        {
            files = project.files_of(version);
        }
        for wheel in files.iter().filter(|file| file.is_wheel()) {
            let metadata = self.index.metadata(name, wheel)?;
            if metadata.defect.is_none() {
                return Ok(Some(metadata));
            }
        }
        Ok(None)
    }

    /// Extras that a conda package is asked for and that its project has.
    pub fn has_extra(
        &self,
        name: &PackageName,
        candidates: &Candidates,
        slot: Slot,
        extra: &ExtraName,
    ) -> bool {
        let metadata = self.metadata_beside(name, candidates, slot);
        metadata.is_ok_and(|metadata| metadata.is_some_and(|known| known.provides_extra.contains(extra)))
    }

    /// Adds what a conda package depends on, and what it limits.
    fn add_record(&self, needs: &mut Needs, record: &CondaRecord) -> Result<(), ResolveError> {
        if let Some(conda) = &self.conda {
            conda.announce(&record.depends);
        }
        let ours = |spec: &&Arc<CondaSpec>| !Properties::has(spec.name());
        for spec in record.depends.iter().filter(ours) {
            self.add_spec(needs, spec, Force::Needs)?;
        }
        for spec in record.constrains.iter().filter(ours) {
            self.add_spec(needs, spec, Force::Limits)?;
        }
        Ok(())
    }

    /// Adds the edge of one spec.
    fn add_spec(&self, needs: &mut Needs, spec: &CondaSpec, force: Force) -> Result<(), ResolveError> {
        let Some(conda) = &self.conda else {
            return Ok(());
        };
        let node = conda.node(spec.name())?;
        let set = match self.meeting(&node, spec) {
            // What a snapshot does not hold cannot come from there, so nothing is there to be limited.
            Err(ResolveError::Index(IndexError::NotInSnapshot { .. })) if force == Force::Limits => {
                return Ok(());
            }
            other => other?,
        };
        if force == Force::Limits {
            // There is nothing to limit where nothing could be chosen.
            if node.conda().is_some() && conda.listing(spec.name())?.is_empty() {
                return Ok(());
            }
            self.priorities().meet(&node);
            needs.push(node, set.or_absent());
        } else {
            self.priorities().meet(&node);
            needs.push(node, set);
        }
        Ok(())
    }

    /// The slots of a node that meet a spec, without the absent one. The user's constraints hold for projects, whoever
    /// needs them.
    fn meeting(&self, node: &Node, spec: &CondaSpec) -> Result<SlotSet, ResolveError> {
        let Some(conda) = &self.conda else {
            return Ok(SlotSet::empty());
        };
        match node {
            Node::Conda(name) => Ok(conda.matching(name, spec)?),
            Node::Package(name) | Node::Extra(name, _) => {
                let candidates = self.candidates(name)?;
                let mut set = self.meeting_spec(&candidates, name, spec);
                for constraint in self.constraints_on(name) {
                    if let Some(VersionOrUrl::VersionSpecifier(specifiers)) =
                        &constraint.requirement.version_or_url
                    {
                        set = set.intersection(&self.matching(&candidates, name, specifiers));
                    }
                }
                Ok(set.intersection(&SlotSet::present()))
            }
            Node::Root => Ok(SlotSet::empty()),
        }
    }

    /// The best usable slot of a `conda:` node in a set.
    pub fn best_conda(&self, name: &CondaName, set: &SlotSet) -> Result<Option<Slot>, ResolveError> {
        if set.may_be_absent() {
            return Ok(Some(ABSENT));
        }
        let Some(conda) = &self.conda else {
            return Ok(None);
        };
        let listing = conda.listing(name)?;
        let limit = self.rules.limits.exclude_newer;
        let usable = |slot: &Slot| conda.unusable(&listing, *slot, limit).is_none();
        let is_kept = |slot: &Slot| self.rules.stays_with(listing.record(*slot));
        let mut kept = set.iter(listing.len()).rev().filter(is_kept);
        if let Some(slot) = kept.find(usable) {
            return Ok(Some(slot));
        }
        Ok(set.iter(listing.len()).rev().find(usable))
    }
}
