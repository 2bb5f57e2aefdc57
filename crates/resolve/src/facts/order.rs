//! The order of the facts of a refusal: the user's demands, then their dependencies step by step, then missing
//! packages.

use mach_nix_model::PackageName;

use crate::conda_fact::CondaFact;
use crate::fact::Fact;

/// Sorts facts from the top down: each chain from a requirement of the user to its end.
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
    let mut required: Vec<PackageName> = top.iter().filter_map(about).cloned().collect();
    required.sort();
    let mut sorted = top;
    sorted.sort_by(|a, b| about(a).cmp(&about(b)));
    sorted.extend(limits);
    for package in required {
        descend(&package, &mut needs, &mut sorted);
    }
    sorted.extend(needs);
    sorted.extend(conda);
    sorted.extend(ends);
    sorted
}

/// Whether a fact is a demand of the user.
fn is_of_user(fact: &Fact) -> bool {
    match fact {
        Fact::Asked { .. } => true,
        Fact::Conda(about) => matches!(**about, CondaFact::Asked { .. } | CondaFact::Property { .. }),
        _ => false,
    }
}

/// Moves what a package needs, and what that needs in turn, to what is sorted.
fn descend(from: &PackageName, needs: &mut Vec<Fact>, sorted: &mut Vec<Fact>) {
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
        // Newest versions first, as elsewhere.
        same.sort_by(|a, b| newest(b).cmp(&newest(a)));
        sorted.extend(same);
        descend(&target, needs, sorted);
    }
}

/// The package with the demand of a fact.
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
