//! Build backends, which provide the dynamic metadata of sources.

use std::sync::Arc;

use mach_nix_lock::LockedPackage;
use mach_nix_model::{CoreMetadata, IndexError, Requirement, Target, Version};
use mach_nix_tags::NixSystem;
use serde::{Deserialize, Serialize};

/// Runs the build backends of sources.
pub trait SourceBuilder {
    /// Queries the backend of `source`, in the environment `source.build`, for its build requirements (PEP 517,
    /// `get_requires_for_build_wheel`) and, if requested and if the environment contains them all, for the metadata of
    /// the wheel (`prepare_metadata_for_build_wheel`).
    ///
    /// # Errors
    /// If the backend fails, or for an external error.
    fn query(
        &self,
        source: &LockedPackage,
        query: BackendQuery,
        target: Target,
    ) -> Result<BackendAnswer, BuildError>;

    /// The only system that backends can run on; `None` if they can run on every target.
    fn system(&self) -> Option<NixSystem> {
        None
    }
}

/// A query to a build backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackendQuery {
    /// Only the build requirements; the metadata is known otherwise, and some backends build everything to get it.
    Requires,
    /// The build requirements and the metadata.
    Metadata,
}

/// The result of a build backend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackendAnswer {
    /// The build requirements in addition to `build-system.requires`.
    pub requires: Vec<Requirement>,
    /// The metadata of the wheel; `None` if it was not requested, or if build requirements are missing.
    pub metadata: Option<BuiltMetadata>,
}

/// The metadata of an unpublished wheel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltMetadata {
    /// The version.
    pub version: Version,
    /// The dependencies.
    pub metadata: Arc<CoreMetadata>,
}

/// The reason why a source cannot be built.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BuildError {
    /// An error in the source: another version may work.
    #[error("{0}")]
    Failed(String),
    /// An external error.
    #[error(transparent)]
    External(#[from] IndexError),
}
