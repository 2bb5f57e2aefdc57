//! The facts at the leaves of PubGrub's derivation, each said once.

use std::collections::{BTreeMap, BTreeSet};

use mach_nix_model::{DEFAULT_PROVIDERS, PackageName, Version};
use pubgrub::{DerivationTree, External};

use super::Fact;
use crate::candidates::Unusable;
use crate::explain::Demands;
use crate::node::Node;
use crate::search::Search;
use crate::slots::SlotSet;

/// The facts of a derivation in the order it holds them. PubGrub learns them a version at a time and repeats them: what
/// only differs in its versions is one fact here.
pub fn read(tree: &DerivationTree<Node, SlotSet, String>, search: &Search<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    collect(tree, &mut |external| {
        if let Some(fact) = fact_of(external, search) {
            add(&mut facts, fact);
        }
    });
    of_all_providers(&mut facts, search);
    constrained(&mut facts, search);
    in_nixpkgs(&mut facts, search);
    facts
}

/// Walks the derivation's leaves from left to right, each shared part once.
fn collect<'t>(
    tree: &'t DerivationTree<Node, SlotSet, String>,
    visit: &mut impl FnMut(&'t External<Node, SlotSet, String>),
) {
    let mut seen = BTreeSet::new();
    let mut rest = vec![tree];
    while let Some(tree) = rest.pop() {
        match tree {
            DerivationTree::External(external) => visit(external),
            DerivationTree::Derived(derived) => {
                if derived.shared_id.is_none_or(|id| seen.insert(id)) {
                    rest.push(&derived.cause2);
                    rest.push(&derived.cause1);
                }
            }
        }
    }
}

/// The nodes that a derivation speaks of, each as often as it does.
pub fn nodes(tree: &DerivationTree<Node, SlotSet, String>) -> Vec<&Node> {
    let mut nodes = Vec::new();
    collect(tree, &mut |external| match external {
        External::FromDependencyOf(from, _, to, _) => nodes.extend([from, to]),
        External::NoVersions(node, _) | External::NotRoot(node, _) | External::Custom(node, _, _) => {
            nodes.push(node);
        }
    });
    nodes
}

