//! From a problem to its answer: searches, until one has asked all that matters.

use mach_nix_model::{PackageIndex, PackageName, Prerelease};
use pubgrub::PubGrubError;
use rustc_hash::FxHashSet;

use crate::node::Node;
use crate::problem::Problem;
use crate::refusal::Refusal;
use crate::resolution::Resolution;
use crate::search::{ROOT_SLOT, ResolveError, Search};
use crate::slots::Slot;

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
    let refusal = match attempts(problem, index, &mut ask_nixpkgs, false)? {
        Ok(resolution) => return Ok(resolution),
        Err(refusal) => refusal,
    };
    if problem.prerelease == Prerelease::IfNecessaryOrExplicit
        && refusal.met_prereleases()
        && let Ok(resolution) = attempts(problem, index, &mut ask_nixpkgs, true)?
    {
        return Ok(resolution);
    }
    Err(ResolveError::Refused(refusal))
}

type Attempt = Result<Resolution, Box<Refusal>>;

/// Attempts until nixpkgs has said all that matters. The names to ask for only grow.
fn attempts(
    problem: &Problem<'_>,
    index: &dyn PackageIndex,
    ask_nixpkgs: &mut FxHashSet<PackageName>,
    prerelease_fallback: bool,
) -> Result<Attempt, ResolveError> {
    loop {
        let search = Search::new(problem, index, prerelease_fallback, ask_nixpkgs.clone())?;
        match attempt(&search)? {
            Ok(answer) => return Ok(answer),
            Err(missing) => {
                index.expect_nixpkgs(&missing, problem.target);
                ask_nixpkgs.extend(missing);
            }
        }
    }
}

/// One search: its answer, or the packages of which nixpkgs has to be asked first.
fn attempt(search: &Search<'_>) -> Result<Result<Attempt, Vec<PackageName>>, ResolveError> {
    let missing = |mut names: Vec<PackageName>| {
        names.sort();
        names.dedup();
        (!names.is_empty()).then_some(names)
    };
    match pubgrub::resolve(search, Node::Root, ROOT_SLOT) {
        Ok(solution) => {
            let solution: Vec<(Node, Slot)> = solution.into_iter().collect();
            let better = |(node, slot): &(Node, Slot)| {
                let name = node.name()?;
                let candidates = search.candidates(name).ok()?;
                candidates
                    .nixpkgs_may_be_better(*slot, &search.rules)
                    .then(|| name.clone())
            };
            match missing(solution.iter().filter_map(better).collect()) {
                Some(names) => Ok(Err(names)),
                None => Ok(Ok(Ok(Resolution::read(search, solution)?))),
            }
        }
        Err(PubGrubError::NoSolution(tree)) => {
            let unasked = |node: &&Node| {
                let candidates = node.name().and_then(|name| search.candidates(name).ok());
                candidates.is_some_and(|candidates| candidates.is_nixpkgs_unasked())
            };
            let nodes = Refusal::nodes(&tree).into_iter().filter(unasked);
            Ok(match missing(nodes.filter_map(Node::name).cloned().collect()) {
                Some(names) => Err(names),
                None => Ok(Err(Box::new(Refusal::new(&tree, search)))),
            })
        }
        Err(
            PubGrubError::ErrorRetrievingDependencies { source, .. }
            | PubGrubError::ErrorChoosingVersion { source, .. }
            | PubGrubError::ErrorInShouldCancel(source),
        ) => Err(source),
    }
}
