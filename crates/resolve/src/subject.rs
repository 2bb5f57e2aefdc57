//! Derivation of the subject of a refusal from its facts.

use indexmap::IndexSet;
use mach_nix_conda::CondaName;
use mach_nix_model::{AnyName, PackageName, Version};

use crate::conda_fact::{CondaFact, CondaListed};
use crate::demands::{Demands, distinct, needs_others};
use crate::fact::Fact;
use crate::refusal::Subject;
use crate::search::Search;
use crate::unusable::Unusable;

/// The subject of a refusal with these facts.
pub fn subject(facts: &[Fact], search: &Search<'_>) -> Subject {
    for fact in facts {
        if let Fact::Unknown {
            package,
            only_nixpkgs,
        } = fact
        {
            return Subject::Unknown {
                package: package.clone(),
                only_nixpkgs: *only_nixpkgs,
            };
        }
    }
    if let Some(name) = unknown_to_conda(facts) {
        return Subject::UnknownToConda(name.clone());
    }
    let stuck = stuck(facts, search).map(|(package, _)| package);
    if let Some(package) = stuck.or_else(|| broken(facts)) {
        return Subject::Unusable(package.clone());
    }
    if let Some(package) = impossible(facts) {
        return Subject::Impossible(package.clone());
    }
    Subject::Contradiction {
        packages: contested(facts, search),
        constrained: facts.iter().any(|fact| matches!(fact, Fact::Constrained { .. })),
    }
}

/// The conda package that something needs and no channel has.
fn unknown_to_conda(facts: &[Fact]) -> Option<&CondaName> {
    about_conda(facts).find_map(|fact| match fact {
        CondaFact::Asked { impossible, .. } | CondaFact::Needs { impossible, .. } => match impossible {
            Some(CondaListed::Unknown { name, .. } | CondaListed::Skipped { name, .. }) => Some(name),
            _ => None,
        },
        _ => None,
    })
}

fn about_conda(facts: &[Fact]) -> impl Iterator<Item = &CondaFact> {
    facts.iter().filter_map(|fact| match fact {
        Fact::Conda(about) => Some(&**about),
        _ => None,
    })
}

/// The packages that conda packages or the user's requirements for them make demands on, as often as they do.
fn demanded_by_conda(facts: &[Fact]) -> Vec<&AnyName> {
    let names = about_conda(facts).filter_map(|fact| match fact {
        CondaFact::Asked { package, .. } | CondaFact::Needs { package, .. } => Some(package),
        _ => None,
    });
    names.collect()
}

/// The package that it fails on, where the demands on it agree with each other: there are versions that satisfy them, and
/// none of these can be used.
pub fn stuck<'f>(
    facts: &'f [Fact],
    search: &Search<'_>,
) -> Option<(&'f PackageName, &'f [(Version, Unusable)])> {
    let mut without = facts.iter().filter_map(|fact| match fact {
        Fact::NoneUsable {
            package, versions, ..
        } if !versions.is_empty() => Some((package, versions.as_slice())),
        _ => None,
    });
    let only = without.next().filter(|_| without.next().is_none())?;
    if needs_others(only.0, facts) {
        return None;
    }
    let candidates = search.candidates(only.0).ok()?;
    let demands = Demands::on(only.0, facts);
    let agreed = only.1.iter().any(|(version, _)| demands.allow(version));
    let usable = |slot: u32| demands.allow_one(candidates.version(slot)) && candidates.artifact(slot).is_ok();
    // If a usable version satisfies some of them, the demands are the problem.
    (agreed && (demands.count() <= 1 || !(0..candidates.len()).any(usable))).then_some(only)
}

/// The package whose metadata makes it unusable, if a single demand requires it.
fn broken(facts: &[Fact]) -> Option<&PackageName> {
    let mut names = facts.iter().filter_map(|fact| match fact {
        Fact::Broken { package, .. } => Some(package),
        _ => None,
    });
    let only = names.next()?;
    (names.all(|other| other == only) && !needs_others(only, facts) && Demands::on(only, facts).count() <= 1)
        .then_some(only)
}

/// The package for which a single requirement of the user matches no existing version.
pub fn impossible(facts: &[Fact]) -> Option<&PackageName> {
    facts.iter().find_map(|fact| match fact {
        Fact::Asked {
            package,
            requirements,
            impossible: Some(_),
        } if distinct(requirements) == 1 => Some(package),
        _ => None,
    })
}

/// The packages that demands from several sides meet on, in the order of the facts: those where they exclude each other,
/// where that is known.
fn contested(facts: &[Fact], search: &Search<'_>) -> Vec<AnyName> {
    let of_conda = demanded_by_conda(facts);
    let by_conda = |name: &AnyName| of_conda.iter().filter(|other| **other == name).count();
    let mut names = IndexSet::new();
    for fact in facts {
        if let Fact::Asked { package, .. } | Fact::Needs { package, .. } = fact
            && Demands::on(package, facts).count() + by_conda(&package.clone().into()) > 1
        {
            names.insert(package);
        }
    }
    let clash = |name: &&PackageName| {
        search
            .candidates(name)
            .is_ok_and(|candidates| Demands::on(name, facts).clash(candidates.versions()))
    };
    let clashing: Vec<AnyName> = names
        .iter()
        .copied()
        .filter(clash)
        .cloned()
        .map(AnyName::from)
        .collect();
    if !clashing.is_empty() {
        return clashing;
    }
    let mut all: IndexSet<AnyName> = names.into_iter().cloned().map(AnyName::from).collect();
    all.extend(
        of_conda
            .iter()
            .filter(|name| by_conda(name) > 1)
            .map(|name| (*name).clone()),
    );
    all.into_iter().collect()
}
