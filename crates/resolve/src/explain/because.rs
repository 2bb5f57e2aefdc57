//! The facts of a refusal, one per line and limited in number.

use indexmap::IndexSet;
use mach_nix_model::{ExtraName, PackageName, Requirement, Version};

use super::conda;
use super::reasons::{reasons, reasons_in_short, span};
use super::requirement::{placed, without_marker};
use crate::conda_fact::CondaFact;
use crate::demands::{distinct, needs_others};
use crate::fact::{Fact, Listed};
use crate::refusal::Refusal;

/// Maximum number of lines, so that a refusal with its headline and remedies fits a screen of 25 lines.
const MAX_LINES: usize = 16;

/// Maximum number of groups of versions of a package with different requirements for the same package.
const MAX_GROUPS: usize = 3;

/// Maximum number of file names in a line.
const MAX_NAMES: usize = 3;

/// The lines, the user's demands first, missing packages last.
pub fn because(refusal: &Refusal) -> Vec<String> {
    let facts = &refusal.facts;
    let mut lines = IndexSet::new();
    let mut end = IndexSet::new();
    let mut at = 0;
    while let Some(fact) = facts.get(at) {
        let group = alike(&facts[at..]);
        match fact {
            Fact::NoneUsable {
                package,
                versions,
                providers,
                ..
            } if needs_others(package, facts) => end.extend(reasons_in_short(package, versions, providers)),
            Fact::NoneUsable { .. }
            | Fact::Broken { .. }
            | Fact::InNixpkgs { .. }
            | Fact::NotInNixpkgs { .. } => end.extend(sentences(fact, refusal)),
            Fact::Conda(about) if matches!(**about, CondaFact::NoneUsable { .. }) => {
                end.extend(sentences(fact, refusal));
            }
            _ if group > MAX_GROUPS => lines.extend(in_few_words(&facts[at..at + group], refusal)),
            _ => {
                let each = facts[at..at + group].iter();
                lines.extend(each.flat_map(|fact| sentences(fact, refusal)));
            }
        }
        at += group;
    }
    let for_end = MAX_LINES.saturating_sub(lines.len()).max(MAX_LINES / 4);
    let end = shortened(end, for_end);
    let mut lines = shortened(lines, MAX_LINES - end.len());
    lines.extend(end);
    lines
}

/// The number of leading facts about the same package requiring the same other one.
fn alike(facts: &[Fact]) -> usize {
    let edge = |fact: &Fact| match fact {
        Fact::Needs {
            dependent,
            extra,
            package,
            ..
        } => Some((dependent.clone(), extra.clone(), package.clone())),
        _ => None,
    };
    let Some(first) = facts.first().and_then(edge) else {
        return 1;
    };
    let same = |fact: &&Fact| edge(fact).as_ref() == Some(&first);
    facts.iter().take_while(same).count()
}

/// The first lines and the number of omitted ones.
fn shortened(lines: IndexSet<String>, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = lines.into_iter().collect();
    if lines.len() > most {
        let more = lines.len() + 1 - most;
        lines.truncate(most.saturating_sub(1));
        lines.push(format!("… and {more} more of the kind"));
    }
    lines
}

