//! The releases read by a resolution.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mach_nix_conda::{Channel, CondaName, CondaRecords, Subdir};
use mach_nix_model::{
    CoreMetadata, DistributionFile, FileKind, ForwardingIndex, IndexError, PackageIndex, PackageName, Version,
};
use mach_nix_snapshot::conda_key;

/// An index that records the releases whose metadata was read.
pub struct Visited<'a> {
    index: &'a dyn PackageIndex,
    releases: RefCell<BTreeSet<(PackageName, Version)>>,
    conda: RefCell<BTreeMap<String, Arc<CondaRecords>>>,
}

/// What was read.
#[derive(Default)]
pub struct Read {
    /// The releases whose metadata was read.
    pub releases: BTreeSet<(PackageName, Version)>,
    /// The records of conda packages, by channel, folder and name.
    pub conda: BTreeMap<String, Arc<CondaRecords>>,
}

impl<'a> Visited<'a> {
    pub fn new(index: &'a dyn PackageIndex) -> Self {
        Self {
            index,
            releases: RefCell::default(),
            conda: RefCell::default(),
        }
    }

    pub fn read(self) -> Read {
        Read {
            releases: self.releases.into_inner(),
            conda: self.conda.into_inner(),
        }
    }
}

impl ForwardingIndex for Visited<'_> {
    fn inner(&self) -> &dyn PackageIndex {
        self.index
    }

    fn conda_records(
        &self,
        channel: &Arc<Channel>,
        subdir: Subdir,
        name: &CondaName,
    ) -> Result<Arc<CondaRecords>, IndexError> {
        let records = self.index.conda_records(channel, subdir, name)?;
        self.conda
            .borrow_mut()
            .insert(conda_key(channel, subdir, name), records.clone());
        Ok(records)
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