fn fact_of(external: &External<Node, SlotSet, String>, search: &Search<'_>) -> Option<Fact> {
    match external {
        External::NotRoot(..) => None,
        External::FromDependencyOf(from, from_set, to, _) => dependency(from, from_set, to, search),
        External::NoVersions(node, set) => {
            let package = node.name()?.clone();
            let candidates = search.candidates(&package).ok()?;
            if !candidates.is_known() {
                return Some(Fact::Unknown { package });
            }
            // That a provider lacks a version which another one has is no reason against it. Of the reasons of several
            // providers the one that came furthest counts.
            let mut versions: BTreeMap<Version, Unusable> = BTreeMap::new();
            for slot in set.iter(candidates.len()) {
                let version = candidates.version(slot);
                if candidates.is_usable(version, &search.rules) {
                    continue;
                }
                let Err(unusable) = candidates.artifact(slot, &search.rules) else {
                    continue;
                };
                let reason = versions.entry(version.clone()).or_insert(Unusable::Absent);
                if weight(&unusable) > weight(reason) {
                    *reason = unusable;
                }
            }
            Some(Fact::NoneUsable {
                package,
                versions: versions.into_iter().collect(),
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

/// That a provider has no file says less than what is the matter with a file.
fn weight(reason: &Unusable) -> (bool, &Unusable) {
    (!matches!(reason, Unusable::Absent | Unusable::NoFile), reason)
}

fn dependency(from: &Node, from_set: &SlotSet, to: &Node, search: &Search<'_>) -> Option<Fact> {
    let package = to.name()?.clone();
    let Some(dependent) = from.name().cloned() else {
        let requirements = search.asked(to);
        let demands = Demands {
            asked: requirements.iter().collect(),
            ..Demands::default()
        };
        let candidates = search.candidates(&package).ok()?;
        let known = candidates.is_known();
        let impossible = known && !candidates.versions().iter().any(|version| demands.allow(version));
        return Some(Fact::Asked {
            package,
            impossible,
            requirements,
        });
    };
    // An extra's edge to its own package is our construction, nothing the user should read.
    if dependent == package {
        return None;
    }
    let candidates = search.candidates(&dependent).ok()?;
    let newest = from_set.iter(candidates.len()).next_back()?;
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

/// The versions in a set, each once, however many providers serve it.
fn versions_in(set: &SlotSet, package: &PackageName, search: &Search<'_>) -> Option<Vec<Version>> {
    let candidates = search.candidates(package).ok()?;
    let mut versions: Vec<Version> = set
        .iter(candidates.len())
        .map(|slot| candidates.version(slot).clone())
        .collect();
    versions.dedup();
    Some(versions)
}

/// Adds a fact, to one that says the same of other versions where there is one.
fn add(facts: &mut Vec<Fact>, new: Fact) {
    for known in facts.iter_mut() {
        if joined(known, &new) {
            return;
        }
    }
    facts.push(new);
}

fn joined(known: &mut Fact, new: &Fact) -> bool {
    match (known, new) {
        (
            Fact::Asked {
                package,
                requirements,
                impossible,
            },
            Fact::Asked {
                package: same,
                requirements: more,
                impossible: also,
            },
        ) if package == same => {
            *impossible |= also;
            requirements.extend(more.clone());
            let mut seen = Vec::new();
            requirements.retain(|root| {
                let new = !seen.contains(root);
                seen.push(root.clone());
                new
            });
            true
        }
        (
            Fact::Needs {
                dependent,
                extra,
                versions,
                package,
                requirements,
            },
            Fact::Needs {
                dependent: same_dependent,
                extra: same_extra,
                versions: more,
                package: same_package,
                requirements: same,
            },
        ) if (&*dependent, &*extra, &*package, &*requirements)
            == (same_dependent, same_extra, same_package, same) =>
        {
            unite(versions, more);
            true
        }
        (
            Fact::NoneUsable { package, versions },
            Fact::NoneUsable {
                package: same,
                versions: more,
            },
        ) if package == same => {
            unite(versions, more);
            true
        }
        (
            Fact::Broken {
                package,
                versions,
                reason,
            },
            Fact::Broken {
                package: same,
                versions: more,
                reason: same_reason,
            },
        ) if package == same && reason == same_reason => {
            unite(versions, more);
            true
        }
        (known, new) => known == new,
    }
}

fn unite<T: Ord + Clone>(versions: &mut Vec<T>, more: &[T]) {
    versions.extend_from_slice(more);
    versions.sort();
    versions.dedup();
}

/// Keeps only versions that no provider serves: that one has no file of a version says nothing where another has one that
/// can be used. Where that one turned out to be broken, both are told.
fn of_all_providers(facts: &mut [Fact], search: &Search<'_>) {
    let broken: Vec<(PackageName, Version)> = facts
        .iter()
        .flat_map(|fact| match fact {
            Fact::Broken {
                package, versions, ..
            } => versions
                .iter()
                .map(|version| (package.clone(), version.clone()))
                .collect(),
            _ => Vec::new(),
        })
        .collect();
    for fact in facts {
        let Fact::NoneUsable { package, versions } = fact else {
            continue;
        };
        let Ok(candidates) = search.candidates(package) else {
            continue;
        };
        let told: BTreeSet<Version> = versions.iter().map(|(version, _)| version.clone()).collect();
        let served: BTreeSet<&Version> = (0..candidates.len())
            .filter(|slot| told.contains(candidates.version(*slot)))
            .filter(|slot| candidates.artifact(*slot, &search.rules).is_ok())
            .map(|slot| candidates.version(slot))
            .collect();
        versions.retain(|(version, _)| {
            !served.contains(version) || broken.contains(&(package.clone(), version.clone()))
        });
    }
}

/// Adds the user's constraints that leave out what the other facts would allow. The search applies them together with the
/// demand they limit, so that its derivation does not name them.
fn constrained(facts: &mut Vec<Fact>, search: &Search<'_>) {
    let mut names: Vec<PackageName> = Vec::new();
    for fact in facts.iter() {
        if let Fact::Asked { package, .. } | Fact::Needs { package, .. } = fact
            && !names.contains(package)
        {
            names.push(package.clone());
        }
    }
    for package in names {
        let Ok(candidates) = search.candidates(&package) else {
            continue;
        };
        let constraints: Vec<_> = search.constraints_on(&package).cloned().collect();
        let limits = Demands {
            constraints: constraints.iter().collect(),
            ..Demands::default()
        };
        let demands = Demands::on(&package, facts);
        let left_out = |version: &Version| demands.allow_one(version) && !limits.allow(version);
        if candidates.versions().iter().any(left_out) {
            facts.push(Fact::Constrained { package, constraints });
        }
    }
}

/// Adds what nixpkgs has of a package of which nothing meets all demands, where it was asked.
fn in_nixpkgs(facts: &mut Vec<Fact>, search: &Search<'_>) {
    let mut names: Vec<PackageName> = Vec::new();
    for fact in facts.iter() {
        if let Fact::Asked { package, .. } | Fact::Needs { package, .. } = fact
            && !names.contains(package)
        {
            names.push(package.clone());
        }
    }
    for package in names {
        let Ok(candidates) = search.candidates(&package) else {
            continue;
        };
        let demands = Demands::on(&package, facts);
        let mut versions = candidates.versions().iter();
        if versions.any(|version| demands.allow(version) && candidates.is_usable(version, &search.rules)) {
            continue;
        }
        if let Some(reason) = candidates.no_nixpkgs() {
            // Who does not name nixpkgs need not know of it.
            if search.problem.providers.of(&package).to_string() == DEFAULT_PROVIDERS {
                continue;
            }
            let reason = format!("nixpkgs was not asked: {reason}");
            add(facts, Fact::NotInNixpkgs { reason });
        } else if let Some(reason) = candidates.left_out() {
            let reason = reason.to_owned();
            add(facts, Fact::NotInNixpkgs { reason });
        } else if candidates.is_nixpkgs_asked() {
            let version = candidates.in_nixpkgs().map(|found| found.version.clone());
            facts.push(Fact::InNixpkgs { package, version });
        }
    }
}
