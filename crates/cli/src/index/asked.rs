//! What a resolution looked at.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use mach_nix_model::{
    CoreMetadata, DistributionFile, FileFacts, FileKind, IndexError, PackageIndex, PackageName, Project,
    Version,
};

/// An index that notes of which releases the metadata was read.
pub struct Asked<'a> {
    index: &'a dyn PackageIndex,
    releases: RefCell<BTreeSet<(PackageName, Version)>>,
}

impl<'a> Asked<'a> {
    pub fn new(index: &'a dyn PackageIndex) -> Self {
        Self {
            index,
            releases: RefCell::default(),
        }
    }

    pub fn releases(self) -> BTreeSet<(PackageName, Version)> {
        self.releases.into_inner()
    }
}

impl PackageIndex for Asked<'_> {
    fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
        self.index.project(name)
    }

    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        if let Some(kind) = FileKind::of(&file.filename, name) {
            self.releases
                .borrow_mut()
                .insert((name.clone(), kind.version().clone()));
        }
        self.index.metadata(name, file)
    }

    fn facts(&self, file: &DistributionFile) -> Result<FileFacts, IndexError> {
        self.index.facts(file)
    }

    fn snapshot(&self) -> Option<&str> {
        self.index.snapshot()
    }

    fn expect_projects(&self, names: &[PackageName]) {
        self.index.expect_projects(names);
    }

    fn expect_metadata(&self, name: &PackageName, file: &DistributionFile) {
        self.index.expect_metadata(name, file);
    }
}
