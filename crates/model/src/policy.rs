//! The rules by which versions and files are chosen.

use serde::{Deserialize, Serialize};

use crate::{AllowedHashes, Prerelease, Providers, Timestamp};

/// The rules by which versions and files are chosen, apart from the requirements.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Policy {
    /// The providers of each package.
    pub providers: Providers,
    /// The rule for pre-releases.
    pub prerelease: Prerelease,
    /// Files uploaded at this instant or later are skipped.
    pub exclude_newer: Option<Timestamp>,
    /// The files that may be used.
    pub hashes: AllowedHashes,
}
