//! The rules for choosing versions and files.

use serde::{Deserialize, Serialize};

use crate::{AllowedHashes, CondaPolicy, DateLimits, Prerelease, Providers};

/// The rules for choosing versions and files, apart from the requirements.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Policy {
    /// The providers of each package.
    pub providers: Providers,
    /// The rule for pre-releases.
    pub prerelease: Prerelease,
    /// The date limits.
    #[serde(flatten)]
    pub limits: DateLimits,
    /// The allowed files.
    pub hashes: AllowedHashes,
    /// The conda channels and virtual packages.
    #[serde(default, skip_serializing_if = "CondaPolicy::is_empty")]
    pub conda: CondaPolicy,
}
