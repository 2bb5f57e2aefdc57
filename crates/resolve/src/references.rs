//! Direct references of the user.

use mach_nix_model::{PackageName, Requirement, VersionOrUrl};
use rustc_hash::FxHashMap;

use crate::error::ResolveError;
use crate::problem::RootRequirement;

/// The direct references of the user, by package. Several requirements may have the same URL, but not different ones.
pub fn references<'r>(
    own: impl Iterator<Item = &'r RootRequirement>,
) -> Result<FxHashMap<PackageName, Requirement>, ResolveError> {
    let mut found = FxHashMap::<PackageName, &RootRequirement>::default();
    for root in own.filter(|root| matches!(root.requirement.version_or_url, Some(VersionOrUrl::Url(_)))) {
        let known = *found.entry(root.requirement.name.clone()).or_insert(root);
        if known.requirement.version_or_url != root.requirement.version_or_url {
            return Err(ResolveError::TwoPlaces {
                first: known.origin.to_string(),
                second: root.origin.to_string(),
                requirements: Box::new([known.requirement.clone(), root.requirement.clone()]),
            });
        }
    }
    let requirements = found
        .into_iter()
        .map(|(name, root)| (name, root.requirement.clone()));
    Ok(requirements.collect())
}
