//! Indexes that wrap other indexes.

use std::sync::Arc;

use mach_nix_conda::{Channel, CondaName, CondaRecord, CondaRecords, Subdir};
use mach_nix_hash::Digests;
use pep508_rs::PackageName;

use crate::{
    CoreMetadata, DirectReference, DistributionFile, FileInfo, Forecast, IndexError, NixpkgsPackage,
    PackageIndex, Project, Requirement, StaticMetadata, Target,
};

/// A decorator: an index that answers some queries itself and forwards all others to the index it wraps.
///
/// An implementation overrides only the methods that it changes; every type that implements this trait is a
/// [`PackageIndex`].
///
/// Laws: those of [`PackageIndex`] hold for the whole. A method that is not overridden returns exactly the result of
/// [`inner`](Self::inner), which is always the same index. An overridden method forwards its query at most once, and
/// forwards the matching hints or drops them: a hint never changes a result.
///
/// ```
/// use std::sync::Arc;
/// use mach_nix_model::{ForwardingIndex, IndexError, PackageIndex, PackageName, Project};
///
/// /// Hides one project.
/// struct Without<'a>(&'a dyn PackageIndex, PackageName);
///
/// impl ForwardingIndex for Without<'_> {
///     fn inner(&self) -> &dyn PackageIndex {
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
    reason = "the docs are those of `PackageIndex`"
)]
pub trait ForwardingIndex {
    /// The wrapped index.
    fn inner(&self) -> &dyn PackageIndex;

    fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
        self.inner().project(name)
    }

    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        self.inner().metadata(name, file)
    }

    fn source(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<StaticMetadata>, IndexError> {
        self.inner().source(name, file)
    }

    fn direct(&self, requirement: &Requirement) -> Result<Arc<DirectReference>, IndexError> {
        self.inner().direct(requirement)
    }

    fn nixpkgs(&self, name: &PackageName, target: Target) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        self.inner().nixpkgs(name, target)
    }

    fn file_info(&self, file: &DistributionFile) -> Result<FileInfo, IndexError> {
        self.inner().file_info(file)
    }

    fn digests(&self, file: &DistributionFile) -> Result<Digests, IndexError> {
        self.inner().digests(file)
    }

    fn conda_records(
        &self,
        channel: &Arc<Channel>,
        subdir: Subdir,
        name: &CondaName,
    ) -> Result<Arc<CondaRecords>, IndexError> {
        self.inner().conda_records(channel, subdir, name)
    }

    fn conda_file_info(&self, record: &CondaRecord) -> Result<FileInfo, IndexError> {
        self.inner().conda_file_info(record)
    }

    fn snapshot(&self) -> Option<&str> {
        self.inner().snapshot()
    }

    fn is_provisional(&self) -> bool {
        self.inner().is_provisional()
    }

    fn prefetch_projects(&self, names: &[PackageName]) {
        self.inner().prefetch_projects(names);
    }

    fn prefetch_nixpkgs(&self, names: &[PackageName], target: Target) {
        self.inner().prefetch_nixpkgs(names, target);
    }

    fn prefetch_metadata(&self, name: &PackageName, file: &DistributionFile) {
        self.inner().prefetch_metadata(name, file);
    }

    fn prefetch_closure(&self, requirements: &[Requirement], forecast: &Arc<dyn Forecast>) {
        self.inner().prefetch_closure(requirements, forecast);
    }

    fn prefetch_file_info(&self, files: &[DistributionFile]) {
        self.inner().prefetch_file_info(files);
    }

    fn prefetch_conda_records(&self, channel: &Arc<Channel>, subdir: Subdir, names: &[CondaName]) {
        self.inner().prefetch_conda_records(channel, subdir, names);
    }
}

// A method that is missing here would fall back to the default of `PackageIndex`; clippy denies that.
#[deny(clippy::missing_trait_methods)]
impl<T: ForwardingIndex + ?Sized> PackageIndex for T {
    fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
        ForwardingIndex::project(self, name)
    }

    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        ForwardingIndex::metadata(self, name, file)
    }

    fn source(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<StaticMetadata>, IndexError> {
        ForwardingIndex::source(self, name, file)
    }

    fn direct(&self, requirement: &Requirement) -> Result<Arc<DirectReference>, IndexError> {
        ForwardingIndex::direct(self, requirement)
    }

    fn nixpkgs(&self, name: &PackageName, target: Target) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        ForwardingIndex::nixpkgs(self, name, target)
    }

    fn file_info(&self, file: &DistributionFile) -> Result<FileInfo, IndexError> {
        ForwardingIndex::file_info(self, file)
    }

    fn digests(&self, file: &DistributionFile) -> Result<Digests, IndexError> {
        ForwardingIndex::digests(self, file)
    }

    fn conda_records(
        &self,
        channel: &Arc<Channel>,
        subdir: Subdir,
        name: &CondaName,
    ) -> Result<Arc<CondaRecords>, IndexError> {
        ForwardingIndex::conda_records(self, channel, subdir, name)
    }

    fn conda_file_info(&self, record: &CondaRecord) -> Result<FileInfo, IndexError> {
        ForwardingIndex::conda_file_info(self, record)
    }

    fn snapshot(&self) -> Option<&str> {
        ForwardingIndex::snapshot(self)
    }

    fn is_provisional(&self) -> bool {
        ForwardingIndex::is_provisional(self)
    }

    fn prefetch_projects(&self, names: &[PackageName]) {
        ForwardingIndex::prefetch_projects(self, names);
    }

    fn prefetch_nixpkgs(&self, names: &[PackageName], target: Target) {
        ForwardingIndex::prefetch_nixpkgs(self, names, target);
    }

    fn prefetch_metadata(&self, name: &PackageName, file: &DistributionFile) {
        ForwardingIndex::prefetch_metadata(self, name, file);
    }

    fn prefetch_closure(&self, requirements: &[Requirement], forecast: &Arc<dyn Forecast>) {
        ForwardingIndex::prefetch_closure(self, requirements, forecast);
    }

    fn prefetch_file_info(&self, files: &[DistributionFile]) {
        ForwardingIndex::prefetch_file_info(self, files);
    }

    fn prefetch_conda_records(&self, channel: &Arc<Channel>, subdir: Subdir, names: &[CondaName]) {
        ForwardingIndex::prefetch_conda_records(self, channel, subdir, names);
    }
}
