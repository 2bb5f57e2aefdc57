//! The sources of packages in the form of the lock.

use std::collections::BTreeMap;

use mach_nix_manifest::Requirements;
use mach_nix_model::{DEFAULT_INDEX, PackageName, PinnedIndex};
use serde::{Deserialize, Serialize};

use crate::{EngineError, location};

/// The sources of packages, without credentials.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sources {
    /// The URLs of the indexes.
    pub indexes: Vec<String>,
    /// The pinned indexes of packages.
    #[serde(rename = "bound", default)]
    pub pinned_indexes: BTreeMap<PackageName, PinnedIndex>,
    /// Further folders (`file:`) and pages of links.
    #[serde(default)]
    pub find_links: Vec<String>,
}

impl Sources {
    /// The sources with paths relative to the folder of the lock.
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

/// The indexes recorded in a lock over a snapshot: those of the snapshot, so that the lock equals one from these
/// indexes.
///
/// # Errors
/// If the request has other indexes.
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

/// Rejects sources of packages other than a snapshot.
///
/// # Errors
/// If the requirements have other sources.
pub fn refuse_other_sources(found: &Requirements, snapshot: &str) -> Result<(), EngineError> {
    let options = &found.options;
    if options.no_index || !options.find_links.is_empty() || !options.index_of.is_empty() {
        return Err(EngineError::Usage(format!(
            "the requirements have --find-links, --no-index or pinned indexes, which cannot be combined with \
             {snapshot}: remove them, or resolve without the snapshot"
        )));
    }
    Ok(())
}
