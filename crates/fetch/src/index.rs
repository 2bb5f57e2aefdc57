//! The live index, backed by memory, the cache and the network.

use std::mem::ManuallyDrop;
use std::sync::{Arc, OnceLock};

use mach_nix_conda::{Channel, CondaName, CondaRecord, CondaRecords, Subdir};
use mach_nix_hash::Digests;
use mach_nix_model::{
    CoreMetadata, DirectReference, DistributionFile, FileInfo, Forecast, IndexError, PackageIndex,
    PackageName, Project, Requirement, StaticMetadata,
};
use tokio::runtime::Runtime;
use url::Url;

use crate::answers::{Answers, FileKey, key};
use crate::channel::ChannelFolder;
use crate::once_map::{Cell, OnceMap};
use crate::options::FetchOptions;
use crate::scout::Scout;
use crate::shared::Shared;

/// One or more package indexes behind one interface.
pub struct RemoteIndex {
    pub(crate) shared: Arc<Shared>,
    /// Created on the first query, and kept until the process exits: prefetches may still be running, and reading a
    /// wheel panics if its runtime shuts down.
    runtime: OnceLock<ManuallyDrop<Runtime>>,
    jobs: usize,
    answers: Arc<Answers>,
    facts: OnceMap<FileKey, FileInfo>,
    digests: OnceMap<FileKey, Digests>,
    sources: OnceMap<FileKey, Arc<StaticMetadata>>,
    direct: OnceMap<String, Arc<DirectReference>>,
    /// By the address of the channel.
    pub(crate) folders: OnceMap<(Box<str>, Subdir), Arc<ChannelFolder>>,
    pub(crate) records: OnceMap<(Box<str>, Subdir, CondaName), Arc<CondaRecords>>,
}

impl RemoteIndex {
    /// Creates the index, without any requests.
    #[must_use]
    pub fn new(options: FetchOptions) -> Self {
        let jobs = options.jobs.max(1);
        let shared = Arc::new(Shared::new(options));
        Self {
            jobs,
            answers: Arc::new(Answers::new(shared.clone())),
            shared,
            runtime: OnceLock::new(),
            facts: OnceMap::new(),
            digests: OnceMap::new(),
            sources: OnceMap::new(),
            direct: OnceMap::new(),
            folders: OnceMap::new(),
            records: OnceMap::new(),
        }
    }

    /// The name of the source at a URL, for a requirement without a name.
    ///
    /// # Errors
    /// If nothing exists at the URL.
    pub fn name_at(&self, url: &Url) -> Result<Option<PackageName>, IndexError> {
        self.runtime().block_on(self.shared.name_at(url))
    }

    /// All projects of the indexes, sorted by name.
    ///
    /// # Errors
    /// If an index does not respond, or has no list of projects.
    pub fn names(&self) -> Result<Vec<PackageName>, IndexError> {
        self.runtime().block_on(self.shared.names())
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.get_or_init(|| {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(
                    self.jobs
                        .min(std::thread::available_parallelism().map_or(1, usize::from)),
                )
                .enable_all()
                .build();
            ManuallyDrop::new(
                runtime.expect("starting a few threads fails only where nothing else would work either"),
            )
        })
    }

    /// The result in the cell, computed by `work` if it is empty.
    pub(crate) fn wait<V: Clone>(
        &self,
        cell: &Cell<V>,
        work: impl Future<Output = Result<V, IndexError>>,
    ) -> Result<V, IndexError> {
        match cell.get() {
            Some(answer) => answer.clone(),
            None => self.runtime().block_on(cell.get_or_init(|| work)).clone(),
        }
    }

    /// Starts to fill the cell in the background; also from the cache, because reading it dominates a warm resolution.
    pub(crate) fn begin<V: Clone + Send + Sync + 'static>(
        &self,
        cell: Cell<V>,
        work: impl Future<Output = Result<V, IndexError>> + Send + 'static,
    ) {
        if !cell.initialized() {
            self.runtime().spawn(async move {
                cell.get_or_init(|| work).await;
            });
        }
    }
}

impl PackageIndex for RemoteIndex {
    fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
        self.wait(
            &self.answers.projects.cell(name.clone()),
            self.shared.clone().project(name.clone()),
        )
    }

    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        let work = self.shared.clone().metadata(name.clone(), file.clone());
        self.wait(&self.answers.metadata.cell(key(file)), work)
    }

    fn source(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<StaticMetadata>, IndexError> {
        let work = self.shared.clone().source(name.clone(), file.clone());
        self.wait(&self.sources.cell(key(file)), work)
    }

    fn direct(&self, requirement: &Requirement) -> Result<Arc<DirectReference>, IndexError> {
        let work = self.shared.clone().direct(requirement.clone());
        self.wait(&self.direct.cell(requirement.to_string()), work)
    }

    fn file_info(&self, file: &DistributionFile) -> Result<FileInfo, IndexError> {
        self.wait(
            &self.facts.cell(key(file)),
            self.shared.clone().file_info(file.clone()),
        )
    }

    fn digests(&self, file: &DistributionFile) -> Result<Digests, IndexError> {
        self.wait(
            &self.digests.cell(key(file)),
            self.shared.clone().digests(file.clone()),
        )
    }

    fn conda_records(
        &self,
        channel: &Arc<Channel>,
        subdir: Subdir,
        name: &CondaName,
    ) -> Result<Arc<CondaRecords>, IndexError> {
        self.channel_records(channel, subdir, name)
    }

    fn conda_file_info(&self, record: &CondaRecord) -> Result<FileInfo, IndexError> {
        match record.sha256 {
            Some(hash) => Ok(FileInfo {
                hash,
                size: record.size,
            }),
            // Old records have no SHA-256.
            None => PackageIndex::file_info(self, &DistributionFile::of_conda(record)),
        }
    }

    fn prefetch_conda_records(&self, channel: &Arc<Channel>, subdir: Subdir, names: &[CondaName]) {
        self.prefetch_records(channel, subdir, names);
    }

    fn prefetch_projects(&self, names: &[PackageName]) {
        for name in names {
            self.begin(
                self.answers.projects.cell(name.clone()),
                self.shared.clone().project(name.clone()),
            );
        }
    }

    fn prefetch_metadata(&self, name: &PackageName, file: &DistributionFile) {
        let work = self.shared.clone().metadata(name.clone(), file.clone());
        self.begin(self.answers.metadata.cell(key(file)), work);
    }

    fn prefetch_closure(&self, requirements: &[Requirement], forecast: &Arc<dyn Forecast>) {
        // Offline, what the search waits for is its own work, and a scout would do it twice.
        if !self.shared.options.offline {
            let _runtime = self.runtime().enter();
            Scout::new(self.answers.clone(), forecast.clone()).follow(requirements.iter().cloned());
        }
    }

    fn prefetch_file_info(&self, files: &[DistributionFile]) {
        for file in files {
            self.begin(
                self.facts.cell(key(file)),
                self.shared.clone().file_info(file.clone()),
            );
        }
    }
}
