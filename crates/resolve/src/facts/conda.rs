//! The facts of a derivation that are about conda packages.

use mach_nix_conda::{CondaName, CondaSpec};
use pubgrub::VersionSet;

use super::join;
use crate::conda::{CondaListing, Properties};
use crate::conda_fact::{CondaFact, CondaListed};
use crate::fact::Fact;
use crate::node::Node;
use crate::search::Search;
use crate::slots::{Slot, SlotSet};

/// Adds the user's requirements for conda packages that lead to a node.
pub fn asked(facts: &mut Vec<Fact>, to: &Node, search: &Search<'_>) {
    let Some(conda) = &search.conda else { return };
    for root in search.own_conda() {
        let spec = &root.requirement.spec;
        if Properties::has(spec.name()) {
            if to.conda() == Some(spec.name()) {
                let state = conda.properties.state(spec.name());
                let root = root.clone();
                join::add(facts, Fact::Conda(Box::new(CondaFact::Property { root, state })));
            }
            continue;
        }
        if !conda.node(spec.name()).is_ok_and(|node| node == *to) {
            continue;
        }
        if let Some(package) = to.any_name() {
            let fact = CondaFact::Asked {
                package,
                root: root.clone(),
                impossible: impossible(to, spec, search),
            };
            join::add(facts, Fact::Conda(Box::new(fact)));
        }
    }
}

/// Adds what the conda packages in a set say about a node.
pub fn needed(facts: &mut Vec<Fact>, from: &Node, from_set: &SlotSet, to: &Node, search: &Search<'_>) {
    let (Some(conda), Some(dependent), Some(package)) = (&search.conda, from.any_name(), to.any_name())
    else {
        return;
    };
    let records = records_in(from, from_set, search);
    let about = |spec: &CondaSpec| conda.node(spec.name()).is_ok_and(|node| node == *to);
    let Some(best) = records.first() else { return };
    for (specs, is_limit) in [(&best.depends, false), (&best.constrains, true)] {
        for spec in specs
            .iter()
            .filter(|spec| !Properties::has(spec.name()) && about(spec))
        {
            let fact = CondaFact::Needs {
                dependent: dependent.clone(),
                records: records.iter().map(ToString::to_string).collect(),
                package: package.clone(),
                spec: spec.to_string(),
                is_limit,
                impossible: impossible(to, spec, search).filter(|_| !is_limit),
            };
            join::add(facts, Fact::Conda(Box::new(fact)));
        }
    }
}

/// The conda packages in a set of slots of a node, best first.
fn records_in(
    node: &Node,
    set: &SlotSet,
    search: &Search<'_>,
) -> Vec<std::sync::Arc<mach_nix_conda::CondaRecord>> {
    match node {
        Node::Conda(name) => {
            let listing = search.conda.as_ref().and_then(|conda| conda.listing(name).ok());
            let Some(listing) = listing else { return Vec::new() };
            let slots = set.iter(listing.len()).rev();
            slots.map(|slot| listing.record(slot).clone()).collect()
        }
        Node::Package(name) | Node::Extra(name, _) => {
            let Ok(candidates) = search.candidates(name) else {
                return Vec::new();
            };
            let slots = set.iter(candidates.len()).rev();
            slots
                .filter_map(|slot| candidates.record(slot).cloned())
                .collect()
        }
        Node::Root => Vec::new(),
    }
}

/// Adds why the records of a `conda:` node in a set are unusable.
pub fn none_usable(facts: &mut Vec<Fact>, name: &CondaName, set: &SlotSet, search: &Search<'_>) {
    let Some(conda) = &search.conda else { return };
    let Ok(listing) = conda.listing(name) else { return };
    let limit = search.rules.limits.exclude_newer;
    let slots = set.iter(listing.len()).rev();
    let unusable = |slot: Slot| {
        let reason = conda.unusable(&listing, slot, limit)?;
        Some((listing.record(slot).to_string(), reason))
    };
    let records: Vec<(String, String)> = slots.filter_map(unusable).collect();
    if !records.is_empty() {
        let package = name.clone();
        join::add(
            facts,
            Fact::Conda(Box::new(CondaFact::NoneUsable { package, records })),
        );
    }
}

/// What channels have, where nothing satisfies a spec.
fn impossible(node: &Node, spec: &CondaSpec, search: &Search<'_>) -> Option<CondaListed> {
    let conda = search.conda.as_ref()?;
    let is_met = match node {
        Node::Conda(name) => conda
            .matching(name, spec)
            .is_ok_and(|set| set != SlotSet::empty()),
        Node::Package(name) | Node::Extra(name, _) => {
            let candidates = search.candidates(name).ok()?;
            search.meeting_spec(&candidates, name, spec) != SlotSet::empty()
        }
        Node::Root => true,
    };
    if is_met {
        return None;
    }
    let listing = conda.listing(spec.name()).ok()?;
    Some(listed(spec.name(), &listing, &conda.channel_names()))
}

/// What channels have under a name.
fn listed(name: &CondaName, listing: &CondaListing, channels: &[String]) -> CondaListed {
    let name = name.clone();
    let Some(channel) = listing.channel().map(|channel| channel.name().to_owned()) else {
        return CondaListed::Unknown {
            name,
            channels: channels.to_vec(),
        };
    };
    if listing.strict().is_empty() {
        return CondaListed::Skipped {
            name,
            channel,
            files: listing.skipped().to_vec(),
        };
    }
    let records = listing.strict().iter().rev();
    let records = records
        .map(|record| format!("{} {}", record.version, record.build))
        .collect();
    CondaListed::Records {
        name,
        channel,
        records,
    }
}
