//! What would help. A suggestion is made only when nothing is known to speak against it: a version or file that is named
//! exists, can be used, and a trial with it does not fail.

mod unusable;

use mach_nix_model::{PackageName, Version};

use super::demands::is_limited;
use super::names::similar_name;
use super::{Demands, impossible, in_nixpkgs_only, placed, stuck};
use crate::problem::{Origin, RootRequirement};
use crate::refusal::Fact;
use crate::search::Search;
use crate::trial::{Change, Outcome, Trials};

/// A list of the user's requirements names so many at most.
const MOST_NAMED: usize = 6;

/// So many versions or Pythons are tried where the first does not do.
const MOST_TRIED: usize = 3;

/// What a snapshot leaves out, the index may have.
const BEYOND_SNAPSHOT: &str = "resolve from the index itself, without `--pypi-data` (in Nix: with a lock file): a snapshot \
    has wheels only, and not all releases";

/// Suggestions, the most promising first.
pub fn help(facts: &[Fact], search: &Search<'_>) -> Vec<String> {
    let trials = &Trials::new(search);
    for fact in facts {
        if let Fact::Unknown { package } = fact {
            return unknown(package, facts, search, trials);
        }
    }
    let mut help = Vec::new();
    if let Some((package, versions)) = stuck(facts, search) {
        help = unusable::help(package, versions, facts, search, trials);
    } else if let Some(package) = impossible(facts) {
        help.extend(existing(package, facts, search, trials));
        help.extend(elsewhere(package, facts, search, trials));
    }
    for fact in facts {
        if let Fact::Broken { package, .. } = fact {
            help.extend(elsewhere(package, facts, search, trials));
        }
    }
    if help.is_empty() {
        help = loosen(facts, search, trials);
    }
    if search.index.snapshot().is_some() {
        help.push(BEYOND_SNAPSHOT.to_owned());
    }
    help
}

/// Suggestions for a name that is unknown where it was looked for.
fn unknown(
    package: &PackageName,
    facts: &[Fact],
    search: &Search<'_>,
    trials: &Trials<'_, '_>,
) -> Vec<String> {
    // Only nixpkgs was asked, and what the index has is known to be of use or not.
    if in_nixpkgs_only(package, search) && matches!(search.index.project(package), Ok(Some(_))) {
        return elsewhere(package, facts, search, trials)
            .map_or_else(|| loosen(facts, search, trials), |line| vec![line]);
    }
    let in_snapshot = search.index.snapshot().is_some();
    let mut help = Vec::new();
    // What a package or a build says is not for the user to spell.
    let demands = Demands::on(package, facts);
    let mut asked = demands.asked.iter();
    let is_own = asked.any(|root| !matches!(root.origin, Origin::Build(_)));
    let is_there = |name: &&str| {
        let found = name.parse().map(|name| search.index.project(&name));
        matches!(found, Ok(Ok(Some(_))))
    };
    let similar = similar_name(package.as_ref()).filter(|_| is_own).filter(is_there);
    if let Some(similar) = similar {
        help.push(format!("did you mean `{similar}`?"));
    }
    if in_snapshot {
        help.push(BEYOND_SNAPSHOT.to_owned());
    } else if similar.is_none() {
        const INDEX: &str = "a private package needs its index: `--extra-index-url URL`";
        let spelling = if is_own { "check the spelling; " } else { "" };
        help.push(format!("{spelling}{INDEX}"));
    }
    help
}

/// The newest usable version that goes with the rest, for a requirement that no version meets.
fn existing(
    package: &PackageName,
    facts: &[Fact],
    search: &Search<'_>,
    trials: &Trials<'_, '_>,
) -> Option<String> {
    let demands = Demands::on(package, facts);
    let candidates = search.candidates(package).ok()?;
    let usable = (0..candidates.len()).rev().filter(|slot| {
        demands.others_allow(candidates.version(*slot)) && candidates.artifact(*slot, &search.rules).is_ok()
    });
    let tried = usable.map(|slot| candidates.version(slot)).take(MOST_TRIED);
    let (newest, outcome) = first_pin(package, tried, trials)?;
    Some(match outcome {
        Outcome::Met(chosen) => format!(
            "ask for a version that exists: `{package}=={newest}` is the newest usable here{}",
            chosen.proviso()
        ),
        _ => format!("ask for a version that exists, such as `{package}=={newest}`"),
    })
}

