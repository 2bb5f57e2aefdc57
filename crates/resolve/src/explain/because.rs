//! The facts of a refusal, one a line, and no more lines than people read.

use indexmap::IndexSet;
use mach_nix_model::{ExtraName, PackageName, Requirement, Version};

use super::conda;
use super::reasons::{reasons, reasons_in_short, span};
use super::requirement::{placed, without_marker};
use crate::conda_fact::CondaFact;
use crate::demands::{distinct, needs_others};
use crate::fact::{Fact, Listed};
use crate::refusal::Refusal;

/// Maximum number of lines: a refusal with its headline and its help stays under a screen of 25 lines.
const MAX_LINES: usize = 16;

/// Maximum number of groups of versions of one package, where each needs another version of the same package.
const MAX_GROUPS: usize = 3;

/// Maximum number of file names in a line.
const MAX_NAMES: usize = 3;

/// The lines, those of the user first, what is missing last.
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

/// How many facts from the first on are about the same package needing the same other one.
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

/// The first lines and the number of the others.
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
                .map(|root| format!("you ask for {}", placed(root)))
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
        // The headline says it.
        Fact::Unknown { .. } => Vec::new(),
        Fact::InNixpkgs {
            package,
            version,
            only_nixpkgs,
        } => match version {
            Some(version) => vec![format!("nixpkgs has {package} {version}")],
            // The headline says it.
            None if *only_nixpkgs => Vec::new(),
            None => vec![format!("nixpkgs has no {package} either")],
        },
        Fact::NotInNixpkgs { reason } => vec![reason.clone()],
        // Where no version is left at all, the demands on the package say why, unless there was none from the start.
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

/// The newest group of versions by itself, the others together.
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
            // Other requirements of the same words are for other versions.
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

/// The releases of a package, for a demand that none meets.
fn releases(package: &PackageName, listed: &Listed) -> Option<String> {
    Some(match listed {
        // A fact of its own.
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

/// A project that the index lists, without any file that is usable.
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
        "{index} lists for {package} only {}{more}: usable are wheels (`.whl`) and source distributions (`.tar.gz`, `.zip`), \
         named after the project with a version",
        shown.join(", ")
    )
}
