//! Trying a suggestion before it is made: the problem is solved with it applied (docs/decisions/0035).
//!
//! A trial asks the index what any resolution asks, but nothing dear: no source is built for it, few are downloaded, and
//! nixpkgs is not evaluated further. It ends after so many questions and steps; time has no say, so that the text is the
//! same on every machine.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use mach_nix_model::{
    CoreMetadata, DistributionFile, FileKind, ForwardingIndex, IndexError, NixpkgsPackage, PackageIndex,
    PackageName, Prerelease, Project, ProviderPreference, Providers, Requirement, SourceFacts, Target,
    Timestamp, Version, VersionOrUrl, VersionSpecifier, VersionSpecifiers,
};
use rustc_hash::FxHashSet;

use crate::node::Node;
use crate::problem::{Origin, Problem, RootRequirement};
use crate::search::Search;
use crate::solver::{Solved, solve};

/// So many different questions are asked for one refusal. A resolution of two hundred packages asks some three hundred,
/// most of which were asked before.
const MOST_QUESTIONS: usize = 500;

/// So many of these may be what only a download of a source tells.
const MOST_SOURCES: usize = 10;

/// Suggestions of one refusal are tried so often in all.
const MOST_TRIALS: u32 = 12;

/// A trial takes so many steps: a hundred times as many as a resolution of two hundred packages that goes well.
const MOST_STEPS: u64 = 50_000;

