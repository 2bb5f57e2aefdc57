//! Resolution of a problem by repeated searches, until one has all relevant packages of nixpkgs.

use std::collections::BTreeSet;

use mach_nix_model::{IndexError, PackageIndex, PackageName, Prerelease};
use rustc_hash::FxHashSet;

use crate::derivation::{Derivation, nodes};
use crate::error::ResolveError;
use crate::node::Node;
use crate::problem::{Origin, Problem, RootRequirement};
use crate::refuse::refuse;
use crate::resolution::Resolution;
use crate::search::Search;
use crate::slots::{ABSENT, Slot};
use crate::solver::{Solved, solve};

/// Finds one version per package that satisfies all requirements, in the order of preference in docs/manual.md.
///
/// Queries to nixpkgs are expensive, and unless nixpkgs is the first provider, its package seldom matters. So if the
/// providers before nixpkgs have a candidate for a package (and the preferred version, if any), nixpkgs is queried only
/// if a search without it shows a need: the package is part of the contradiction, or the chosen candidate is less
/// preferred than one that nixpkgs might have. Then the search is repeated with the additional packages
/// (docs/decisions/0016).
///
/// Pre-releases by "if necessary": the first attempt allows them for packages for which the user's own requirements
/// name one, and for packages without final releases. Only if that fails, a second attempt allows them everywhere.
///
/// # Errors
/// If the requirements cannot be met, with the reasons; if the index fails.
pub fn resolve(problem: &Problem<'_>, index: &dyn PackageIndex) -> Result<Resolution, ResolveError> {
    let mut nixpkgs_names = FxHashSet::default();
    let (search, derivation) = match attempts(problem, index, &mut nixpkgs_names, false)? {
        Attempt::Resolved(resolution) => return Ok(*resolution),
        Attempt::Refused(search, derivation) => (search, derivation),
    };
    if problem.policy.prerelease == Prerelease::IfNecessaryOrExplicit && search.met_prereleases() {
        tracing::info!("there is no solution without pre-releases: they are allowed now");
        if let Attempt::Resolved(resolution) = attempts(problem, index, &mut nixpkgs_names, true)? {
            return Ok(*resolution);
        }
    }
    // Trials take longer than the search. The refusal of a build environment is not shown, so that it has none.
    let is_of_build = |root: &RootRequirement| matches!(root.origin, Origin::Build(_));
    if index.is_provisional() && !problem.requirements.iter().all(is_of_build) {
        return Err(ResolveError::Index(IndexError::NoNixpkgs {
            reason: "the packages of nixpkgs are not known yet".to_owned(),
        }));
    }
    Err(ResolveError::Refused(Box::new(refuse(&derivation, &search))))
}

/// The outcome of an attempt with all relevant packages of nixpkgs.
enum Attempt<'a> {
    Resolved(Box<Resolution>),
    /// The input of the explanation, which takes much longer than the search.
    Refused(Box<Search<'a>>, Derivation),
}

/// Repeats the search until nixpkgs was queried for all relevant packages. The set of these names only grows.
fn attempts<'a>(
    problem: &'a Problem<'a>,
    index: &'a dyn PackageIndex,
    nixpkgs_names: &mut FxHashSet<PackageName>,
    prerelease_fallback: bool,
) -> Result<Attempt<'a>, ResolveError> {
    loop {
        let search = Search::new(problem, index, prerelease_fallback, nixpkgs_names.clone())?;
        // Later searches follow the dependencies of the first.
        if nixpkgs_names.is_empty() && !prerelease_fallback {
            search.announce_closure();
        }
        let solved = solve(&search)?;
        let missing = match &solved {
            Solved::Solution(solution) => may_be_better(&search, solution),
            Solved::NoSolution(derivation) => may_solve(&search, derivation),
        };
        if !missing.is_empty() {
            tracing::info!("nixpkgs may matter for {}: searching again", shown(&missing));
            index.prefetch_nixpkgs(&missing, problem.target);
            nixpkgs_names.extend(missing);
            continue;
        }
        return Ok(match solved {
            Solved::Solution(solution) => Attempt::Resolved(Box::new(Resolution::read(&search, solution)?)),
            Solved::NoSolution(derivation) => Attempt::Refused(Box::new(search), derivation),
        });
    }
}

/// The packages for which nixpkgs might have a better candidate than the chosen one, sorted.
fn may_be_better(search: &Search<'_>, solution: &[(Node, Slot)]) -> Vec<PackageName> {
    let better = |(node, slot): &(Node, Slot)| {
        let name = node.name()?;
        if *slot == ABSENT {
            return None;
        }
        let candidates = search.candidates(name).ok()?;
        candidates.nixpkgs_may_be_better(*slot).then(|| name.clone())
    };
    sorted(solution.iter().filter_map(better))
}

/// The packages of a derivation for which nixpkgs was not queried, sorted.
fn may_solve(search: &Search<'_>, derivation: &Derivation) -> Vec<PackageName> {
    let unqueried = |name: &&PackageName| {
        let candidates = search.candidates(name);
        candidates.is_ok_and(|candidates| candidates.may_have_nixpkgs())
    };
    let names = nodes(derivation).into_iter().filter_map(Node::name);
    sorted(names.filter(unqueried).cloned())
}

fn shown(names: &[PackageName]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    names.join(", ")
}

fn sorted(names: impl Iterator<Item = PackageName>) -> Vec<PackageName> {
    names.collect::<BTreeSet<_>>().into_iter().collect()
}
