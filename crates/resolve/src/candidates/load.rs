//! The queries that give the candidates of a package.

use std::sync::Arc;

use mach_nix_model::{IndexError, PackageIndex, PackageName, Provider, Requirement, Version};

use super::{Asking, Candidates};
use crate::conda::OwnedRecords;
use crate::listing::Listing;
use crate::rules::Rules;

/// Whether a project that a snapshot lacks is as good as none, because nixpkgs can have the package: what comes first from
/// nixpkgs, and what only a package of nixpkgs can require, the snapshot need not know (docs/decisions/0030).
fn may_be_lacking(providers: &[(usize, Provider)], asking: Asking) -> bool {
    let is_nixpkgs = |(_, provider): &&(usize, Provider)| *provider == Provider::Nixpkgs;
    let nixpkgs_first = providers
        .iter()
        .filter(|(tier, _)| *tier == 0)
        .all(|ranked| is_nixpkgs(&ranked));
    nixpkgs_first || (!asking.is_own && providers.iter().any(|ranked| is_nixpkgs(&ranked)))
}

impl Candidates {
    /// Queries the index for a package's releases; `providers` have the most preferred first. Nixpkgs is queried where
    /// necessary: see [`crate::attempt::resolve`].
    pub fn load(
        index: &dyn PackageIndex,
        name: &PackageName,
        mut providers: Vec<(usize, Provider)>,
        preferred: Option<&Version>,
        asking: Asking,
        rules: &Arc<Rules>,
        conda: &[OwnedRecords],
    ) -> Result<Self, IndexError> {
        // A page that nothing is taken from is not worth a query, nor is an evaluation.
        let asks_indexes = providers
            .iter()
            .any(|(_, provider)| matches!(provider, Provider::Wheel | Provider::Sdist));
        let nixpkgs = providers
            .iter()
            .find(|(_, provider)| *provider == Provider::Nixpkgs);
        let nixpkgs = nixpkgs.map(|(tier, _)| *tier);
        let (listed, not_held) = match asks_indexes.then(|| index.project(name)).transpose() {
            Ok(listed) => (listed.flatten(), None),
            Err(error @ IndexError::NotInSnapshot { .. }) if may_be_lacking(&providers, asking) => {
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
        if !asking.nixpkgs_at_once && candidates.suffice_before(tier, preferred) {
            candidates.unasked = Some(tier);
            return Ok(candidates);
        }
        let package = match (index.nixpkgs(name, rules.target), not_held) {
            (Ok(Some(package)), _) => package,
            (Ok(None) | Err(IndexError::NoNixpkgs { .. } | IndexError::Skipped { .. }), Some(error)) => {
                return Err(error);
            }
            (Ok(None), None) => return Ok(candidates),
            // With other providers before it, it is not necessary.
            (Err(IndexError::NoNixpkgs { reason }), None) if tier > 0 => {
                candidates.no_nixpkgs = Some(reason);
                return Ok(candidates);
            }
            (Err(IndexError::Skipped { reason }), None) => {
                candidates.left_out = Some(reason);
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

    /// The one candidate that a direct reference of the user leaves.
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

    /// Whether the tiers before `tier` have something to choose, and the version to stay with where there is one.
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