/// What a suggestion changes.
#[derive(Debug, Clone)]
pub enum Change<'a> {
    /// The user asks for this version of a package.
    Pin(&'a PackageName, &'a Version),
    /// A requirement or constraint of the user leaves the version open.
    Open(&'a RootRequirement),
    /// A requirement or constraint of the user is gone, at least for this target.
    Drop(&'a RootRequirement),
    /// Another target.
    Target(Target),
    /// Pre-releases are allowed.
    Prereleases,
    /// Another date limit.
    ExcludeNewer(Timestamp),
    /// Other providers for one package.
    Providers(&'a PackageName, ProviderPreference),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All requirements are met.
    Met(Chosen),
    /// They are not.
    Refuted,
    /// It would take more to know.
    Unknown,
}

/// The versions of a trial that met all requirements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    versions: Vec<(PackageName, Version)>,
    /// The packages that come as a source. A trial builds none of them.
    sources: Vec<PackageName>,
}

impl Chosen {
    /// The version of a package.
    pub fn version(&self, name: &PackageName) -> Option<&Version> {
        let mut versions = self.versions.iter();
        versions
            .find(|(other, _)| other == name)
            .map(|(_, version)| version)
    }

    /// What the success depends on beyond the trial, for the end of a sentence: sources that were not built.
    pub fn proviso(&self) -> String {
        match self.sources.as_slice() {
            [] => String::new(),
            [only] => format!(" if the source of `{only}` can be built"),
            [first, .., last] if self.sources.len() == 2 => {
                format!(" if the sources of `{first}` and `{last}` can be built")
            }
            several => format!(" if {} sources can be built", several.len()),
        }
    }
}

/// The trials of one refusal.
pub struct Trials<'s, 'a> {
    search: &'s Search<'a>,
    left: Cell<u32>,
    asked: Asked,
}

/// What trials asked the index: the names of projects, and the addresses of files.
#[derive(Default)]
struct Asked {
    questions: RefCell<FxHashSet<String>>,
    sources: RefCell<FxHashSet<String>>,
}

impl<'s, 'a> Trials<'s, 'a> {
    pub fn new(search: &'s Search<'a>) -> Self {
        // What builds a source is no business of the user's, and an attempt with pre-releases explains nothing.
        let requirements = search.problem.requirements;
        let nobody_asks = requirements
            .iter()
            .all(|root| matches!(root.origin, Origin::Build(_)));
        let left = if nobody_asks || search.rules.prerelease_fallback {
            0
        } else {
            MOST_TRIALS
        };
        Self {
            search,
            left: Cell::new(left),
            asked: Asked::default(),
        }
    }

    /// Whether nothing is known to speak against a suggestion.
    pub fn may_help(&self, change: &Change<'_>) -> bool {
        self.outcome(change) != Outcome::Refuted
    }

    /// What comes of a change.
    pub fn outcome(&self, change: &Change<'_>) -> Outcome {
        let Some(left) = self.left.get().checked_sub(1) else {
            return Outcome::Unknown;
        };
        self.left.set(left);
        let original = self.search.problem;
        let requirements = changed(original.requirements, change, true);
        let constraints = changed(original.constraints, change, false);
        let mut providers = original.providers.clone();
        let mut problem = Problem {
            requirements: &requirements,
            constraints: &constraints,
            providers: &Providers::clone(&providers),
            ..original.clone()
        };
        match change {
            Change::Target(target) => problem.target = *target,
            Change::Prereleases => problem.prerelease = Prerelease::Allow,
            Change::ExcludeNewer(limit) => problem.exclude_newer = Some(*limit),
            Change::Providers(package, list) => {
                providers.packages.insert((*package).clone(), list.clone());
                problem.providers = &providers;
            }
            Change::Pin(..) | Change::Open(_) | Change::Drop(_) => {}
        }
        let index = Sparing {
            search: self.search,
            asked: &self.asked,
        };
        match try_out(&problem, &index, self.search, false) {
            (Outcome::Refuted, true) if problem.prerelease == Prerelease::IfNecessaryOrExplicit => {
                try_out(&problem, &index, self.search, true).0
            }
            (outcome, _) => outcome,
        }
    }
}

/// What comes of one search, and whether it passed over pre-releases.
fn try_out(
    problem: &Problem<'_>,
    index: &dyn PackageIndex,
    original: &Search<'_>,
    prereleases: bool,
) -> (Outcome, bool) {
    // For another target, what nixpkgs has is not known.
    let asked = if problem.target == original.problem.target {
        original.asked_of_nixpkgs().clone()
    } else {
        FxHashSet::default()
    };
    let Ok(search) = Search::new(problem, index, prereleases, asked) else {
        return (Outcome::Refuted, false);
    };
    let search = search.limited(MOST_STEPS);
    let outcome = match solve(&search) {
        Ok(Solved::Solution(solution)) => {
            let mut chosen = Chosen::default();
            for (node, slot) in solution {
                if let Node::Package(name) = node
                    && let Ok(candidates) = search.candidates(&name)
                {
                    if let Ok(artifact) = candidates.artifact(slot, &search.rules)
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
            let unasked = crate::Refusal::nodes(&tree).into_iter().any(|node| {
                let candidates = node.name().and_then(|name| search.candidates(name).ok());
                candidates.is_some_and(|candidates| candidates.is_nixpkgs_unasked())
            });
            if unasked && original.no_nixpkgs().is_none() {
                Outcome::Unknown
            } else {
                Outcome::Refuted
            }
        }
        Err(_) => Outcome::Unknown,
    };
    (outcome, search.met_prereleases())
}

/// The requirements, or the constraints, under a change.
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

/// The index of the search, without what is dear.
struct Sparing<'s, 'a> {
    search: &'s Search<'a>,
    asked: &'s Asked,
}

impl Sparing<'_, '_> {
    /// Notes a question; after too many different ones there is no answer.
    fn question(asked: &RefCell<FxHashSet<String>>, most: usize, what: &str) -> Result<(), IndexError> {
        let mut asked = asked.borrow_mut();
        if asked.len() >= most && !asked.contains(what) {
            return Err(unknown());
        }
        asked.insert(what.to_owned());
        Ok(())
    }

    /// Whether the metadata of a source can be told without building it: a wheel beside it does, or it states all.
    fn is_told(&self, name: &PackageName, file: &DistributionFile) -> Result<bool, IndexError> {
        let Some(kind) = FileKind::of(&file.filename, name) else {
            return Ok(false);
        };
        if let Some(project) = PackageIndex::project(self, name)? {
            let beside = project.files_of(kind.version());
            for wheel in beside.iter().filter(|file| file.is_wheel()) {
                if PackageIndex::metadata(self, name, wheel)?.defect.is_none() {
                    return Ok(true);
                }
            }
        }
        Ok(PackageIndex::source(self, name, file)?.metadata.is_some())
    }
}

/// Why a trial ends; nobody reads it.
fn unknown() -> IndexError {
    IndexError::BudgetExhausted
}

impl ForwardingIndex for Sparing<'_, '_> {
    fn behind(&self) -> &dyn PackageIndex {
        self.search.index
    }

    fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
        Self::question(&self.asked.questions, MOST_QUESTIONS, name.as_ref())?;
        self.search.index.project(name)
    }

    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        Self::question(&self.asked.questions, MOST_QUESTIONS, &file.url)?;
        if file.is_wheel() || self.is_told(name, file)? {
            self.search.index.metadata(name, file)
        } else {
            Err(unknown())
        }
    }

    fn source(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<SourceFacts>, IndexError> {
        Self::question(&self.asked.sources, MOST_SOURCES, &file.url)?;
        self.search.index.source(name, file)
    }

    fn nixpkgs(&self, name: &PackageName, target: Target) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        if let Some(reason) = self.search.no_nixpkgs() {
            Err(IndexError::NoNixpkgs { reason })
        } else if target == self.search.problem.target && self.search.is_told_of_nixpkgs(name) {
            self.search.index.nixpkgs(name, target)
        } else {
            Err(unknown())
        }
    }

    // A trial is not worth running Nix or fetching files for.
    fn expect_nixpkgs(&self, _names: &[PackageName], _target: Target) {}

    fn expect_facts(&self, _files: &[DistributionFile]) {}
}
