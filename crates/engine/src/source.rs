//! Sources to build: distributions of an index, and direct references.

use mach_nix_lock::LockedBuild;
use mach_nix_model::{DirectReference, DistributionFile, FileKind, PackageIndex, PackageName, Version};
use mach_nix_resolve::Artifact;

use crate::backend::BuildError;

/// An index with the build environments of sources.
pub trait BuildEnvironments: PackageIndex {
    /// The build environment of a chosen source.
    ///
    /// # Errors
    /// If the source cannot be built, or the index fails.
    fn build(&self, name: &PackageName, source: &Source<'_>) -> Result<LockedBuild, BuildError>;
}

/// A source that may need a build.
pub enum Source<'a> {
    /// A source distribution of an index.
    File(&'a DistributionFile),
    /// The target of a direct reference.
    Direct(&'a DirectReference),
}

impl Source<'_> {
    /// The source of an artifact, if it has one.
    pub fn of(artifact: &Artifact) -> Option<Source<'_>> {
        match artifact {
            Artifact::File(file) if !file.is_wheel() => Some(Source::File(file)),
            Artifact::Direct(referenced) if !referenced.file.is_wheel() => Some(Source::Direct(referenced)),
            _ => None,
        }
    }

    /// The file; for a tree, its address.
    pub fn file(&self) -> &DistributionFile {
        match self {
            Self::File(file) => file,
            Self::Direct(referenced) => &referenced.file,
        }
    }

    /// The version in its name or reference.
    pub fn version(&self, name: &PackageName) -> Option<Version> {
        match self {
            Self::File(file) => Some(FileKind::of(&file.filename, name)?.version().clone()),
            Self::Direct(referenced) => referenced.version.clone(),
        }
    }
}
