//! PubGrub's main loop: propagate, pick a package, decide its version, until all packages are decided or none can be.

use pubgrub::{Dependencies, DependencyConstraints, DependencyProvider, Id, State, Term, VersionSet};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::conflicts::Conflicts;
use crate::derivation::Derivation;
use crate::error::ResolveError;
use crate::node::Node;
use crate::search::{ROOT_SLOT, Search};
use crate::slots::{Slot, SlotSet};

/// The outcome of a search.
pub enum Solved {
    /// One slot per required node.
    Solution(Vec<(Node, Slot)>),
    /// The requirements contradict each other, or the index cannot satisfy them.
    NoSolution(Derivation),
}

/// Runs a search until it ends.
///
/// # Errors
/// If the index fails, or the search exceeds its limit of steps.
pub fn solve(search: &Search<'_>) -> Result<Solved, ResolveError> {
    let mut state = State::<Search<'_>>::init(Node::Root, ROOT_SLOT);
    let mut conflicts = Conflicts::default();
    // The incompatibilities that an earlier decision for the same version has added already.
    let mut added = FxHashMap::<_, FxHashSet<Slot>>::default();
    // The dependencies of the old source that was decided last.
    let mut built = None;
    let mut next = state.root_package;
    loop {
        search.should_cancel()?;
        match state.unit_propagation(next) {
            Err(tree) => return Ok(Solved::NoSolution(tree)),
            Ok(found) => {
                let mut needs = built.take();
                for (affected, conflict) in found {
                    conflicts.record(&state, next, affected, &conflict);
                    blame(&mut conflicts, &state, search, needs.take())?;
                }
            }
        }
        conflicts.settle(&mut state, search);
        let store = &state.package_store;
        let picked = state
            .partial_solution
            .pick_highest_priority_pkg(|id, set| search.priority(&store[id], set));
        let Some((id, set)) = picked else {
            let solution = state.partial_solution.extract_solution();
            let solution = solution.map(|(id, slot)| (state.package_store[id].clone(), slot));
            return Ok(Solved::Solution(solution.collect()));
        };
        next = id;
        let node = state.package_store[id].clone();
        let set = set.clone();
        if follow_package(&mut state, id, &node, &set) {
            continue;
        }
        let Some(slot) = search.choose_version(&node, &set)? else {
            tracing::info!("no version of {node} is left");
            state.add_no_versions(id, set);
            continue;
        };
        search.log_decision(&node, slot, || state.partial_solution.extract_solution().count());
        search.announce_next(&node, slot, &set);
        if !added.entry(id).or_default().insert(slot) {
            state.partial_solution.add_decision(id, slot);
            continue;
        }
        match search.get_dependencies(&node, &slot)? {
            Dependencies::Unavailable(reason) => {
                tracing::info!("{} is skipped: {reason}", search.shown(&node, slot));
                state.add_unavailable(id, SlotSet::singleton(slot), reason);
            }
            Dependencies::Available(needs) => {
                let slots = SlotSet::singleton(slot);
                if search.is_old_build(&node, slot)? {
                    built = Some(needs.clone());
                }
                if let Some(conflict) = state.add_package_version_dependencies(id, slot, slots, needs) {
                    conflicts.record(&state, id, id, &conflict);
                    blame(&mut conflicts, &state, search, built.take())?;
                }
            }
        }
    }
}

/// Restricts an extra to the version of its package. PubGrub learns that per version, from the dependency of each
/// version on the package; after a decision for the package, it would try all other versions of the extra first. So it
/// is added at once as a single incompatibility: the impossible versions of the package imply the impossible versions
/// of the extra. Returns whether anything was added.
fn follow_package(state: &mut State<Search<'_>>, extra: Id<Node>, node: &Node, set: &SlotSet) -> bool {
    let Node::Extra(name, _) = node else {
        return false;
    };
    let package = state.package_store.alloc(Node::Package(name.clone()));
    let term = state.partial_solution.term_intersection_for_package(package);
    let Some(Term::Positive(possible)) = term else {
        return false;
    };
    if set.subset_of(possible) {
        return false;
    }
    let impossible = possible.complement();
    state.add_dependency(extra, impossible.clone(), (package, impossible));
    true
}

/// Blames the decided packages that contradict the dependencies of an old source: its build was wasted, and so will be
/// the next ones while these decisions stand.
fn blame(
    conflicts: &mut Conflicts,
    state: &State<Search<'_>>,
    search: &Search<'_>,
    needs: Option<DependencyConstraints<Node, SlotSet>>,
) -> Result<(), ResolveError> {
    let Some(needs) = needs else {
        return Ok(());
    };
    for (id, slot) in state.partial_solution.extract_solution() {
        let node = &state.package_store[id];
        let Dependencies::Available(others) = search.get_dependencies(node, &slot)? else {
            continue;
        };
        let contradicts = |(to, set): &(Node, SlotSet)| {
            let mut needs = needs.iter();
            needs.any(|(other, needed)| other == to && needed.is_disjoint(set))
        };
        if *node != Node::Root && others.iter().any(contradicts) {
            conflicts.blame(id);
        }
    }
    Ok(())
}
