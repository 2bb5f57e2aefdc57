//! Indexes in front of other indexes.

use std::sync::Arc;

use mach_nix_hash::Digests;
use pep508_rs::PackageName;

use crate::{
    CoreMetadata, DistributionFile, FileFacts, IndexError, NixpkgsPackage, PackageIndex, Project, Referenced,
    Requirement, SourceFacts, Target,
};

/// A decorator: an index that answers some queries itself and forwards all others to the index behind it.
///
/// An implementation states only the methods that it changes; every type that implements this trait is a [`PackageIndex`].
///
/// Laws: those of [`PackageIndex`] hold for the whole. A method that is not stated gives exactly the answer of
/// [`behind`](Self::behind), which is always the same index. A method that changes an answer forwards its query at most
/// once, and forwards the hints that belong to it, or less: a hint may be dropped, and never changes an answer.
///
/// ```
/// use std::sync::Arc;
/// use mach_nix_model::{ForwardingIndex, IndexError, PackageIndex, PackageName, Project};
///
/// /// Knows nothing about one project.
/// struct Without<'a>(&'a dyn PackageIndex, PackageName);
///
/// impl ForwardingIndex for Without<'_> {
///     fn behind(&self) -> &dyn PackageIndex {
///         self.0
///     }
///
///     fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
///         if *name == self.1 { Ok(None) } else { self.0.project(name) }
///     }
/// }
/// ```
#[expect(
    missing_docs,
    clippy::missing_errors_doc,
    reason = "they are those of `PackageIndex`"
)]
pub trait ForwardingIndex {
    /// The index behind this one.
    fn behind(&self) -> &dyn PackageIndex;

    fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
        self.behind().project(name)
    }

    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        self.behind().metadata(name, file)
    }

    fn source(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<SourceFacts>, IndexError> {
        self.behind().source(name, file)
    }

    fn direct(&self, requirement: &Requirement) -> Result<Arc<Referenced>, IndexError> {
        self.behind().direct(requirement)
    }

    fn nixpkgs(&self, name: &PackageName, target: Target) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        self.behind().nixpkgs(name, target)
    }

    fn facts(&self, file: &DistributionFile) -> Result<FileFacts, IndexError> {
        self.behind().facts(file)
    }

    fn digests(&self, file: &DistributionFile) -> Result<Digests, IndexError> {
        self.behind().digests(file)
    }

    fn snapshot(&self) -> Option<&str> {
        self.behind().snapshot()
    }

    fn expect_projects(&self, names: &[PackageName]) {
        self.behind().expect_projects(names);
    }

    fn expect_nixpkgs(&self, names: &[PackageName], target: Target) {
        self.behind().expect_nixpkgs(names, target);
    }

    fn expect_metadata(&self, name: &PackageName, file: &DistributionFile) {
        self.behind().expect_metadata(name, file);
    }

    fn expect_facts(&self, files: &[DistributionFile]) {
        self.behind().expect_facts(files);
    }
}

// A method that is forgotten here would fall back to the default of `PackageIndex`: clippy refuses it.
#[deny(clippy::missing_trait_methods)]
impl<T: ForwardingIndex + ?Sized> PackageIndex for T {
    fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
        ForwardingIndex::project(self, name)
    }

    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        ForwardingIndex::metadata(self, name, file)
    }

    fn source(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<SourceFacts>, IndexError> {
        ForwardingIndex::source(self, name, file)
    }

    fn direct(&self, requirement: &Requirement) -> Result<Arc<Referenced>, IndexError> {
        ForwardingIndex::direct(self, requirement)
    }

    fn nixpkgs(&self, name: &PackageName, target: Target) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        ForwardingIndex::nixpkgs(self, name, target)
    }

    fn facts(&self, file: &DistributionFile) -> Result<FileFacts, IndexError> {
        ForwardingIndex::facts(self, file)
    }

    fn digests(&self, file: &DistributionFile) -> Result<Digests, IndexError> {
        ForwardingIndex::digests(self, file)
    }

    fn snapshot(&self) -> Option<&str> {
        ForwardingIndex::snapshot(self)
    }

    fn expect_projects(&self, names: &[PackageName]) {
        ForwardingIndex::expect_projects(self, names);
    }

    fn expect_nixpkgs(&self, names: &[PackageName], target: Target) {
        ForwardingIndex::expect_nixpkgs(self, names, target);
    }

    fn expect_metadata(&self, name: &PackageName, file: &DistributionFile) {
        ForwardingIndex::expect_metadata(self, name, file);
    }

    fn expect_facts(&self, files: &[DistributionFile]) {
        ForwardingIndex::expect_facts(self, files);
    }
}
