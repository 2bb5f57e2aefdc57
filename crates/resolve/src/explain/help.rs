//! What would help. A suggestion is made only when what the index says does not speak against it: a version or file that
//! is named exists, can be used, and is allowed by what other packages demand.

mod unusable;

use mach_nix_model::PackageName;

use super::names::similar_name;
use super::{Demands, impossible, in_nixpkgs_only, placed, stuck};
use crate::refusal::Fact;
use crate::search::Search;

/// A list of the user's requirements names so many at most.
const MOST_NAMED: usize = 6;

/// What a snapshot leaves out, the index may have.
const BEYOND_SNAPSHOT: &str = "ask the index itself, with `mach-nix lock` and no snapshot: a snapshot has wheels only, and \
    not all releases";

/// Suggestions, the most promising first.
pub fn help(facts: &[Fact], search: &Search<'_>) -> Vec<String> {
    for fact in facts {
        if let Fact::Unknown { package } = fact {
            return elsewhere(package, facts, search)
                .map_or_else(|| vec![unknown(package, facts)], |line| vec![line]);
        }
    }
    let mut help = Vec::new();
    if let Some((package, versions)) = stuck(facts, search) {
        help = unusable::help(package, versions, facts, search);
    } else if let Some(package) = impossible(facts) {
        help.extend(existing(package, facts, search));
        help.extend(elsewhere(package, facts, search));
    }
    for fact in facts {
        if let Fact::Broken { package, .. } = fact {
            help.extend(elsewhere(package, facts, search));
        }
    }
    if help.is_empty() {
        help.extend(loosen(facts));
    }
    if search.index.snapshot().is_some() {
        help.push(BEYOND_SNAPSHOT.to_owned());
    }
    help
}

fn unknown(package: &PackageName, facts: &[Fact]) -> String {
    const INDEX: &str = "a private package needs its index: `--extra-index-url URL`";
    // What a package says is not for the user to spell.
    if Demands::on(package, facts).asked.is_empty() {
        return INDEX.to_owned();
    }
    match similar_name(package.as_ref()) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => format!("check the spelling; {INDEX}"),
    }
}

/// The newest usable version, for a requirement that no version meets.
fn existing(package: &PackageName, facts: &[Fact], search: &Search<'_>) -> Option<String> {
    let demands = Demands::on(package, facts);
    let candidates = search.candidates(package).ok()?;
    let newest = (0..candidates.len()).rev().find(|slot| {
        demands.others_allow(candidates.version(*slot)) && candidates.artifact(*slot, &search.rules).is_ok()
    })?;
    Some(format!(
        "ask for a version that exists: `{package}=={}` is the newest usable here",
        candidates.version(newest)
    ))
}

/// Another provider, for a package that nixpkgs has in another version or not at all.
fn elsewhere(package: &PackageName, facts: &[Fact], search: &Search<'_>) -> Option<String> {
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
    Some(format!(
        "take it from the package index, which has {found}: `--provider {package}=nixpkgs,wheel,sdist`"
    ))
}

/// What the user said, as what can be changed.
fn loosen(facts: &[Fact]) -> Option<String> {
    let mut own: Vec<String> = Vec::new();
    for fact in facts {
        match fact {
            Fact::Asked { requirements, .. } => own.extend(requirements.iter().map(placed)),
            Fact::Constrained { constraints, .. } => {
                let placed = constraints.iter().map(placed);
                own.extend(placed.map(|text| format!("the constraint {text}")));
            }
            _ => {}
        }
    }
    let more = own.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        own.truncate(MOST_NAMED);
        own.push(format!("{more} more"));
    }
    match own.as_slice() {
        [] => None,
        [only] => Some(format!("change or drop {only}")),
        several => Some(format!("loosen or drop one of: {}", several.join("; "))),
    }
}