/// The first of some versions of a package with which a trial does not fail, and what came of the trial.
fn first_pin<'v>(
    package: &PackageName,
    mut versions: impl Iterator<Item = &'v Version>,
    trials: &Trials<'_, '_>,
) -> Option<(&'v Version, Outcome)> {
    versions.find_map(|version| {
        let outcome = trials.outcome(&Change::Pin(package, version));
        (outcome != Outcome::Refuted).then_some((version, outcome))
    })
}

/// Another provider, for a package that nixpkgs has in another version or not at all.
fn elsewhere(
    package: &PackageName,
    facts: &[Fact],
    search: &Search<'_>,
    trials: &Trials<'_, '_>,
) -> Option<String> {
    if !in_nixpkgs_only(package, search) {
        return None;
    }
    let demands = Demands::on(package, facts);
    let project = search.index.project(package).ok()??;
    if !project.versions().iter().any(|version| demands.allow(version)) {
        return None;
    }
    let providers = "nixpkgs,wheel,sdist".parse().ok()?;
    let which = match trials.outcome(&Change::Providers(package, providers)) {
        Outcome::Refuted => return None,
        Outcome::Met(chosen) => match chosen.version(package) {
            Some(version) => format!(", which has {version}"),
            // Another solution does without it.
            None => String::new(),
        },
        Outcome::Unknown => String::new(),
    };
    Some(format!(
        "take it from the package index{which}: `--provider {package}=nixpkgs,wheel,sdist`"
    ))
}

/// What the user said, as what can be changed: to another version where that is enough, else left out.
fn loosen(facts: &[Fact], search: &Search<'_>, trials: &Trials<'_, '_>) -> Vec<String> {
    let mut own: Vec<(String, &RootRequirement)> = Vec::new();
    for fact in facts {
        match fact {
            Fact::Asked { requirements, .. } => {
                own.extend(requirements.iter().map(|root| (placed(root), root)));
            }
            Fact::Constrained { constraints, .. } => {
                let placed = |root| (format!("the constraint {}", placed(root)), root);
                own.extend(constraints.iter().map(placed));
            }
            _ => {}
        }
    }
    let changed: Vec<String> = own
        .iter()
        .filter_map(|(text, root)| opened(text, root, trials))
        .collect();
    if changed.is_empty() {
        dropped(own, search, trials).into_iter().collect()
    } else {
        changed
    }
}

/// The version that goes with the rest where one requirement leaves it open.
fn opened(text: &str, root: &RootRequirement, trials: &Trials<'_, '_>) -> Option<String> {
    if !is_limited(&root.requirement) {
        return None;
    }
    let Outcome::Met(chosen) = trials.outcome(&Change::Open(root)) else {
        return None;
    };
    let version = chosen.version(&root.requirement.name)?;
    Some(format!(
        "change {text} so that it allows {version}, which goes with the rest{}",
        chosen.proviso()
    ))
}

/// Those that are in the way alone. Where none is, more contradicts than is told.
fn dropped(
    mut own: Vec<(String, &RootRequirement)>,
    search: &Search<'_>,
    trials: &Trials<'_, '_>,
) -> Option<String> {
    // Without its only requirement, a problem is none.
    let is_only = search.problem.requirements.len() + search.problem.constraints.len() == 1;
    let mut is_all = true;
    if own.len() > 1 {
        let alone: Vec<bool> = own
            .iter()
            .map(|(_, root)| trials.may_help(&Change::Drop(root)))
            .collect();
        if alone.contains(&true) {
            let mut alone = alone.into_iter();
            own.retain(|_| alone.next().unwrap_or(true));
        } else {
            is_all = false;
        }
    }
    let mut own: Vec<String> = own.into_iter().map(|(text, _)| text).collect();
    let more = own.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        own.truncate(MOST_NAMED);
        own.push(format!("{more} more"));
    }
    match own.as_slice() {
        [] => None,
        [only] if is_only => Some(format!("change {only}")),
        [only] => Some(format!("change or drop {only}")),
        several if is_all => Some(format!("loosen or drop one of: {}", several.join("; "))),
        several => Some(format!(
            "first, loosen or drop one of: {}; then the other contradictions are shown",
            several.join("; ")
        )),
    }
}
