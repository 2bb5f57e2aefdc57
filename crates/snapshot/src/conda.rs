//! Records of conda packages in a snapshot.

use std::sync::Arc;

use mach_nix_conda::{Channel, CondaName, CondaRecords, Subdir};
use mach_nix_model::IndexError;

use crate::block::records;
use crate::corruption::Corruption;
use crate::error::{ReadFailure, SnapshotError};
use crate::snapshot::{Snapshot, last_at_or_before};

/// The name of what a folder of a channel has under a name.
#[must_use]
pub fn conda_key(channel: &Channel, subdir: Subdir, name: &CondaName) -> String {
    format!("{}/{subdir} {name}", channel.url())
}

impl Snapshot {
    /// What a folder of a channel had under a name.
    pub(crate) fn records_of(
        &self,
        channel: &Channel,
        subdir: Subdir,
        name: &CondaName,
    ) -> Result<Arc<CondaRecords>, IndexError> {
        let channels = self.origin().conda.iter().flat_map(|conda| &conda.channels);
        if !channels.into_iter().any(|known| known.url() == channel.url()) {
            return Err(IndexError::NoChannels {
                channel: channel.name().to_owned(),
            });
        }
        let key = conda_key(channel, subdir, name);
        let found = self.find_conda(&key);
        let found = found.map_err(|failure| {
            let error: SnapshotError = failure.with(self.name());
            IndexError::Snapshot(Arc::new(error))
        })?;
        found.map(Arc::new).ok_or_else(|| IndexError::NotInSnapshot {
            snapshot: self.name().to_owned(),
            what: format!("`{name}` of the conda channel `{}`", channel.name()),
            add: format!("conda:{name}"),
        })
    }

    fn find_conda(&self, key: &str) -> Result<Option<CondaRecords>, ReadFailure> {
        let locations = &self.root.conda;
        let Some(location) = last_at_or_before(locations, key).and_then(|number| locations.get(number))
        else {
            return Ok(None);
        };
        let block = self.block(location)?;
        let found = records(&block)?.into_iter().find(|(held, _)| *held == key);
        let unreadable = |_| Corruption::new("a record of a conda package is unreadable");
        let read = found.map(|(_, record)| rmp_serde::from_slice(record).map_err(unreadable));
        Ok(read.transpose()?)
    }
}
