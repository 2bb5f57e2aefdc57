//! Old sources that are excluded without a build (docs/decisions/0044).
//!
//! The requirements of a source may be known only to its build backend, which takes seconds to minutes. Its archive
//! contains likely requirements. They suffice to skip an old release if it is hopeless: another release of the package
//! is known to need the same package, and no version of that one satisfies the likely requirement together with the
//! user's requirements.

use mach_nix_model::{PackageName, Provider, Requirement, VersionOrUrl};
use pubgrub::VersionSet;

use crate::artifact::Artifact;
use crate::candidates::Candidates;
use crate::error::ResolveError;
use crate::node::Node;
use crate::search::Search;
use crate::slots::{ABSENT, Slot, SlotSet};

impl Search<'_> {
    /// Whether a release may need a build for its metadata, and is not the package's best one.
    pub fn is_old_source(&self, name: &PackageName, candidates: &Candidates, slot: Slot) -> bool {
        let preferred = self.problem.preferences.get(name);
        *candidates.provider(slot) == Provider::Sdist
            && self.reference(name).is_none()
            && candidates
                .files_of(candidates.version(slot))
                .iter()
                .all(|file| !file.is_wheel())
            && candidates.best(&SlotSet::full(), preferred) != Some(slot)
    }

    /// Whether a version of a node is an old source: see [`Self::is_old_source`].
    pub fn is_old_build(&self, node: &Node, slot: Slot) -> Result<bool, ResolveError> {
        let Some(name) = node.name() else {
            return Ok(false);
        };
        Ok(slot != ABSENT && self.is_old_source(name, &*self.candidates(name)?, slot))
    }

    /// The reason why an old source is hopeless, if that is known without a build.
    pub fn hopeless(
        &self,
        name: &PackageName,
        candidates: &Candidates,
        slot: Slot,
    ) -> Result<Option<String>, ResolveError> {
        if !self.is_old_source(name, candidates, slot) {
            return Ok(None);
        }
        let artifact = candidates.artifact(slot);
        let Ok(Artifact::File(file)) = artifact.as_deref() else {
            return Ok(None);
        };
        let facts = self.index.source(name, file)?;
        for requirement in facts.likely_requires.iter().filter(|found| self.holds(found)) {
            if self.is_needed_by_others(name, &requirement.name) && self.is_impossible(requirement)? {
                return Ok(Some(format!(
                    "its archive says that it needs {requirement}, which nothing satisfies here"
                )));
            }
        }
        Ok(None)
    }

    /// Whether no version satisfies a requirement together with those of the user.
    fn is_impossible(&self, requirement: &Requirement) -> Result<bool, ResolveError> {
        let name = &requirement.name;
        let candidates = self.candidates(name)?;
        if candidates.may_have_nixpkgs() || self.reference(name).is_some() {
            return Ok(false);
        }
        let own = self
            .problem
            .requirements
            .iter()
            .filter(|root| root.requirement.name == *name);
        let own = own.filter(|root| self.holds(&root.requirement));
        let limits = own.chain(self.constraints_on(name)).map(|root| &root.requirement);
        let mut possible = SlotSet::full();
        for limit in std::iter::once(requirement).chain(limits) {
            match &limit.version_or_url {
                Some(VersionOrUrl::VersionSpecifier(specifiers)) => {
                    possible = possible.intersection(&candidates.matching(specifiers));
                }
                Some(VersionOrUrl::Url(_)) => return Ok(false),
                None => {}
            }
        }
        let best = candidates.best(&possible, self.problem.preferences.get(name));
        let mut possible = possible.iter(candidates.len());
        if best.is_none() && possible.any(|slot| candidates.is_prerelease(slot)) {
            self.note_prereleases();
        }
        Ok(best.is_none())
    }
}
