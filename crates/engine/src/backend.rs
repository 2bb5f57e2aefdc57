//! Build backends, which know what the files of a source do not state.

use std::sync::Arc;

use mach_nix_lock::LockedPackage;
use mach_nix_model::{CoreMetadata, IndexError, Requirement, Target, Version};
use mach_nix_tags::NixSystem;
use serde::{Deserialize, Serialize};

/// Runs the build backends of sources.
pub trait SourceBuilder {
    /// Queries the backend of `source`, in the environment `source.build`, for its build requirements (PEP 517,
    /// `get_requires_for_build_wheel`) and, if requested and the environment has all of them, for the metadata of
    /// the wheel (`prepare_metadata_for_build_wheel`).
    ///
    /// # Errors
    /// When the backend fails, or something external does.
    fn query(
        &self,
        source: &LockedPackage,
        query: BackendQuery,
        target: Target,
    ) -> Result<BackendAnswer, BuildError>;

    /// The only system that backends can run on; `None` when they can run on that of every target.
    fn system(&self) -> Option<NixSystem> {
        None
    }
}

/// A query to a build backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackendQuery {
    /// Its build requirements; the metadata is known otherwise, and some backends build everything to get it.
    Requires,
    /// Its build requirements, and the metadata.
    Metadata,
}

/// The answer of a build backend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackendAnswer {
    /// Its build requirements, besides `build-system.requires`.
    pub requires: Vec<Requirement>,
    /// The metadata of the wheel; `None` without a query for it, or where build requirements are missing.
    pub metadata: Option<BuiltMetadata>,
}

/// The metadata of a wheel that was not published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltMetadata {
    /// Its version.
    pub version: Version,
    /// Its dependencies.
    pub metadata: Arc<CoreMetadata>,
}

/// The reason why a source cannot be built.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BuildError {
    /// An error of the source: another version may work.
    #[error("{0}")]
    Failed(String),
    /// An error outside of the source.
    #[error(transparent)]
    External(#[from] IndexError),
}
