//! What would help. A suggestion is made only when nothing is known to speak against it: a version or file that is named
//! exists, can be used, and a trial with it does not fail.

mod unusable;

use mach_nix_model::PackageName;

use super::demands::is_limited;
use super::names::similar_name;
use super::{Demands, impossible, in_nixpkgs_only, placed, stuck};
use crate::problem::RootRequirement;
use crate::refusal::Fact;
use crate::search::Search;
use crate::trial::{Change, Outcome, Trials};

/// A list of the user's requirements names so many at most.
const MOST_NAMED: usize = 6;

/// So many versions or Pythons are tried where the first does not do.
const MOST_TRIED: usize = 3;

/// What a snapshot leaves out, the index may have.
const BEYOND_SNAPSHOT: &str = "ask the index itself, with `mach-nix lock` and no snapshot: a snapshot has wheels only, and \
    not all releases";

/// Suggestions, the most promising first.
pub fn help(facts: &[Fact], search: &Search<'_>) -> Vec<String> {
    let trials = &Trials::new(search);
    for fact in facts {
        if let Fact::Unknown { package } = fact {
            return elsewhere(package, facts, search, trials)
                .map_or_else(|| vec![unknown(package, facts, search)], |line| vec![line]);
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
        help = loosen(facts, trials);
    }
    if search.index.snapshot().is_some() {
        help.push(BEYOND_SNAPSHOT.to_owned());
    }
    help
}

fn unknown(package: &PackageName, facts: &[Fact], search: &Search<'_>) -> String {
    const INDEX: &str = "a private package needs its index: `--extra-index-url URL`";
    // What a package says is not for the user to spell.
    if Demands::on(package, facts).asked.is_empty() {
        return INDEX.to_owned();
    }
    let is_there = |name: &&str| {
        let found = name.parse().map(|name| search.index.project(&name));
        !matches!(found, Ok(Ok(None)))
    };
    match similar_name(package.as_ref()).filter(is_there) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => format!("check the spelling; {INDEX}"),
    }
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
    let mut tried = usable.map(|slot| candidates.version(slot)).take(MOST_TRIED);
    let newest = tried.find(|version| trials.may_help(&Change::Pin(package, version)))?;
    Some(format!(
        "ask for a version that exists: `{package}=={newest}` is the newest usable here"
    ))
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
    let found = project
        .versions()
        .iter()
        .rev()
        .find(|version| demands.allow(version))?;
    let providers = "nixpkgs,wheel,sdist".parse().ok()?;
    trials.may_help(&Change::Providers(package, providers)).then(|| {
        format!(
            "take it from the package index, which has {found}: `--provider {package}=nixpkgs,wheel,sdist`"
        )
    })
}

/// What the user said, as what can be changed: to another version where that is enough, else left out.
fn loosen(facts: &[Fact], trials: &Trials<'_, '_>) -> Vec<String> {
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
        dropped(own, trials).into_iter().collect()
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
    let (_, version) = chosen.iter().find(|(name, _)| *name == root.requirement.name)?;
    Some(format!(
        "change {text} so that it allows {version}, which goes with the rest"
    ))
}

/// Those that are in the way alone. Where none is, more contradicts than is told.
fn dropped(mut own: Vec<(String, &RootRequirement)>, trials: &Trials<'_, '_>) -> Option<String> {
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
        [only] => Some(format!("change or drop {only}")),
        several if is_all => Some(format!("loosen or drop one of: {}", several.join("; "))),
        several => Some(format!(
            "first, loosen or drop one of: {}; what contradicts besides is told then",
            several.join("; ")
        )),
    }
}
