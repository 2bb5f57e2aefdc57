//! The words of the project as types (layer 2).
//!
//! Rule of this layer: plain values and the [`PackageIndex`] trait; no I/O, no search, and no text formats other than
//! the ones that packages are published in (core metadata).
//!
//! - A [`Target`] is a Python version and a Nix system; it fixes the marker environment and the wheel tags.
//! - A [`Project`] is the index's listing of a name: versions with their [`DistributionFile`]s.
//! - [`CoreMetadata`] is the metadata of a distribution: its dependencies and supported Python versions;
//!   [`StaticMetadata`] is the part of it that a source states statically.
//! - A [`Provider`] is a way to obtain a package; [`Providers`] has the preferred ones of each package.
//! - [`PackageIndex`] is the resolver's only interface to external sources; a [`ForwardingIndex`] wraps another index.
//!
//! ```
//! use mach_nix_model::{Marker, Requirement, Target, Version, VersionOrUrl, specifier};
//!
//! // A target determines the values of markers.
//! let target = Target { python: "3.11".parse()?, system: "aarch64-darwin".parse()? };
//! let environment = target.marker_environment();
//! let requirement: Requirement = "requests[socks] >=2.8,<3 ; sys_platform == 'darwin'".parse()?;
//! assert!(requirement.marker.evaluate(&environment, &[]));
//! assert!(!"os_name == 'nt'".parse::<Marker>()?.evaluate(&environment, &[]));
//!
//! // Versions are matched according to PEP 440.
//! let Some(VersionOrUrl::VersionSpecifier(specifiers)) = &requirement.version_or_url else { panic!() };
//! let version: Version = "2.31.0".parse()?;
//! assert!(specifiers.iter().all(|one| specifier::matches(one, &version)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Versions, specifiers and names are those of `pep440_rs` and `pep508_rs`, re-exported so that the layers above share
//! one vocabulary. [`specifier::matches`], [`Requirement`] and [`Marker`] are our own: they follow the specifications
//! where those crates do not.

mod address;
mod allowed;
mod any_name;
mod conda;
mod credentials;
mod date_limit;
mod exclude_newer;
mod file;
mod forecast;
mod forwarding;
mod index;
mod index_error;
mod lenient;
mod marker;
mod metadata;
mod pinned_index;
mod policy;
mod prerelease;
mod provider;
mod requirement;
mod source;
pub mod specifier;
mod specifier_list;
mod surface;
mod target;

pub use address::{
    CRATE_DOWNLOADS, DEFAULT_INDEX, file_name, file_path, file_url, fragment, promised_digest,
    recorded_address, without_credentials,
};
pub use allowed::AllowedHashes;
pub use any_name::{AnyName, AnyNameError, AnyVersion};
pub use conda::{CondaPolicy, CondaRequirement, CondaRequirementError};
pub use credentials::{
    take_credentials, take_credentials_of_file, take_credentials_of_url, without_passwords,
};
pub use exclude_newer::{Age, DateLimit, DateLimits, ExcludeNewer, ExcludeNewerError};
pub use file::{
    DistributionFile, FileKind, MetadataFile, Project, ReleaseFiles, Timestamp, TimestampError, Yanked,
    releases,
};
pub use forecast::Forecast;
pub use forwarding::ForwardingIndex;
pub use index::{FileInfo, PackageIndex};
pub use index_error::{Cause, IndexError, file_name_in_store};
pub use lenient::{lenient_requirement, lenient_specifiers};
pub use marker::{Marker, MarkerError};
pub use metadata::{CoreMetadata, MetadataError, UnreadableDependency};
pub use pep440_rs::{Version, VersionSpecifier, VersionSpecifiers};
pub use pep508_rs::{ExtraName, MarkerEnvironment, MarkerTree, PackageName, VersionOrUrl};
pub use pinned_index::PinnedIndex;
pub use policy::Policy;
pub use prerelease::{Prerelease, PrereleaseParseError};
pub use provider::{DEFAULT_PROVIDERS, Provider, ProviderParseError, ProviderPreference, Providers};
pub use requirement::{Requirement, RequirementError};
pub use source::{
    Crate, Crates, DirectReference, DirectSource, NixpkgsPackage, StaticMetadata, builds_with_cargo,
};
pub use specifier_list::{SpecifierListError, specifier_list};
pub use surface::{Setting, Surface};
pub use target::Target;
