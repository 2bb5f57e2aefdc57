//! Why it cannot be: a fact a line, and no more lines than people read.

use mach_nix_model::{ExtraName, PackageName, Project, Requirement, Version};

use super::spans::{reasons, reasons_in_short, span};
use super::{in_nixpkgs_only, needs_others, placed, without_marker};
use crate::refusal::Fact;
use crate::search::Search;

/// A refusal with its headline and its help stays under a screen of 25 lines.
const MOST_LINES: usize = 16;

/// How many groups of versions of one package are told one by one, where each needs another version of the same package.
const MOST_GROUPS: usize = 3;

/// The lines, those of the user first, what is missing last.
pub fn because(facts: &[Fact], search: &Search<'_>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut end: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(fact) = facts.get(at) {
        let group = alike(&facts[at..]);
        let (to, new) = match fact {
            Fact::NoneUsable { package, versions } if needs_others(package, facts) => (
                &mut end,
                reasons_in_short(package, versions, search).into_iter().collect(),
            ),
            Fact::NoneUsable { .. }
            | Fact::Broken { .. }
            | Fact::InNixpkgs { .. }
            | Fact::NotInNixpkgs { .. } => (&mut end, told(fact, search)),
            _ if group > MOST_GROUPS => (&mut lines, in_few_words(&facts[at..at + group], search)),
            _ => {
                let each = facts[at..at + group].iter();
                (&mut lines, each.flat_map(|fact| told(fact, search)).collect())
            }
        };
        for line in new {
            if !to.contains(&line) {
                to.push(line);
            }
        }
        at += group;
    }
    let for_end = MOST_LINES.saturating_sub(lines.len()).max(MOST_LINES / 4);
    shorten(&mut end, for_end);
    shorten(&mut lines, MOST_LINES - end.len());
    lines.append(&mut end);
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

/// Keeps the first lines and adds the number of the others.
fn shorten(lines: &mut Vec<String>, most: usize) {
    if lines.len() > most {
        let more = lines.len() + 1 - most;
        lines.truncate(most.saturating_sub(1));
        lines.push(format!("… and {more} more of the kind"));
    }
}

fn told(fact: &Fact, search: &Search<'_>) -> Vec<String> {
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
            if *impossible && super::demands::distinct(requirements) == 1 {
                lines.extend(known_versions(package, search));
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
        Fact::InNixpkgs { package, version } => match version {
            Some(version) => vec![format!("nixpkgs has {package} {version}")],
            // The headline says it.
            None if in_nixpkgs_only(package, search) => Vec::new(),
            None => vec![format!("nixpkgs has no {package} either")],
        },
        Fact::NotInNixpkgs { reason } => vec![reason.clone()],
        // Where no version is left at all, the demands on the package say why, unless there was none from the start.
        Fact::NoneUsable { package, versions } if versions.is_empty() => {
            empty_project(package, search).into_iter().collect()
        }
        Fact::NoneUsable { package, versions } => reasons(package, versions, search),
        Fact::Broken {
            package,
            versions,
            reason,
        } => {
            vec![format!("{package} {} cannot be used: {reason}", span(versions))]
        }
    }
}

/// The newest group of versions by itself, the others together.
fn in_few_words(group: &[Fact], search: &Search<'_>) -> Vec<String> {
    let mut lines = told(&group[0], search);
    let mut older: Vec<Version> = Vec::new();
    let mut needed: Vec<String> = Vec::new();
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
            needed.push(texts(requirements));
        }
    }
    older.sort();
    older.dedup();
    // Other requirements of the same words are for other versions.
    let mut seen = Vec::new();
    needed.retain(|text| {
        let new = !seen.contains(text);
        seen.push(text.clone());
        new
    });
    let mut more = 0;
    if needed.len() > MOST_GROUPS + 1 {
        more = needed.len() - MOST_GROUPS;
        needed.truncate(MOST_GROUPS);
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
    let mut texts: Vec<String> = Vec::new();
    for text in requirements.iter().map(without_marker) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.join(" and ")
}

/// What there is of a package, for a demand that nothing meets.
/// Maximum number of file names in a line.
const MAX_NAMES: usize = 3;

/// What there is of a project without any release.
fn empty_project(package: &PackageName, search: &Search<'_>) -> Option<String> {
    let candidates = search.candidates(package).ok()?;
    let project = candidates
        .project()
        .filter(|project| project.versions().is_empty())?;
    Some(without_releases(project))
}

/// A project that the index lists, without anything that is usable.
fn without_releases(project: &Project) -> String {
    let (name, index) = (&project.name, &project.index);
    let skipped = project.skipped_files();
    if skipped.is_empty() {
        return format!("{index} lists {name} without any file");
    }
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
        "{index} lists for {name} only {}{more}: usable are wheels (`.whl`) and source distributions (`.tar.gz`, `.zip`), named \
         after the project with a version",
        shown.join(", ")
    )
}

fn known_versions(package: &PackageName, search: &Search<'_>) -> Option<String> {
    let candidates = search.candidates(package).ok()?;
    let versions = candidates.versions();
    let held = search.index.snapshot().is_some();
    match versions.len() {
        0 => empty_project(package, search),
        // Said as what nixpkgs has.
        1 if candidates.files_of(&versions[0]).is_empty() => None,
        1 if held => Some(format!(
            "the snapshot has only version {} of {package}",
            versions[0]
        )),
        1 => Some(format!("the only version of {package} is {}", versions[0])),
        count if held => Some(format!(
            "the snapshot has {count} versions of {package}: {}",
            span(versions)
        )),
        count => Some(format!("{package} has {count} versions: {}", span(versions))),
    }
}
