//! The releases read by a resolution.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use mach_nix_model::{
    CoreMetadata, DistributionFile, FileKind, ForwardingIndex, IndexError, PackageIndex, PackageName, Version,
};

/// An index that records the releases whose metadata was read.
pub struct Visited<'a> {
    index: &'a dyn PackageIndex,
    releases: RefCell<BTreeSet<(PackageName, Version)>>,
}

impl<'a> Visited<'a> {
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

impl ForwardingIndex for Visited<'_> {
    fn inner(&self) -> &dyn PackageIndex {
        self.index
    }

    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        if let Some(kind) = FileKind::of(&file.filename, name) {
            self.releases
                .borrow_mut()
                .insert((name.clone(), kind.version().clone()));
        }
        self.index.metadata(name, file)
    }
}
