//! The budget of trials: cheap queries, limited in number.

use std::cell::RefCell;
use std::sync::Arc;

use mach_nix_model::{
    CoreMetadata, DistributionFile, FileKind, Forecast, ForwardingIndex, IndexError, NixpkgsPackage,
    PackageIndex, PackageName, Project, Requirement, StaticMetadata, Target,
};
use rustc_hash::FxHashSet;

use crate::search::Search;

/// Maximum number of distinct queries per refusal. A resolution of two hundred packages makes about three hundred, most
/// of which are repeated.
const MAX_QUERIES: usize = 500;

/// Maximum number of queries that download a source.
const MAX_SOURCES: usize = 10;

/// The queries of a refusal's trials: the names of projects, and the URLs of files.
#[derive(Default)]
pub struct Budget {
    queries: RefCell<FxHashSet<String>>,
    /// The queries, and the URLs of files that were announced ahead of them.
    fetched: RefCell<FxHashSet<String>>,
    sources: RefCell<FxHashSet<String>>,
}

/// The index of the search, without expensive queries.
pub struct BudgetedIndex<'s, 'a> {
    search: &'s Search<'a>,
    budget: &'s Budget,
}

impl<'s, 'a> BudgetedIndex<'s, 'a> {
    /// The index of a search, with this budget.
    pub fn new(search: &'s Search<'a>, budget: &'s Budget) -> Self {
        Self { search, budget }
    }

    /// Records a query; fails beyond the limit of distinct queries.
    fn note(known: &RefCell<FxHashSet<String>>, most: usize, what: &str) -> Result<(), IndexError> {
        let mut known = known.borrow_mut();
        if known.len() >= most && !known.contains(what) {
            return Err(unknown());
        }
        known.insert(what.to_owned());
        Ok(())
    }

    /// Records a query that is not for a source.
    fn note_query(&self, what: &str) -> Result<(), IndexError> {
        Self::note(&self.budget.queries, MAX_QUERIES, what)?;
        self.budget.fetched.borrow_mut().insert(what.to_owned());
        Ok(())
    }

    /// Whether the metadata of a source is known without building it: from a wheel of the same release, or statically.
    fn is_stated(&self, name: &PackageName, file: &DistributionFile) -> Result<bool, IndexError> {
        let Some(kind) = FileKind::of(&file.filename, name) else {
            return Ok(false);
        };
        if let Some(project) = PackageIndex::project(self, name)? {
            let siblings = project.files_of(kind.version());
            for wheel in siblings.iter().filter(|file| file.is_wheel()) {
                if PackageIndex::metadata(self, name, wheel)?.defect.is_none() {
                    return Ok(true);
                }
            }
        }
        Ok(PackageIndex::source(self, name, file)?.metadata.is_some())
    }
}

/// The error that ends a trial, which is never shown.
fn unknown() -> IndexError {
    IndexError::BudgetExhausted
}

impl ForwardingIndex for BudgetedIndex<'_, '_> {
    fn inner(&self) -> &dyn PackageIndex {
        self.search.index
    }

    fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
        self.note_query(name.as_ref())?;
        self.search.index.project(name)
    }

    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        self.note_query(&file.url)?;
        if file.is_wheel() || self.is_stated(name, file)? {
            self.search.index.metadata(name, file)
        } else {
            Err(unknown())
        }
    }

    fn source(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<StaticMetadata>, IndexError> {
        Self::note(&self.budget.sources, MAX_SOURCES, &file.url)?;
        self.search.index.source(name, file)
    }

    fn nixpkgs(&self, name: &PackageName, target: Target) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        if let Some(reason) = self.search.no_nixpkgs() {
            Err(IndexError::NoNixpkgs { reason })
        } else if target == self.search.problem.target && self.search.has_queried_nixpkgs(name) {
            self.search.index.nixpkgs(name, target)
        } else {
            Err(unknown())
        }
    }

    // Hints are within the limit too, but take nothing away from the queries: a hint must not change an answer.
    fn prefetch_metadata(&self, name: &PackageName, file: &DistributionFile) {
        if Self::note(&self.budget.fetched, MAX_QUERIES, &file.url).is_ok() {
            self.search.index.prefetch_metadata(name, file);
        }
    }

    // A trial is not worth running Nix, fetching files or following dependencies for.
    fn prefetch_closure(&self, _requirements: &[Requirement], _forecast: &Arc<dyn Forecast>) {}

    fn prefetch_nixpkgs(&self, _names: &[PackageName], _target: Target) {}

    fn prefetch_file_info(&self, _files: &[DistributionFile]) {}
}
