//! The queries for the candidates of a package.

use std::sync::Arc;

use mach_nix_model::{IndexError, PackageIndex, PackageName, Provider, Requirement, Version};

use super::{Candidates, NixpkgsRules};
use crate::conda::OwnedRecords;
use crate::listing::Listing;
use crate::rules::Rules;

/// Whether a project that the snapshot lacks may be treated as unknown, because nixpkgs can have the package: a
/// snapshot need not contain packages for which nixpkgs is the first provider, or which only packages of nixpkgs can
/// require (docs/decisions/0030).
fn may_be_lacking(providers: &[(usize, Provider)], rules_of_nixpkgs: NixpkgsRules) -> bool {
    let is_nixpkgs = |(_, provider): &&(usize, Provider)| *provider == Provider::Nixpkgs;
    let nixpkgs_first = providers
        .iter()
        .filter(|(tier, _)| *tier == 0)
        .all(|ranked| is_nixpkgs(&ranked));
    nixpkgs_first || (!rules_of_nixpkgs.is_own && providers.iter().any(|ranked| is_nixpkgs(&ranked)))
}

impl Candidates {
    /// Queries the index for a package's releases; `providers` are in order of preference. Nixpkgs is queried only if
    /// necessary: see [`crate::attempt::resolve`].
    pub fn load(
        index: &dyn PackageIndex,
        name: &PackageName,
        mut providers: Vec<(usize, Provider)>,
        preferred: Option<&Version>,
        rules_of_nixpkgs: NixpkgsRules,
        rules: &Arc<Rules>,
        conda: &[OwnedRecords],
    ) -> Result<Self, IndexError> {
        // An unused page is not worth a query, nor an evaluation.
        let asks_indexes = providers
            .iter()
            .any(|(_, provider)| matches!(provider, Provider::Wheel | Provider::Sdist));
        let nixpkgs = providers
            .iter()
            .find(|(_, provider)| *provider == Provider::Nixpkgs);
        let nixpkgs = nixpkgs.map(|(tier, _)| *tier);
        let (listed, not_held) = match asks_indexes.then(|| index.project(name)).transpose() {
            Ok(listed) => (listed.flatten(), None),
            Err(error @ IndexError::NotInSnapshot { .. }) if may_be_lacking(&providers, rules_of_nixpkgs) => {
                (None, Some(error))
            }
            Err(error) => return Err(error),
        };
        let listing = listed.clone().map_or(Listing::Unknown, Listing::Project);
        providers.reverse();
        let mut candidates = Self::new(name, listing, providers, rules, conda);
        let Some(tier) = nixpkgs else {
            return Ok(candidates);
        };
        if !rules_of_nixpkgs.nixpkgs_at_once && candidates.suffice_before(tier, preferred) {
            candidates.unqueried = Some(tier);
            return Ok(candidates);
        }
        let package = match (index.nixpkgs(name, rules.target), not_held) {
            (Ok(Some(package)), _) => package,
            (Ok(None) | Err(IndexError::NoNixpkgs { .. } | IndexError::Skipped { .. }), Some(error)) => {
                return Err(error);
            }
            (Ok(None), None) => return Ok(candidates),
            // Unnecessary if preferred providers have candidates.
            (Err(IndexError::NoNixpkgs { reason }), None) if tier > 0 => {
                candidates.no_nixpkgs = Some(reason);
                return Ok(candidates);
            }
            (Err(IndexError::Skipped { reason }), None) => {
                candidates.skipped = Some(reason);
                return Ok(candidates);
            }
            (Err(error), _) => return Err(error),
        };
        let mut versions = candidates.listing.versions().to_vec();
        if let Err(place) = versions.binary_search(&package.version) {
            versions.insert(place, package.version.clone());
        }
        let listing = Listing::Nixpkgs(package, listed, versions.into());
        Ok(Self::new(name, listing, candidates.providers, rules, conda))
    }

    /// The only candidate of a package with a direct reference of the user.
    pub fn direct(
        index: &dyn PackageIndex,
        reference: &Requirement,
        rules: &Arc<Rules>,
    ) -> Result<Self, IndexError> {
        let referenced = index.direct(reference)?;
        let version = referenced
            .version
            .clone()
            .ok_or_else(|| IndexError::UnknownVersion {
                requirement: reference.to_string(),
            })?;
        let provider = if referenced.file.is_wheel() {
            Provider::Wheel
        } else {
            Provider::Sdist
        };
        let listing = Listing::Direct(referenced, version);
        Ok(Self::new(
            &reference.name,
            listing,
            vec![(0, provider)],
            rules,
            &[],
        ))
    }

    /// Whether the tiers before `tier` have a candidate, and the preferred version if there is one.
    fn suffice_before(&self, tier: usize, preferred: Option<&Version>) -> bool {
        let mut slots = (0..self.len()).rev().filter(|slot| self.tier(*slot) < tier);
        slots.any(|slot| {
            let version = self.version(slot);
            // Whether pre-releases are all that the package has, also depends on nixpkgs.
            let is_choice = !self.is_prerelease(slot) || self.rules.wants_prereleases(&self.name);
            is_choice && preferred.is_none_or(|preferred| version == preferred) && self.artifact(slot).is_ok()
        })
    }
}
