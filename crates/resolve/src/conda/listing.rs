//! What channels have under a name.

use std::cell::RefCell;
use std::sync::Arc;

use mach_nix_conda::{Channel, CondaRecord, CondaRecords, CondaSpec};
use pubgrub::VersionSet;

use crate::slots::{Slot, SlotSet};

/// What channels have under a name: the candidates of a `conda:` node, worst first.
pub struct CondaListing {
    /// Those of the first channel that has the name come last.
    records: Vec<Arc<CondaRecord>>,
    /// Per record, whether it is usable or why not, as far as the search looks.
    verdicts: RefCell<Vec<Option<Result<(), String>>>>,
    /// Where the records of the first channel that has the name begin.
    strict: usize,
    /// The files of that channel that are not usable at all, with the reason.
    skipped: Vec<String>,
    /// The first channel that has the name.
    channel: Option<Arc<Channel>>,
}

impl CondaListing {
    /// The records of channels, most preferred first, each with those of its folders.
    pub fn new(channels: Vec<(Arc<Channel>, Vec<Arc<CondaRecords>>)>) -> Self {
        let mut listing = Self {
            records: Vec::new(),
            verdicts: RefCell::default(),
            strict: 0,
            skipped: Vec::new(),
            channel: None,
        };
        for (channel, folders) in channels.into_iter().rev() {
            let mut own: Vec<Arc<CondaRecord>> = folders
                .iter()
                .flat_map(|folder| folder.usable.iter().cloned())
                .collect();
            let skipped = folders.iter().flat_map(|folder| &folder.skipped);
            let skipped: Vec<String> = skipped
                .map(|one| format!("{}: {}", one.file, one.reason))
                .collect();
            if own.is_empty() && skipped.is_empty() {
                continue;
            }
            own.sort_by(|a, b| a.preference(b));
            listing.strict = listing.records.len();
            listing.records.extend(own);
            listing.skipped = skipped;
            listing.channel = Some(channel);
        }
        listing.verdicts = RefCell::new(vec![None; listing.records.len()]);
        listing
    }

    /// Why the record in a slot is unusable, if it is; judged once.
    pub fn verdict(&self, slot: Slot, judge: impl FnOnce(&CondaRecord) -> Option<String>) -> Option<String> {
        let known = self.verdicts.borrow()[slot as usize].clone();
        let verdict = known.unwrap_or_else(|| {
            let verdict = judge(self.record(slot)).map_or(Ok(()), Err);
            self.verdicts.borrow_mut()[slot as usize] = Some(verdict.clone());
            verdict
        });
        verdict.err()
    }

    /// The number of slots.
    pub fn len(&self) -> Slot {
        Slot::try_from(self.records.len()).unwrap_or(Slot::MAX - 1)
    }

    /// Whether no channel has a usable record.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The first channel that has the name.
    pub fn channel(&self) -> Option<&Channel> {
        self.channel.as_deref()
    }

    /// The files of that channel that are not usable, with the reason.
    pub fn skipped(&self) -> &[String] {
        &self.skipped
    }

    /// The record in a slot.
    pub fn record(&self, slot: Slot) -> &Arc<CondaRecord> {
        &self.records[slot as usize]
    }

    /// The records of the first channel that has the name, worst first.
    pub fn strict(&self) -> &[Arc<CondaRecord>] {
        &self.records[self.strict..]
    }

    /// The records of a channel, worst first.
    pub fn of_channel(&self, name: &str) -> impl Iterator<Item = &Arc<CondaRecord>> {
        self.records
            .iter()
            .filter(move |record| record.channel.name() == name)
    }

    /// Whether the packages look like Python packages.
    pub fn is_python(&self) -> bool {
        self.strict().iter().any(|record| record.looks_like_python())
    }

    /// The slots that meet a spec, without the absent one.
    pub fn matching(&self, spec: &CondaSpec) -> SlotSet {
        let allowed = |slot: Slot| spec.channel().is_some() || slot as usize >= self.strict;
        let set = SlotSet::select(self.len(), |slot| allowed(slot) && self.record(slot).meets(spec));
        set.intersection(&SlotSet::present())
    }
}
