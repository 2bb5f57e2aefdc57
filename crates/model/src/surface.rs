//! Settings suggested by messages, and the surfaces that format them.

use mach_nix_tags::{NixSystem, PythonVersion};
use pep508_rs::PackageName;
use serde::{Deserialize, Serialize};

use crate::{ProviderPreference, Timestamp};

/// A setting suggested by a message. It is data, because users of the command and of the Nix library need different
/// notations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Setting {
    /// The Python of the target.
    Python(PythonVersion),
    /// The system of the target.
    System(NixSystem),
    /// The provider list of one package.
    Providers(PackageName, ProviderPreference),
    /// Some other provider list for one package, or for all packages without their own.
    OtherProviders(Option<PackageName>),
    /// Pre-releases are allowed for all packages.
    Prereleases,
    /// Another date limit.
    ExcludeNewer(Timestamp),
    /// Another date limit for one package.
    ExcludeNewerPackage(PackageName, Timestamp),
    /// A further index.
    ExtraIndex,
    /// No snapshot, so that the index itself is queried.
    NoSnapshot,
    /// Only the indexes that the snapshot was made from.
    NoOtherIndexes,
    /// A snapshot that also contains the closure of a requirement.
    LargerSnapshot {
        /// The snapshot that lacks it.
        snapshot: String,
        /// The requirement.
        add: String,
    },
}

/// An interface of mach-nix, with its notation for settings.
///
/// Every notation works as printed: it is an existing option of the command or argument of the Nix library.
pub trait Surface {
    /// Formats the setting as a phrase, with code in backticks.
    fn spell(&self, setting: &Setting) -> String;
}
