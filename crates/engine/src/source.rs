//! Sources that are built: distributions of an index, and direct references.

use mach_nix_lock::LockedBuild;
use mach_nix_model::{DirectReference, DistributionFile, FileKind, PackageIndex, PackageName, Version};
use mach_nix_resolve::Artifact;

use crate::backend::BuildError;

/// An index that knows the environments which sources are built in.
pub trait BuildEnvironments: PackageIndex {
    /// The environment that a chosen source is built in.
    ///
    /// # Errors
    /// When the source cannot be built, or the index fails.
    fn build(&self, name: &PackageName, source: &Source<'_>) -> Result<LockedBuild, BuildError>;
}

/// A source that may have to be built.
pub enum Source<'a> {
    /// A source distribution of an index.
    File(&'a DistributionFile),
    /// The target of a direct reference.
    Direct(&'a DirectReference),
}

impl Source<'_> {
    /// The source in an artifact, if it is built from one.
    pub fn of(artifact: &Artifact) -> Option<Source<'_>> {
        match artifact {
            Artifact::File(file) if !file.is_wheel() => Some(Source::File(file)),
            Artifact::Direct(referenced) if !referenced.file.is_wheel() => Some(Source::Direct(referenced)),
            _ => None,
        }
    }

    /// Its file; for a tree, its address.
    pub fn file(&self) -> &DistributionFile {
        match self {
            Self::File(file) => file,
            Self::Direct(referenced) => &referenced.file,
        }
    }

    /// The version in its name or address.
    pub fn version(&self, name: &PackageName) -> Option<Version> {
        match self {
            Self::File(file) => Some(FileKind::of(&file.filename, name)?.version().clone()),
            Self::Direct(referenced) => referenced.version.clone(),
        }
    }
}