fn sentences(fact: &Fact, refusal: &Refusal) -> Vec<String> {
    match fact {
        Fact::Asked {
            package,
            requirements,
            impossible,
        } => {
            let mut lines: Vec<String> = requirements
                .iter()
                .map(|root| format!("you require {}", placed(root)))
                .collect();
            if let Some(listed) = impossible
                && distinct(requirements) == 1
            {
                lines.extend(releases(package, listed));
            }
            lines
        }
        Fact::Constrained { constraints, .. } => constraints
            .iter()
            .map(|root| format!("your constraints allow only {}", placed(root)))
            .collect(),
        Fact::Needs {
            dependent,
            extra,
            versions,
            requirements,
            ..
        } => {
            let verb = if versions.len() > 1 { "need" } else { "needs" };
            let who = with_extra(dependent, extra.as_ref());
            vec![format!("{who} {} {verb} {}", span(versions), texts(requirements))]
        }
        // The headline contains it.
        Fact::Unknown { .. } => Vec::new(),
        Fact::InNixpkgs {
            package,
            version,
            only_nixpkgs,
        } => match version {
            Some(version) => vec![format!("nixpkgs has {package} {version}")],
            // The headline contains it.
            None if *only_nixpkgs => Vec::new(),
            None => vec![format!("nixpkgs has no {package} either")],
        },
        Fact::NotInNixpkgs { reason } => vec![reason.clone()],
        // If no version is left, the demands on the package are the reason, unless there was no version from the start.
        Fact::NoneUsable {
            package,
            versions,
            listed,
            ..
        } if versions.is_empty() => {
            let listed = listed.iter();
            listed.filter_map(|listed| releases(package, listed)).collect()
        }
        Fact::NoneUsable {
            package,
            versions,
            files,
            ..
        } => reasons(package, versions, files, refusal),
        Fact::Broken {
            package,
            versions,
            reason,
        } => {
            vec![format!("{package} {} cannot be used: {reason}", span(versions))]
        }
        Fact::Conda(fact) => conda::sentences(fact),
    }
}

/// The newest group of versions separately, the others together.
fn in_few_words(group: &[Fact], refusal: &Refusal) -> Vec<String> {
    let mut lines = sentences(&group[0], refusal);
    let mut older: Vec<Version> = Vec::new();
    let mut needed = IndexSet::new();
    let mut who = String::new();
    for fact in &group[1..] {
        if let Fact::Needs {
            dependent,
            extra,
            versions,
            requirements,
            ..
        } = fact
        {
            who = with_extra(dependent, extra.as_ref());
            older.extend_from_slice(versions);
            // Other requirements with the same text are for other versions.
            needed.insert(texts(requirements));
        }
    }
    older.sort();
    older.dedup();
    let mut needed: Vec<String> = needed.into_iter().collect();
    let mut more = 0;
    if needed.len() > MAX_GROUPS + 1 {
        more = needed.len() - MAX_GROUPS;
        needed.truncate(MAX_GROUPS);
    }
    let mut needed = needed.join(", or ");
    if more > 0 {
        needed = format!("{needed}, or {more} other ranges");
    }
    lines.push(format!("{who} {} need {needed}", span(&older)));
    lines
}

fn with_extra(package: &PackageName, extra: Option<&ExtraName>) -> String {
    extra.map_or_else(|| package.to_string(), |extra| format!("{package}[{extra}]"))
}

fn texts(requirements: &[Requirement]) -> String {
    let texts: IndexSet<String> = requirements.iter().map(without_marker).collect();
    texts.into_iter().collect::<Vec<_>>().join(" and ")
}

/// The releases of a package, for a demand that no release satisfies.
fn releases(package: &PackageName, listed: &Listed) -> Option<String> {
    Some(match listed {
        // Reported as a separate fact.
        Listed::InNixpkgs => return None,
        Listed::InSnapshot(versions) => match versions.as_slice() {
            [only] => format!("the snapshot has only version {only} of {package}"),
            several => format!(
                "the snapshot has {} versions of {package}: {}",
                several.len(),
                span(several)
            ),
        },
        Listed::Versions(versions) => match versions.as_slice() {
            [only] => format!("the only version of {package} is {only}"),
            several => format!("{package} has {} versions: {}", several.len(), span(several)),
        },
        Listed::NoRelease { index, skipped } if skipped.is_empty() => {
            format!("{index} lists {package} without any file")
        }
        Listed::NoRelease { index, skipped } => without_releases(package, index, skipped),
    })
}

/// A listed project without any usable file.
fn without_releases(package: &PackageName, index: &str, skipped: &[String]) -> String {
    let shown: Vec<String> = skipped
        .iter()
        .take(MAX_NAMES)
        .map(|file| format!("`{file}`"))
        .collect();
    let more = match skipped.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "{index} lists for {package} only {}{more}: supported are wheels (`.whl`) and source distributions (`.tar.gz`, `.zip`), \
         named after the project with a version",
        shown.join(", ")
    )
}
