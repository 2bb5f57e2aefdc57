//! Trials of remedies before they are suggested: the problem is solved with the change applied (docs/decisions/0035).
//!
//! A trial sends the queries of a resolution, except for expensive ones: it builds no source, downloads few, and does
//! not evaluate nixpkgs further. It is limited in queries and steps and not in time, so that its result is the same on
//! every machine.

mod budget;

use std::cell::Cell;

use mach_nix_model::{
    PackageIndex, PackageName, Prerelease, ProviderPreference, Requirement, Target, Timestamp, Version,
    VersionOrUrl, VersionSpecifier, VersionSpecifiers,
};
use rustc_hash::FxHashSet;

use budget::{Budget, BudgetedIndex};

use crate::derivation::nodes;
use crate::node::Node;
use crate::problem::{Origin, Problem, RootRequirement};
use crate::search::Search;
use crate::slots::ABSENT;
use crate::solver::{Solved, solve};

/// Maximum number of trials per refusal.
const MAX_TRIALS: u32 = 12;

/// Maximum number of steps of a trial: a hundred times as many as in a smooth resolution of two hundred packages.
const MAX_STEPS: u64 = 50_000;

/// The change made by a remedy.
#[derive(Debug, Clone)]
pub enum Change<'a> {
    /// The user requires this version of a package.
    Pin(&'a PackageName, &'a Version),
    /// A requirement or constraint of the user without its version.
    Open(&'a RootRequirement),
    /// A requirement or constraint of the user is removed, at least for this target.
    Drop(&'a RootRequirement),
    /// Another target.
    Target(Target),
    /// Pre-releases allowed.
    Prereleases,
    /// Another date limit.
    ExcludeNewer(Timestamp, Option<&'a PackageName>),
    /// Other providers for a package.
    Providers(&'a PackageName, ProviderPreference),
}

/// The outcome of a trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All requirements are met.
    Met(Chosen),
    /// The requirements are not met.
    Refuted,
    /// The limits were reached.
    Unknown,
}

/// The versions chosen in a successful trial.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    versions: Vec<(PackageName, Version)>,
    /// The packages from source. Trials build nothing.
    pub sources: Vec<PackageName>,
}

impl Chosen {
    /// The version of a package.
    pub fn version(&self, name: &PackageName) -> Option<&Version> {
        let mut versions = self.versions.iter();
        versions
            .find(|(other, _)| other == name)
            .map(|(_, version)| version)
    }
}

/// The trials of one refusal.
pub struct Trials<'s, 'a> {
    search: &'s Search<'a>,
    left: Cell<u32>,
    budget: Budget,
}

impl<'s, 'a> Trials<'s, 'a> {
    pub fn new(search: &'s Search<'a>) -> Self {
        // The user cannot change the requirements of a build, and an attempt with pre-releases explains nothing.
        let requirements = search.problem.requirements;
        let nobody_asks = requirements
            .iter()
            .all(|root| matches!(root.origin, Origin::Build(_)));
        let left = if nobody_asks || search.rules.prerelease_fallback {
            0
        } else {
            MAX_TRIALS
        };
        Self {
            search,
            left: Cell::new(left),
            budget: Budget::default(),
        }
    }

    /// Whether nothing is known to contradict a suggestion.
    pub fn may_help(&self, change: &Change<'_>) -> bool {
        self.outcome(change) != Outcome::Refuted
    }

    /// The outcome of a change.
    pub fn outcome(&self, change: &Change<'_>) -> Outcome {
        let Some(left) = self.left.get().checked_sub(1) else {
            return Outcome::Unknown;
        };
        self.left.set(left);
        let original = self.search.problem;
        let requirements = changed(original.requirements, change, true);
        let constraints = changed(original.constraints, change, false);
        let mut policy = original.policy.clone();
        let mut target = original.target;
        match change {
            Change::Target(other) => target = *other,
            Change::Prereleases => policy.prerelease = Prerelease::Allow,
            Change::ExcludeNewer(limit, package) => policy.limits.move_to(*limit, *package),
            Change::Providers(package, list) => {
                let packages = &mut policy.providers.packages;
                packages.insert((*package).clone(), list.clone());
            }
            Change::Pin(..) | Change::Open(_) | Change::Drop(_) => {}
        }
        let problem = Problem {
            requirements: &requirements,
            constraints: &constraints,
            target,
            policy: &policy,
            preferences: original.preferences,
            conda: original.conda,
            conda_preferences: original.conda_preferences,
        };
        let index = BudgetedIndex::new(self.search, &self.budget);
        match try_out(&problem, &index, self.search, false) {
            (Outcome::Refuted, true) if policy.prerelease == Prerelease::IfNecessaryOrExplicit => {
                try_out(&problem, &index, self.search, true).0
            }
            (outcome, _) => outcome,
        }
    }
}

/// The outcome of a search, and whether it skipped pre-releases.
fn try_out(
    problem: &Problem<'_>,
    index: &dyn PackageIndex,
    original: &Search<'_>,
    prereleases: bool,
) -> (Outcome, bool) {
    // The packages of nixpkgs for another target are unknown.
    let nixpkgs_names = if problem.target == original.problem.target {
        original.nixpkgs_names().clone()
    } else {
        FxHashSet::default()
    };
    let Ok(search) = Search::new(problem, index, prereleases, nixpkgs_names) else {
        return (Outcome::Refuted, false);
    };
    let search = search.limited(MAX_STEPS);
    let outcome = match solve(&search) {
        Ok(Solved::Solution(solution)) => {
            let mut chosen = Chosen::default();
            for (node, slot) in solution {
                if let Node::Package(name) = node
                    && slot != ABSENT
                    && let Ok(candidates) = search.candidates(&name)
                {
                    if let Ok(artifact) = candidates.artifact(slot)
                        && artifact.file().is_some_and(|file| !file.is_wheel())
                    {
                        chosen.sources.push(name.clone());
                    }
                    chosen.versions.push((name, candidates.version(slot).clone()));
                }
            }
            chosen.sources.sort();
            Outcome::Met(chosen)
        }
        Ok(Solved::NoSolution(tree)) => {
            let unqueried = nodes(&tree).into_iter().any(|node| {
                let candidates = node.name().and_then(|name| search.candidates(name).ok());
                candidates.is_some_and(|candidates| candidates.may_have_nixpkgs())
            });
            if unqueried && original.no_nixpkgs().is_none() {
                Outcome::Unknown
            } else {
                Outcome::Refuted
            }
        }
        Err(_) => Outcome::Unknown,
    };
    (outcome, search.met_prereleases())
}

/// The requirements or constraints with a change applied.
fn changed(roots: &[RootRequirement], change: &Change<'_>, are_requirements: bool) -> Vec<RootRequirement> {
    let mut roots = roots.to_vec();
    match change {
        Change::Pin(package, version) if are_requirements => {
            let pin = VersionSpecifiers::from(VersionSpecifier::equals_version((*version).clone()));
            let pin = Some(VersionOrUrl::VersionSpecifier(pin));
            let mut is_asked = false;
            for root in roots.iter_mut().filter(|root| root.requirement.name == **package) {
                root.requirement.version_or_url.clone_from(&pin);
                is_asked = true;
            }
            if !is_asked {
                roots.push(RootRequirement {
                    requirement: Requirement {
                        name: (*package).clone(),
                        extras: Vec::new(),
                        version_or_url: pin,
                        marker: mach_nix_model::Marker::TRUE,
                    },
                    origin: Origin::CommandLine,
                });
            }
        }
        Change::Open(open) => {
            for root in roots.iter_mut().filter(|root| root == open) {
                root.requirement.version_or_url = None;
            }
        }
        Change::Drop(gone) => roots.retain(|root| root != *gone),
        _ => {}
    }
    roots
}
