//! Build backends, which tell what the files of a source do not.

use std::sync::Arc;

use mach_nix_lock::LockedPackage;
use mach_nix_model::{CoreMetadata, IndexError, Requirement, Target, Version};
use mach_nix_tags::NixSystem;
use serde::{Deserialize, Serialize};

/// Asks the build backends of sources.
pub trait SourceBuilder {
    /// Asks the backend of `source`, in the environment `source.build`, what it needs to build a wheel (PEP 517,
    /// `get_requires_for_build_wheel`), and, where that is wished for and the environment has all of it, the metadata of
    /// that wheel (`prepare_metadata_for_build_wheel`).
    ///
    /// # Errors
    /// When the backend fails, or the world does.
    fn ask(&self, source: &LockedPackage, wish: Wish, target: Target) -> Result<BackendAnswer, BuildError>;

    /// The only system that backends can be asked on; `None` when they can be asked on that of every target.
    fn system(&self) -> Option<NixSystem> {
        None
    }
}

/// What is wanted of a build backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// What it needs; the metadata is known otherwise, and there are backends that build everything to tell it.
    Requires,
    /// What it needs, and the metadata.
    Metadata,
}

/// What a build backend says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackendAnswer {
    /// What it needs besides `build-system.requires`.
    pub requires: Vec<Requirement>,
    /// What the wheel will say of itself; `None` when that was not wished for, or it needs more than it had.
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

/// Why a source cannot be built.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BuildError {
    /// Its own fault: another version may do.
    #[error("{0}")]
    Failed(String),
    /// Not its fault.
    #[error(transparent)]
    External(#[from] IndexError),
}
