//! The answer: one file per package, with the graph between them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mach_nix_model::{CoreMetadata, ExtraName, PackageName, Provider, Version};
use pubgrub::VersionSet;

use crate::artifact::Artifact;
use crate::error::ResolveError;
use crate::node::Node;
use crate::search::Search;
use crate::slots::Slot;

/// What was chosen for one target.
#[derive(Debug, Clone)]
pub struct Resolution {
    /// The packages, sorted by name.
    pub packages: Vec<ResolvedPackage>,
    /// Extras that were asked for and that the chosen version does not have.
    pub missing_extras: Vec<(PackageName, Version, ExtraName)>,
    /// Packages that nixpkgs was preferred for, but cannot provide, each with the chosen provider and the reason.
    pub nixpkgs_skipped: Vec<(PackageName, Provider, String)>,
    /// Why there was no nixpkgs, where it would have been asked.
    pub no_nixpkgs: Option<String>,
}

/// A chosen package.
#[derive(Debug, Clone)]
pub struct ResolvedPackage {
    /// Its name.
    pub name: PackageName,
    /// Its version.
    pub version: Version,
    /// Where it comes from.
    pub provider: Provider,
    /// What was chosen.
    pub artifact: Artifact,
    /// What it says of itself.
    pub metadata: Arc<CoreMetadata>,
    /// The extras that something asks for.
    pub extras: BTreeSet<ExtraName>,
    /// What it depends on, with the extras asked of it.
    pub dependencies: BTreeSet<PackageName>,
    /// The same, apart for the package itself (`None`) and for each of its extras.
    pub needs: BTreeMap<Option<ExtraName>, BTreeSet<Need>>,
}

/// A package, or one of its extras, which comes with the package.
pub type Need = (PackageName, Option<ExtraName>);

impl Resolution {
    /// Reads the packages off PubGrub's solution.
    pub(crate) fn read(search: &Search<'_>, solution: Vec<(Node, Slot)>) -> Result<Self, ResolveError> {
        use pubgrub::{Dependencies, DependencyProvider};

        let chosen: BTreeMap<Node, Slot> = solution.into_iter().collect();
        let mut packages = BTreeMap::<PackageName, ResolvedPackage>::new();
        let mut missing_extras = Vec::new();
        let mut nixpkgs_skipped = Vec::new();
        // Packages come before their extras in the order of nodes.
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
                    needs: BTreeMap::new(),
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
                let of_node = package.needs.entry(node.extra().cloned()).or_default();
                for (to, set) in needs.iter() {
                    debug_assert!(chosen.get(to).is_some_and(|slot| set.contains(slot)));
                    let Some(to_name) = to.name() else { continue };
                    of_node.insert((to_name.clone(), to.extra().cloned()));
                    if to_name != name {
                        package.dependencies.insert(to_name.clone());
                    }
                }
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
