//! The order of the facts of a refusal: the demands of the user, what these need step by step, what is missing.

use mach_nix_model::PackageName;

use crate::conda_fact::CondaFact;
use crate::fact::Fact;

/// Sorts facts from the top down: each chain from what the user asks for to where it ends.
pub fn from_the_top(facts: Vec<Fact>) -> Vec<Fact> {
    let (top, rest): (Vec<Fact>, Vec<Fact>) = facts.into_iter().partition(is_of_user);
    let (limits, rest): (Vec<Fact>, Vec<Fact>) = rest
        .into_iter()
        .partition(|fact| matches!(fact, Fact::Constrained { .. }));
    let (conda, rest): (Vec<Fact>, Vec<Fact>) = rest
        .into_iter()
        .partition(|fact| matches!(fact, Fact::Conda(about) if matches!(**about, CondaFact::Needs { .. })));
    let (mut needs, ends): (Vec<Fact>, Vec<Fact>) = rest
        .into_iter()
        .partition(|fact| matches!(fact, Fact::Needs { .. }));
    let mut asked: Vec<PackageName> = top.iter().filter_map(about).cloned().collect();
    asked.sort();
    let mut told = top;
    told.sort_by(|a, b| about(a).cmp(&about(b)));
    told.extend(limits);
    for package in asked {
        descend(&package, &mut needs, &mut told);
    }
    told.extend(needs);
    told.extend(conda);
    told.extend(ends);
    told
}

/// Whether a fact is a demand of the user.
fn is_of_user(fact: &Fact) -> bool {
    match fact {
        Fact::Asked { .. } => true,
        Fact::Conda(about) => matches!(**about, CondaFact::Asked { .. } | CondaFact::Property { .. }),
        _ => false,
    }
}

/// Moves what a package needs, and what that needs in turn, to what is told.
fn descend(from: &PackageName, needs: &mut Vec<Fact>, told: &mut Vec<Fact>) {
    let mut steps: Vec<Fact> = Vec::new();
    needs.retain(|fact| {
        let ours = matches!(fact, Fact::Needs { dependent, .. } if dependent == from);
        if ours {
            steps.push(fact.clone());
        }
        !ours
    });
    let mut targets: Vec<PackageName> = Vec::new();
    for step in &steps {
        if let Some(package) = about(step)
            && !targets.contains(package)
        {
            targets.push(package.clone());
        }
    }
    for target in targets {
        let mut same: Vec<Fact> = steps
            .iter()
            .filter(|step| about(step) == Some(&target))
            .cloned()
            .collect();
        // Newest versions first, as everywhere.
        same.sort_by(|a, b| newest(b).cmp(&newest(a)));
        told.extend(same);
        descend(&target, needs, told);
    }
}

/// The package that a fact makes a demand on.
fn about(fact: &Fact) -> Option<&PackageName> {
    match fact {
        Fact::Asked { package, .. } | Fact::Needs { package, .. } => Some(package),
        _ => None,
    }
}

fn newest(fact: &Fact) -> Option<&mach_nix_model::Version> {
    match fact {
        Fact::Needs { versions, .. } => versions.last(),
        _ => None,
    }
}
