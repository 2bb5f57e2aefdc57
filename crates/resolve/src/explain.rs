//! A refusal in the user's words: what cannot be, why, and what would help.

mod help;
mod names;
mod spans;

use std::fmt;

use mach_nix_model::PackageName;

use crate::refusal::Fact;
use crate::search::Search;

use spans::{reasons, span};

/// What is printed after `ResolutionImpossible:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// One line: what cannot be.
    pub headline: String,
    /// Why, a fact a line, causes before consequences.
    pub because: Vec<String>,
    /// What to change; each line alone would help.
    pub help: Vec<String>,
}

impl Explanation {
    pub(crate) fn new(facts: &[Fact], search: &Search<'_>) -> Self {
        let mut because = Vec::new();
        for fact in facts {
            for line in lines(fact, search) {
                if !because.contains(&line) {
                    because.push(line);
                }
            }
        }
        let headline = headline(facts, search);
        Self {
            headline,
            because,
            help: help::help(facts, search),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline)?;
        for line in &self.because {
            write!(f, "\n  - {line}")?;
        }
        match self.help.as_slice() {
            [] => Ok(()),
            [only] => write!(f, "\nhelp: {only}"),
            several => {
                f.write_str("\nhelp: any of these may do:")?;
                several.iter().try_for_each(|line| write!(f, "\n  - {line}"))
            }
        }
    }
}

/// The package that the contradiction is about: asked for by something, with no version left.
pub(crate) fn stuck(facts: &[Fact]) -> Option<(&PackageName, &[(mach_nix_model::Version, crate::Unusable)])> {
    let mut without = facts.iter().filter_map(|fact| match fact {
        Fact::NoneUsable { package, versions } if !versions.is_empty() => {
            Some((package, versions.as_slice()))
        }
        _ => None,
    });
    without.next().filter(|_| without.next().is_none())
}

/// How many different demands on a package the facts hold.
fn demands(facts: &[Fact], name: &PackageName) -> usize {
    facts
        .iter()
        .map(|fact| match fact {
            Fact::Asked { package, texts, .. } if package == name => texts.len(),
            Fact::Needs { package, .. } if package == name => 1,
            _ => 0,
        })
        .sum()
}

fn headline(facts: &[Fact], search: &Search<'_>) -> String {
    for fact in facts {
        if let Fact::Unknown { package } = fact {
            return format!("no package index knows `{package}`");
        }
    }
    if let Some((package, _)) = stuck(facts)
        && demands(facts, package) <= 1
    {
        return format!("no usable version of `{package}` for {}", search.rules.target);
    }
    for fact in facts {
        if let Fact::Asked {
            package,
            texts,
            impossible: true,
        } = fact
            && texts.len() == 1
        {
            return format!("no version of `{package}` satisfies what is asked for");
        }
    }
    let contested: Vec<String> = contested(facts).iter().map(|name| format!("`{name}`")).collect();
    if contested.is_empty() {
        "the requirements cannot be met together".to_owned()
    } else {
        format!(
            "the requirements contradict each other on {}",
            contested.join(", ")
        )
    }
}

/// The packages that more than one fact makes demands on, in the order of the facts.
fn contested(facts: &[Fact]) -> Vec<&PackageName> {
    let mut names = Vec::new();
    for fact in facts {
        if let Fact::Asked { package, .. } | Fact::Needs { package, .. } = fact
            && demands(facts, package) > 1
            && !names.contains(&package)
        {
            names.push(package);
        }
    }
    names
}

fn lines(fact: &Fact, search: &Search<'_>) -> Vec<String> {
    match fact {
        Fact::Asked {
            package,
            texts,
            impossible,
        } => {
            let mut lines: Vec<String> = texts.iter().map(|text| format!("you ask for {text}")).collect();
            if *impossible && texts.len() == 1 {
                lines.extend(known_versions(package, search));
            }
            lines
        }
        Fact::Needs {
            dependent,
            versions,
            texts,
            ..
        } => {
            vec![format!(
                "{dependent} {} needs {}",
                span(versions),
                texts.join(" and ")
            )]
        }
        // The headline says it.
        Fact::Unknown { .. } => Vec::new(),
        // Where no version is left at all, the demands on the package say why.
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

/// What there is of a package, for a demand that nothing meets.
fn known_versions(package: &PackageName, search: &Search<'_>) -> Option<String> {
    let candidates = search.candidates(package).ok()?;
    let versions = candidates.versions();
    match versions.len() {
        0 => None,
        1 => Some(format!("the only version of {package} is {}", versions[0])),
        count => Some(format!("{package} has {count} versions: {}", span(versions))),
    }
}
