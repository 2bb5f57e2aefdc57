//! A refusal in the user's words: what cannot be, why, and what would help.

mod because;
mod demands;
mod help;
mod names;
mod spans;
mod wheels;

use std::fmt;

use mach_nix_model::{PackageName, Provider, Requirement, Version};

use crate::Unusable;
use crate::problem::RootRequirement;
use crate::refusal::Fact;
use crate::search::Search;

pub use demands::Demands;

/// What is printed after `ResolutionImpossible:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// One line: what cannot be.
    pub headline: String,
    /// Why, a fact a line, causes before consequences.
    pub because: Vec<String>,
    /// What to change; each line alone may help.
    pub help: Vec<String>,
}

impl Explanation {
    pub(crate) fn new(facts: &[Fact], search: &Search<'_>) -> Self {
        Self {
            headline: headline(facts, search),
            because: because::because(facts, search),
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

/// A headline names so many packages at most.
const NAMES_IN_HEADLINE: usize = 3;

fn headline(facts: &[Fact], search: &Search<'_>) -> String {
    for fact in facts {
        if let Fact::Unknown { package } = fact {
            return if in_nixpkgs_only(package, search) {
                format!("nixpkgs has no `{package}`")
            } else {
                format!("no package index knows `{package}`")
            };
        }
    }
    if let Some(package) = stuck(facts, search)
        .map(|(package, _)| package)
        .or_else(|| broken(facts))
    {
        return format!("no usable version of `{package}` for {}", search.rules.target);
    }
    if let Some(package) = impossible(facts) {
        return format!("no version of `{package}` satisfies what is asked for");
    }
    let contested: Vec<String> = contested(facts, search)
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    let constrained = facts.iter().any(|fact| matches!(fact, Fact::Constrained { .. }));
    let who = if constrained {
        "the requirements and the constraints"
    } else {
        "the requirements"
    };
    match contested.len() {
        0 => format!("{who} cannot be met together"),
        1..=NAMES_IN_HEADLINE => format!("{who} contradict each other on {}", contested.join(", ")),
        more => format!(
            "{who} contradict each other on {} and {} other packages",
            contested[..NAMES_IN_HEADLINE - 1].join(", "),
            more + 1 - NAMES_IN_HEADLINE
        ),
    }
}

/// Whether a package is to come from nixpkgs and from nowhere else.
fn in_nixpkgs_only(package: &PackageName, search: &Search<'_>) -> bool {
    let mut ranked = search.problem.providers.of(package).ranked();
    ranked.all(|(_, provider)| *provider == Provider::Nixpkgs)
}

/// The package that it fails on, where the demands on it agree with each other: there are versions that satisfy them, and
/// none of these can be used.
fn stuck<'f>(facts: &'f [Fact], search: &Search<'_>) -> Option<(&'f PackageName, &'f [(Version, Unusable)])> {
    let mut without = facts.iter().filter_map(|fact| match fact {
        Fact::NoneUsable { package, versions } if !versions.is_empty() => {
            Some((package, versions.as_slice()))
        }
        _ => None,
    });
    let only = without.next().filter(|_| without.next().is_none())?;
    if needs_others(only.0, facts) {
        return None;
    }
    let candidates = search.candidates(only.0).ok()?;
    let demands = Demands::on(only.0, facts);
    let agreed = only.1.iter().any(|(version, _)| demands.allow(version));
    let usable = |slot: u32| {
        demands.allow_one(candidates.version(slot)) && candidates.artifact(slot, &search.rules).is_ok()
    };
    // Where a usable version satisfies some of them, they are what is at fault.
    (agreed && (demands.count() <= 1 || !(0..candidates.len()).any(usable))).then_some(only)
}

/// The one package that turned out to be unusable when its metadata was read, where one side asks for it.
fn broken(facts: &[Fact]) -> Option<&PackageName> {
    let mut names = facts.iter().filter_map(|fact| match fact {
        Fact::Broken { package, .. } => Some(package),
        _ => None,
    });
    let only = names.next()?;
    (names.all(|other| other == only) && !needs_others(only, facts) && Demands::on(only, facts).count() <= 1)
        .then_some(only)
}

/// Whether the facts hold what usable versions of a package need: then these are what is at fault.
fn needs_others(package: &PackageName, facts: &[Fact]) -> bool {
    facts
        .iter()
        .any(|fact| matches!(fact, Fact::Needs { dependent, .. } if dependent == package))
}

/// The package of which the user asks, in one requirement, for versions that do not exist.
fn impossible(facts: &[Fact]) -> Option<&PackageName> {
    facts.iter().find_map(|fact| match fact {
        Fact::Asked {
            package,
            requirements,
            impossible: true,
        } if demands::distinct(requirements) == 1 => Some(package),
        _ => None,
    })
}

/// The packages that demands from several sides meet on, in the order of the facts: those where they exclude each other,
/// where that can be told.
fn contested<'f>(facts: &'f [Fact], search: &Search<'_>) -> Vec<&'f PackageName> {
    let mut names: Vec<&PackageName> = Vec::new();
    for fact in facts {
        if let Fact::Asked { package, .. } | Fact::Needs { package, .. } = fact
            && !names.contains(&package)
            && Demands::on(package, facts).count() > 1
        {
            names.push(package);
        }
    }
    let clash = |name: &&PackageName| {
        search
            .candidates(name)
            .is_ok_and(|candidates| Demands::on(name, facts).clash(candidates.versions()))
    };
    let clashing: Vec<&PackageName> = names.iter().copied().filter(clash).collect();
    if clashing.is_empty() { names } else { clashing }
}

/// A requirement of the user with its place.
fn placed(root: &RootRequirement) -> String {
    format!("{} ({})", without_marker(&root.requirement), root.origin)
}

/// A requirement as it holds for the target: its marker has been asked already.
fn without_marker(requirement: &Requirement) -> String {
    let text = requirement.to_string();
    text.split_once(" ; ")
        .map_or(text.clone(), |(before, _)| before.to_owned())
}
