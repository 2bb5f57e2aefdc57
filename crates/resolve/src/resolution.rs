//! The result: one file per package, with the dependency graph.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mach_nix_conda::CondaName;
use mach_nix_model::{AnyName, AnyVersion, CoreMetadata, ExtraName, PackageName, Provider};
use pubgrub::VersionSet;

use crate::artifact::Artifact;
use crate::error::ResolveError;
use crate::node::Node;
use crate::search::Search;
use crate::slots::{ABSENT, Slot};

/// The result for one target.
#[derive(Debug, Clone)]
pub struct Resolution {
    /// The packages, sorted by name.
    pub packages: Vec<ResolvedPackage>,
    /// Extras that were asked for and that the chosen version does not have.
    pub missing_extras: Vec<(AnyName, AnyVersion, ExtraName)>,
    /// Packages that nixpkgs was preferred for, but cannot provide, each with the chosen provider and the reason.
    pub nixpkgs_skipped: Vec<(PackageName, Provider, String)>,
    /// The reason why nixpkgs is not available, if it should have been queried.
    pub no_nixpkgs: Option<String>,
    /// What is to be said about conda packages and requirements for them, a sentence each.
    pub conda_warnings: Vec<String>,
}

/// A chosen package.
#[derive(Debug, Clone)]
pub struct ResolvedPackage {
    /// Its name.
    pub name: AnyName,
    /// Its version.
    pub version: AnyVersion,
    /// Where it comes from.
    pub provider: Provider,
    /// The artifact.
    pub artifact: Artifact,
    /// The metadata.
    pub metadata: Arc<CoreMetadata>,
    /// The requested extras.
    pub extras: BTreeSet<ExtraName>,
    /// What it depends on, with the extras asked of it.
    pub dependencies: BTreeSet<AnyName>,
    /// The same, apart for the package itself (`None`) and for each of its extras.
    pub needs: BTreeMap<Option<ExtraName>, BTreeSet<Need>>,
}

/// A package, or one of its extras, which comes with the package.
pub type Need = (AnyName, Option<ExtraName>);

impl Resolution {
    /// Extracts the packages from PubGrub's solution.
    pub(crate) fn read(search: &Search<'_>, solution: Vec<(Node, Slot)>) -> Result<Self, ResolveError> {
        use pubgrub::{Dependencies, DependencyProvider};

        let mut chosen: BTreeMap<Node, Slot> = solution.into_iter().collect();
        chosen.retain(|_, slot| *slot != ABSENT);
        let mut packages = BTreeMap::<AnyName, ResolvedPackage>::new();
        let mut missing_extras = Vec::new();
        let mut nixpkgs_skipped = Vec::new();
        // Packages sort before their extras.
        for (node, slot) in &chosen {
            let Some(any_name) = node.any_name() else { continue };
            if let Node::Conda(name) = node {
                packages
                    .extend(conda_package(search, name, *slot)?.map(|package| (any_name.clone(), package)));
            }
            if let Node::Package(name) = node {
                let candidates = search.candidates(name)?;
                if let Ok(artifact) = candidates.artifact(*slot)
                    && let Ok(metadata) = search.read_metadata(name, &candidates, *slot)?
                {
                    let version = candidates.record(*slot).map_or_else(
                        || candidates.version(*slot).clone().into(),
                        |record| AnyVersion::Conda(record.version.clone()),
                    );
                    let package = ResolvedPackage {
                        name: any_name.clone(),
                        version,
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
                    packages.insert(any_name.clone(), package);
                }
            }
            let Some(package) = packages.get_mut(&any_name) else {
                continue;
            };
            if let Node::Extra(name, extra) = node {
                let candidates = search.candidates(name)?;
                let is_there = package.metadata.provides_extra.contains(extra)
                    || (candidates.record(*slot).is_some()
                        && search.has_extra(name, &candidates, *slot, extra));
                if is_there {
                    package.extras.insert(extra.clone());
                } else {
                    missing_extras.push((any_name.clone(), package.version.clone(), extra.clone()));
                }
            }
            if let Dependencies::Available(needs) = search.get_dependencies(node, slot)? {
                // What conda packages only limit is not needed.
                let needed = needs
                    .iter()
                    .filter(|(_, set)| search.conda.is_none() || !set.may_be_absent());
                let of_node = package.needs.entry(node.extra().cloned()).or_default();
                for (to, set) in needed {
                    debug_assert!(chosen.get(to).is_some_and(|slot| set.contains(slot)));
                    let Some(to_name) = to.any_name() else { continue };
                    of_node.insert((to_name.clone(), to.extra().cloned()));
                    if to_name != any_name {
                        package.dependencies.insert(to_name);
                    }
                }
            }
        }
        Ok(Self {
            no_nixpkgs: search.no_nixpkgs(),
            packages: packages.into_values().collect(),
            missing_extras,
            nixpkgs_skipped,
            conda_warnings: search.conda_warnings(),
        })
    }
}

/// A conda package that is not a Python project.
fn conda_package(
    search: &Search<'_>,
    name: &CondaName,
    slot: Slot,
) -> Result<Option<ResolvedPackage>, ResolveError> {
    let Some(conda) = &search.conda else {
        return Ok(None);
    };
    let listing = conda.listing(name)?;
    let record = listing.record(slot);
    Ok(Some(ResolvedPackage {
        name: AnyName::Conda(name.clone()),
        version: AnyVersion::Conda(record.version.clone()),
        provider: Provider::Conda(record.channel.name().into()),
        artifact: Artifact::Conda(record.clone()),
        metadata: Arc::default(),
        extras: BTreeSet::new(),
        dependencies: BTreeSet::new(),
        needs: BTreeMap::new(),
    }))
}
