//! Facts that a refusal needs in addition to the derivation: constraints, other providers, nixpkgs, the files of
//! releases.

use std::collections::BTreeSet;

use indexmap::IndexSet;
use mach_nix_model::{DEFAULT_PROVIDERS, DistributionFile, FileKind, PackageName, Version};

use super::join;
use crate::demands::Demands;
use crate::fact::{Fact, ReleaseFiles};
use crate::search::Search;
use crate::unusable::by_reason;

/// Completes the facts of a derivation.
pub fn complete(facts: &mut Vec<Fact>, search: &Search<'_>) {
    of_all_providers(facts, search);
    constrained(facts, search);
    in_nixpkgs(facts, search);
    files(facts, search);
}

/// Retains only versions that no provider serves: a missing file of one provider is irrelevant if another provider has
/// a usable one. If that one turns out to be broken, both are reported.
fn of_all_providers(facts: &mut [Fact], search: &Search<'_>) {
    let mut broken: BTreeSet<(PackageName, Version)> = BTreeSet::new();
    for fact in facts.iter() {
        if let Fact::Broken {
            package, versions, ..
        } = fact
        {
            broken.extend(versions.iter().map(|version| (package.clone(), version.clone())));
        }
    }
    for fact in facts {
        let Fact::NoneUsable {
            package, versions, ..
        } = fact
        else {
            continue;
        };
        let Ok(candidates) = search.candidates(package) else {
            continue;
        };
        let known: BTreeSet<Version> = versions.iter().map(|(version, _)| version.clone()).collect();
        let served: BTreeSet<&Version> = (0..candidates.len())
            .filter(|slot| known.contains(candidates.version(*slot)))
            .filter(|slot| candidates.artifact(*slot).is_ok())
            .map(|slot| candidates.version(slot))
            .collect();
        versions.retain(|(version, _)| {
            !served.contains(version) || broken.contains(&(package.clone(), version.clone()))
        });
    }
}

/// The packages with demands.
fn demanded(facts: &[Fact]) -> IndexSet<PackageName> {
    let names = facts.iter().filter_map(|fact| match fact {
        Fact::Asked { package, .. } | Fact::Needs { package, .. } => Some(package.clone()),
        _ => None,
    });
    names.collect()
}

/// Adds the user's constraints that exclude versions allowed by the other facts. The search merges them with the
/// demands, so that its derivation does not contain them.
fn constrained(facts: &mut Vec<Fact>, search: &Search<'_>) {
    for package in demanded(facts) {
        let Ok(candidates) = search.candidates(&package) else {
            continue;
        };
        let constraints: Vec<_> = search.constraints_on(&package).cloned().collect();
        let limits = Demands {
            constraints: constraints.iter().collect(),
            ..Demands::default()
        };
        let demands = Demands::on(&package, facts);
        let excluded = |version: &Version| demands.allow_one(version) && !limits.allow(version);
        if candidates.versions().iter().any(excluded) {
            facts.push(Fact::Constrained { package, constraints });
        }
    }
}

/// Adds the version in nixpkgs of a package whose demands no version satisfies, if nixpkgs was queried.
fn in_nixpkgs(facts: &mut Vec<Fact>, search: &Search<'_>) {
    for package in demanded(facts) {
        let Ok(candidates) = search.candidates(&package) else {
            continue;
        };
        let demands = Demands::on(&package, facts);
        let mut versions = candidates.versions().iter();
        if versions.any(|version| demands.allow(version) && candidates.is_usable(version)) {
            continue;
        }
        if let Some(reason) = candidates.no_nixpkgs() {
            // Users who do not use nixpkgs need no facts about it.
            if search.problem.policy.providers.of(&package).to_string() == DEFAULT_PROVIDERS {
                continue;
            }
            let reason = format!("nixpkgs was not queried: {reason}");
            join::add(facts, Fact::NotInNixpkgs { reason });
        } else if let Some(reason) = candidates.skipped() {
            let reason = reason.to_owned();
            join::add(facts, Fact::NotInNixpkgs { reason });
        } else if candidates.has_queried_nixpkgs() {
            facts.push(Fact::InNixpkgs {
                version: candidates.version_in_nixpkgs().cloned(),
                only_nixpkgs: search.only_nixpkgs(&package),
                package,
            });
        }
    }
}

/// Adds the files of the newest version of each kind of reason.
fn files(facts: &mut [Fact], search: &Search<'_>) {
    for fact in facts {
        if let Fact::NoneUsable {
            package,
            versions,
            files,
            ..
        } = fact
            && let Ok(candidates) = search.candidates(package)
        {
            let groups = by_reason(versions);
            let newest = groups.iter().filter_map(|group| group.versions.last());
            *files = newest
                .map(|version| (version.clone(), summary(&candidates.files_of(version), package)))
                .collect();
        }
    }
}

/// The summary of the files of a release.
fn summary(files: &[DistributionFile], package: &PackageName) -> ReleaseFiles {
    let mut pythons = IndexSet::new();
    let mut platforms = IndexSet::new();
    let mut has_sdist = false;
    for file in files {
        match FileKind::of(&file.filename, package) {
            Some(FileKind::Wheel(wheel)) => {
                pythons.extend(wheel.python().iter().map(str::to_owned));
                platforms.extend(wheel.platform().iter().map(str::to_owned));
            }
            Some(FileKind::Sdist(_)) => has_sdist = true,
            None => {}
        }
    }
    ReleaseFiles {
        pythons: pythons.into_iter().collect(),
        platforms: platforms.into_iter().collect(),
        has_sdist,
        uploaded: files.iter().filter_map(|file| file.upload_time).min(),
    }
}
