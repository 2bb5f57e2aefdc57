//! Sets of versions as sets of slots.
//!
//! A slot is the position of a candidate in the ascending list of a package's candidates. The list is finite and known
//! beforehand, so that integer intervals suffice.

use std::fmt;
use std::ops::Bound;

use pubgrub::{Ranges, VersionSet};

/// A position in a package's list of candidates.
pub type Slot = u32;

/// The slot of a package that is not installed, above those of all candidates. It is used where conda's `constrains` limit
/// packages that nothing may need.
pub const ABSENT: Slot = Slot::MAX - 1;

/// A set of slots; equal sets are equal values, because every interval is kept half-open.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SlotSet(Ranges<Slot>);

impl SlotSet {
    /// The set of the slots below `len` for which `member` is true.
    ///
    /// A run that reaches either end of the list is unbounded there, so that "every version" has a single
    /// representation.
    pub fn select(len: u32, mut member: impl FnMut(Slot) -> bool) -> Self {
        let mut set = Ranges::empty();
        let mut slot = 0;
        while slot < len {
            if !member(slot) {
                slot += 1;
                continue;
            }
            let start = slot;
            while slot < len && member(slot) {
                slot += 1;
            }
            let run = match (start == 0, slot == len) {
                (true, true) => Ranges::full(),
                (true, false) => Ranges::strictly_lower_than(slot),
                (false, true) => Ranges::higher_than(start),
                (false, false) => Ranges::between(start, slot),
            };
            set = set.union(&run);
        }
        Self(set)
    }

    /// Every slot but [`ABSENT`].
    pub fn present() -> Self {
        Self(Ranges::strictly_lower_than(ABSENT))
    }

    /// The slots of the set below [`ABSENT`], and [`ABSENT`].
    #[must_use]
    pub fn or_absent(&self) -> Self {
        self.union(&Self(Ranges::higher_than(ABSENT)))
    }

    /// Whether the set allows the package to be absent.
    pub fn may_be_absent(&self) -> bool {
        self.contains(&ABSENT)
    }

    /// The set of the slots below this one.
    pub fn below(slot: Slot) -> Self {
        Self(Ranges::strictly_lower_than(slot))
    }

    /// The slots below `len` that are in the set, ascending.
    pub fn iter(&self, len: u32) -> impl DoubleEndedIterator<Item = Slot> + use<> {
        let runs = self.0.iter().map(|(start, end)| {
            let start = match start {
                Bound::Included(slot) => *slot,
                Bound::Excluded(slot) => slot + 1,
                Bound::Unbounded => 0,
            };
            let end = match end {
                Bound::Included(slot) => slot + 1,
                Bound::Excluded(slot) => *slot,
                Bound::Unbounded => len,
            };
            start..end.min(len)
        });
        runs.collect::<Vec<_>>().into_iter().flatten()
    }
}

impl fmt::Display for SlotSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl VersionSet for SlotSet {
    type V = Slot;

    fn empty() -> Self {
        Self(Ranges::empty())
    }

    fn full() -> Self {
        Self(Ranges::full())
    }

    fn singleton(slot: Slot) -> Self {
        Self(Ranges::between(slot, slot + 1))
    }

    fn complement(&self) -> Self {
        Self(self.0.complement())
    }

    fn intersection(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0))
    }

    fn union(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0))
    }

    fn contains(&self, slot: &Slot) -> bool {
        self.0.contains(slot)
    }

    fn is_disjoint(&self, other: &Self) -> bool {
        self.0.is_disjoint(&other.0)
    }

    fn subset_of(&self, other: &Self) -> bool {
        self.0.subset_of(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sets_are_equal_values() {
        let odd = SlotSet::select(6, |slot| slot % 2 == 1);
        assert_eq!(odd.iter(6).collect::<Vec<_>>(), [1, 3, 5]);
        assert_eq!(SlotSet::select(4, |_| true), SlotSet::full());
        assert_eq!(SlotSet::select(4, |_| false), SlotSet::empty());
        let joined = SlotSet::singleton(2).union(&SlotSet::singleton(3));
        assert_eq!(joined, SlotSet::select(9, |slot| slot == 2 || slot == 3));
    }
}
