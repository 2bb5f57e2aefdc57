//! The deduplicated facts at the leaves of PubGrub's derivation.

mod complete;
mod conda;
mod join;
mod order;

use std::collections::BTreeMap;

use mach_nix_model::{PackageName, Version};
use pubgrub::External;

use crate::candidates::Candidates;
use crate::demands::Demands;
use crate::derivation::{Derivation, collect};
use crate::fact::{Fact, Listed};
use crate::node::Node;
use crate::search::Search;
use crate::slots::SlotSet;
use crate::unusable::Unusable;

/// The facts of a derivation, from the top down. PubGrub learns them per version and repeats them: facts that differ
/// only in versions are merged.
pub fn read(tree: &Derivation, search: &Search<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    collect(tree, &mut |external| {
        if search.conda.is_some() {
            of_conda(&mut facts, external, search);
        }
        if let Some(fact) = fact_of(external, search) {
            join::add(&mut facts, fact);
        }
    });
    complete::complete(&mut facts, search);
    order::from_the_top(facts)
}

/// Adds what a leaf says about conda packages.
fn of_conda(facts: &mut Vec<Fact>, external: &External<Node, SlotSet, String>, search: &Search<'_>) {
    match external {
        External::FromDependencyOf(Node::Root, _, to, _) => conda::asked(facts, to, search),
        External::FromDependencyOf(from, from_set, to, _) => conda::needed(facts, from, from_set, to, search),
        External::NoVersions(Node::Conda(name), set) => conda::none_usable(facts, name, set, search),
        External::NotRoot(..) | External::NoVersions(..) | External::Custom(..) => {}
    }
}

fn fact_of(external: &External<Node, SlotSet, String>, search: &Search<'_>) -> Option<Fact> {
    match external {
        External::NotRoot(..) => None,
        External::FromDependencyOf(from, from_set, to, _) => dependency(from, from_set, to, search),
        External::NoVersions(node, set) => {
            let package = node.name()?.clone();
            let candidates = search.candidates(&package).ok()?;
            if !candidates.is_known() {
                return Some(Fact::Unknown {
                    only_nixpkgs: search.only_nixpkgs(&package),
                    package,
                });
            }
            // A version that one provider lacks may come from another. Of the reasons of several providers, the closest
            // one is reported.
            let mut versions: BTreeMap<Version, Unusable> = BTreeMap::new();
            for slot in set.iter(candidates.len()) {
                let version = candidates.version(slot);
                if candidates.is_usable(version) {
                    continue;
                }
                let Err(unusable) = candidates.artifact(slot) else {
                    continue;
                };
                let reason = versions.entry(version.clone()).or_insert(Unusable::Absent);
                if weight(&unusable) > weight(reason) {
                    *reason = unusable;
                }
            }
            Some(Fact::NoneUsable {
                versions: versions.into_iter().collect(),
                files: Vec::new(),
                providers: search.problem.policy.providers.of(&package).clone(),
                listed: without_release(&candidates),
                package,
            })
        }
        External::Custom(node, set, reason) => {
            let package = node.name()?.clone();
            Some(Fact::Broken {
                versions: versions_in(set, &package, search)?,
                package,
                reason: reason.clone(),
            })
        }
    }
}

/// A missing file is a weaker reason than a problem of a file.
fn weight(reason: &Unusable) -> (bool, &Unusable) {
    (!matches!(reason, Unusable::Absent | Unusable::NoFile), reason)
}

fn dependency(from: &Node, from_set: &SlotSet, to: &Node, search: &Search<'_>) -> Option<Fact> {
    let package = to.name()?.clone();
    let Some(dependent) = from.name().cloned() else {
        let requirements = search.own_requirements_for(to);
        if requirements.is_empty() {
            return None;
        }
        let demands = Demands {
            own: requirements.iter().collect(),
            ..Demands::default()
        };
        let candidates = search.candidates(&package).ok()?;
        let is_possible =
            !candidates.is_known() || candidates.versions().iter().any(|version| demands.allow(version));
        return Some(Fact::Asked {
            package,
            impossible: (!is_possible).then(|| listed(&candidates, search)),
            requirements,
        });
    };
    // The edge from an extra to its package is internal, and not shown to the user.
    if dependent == package {
        return None;
    }
    let candidates = search.candidates(&dependent).ok()?;
    let newest = from_set
        .iter(candidates.len())
        .rfind(|slot| candidates.record(*slot).is_none())?;
    let requirements = search.needed(from, newest, to);
    if requirements.is_empty() {
        return None;
    }
    let extra = match from {
        Node::Extra(_, extra) => Some(extra.clone()),
        _ => None,
    };
    Some(Fact::Needs {
        versions: versions_in(from_set, &dependent, search)?,
        dependent,
        extra,
        package,
        requirements,
    })
}

/// The versions in a set, without duplicates for several providers.
fn versions_in(set: &SlotSet, package: &PackageName, search: &Search<'_>) -> Option<Vec<Version>> {
    let candidates = search.candidates(package).ok()?;
    let mut versions: Vec<Version> = set
        .iter(candidates.len())
        .map(|slot| candidates.version(slot).clone())
        .collect();
    versions.dedup();
    Some(versions)
}

/// The releases of a package.
fn listed(candidates: &Candidates, search: &Search<'_>) -> Listed {
    let versions = candidates.versions();
    match versions {
        [] => without_release(candidates).unwrap_or(Listed::InNixpkgs),
        [only] if candidates.files_of(only).is_empty() && !candidates.has_conda() => Listed::InNixpkgs,
        _ if search.index.snapshot().is_some() => Listed::InSnapshot(versions.to_vec()),
        _ => Listed::Versions(versions.to_vec()),
    }
}

/// A listed project without any release.
fn without_release(candidates: &Candidates) -> Option<Listed> {
    let project = candidates
        .project()
        .filter(|project| project.versions().is_empty())?;
    Some(Listed::NoRelease {
        index: project.index.to_string(),
        skipped: project.skipped_files().iter().map(ToString::to_string).collect(),
    })
}
