//! Settings that a message suggests, and the surfaces that spell them.

use mach_nix_tags::{NixSystem, PythonVersion};
use pep508_rs::PackageName;
use serde::{Deserialize, Serialize};

use crate::{ProviderPreference, Timestamp};

/// A setting of a request that a message suggests. It is data: the reader may use the command or the Nix library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Setting {
    /// The Python of the target.
    Python(PythonVersion),
    /// The system of the target.
    System(NixSystem),
    /// The provider list of one package.
    Providers(PackageName, ProviderPreference),
    /// Some other provider list of one package, or of all without their own.
    OtherProviders(Option<PackageName>),
    /// Pre-releases are allowed for all packages.
    Prereleases,
    /// Another date limit.
    ExcludeNewer(Timestamp),
    /// Another date limit for one package.
    ExcludeNewerPackage(PackageName, Timestamp),
    /// A further index.
    ExtraIndex,
    /// No snapshot: the index itself answers.
    NoSnapshot,
    /// Indexes other than those that a snapshot was made from are not given.
    NoOtherIndexes,
    /// A snapshot that also holds the closure of a requirement.
    LargerSnapshot {
        /// The snapshot that lacks it.
        snapshot: String,
        /// The requirement.
        add: String,
    },
}

/// An interface of mach-nix, with its own spelling of settings.
///
/// Every spelling works as printed: it is an option of the command or an argument of the Nix library that exists.
pub trait Surface {
    /// The setting as a phrase, with code in backticks.
    fn spell(&self, setting: &Setting) -> String;
}
