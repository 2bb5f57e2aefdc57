//! From a problem to its answer: searches, until one has asked all that matters.

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

/// Finds one version per package that meets all requirements, preferring as docs/manual.md says.
///
/// To ask nixpkgs is dear, and where it is not the first choice its answer seldom matters. So of a package for which
/// providers before nixpkgs have something to choose (and the version to stay with, if there is one), it is asked only
/// when the search without has shown a need: the package is part of why there is no solution, or what was chosen is less
/// preferred than what nixpkgs might have. Then the search begins anew, knowing more (docs/decisions/0016).
///
/// Pre-releases by "if necessary": the first attempt allows them for packages the user's own requirements name one of,
/// and for packages that have nothing else. Only when that fails, a second attempt allows them everywhere.
///
/// # Errors
/// When the requirements cannot be met, with the reasons; when the index does not answer.
pub fn resolve(problem: &Problem<'_>, index: &dyn PackageIndex) -> Result<Resolution, ResolveError> {
    let mut ask_nixpkgs = FxHashSet::default();
    let (search, derivation) = match attempts(problem, index, &mut ask_nixpkgs, false)? {
        Attempt::Resolved(resolution) => return Ok(*resolution),
        Attempt::Refused(search, derivation) => (search, derivation),
    };
    if problem.policy.prerelease == Prerelease::IfNecessaryOrExplicit && search.met_prereleases() {
        tracing::info!("there is no solution without pre-releases: they are allowed now");
        if let Attempt::Resolved(resolution) = attempts(problem, index, &mut ask_nixpkgs, true)? {
            return Ok(*resolution);
        }
    }
    // Trials take longer than the search. The refusal of a build environment is not shown, so it has none.
    let is_of_build = |root: &RootRequirement| matches!(root.origin, Origin::Build(_));
    if index.is_provisional() && !problem.requirements.iter().all(is_of_build) {
        return Err(ResolveError::Index(IndexError::NoNixpkgs {
            reason: "what nixpkgs has is not known yet".to_owned(),
        }));
    }
    Err(ResolveError::Refused(Box::new(refuse(&derivation, &search))))
}

/// The outcome of an attempt that knows all that matters of nixpkgs.
enum Attempt<'a> {
    Resolved(Box<Resolution>),
    /// What is needed to explain the refusal, which takes much longer than to find it.
    Refused(Box<Search<'a>>, Derivation),
}

/// Attempts until nixpkgs has said all that matters. The names to ask for only grow.
fn attempts<'a>(
    problem: &'a Problem<'a>,
    index: &'a dyn PackageIndex,
    ask_nixpkgs: &mut FxHashSet<PackageName>,
    prerelease_fallback: bool,
) -> Result<Attempt<'a>, ResolveError> {
    loop {
        let search = Search::new(problem, index, prerelease_fallback, ask_nixpkgs.clone())?;
        // Later searches follow the dependencies of the first.
        if ask_nixpkgs.is_empty() && !prerelease_fallback {
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
            ask_nixpkgs.extend(missing);
            continue;
        }
        return Ok(match solved {
            Solved::Solution(solution) => Attempt::Resolved(Box::new(Resolution::read(&search, solution)?)),
            Solved::NoSolution(derivation) => Attempt::Refused(Box::new(search), derivation),
        });
    }
}

/// The packages of which nixpkgs might have something better than what was chosen, sorted.
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

/// The packages of a derivation about which nixpkgs was not asked, sorted.
fn may_solve(search: &Search<'_>, derivation: &Derivation) -> Vec<PackageName> {
    let unasked = |name: &&PackageName| {
        let candidates = search.candidates(name);
        candidates.is_ok_and(|candidates| candidates.is_nixpkgs_unasked())
    };
    let names = nodes(derivation).into_iter().filter_map(Node::name);
    sorted(names.filter(unasked).cloned())
}

fn shown(names: &[PackageName]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    names.join(", ")
}

fn sorted(names: impl Iterator<Item = PackageName>) -> Vec<PackageName> {
    names.collect::<BTreeSet<_>>().into_iter().collect()
}
