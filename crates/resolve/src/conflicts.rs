//! Conflicts between decisions: who was rejected, and for whom.
//!
//! PubGrub keeps what was decided first and goes back through the versions of what came later. Where the first decision is
//! the mistake, that ends at an ancient release from before the two packages knew each other. So conflicts are counted, and
//! a package that was rejected too often changes places with the one it was rejected for, whose decision is taken back. uv
//! does the same.

use pubgrub::{ConflictId, Id, State};
use rustc_hash::FxHashMap;

use crate::node::Node;
use crate::search::Search;

/// Number of conflicts after which a package is decided earlier: that of uv, found by experiment there.
const CONFLICTS_BEFORE_PROMOTION: u32 = 5;

/// The conflicts of one search.
#[derive(Default)]
pub struct Conflicts {
    rejected: FxHashMap<Id<Node>, u32>,
    culprits: FxHashMap<Id<Node>, u32>,
    /// Packages that reached the bound, and whose places have not changed yet.
    to_raise: Vec<Id<Node>>,
    to_take_back: Vec<Id<Node>>,
}

impl Conflicts {
    /// Notes that the version that was decided for `rejected` is impossible beside other decisions.
    pub fn record<'a>(
        &mut self,
        state: &State<Search<'a>>,
        rejected: Id<Node>,
        affected: Id<Node>,
        conflict: &ConflictId<Search<'a>>,
    ) {
        let node = |id: Id<Node>| -> &Node { &state.package_store[id] };
        log(state, rejected, conflict);
        let mut is_between_packages = false;
        for other in state.conflict_packages(conflict) {
            // An extra and its package go together; the user's requirements cannot be taken back.
            if other == affected
                || node(other).is_about_the_same(node(affected))
                || *node(other) == Node::Root
            {
                continue;
            }
            is_between_packages = true;
            self.blame(other);
        }
        if is_between_packages && *node(rejected) != Node::Root {
            let count = self.rejected.entry(rejected).or_default();
            *count += 1;
            if *count == CONFLICTS_BEFORE_PROMOTION {
                self.to_raise.push(rejected);
            }
        }
    }

    /// Notes that something was rejected for the version that was decided for a package.
    pub fn blame(&mut self, culprit: Id<Node>) {
        let count = self.culprits.entry(culprit).or_default();
        *count += 1;
        if *count == CONFLICTS_BEFORE_PROMOTION {
            self.to_take_back.push(culprit);
        }
    }

    /// Changes the order of decisions by what was noted, and takes back the decisions that stand in the way.
    pub fn settle<'a>(&mut self, state: &mut State<Search<'a>>, search: &Search<'a>) {
        for id in self.to_raise.drain(..) {
            let node = &state.package_store[id];
            if *node != Node::Root && search.priorities().mark_rejected(node) {
                tracing::info!(
                    "{} was rejected {CONFLICTS_BEFORE_PROMOTION} times: it is decided earlier from now on",
                    node.package()
                );
            }
        }
        for id in self.to_take_back.drain(..) {
            let node = state.package_store[id].clone();
            if node != Node::Root && search.priorities().mark_culprit(&node) {
                let back = state.backtrack_package(id).unwrap_or(0);
                tracing::info!(
                    "other packages were rejected for {} {CONFLICTS_BEFORE_PROMOTION} times: {back} decisions are taken back",
                    node.package()
                );
            }
        }
    }
}

fn log<'a>(state: &State<Search<'a>>, rejected: Id<Node>, conflict: &ConflictId<Search<'a>>) {
    if tracing::enabled!(tracing::Level::INFO) {
        let others = state.conflict_packages(conflict);
        let others = others.filter(|other| *other != rejected);
        let names: Vec<String> = others.map(|id| state.package_store[id].to_string()).collect();
        let rejected = &state.package_store[rejected];
        match names.as_slice() {
            [] => tracing::info!("nothing satisfies what this version of {rejected} needs"),
            names => tracing::info!("{rejected} conflicts with {}", names.join(", ")),
        }
    }
}
