//! Conflicts between decisions: rejected packages, and the packages that caused the rejection.
//!
//! PubGrub keeps early decisions and backtracks through the versions of later ones. If the early decision is the
//! mistake, that ends at an ancient release from before the two packages knew each other. So conflicts are counted, and
//! a package that was rejected too often is decided before the one that caused the rejections, whose decision is
//! undone. uv has the same heuristic.

use pubgrub::{ConflictId, Id, State};
use rustc_hash::FxHashMap;

use crate::node::Node;
use crate::search::Search;

/// Number of conflicts before a package is prioritized; the value is uv's, determined by experiment.
const CONFLICTS_BEFORE_PROMOTION: u32 = 5;

/// The conflicts of a search.
#[derive(Default)]
pub struct Conflicts {
    rejected: FxHashMap<Id<Node>, u32>,
    culprits: FxHashMap<Id<Node>, u32>,
    /// Packages that reached the limit and were not prioritized yet.
    to_raise: Vec<Id<Node>>,
    to_take_back: Vec<Id<Node>>,
}

impl Conflicts {
    /// Records that the version decided for `rejected` is incompatible with other decisions.
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

    /// Records that another package was rejected because of the version decided for this one.
    pub fn blame(&mut self, culprit: Id<Node>) {
        let count = self.culprits.entry(culprit).or_default();
        *count += 1;
        if *count == CONFLICTS_BEFORE_PROMOTION {
            self.to_take_back.push(culprit);
        }
    }

    /// Updates priorities from the recorded conflicts, and undoes the decisions that prevent the new order.
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
