//! The sources of packages, as the lock records them.

use std::collections::BTreeMap;

use mach_nix_manifest::Requirements;
use mach_nix_model::{DEFAULT_INDEX, PackageName, PinnedIndex};
use serde::{Deserialize, Serialize};

use crate::{EngineError, location};

/// The sources of packages, without credentials.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sources {
    /// The addresses of the indexes.
    pub indexes: Vec<String>,
    /// The pinned indexes of packages.
    #[serde(rename = "bound", default)]
    pub pinned_indexes: BTreeMap<PackageName, PinnedIndex>,
    /// Further folders (`file:`) and pages of links with files.
    #[serde(default)]
    pub find_links: Vec<String>,
}

impl Sources {
    /// The same sources, with paths relative to the folder of the lock.
    pub(crate) fn seen_from(&self, folder: Option<&str>) -> Self {
        let seen = |address: &str| location::recorded(address, folder);
        let pinned_indexes = self.pinned_indexes.iter();
        Self {
            indexes: self.indexes.clone(),
            pinned_indexes: pinned_indexes
                .map(|(name, index)| (name.clone(), index.map(seen)))
                .collect(),
            find_links: self.find_links.iter().map(|links| seen(links)).collect(),
        }
    }
}

/// The indexes that a lock over a snapshot records: those that the snapshot was made from, so that the lock is the same as
/// over them.
///
/// # Errors
/// When the request has other indexes.
pub fn recorded_indexes(
    requested: &[String],
    snapshot: &str,
    held: &[String],
) -> Result<Vec<String>, EngineError> {
    if requested != held && requested != [DEFAULT_INDEX] {
        return Err(EngineError::OtherIndexes {
            snapshot: snapshot.to_owned(),
            held: held.to_vec(),
            asked: requested.to_vec(),
        });
    }
    Ok(held.to_vec())
}

/// Refuses sources of packages other than a snapshot.
///
/// # Errors
/// When the requirements name other sources.
pub fn refuse_other_sources(found: &Requirements, snapshot: &str) -> Result<(), EngineError> {
    let options = &found.options;
    if options.no_index || !options.find_links.is_empty() || !options.index_of.is_empty() {
        return Err(EngineError::Usage(format!(
            "the requirements have --find-links, --no-index or packages of one index, and everything is to come from \
             {snapshot}: take them out, or leave out the snapshot"
        )));
    }
    Ok(())
}
