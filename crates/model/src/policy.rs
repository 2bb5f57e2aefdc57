//! The rules by which versions and files are chosen.

use serde::{Deserialize, Serialize};

use crate::{AllowedHashes, CondaPolicy, DateLimits, Prerelease, Providers};

/// The rules by which versions and files are chosen, apart from the requirements.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Policy {
    /// The providers of each package.
    pub providers: Providers,
    /// The rule for pre-releases.
    pub prerelease: Prerelease,
    /// The date limits.
    #[serde(flatten)]
    pub limits: DateLimits,
    /// The files that may be used.
    pub hashes: AllowedHashes,
    /// The conda channels and virtual packages.
    #[serde(default, skip_serializing_if = "CondaPolicy::is_empty")]
    pub conda: CondaPolicy,
}
