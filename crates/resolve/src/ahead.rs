//! Hints about metadata, ahead of the search.
//!
//! The search queries one file at a time. So that an index with latency does not answer one file at a time, it is given the
//! best candidate of every package as soon as its set is known, and further candidates of a package whose versions are
//! rejected one after the other. A hint is a candidate that all requirements known so far allow.

use mach_nix_model::{MetadataFile, PackageName, VersionOrUrl};
use pubgrub::VersionSet;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::candidates::Candidates;
use crate::node::Node;
use crate::search::Search;
use crate::slots::{Slot, SlotSet};

/// Number of versions of a package that are tried before further ones are announced: most packages are decided once or twice.
const TRIES_BEFORE_HINTS: usize = 3;

/// Maximum number of versions of a package that are announced and not tried yet: as many as an index fetches at once.
const MAX_AHEAD: usize = 50;

/// The hints of one search.
#[derive(Default)]
pub struct Ahead {
    packages: FxHashMap<PackageName, Announced>,
}

/// What is known about the hints for one package.
#[derive(Default)]
struct Announced {
    announced: FxHashSet<Slot>,
    tried: FxHashSet<Slot>,
}

impl Search<'_> {
    /// Announces the metadata of a candidate, once.
    pub fn announce_candidate(&self, name: &PackageName, candidates: &Candidates, slot: Slot) {
        let mut ahead = self.ahead();
        if !ahead.packages.contains_key(name) {
            ahead.packages.insert(name.clone(), Announced::default());
        }
        let known = ahead.packages.get_mut(name);
        if known.is_some_and(|known| known.announced.insert(slot))
            && let Ok(artifact) = candidates.artifact(slot)
            && let Some(file) = artifact.file()
        {
            self.index.prefetch_metadata(name, file);
        }
    }

    /// Notes that a version is tried, of those that are left, and announces the next ones if earlier ones were in vain: as many
    /// as were tried, so that no more than half of all requests are in vain.
    pub fn announce_next(&self, node: &Node, slot: Slot, set: &SlotSet) {
        let Node::Package(name) = node else { return };
        let wanted = {
            let mut ahead = self.ahead();
            let known = ahead.packages.entry(name.clone()).or_default();
            known.announced.insert(slot);
            known.tried.insert(slot);
            known.tried.len().min(MAX_AHEAD)
        };
        let Ok(candidates) = self.candidates(name) else {
            return;
        };
        if wanted < TRIES_BEFORE_HINTS {
            return;
        }
        let next = self.next_candidates(name, &candidates, set, slot, wanted);
        let is_announced = |slot: &Slot| {
            let ahead = self.ahead();
            let known = ahead.packages.get(name);
            known.is_some_and(|known| known.announced.contains(slot))
        };
        // A batch begins when less than half of the one before it is left.
        if next.iter().take(wanted.div_ceil(2)).all(is_announced) {
            return;
        }
        // Without a metadata file, to read the metadata may be to download the wheel.
        let is_cheap = |slot: &Slot| {
            let wheel = candidates.wheel(*slot);
            wheel.is_some_and(|wheel| matches!(wheel.metadata_file, MetadataFile::Announced(_)))
        };
        for slot in next.into_iter().filter(is_cheap) {
            self.announce_candidate(name, &candidates, slot);
        }
    }

    /// The candidates that come after the one that is tried, if its set stays as it is; then those below it that the user
    /// allows: where another package leaves one version, the next version of that package will leave another one.
    fn next_candidates(
        &self,
        name: &PackageName,
        candidates: &Candidates,
        set: &SlotSet,
        tried: Slot,
        count: usize,
    ) -> Vec<Slot> {
        let mut next = Vec::new();
        let mut others = SlotSet::singleton(tried).complement();
        let below = SlotSet::below(tried).intersection(&self.allowed_by_user(name, candidates));
        for set in [set, &below] {
            while next.len() < count
                && let Some(slot) = candidates.best(&set.intersection(&others), None)
            {
                next.push(slot);
                others = others.intersection(&SlotSet::singleton(slot).complement());
            }
        }
        next
    }

    /// The slots of a package that the user's own requirements and constraints allow.
    fn allowed_by_user(&self, name: &PackageName, candidates: &Candidates) -> SlotSet {
        let own = self.problem.requirements.iter();
        let own = own.filter(|root| root.requirement.name == *name && self.holds(&root.requirement));
        let limits = own.chain(self.constraints_on(name));
        limits.fold(SlotSet::full(), |set, root| {
            match &root.requirement.version_or_url {
                // Not `Search::matching`, which notes what it is given.
                Some(VersionOrUrl::VersionSpecifier(specifiers)) => {
                    set.intersection(&candidates.matching(specifiers))
                }
                _ => set,
            }
        })
    }
}
