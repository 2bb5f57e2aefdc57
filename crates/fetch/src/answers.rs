//! The answers in memory that the search, its hints and scouts share.

use std::sync::Arc;

use mach_nix_hash::Sha256;
use mach_nix_model::{CoreMetadata, DistributionFile, IndexError, PackageName, Project};

use crate::once_map::OnceMap;
use crate::shared::Shared;

/// A file as an index lists it: two indexes may list one address with different digests.
pub type FileKey = (Box<str>, Option<Sha256>);

pub fn key(file: &DistributionFile) -> FileKey {
    (file.url.clone(), file.hash)
}

/// The answers about projects and wheels.
pub struct Answers {
    pub shared: Arc<Shared>,
    pub projects: OnceMap<PackageName, Option<Arc<Project>>>,
    pub metadata: OnceMap<FileKey, Arc<CoreMetadata>>,
}

impl Answers {
    pub fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            projects: OnceMap::new(),
            metadata: OnceMap::new(),
        }
    }

    pub async fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
        let cell = self.projects.cell(name.clone());
        let work = || self.shared.clone().project(name.clone());
        cell.get_or_init(work).await.clone()
    }

    pub async fn metadata(
        &self,
        name: &PackageName,
        file: &DistributionFile,
    ) -> Result<Arc<CoreMetadata>, IndexError> {
        let cell = self.metadata.cell(key(file));
        let work = || self.shared.clone().metadata(name.clone(), file.clone());
        cell.get_or_init(work).await.clone()
    }
}
