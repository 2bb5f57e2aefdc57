//! The artifacts of candidates.

use std::sync::Arc;

use mach_nix_conda::CondaRecord;
use mach_nix_model::{DirectReference, DistributionFile, NixpkgsPackage};

/// The artifact of a candidate.
#[derive(Debug, Clone)]
pub enum Artifact {
    /// A file of an index.
    File(DistributionFile),
    /// The file or source tree of a direct reference.
    Direct(Arc<DirectReference>),
    /// A package of nixpkgs.
    Nixpkgs(Arc<NixpkgsPackage>),
    /// A conda package.
    Conda(Arc<CondaRecord>),
}

impl Artifact {
    /// The file or source tree; `None` for a package of nixpkgs or conda.
    #[must_use]
    pub fn file(&self) -> Option<&DistributionFile> {
        match self {
            Self::File(file) => Some(file),
            Self::Direct(referenced) => Some(&referenced.file),
            Self::Nixpkgs(_) | Self::Conda(_) => None,
        }
    }
}
