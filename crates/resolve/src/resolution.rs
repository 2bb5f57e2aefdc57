//! The result: one file per package, with the dependency graph.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mach_nix_model::{CoreMetadata, ExtraName, PackageName, Provider, Version};
use pubgrub::VersionSet;

use crate::artifact::Artifact;
use crate::error::ResolveError;
use crate::node::Node;
use crate::search::Search;
use crate::slots::Slot;

/// The result for one target.
#[derive(Debug, Clone)]
pub struct Resolution {
    /// The packages, sorted by name.
    pub packages: Vec<ResolvedPackage>,
    /// Requested extras that the chosen version does not have.
    pub missing_extras: Vec<(PackageName, Version, ExtraName)>,
    /// Packages for which nixpkgs is preferred but not usable, with the chosen provider and the reason.
    pub nixpkgs_skipped: Vec<(PackageName, Provider, String)>,
    /// The reason why nixpkgs is not available, if it should have been queried.
    pub no_nixpkgs: Option<String>,
}

/// A chosen package.
#[derive(Debug, Clone)]
pub struct ResolvedPackage {
    /// The name.
    pub name: PackageName,
    /// The version.
    pub version: Version,
    /// The provider.
    pub provider: Provider,
    /// The artifact.
    pub artifact: Artifact,
    /// The metadata.
    pub metadata: Arc<CoreMetadata>,
    /// The requested extras.
    pub extras: BTreeSet<ExtraName>,
    /// The dependencies, including those of its extras.
    pub dependencies: BTreeSet<PackageName>,
}

impl Resolution {
    /// Extracts the packages from PubGrub's solution.
    pub(crate) fn read(search: &Search<'_>, solution: Vec<(Node, Slot)>) -> Result<Self, ResolveError> {
        use pubgrub::{Dependencies, DependencyProvider};

        let chosen: BTreeMap<Node, Slot> = solution.into_iter().collect();
        let mut packages = BTreeMap::<PackageName, ResolvedPackage>::new();
        let mut missing_extras = Vec::new();
        let mut nixpkgs_skipped = Vec::new();
        // Packages sort before their extras.
        for (node, slot) in &chosen {
            let Some(name) = node.name() else { continue };
            let candidates = search.candidates(name)?;
            if let Node::Package(_) = node
                && let Ok(artifact) = candidates.artifact(*slot)
                && let Ok(metadata) = search.read_metadata(name, &candidates, *slot)?
            {
                let package = ResolvedPackage {
                    name: name.clone(),
                    version: candidates.version(*slot).clone(),
                    provider: candidates.provider(*slot).clone(),
                    artifact: (*artifact).clone(),
                    metadata,
                    extras: BTreeSet::new(),
                    dependencies: BTreeSet::new(),
                };
                if let Some(reason) = candidates.nixpkgs_skipped(*slot) {
                    nixpkgs_skipped.push((name.clone(), package.provider.clone(), reason));
                }
                packages.insert(name.clone(), package);
            }
            let Some(package) = packages.get_mut(name) else {
                continue;
            };
            if let Node::Extra(_, extra) = node {
                if package.metadata.provides_extra.contains(extra) {
                    package.extras.insert(extra.clone());
                } else {
                    missing_extras.push((name.clone(), package.version.clone(), extra.clone()));
                }
            }
            if let Dependencies::Available(needs) = search.get_dependencies(node, slot)? {
                let names = needs.iter().filter_map(|(to, set)| {
                    debug_assert!(chosen.get(to).is_some_and(|slot| set.contains(slot)));
                    to.name()
                });
                package
                    .dependencies
                    .extend(names.filter(|to| *to != name).cloned());
            }
        }
        Ok(Self {
            no_nixpkgs: search.no_nixpkgs(),
            packages: packages.into_values().collect(),
            missing_extras,
            nixpkgs_skipped,
        })
    }
}
