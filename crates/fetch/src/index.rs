//! The live index: questions answered from memory, from the cache, or from the network.

use std::mem::ManuallyDrop;
use std::sync::{Arc, OnceLock};

use mach_nix_conda::{CondaName, CondaRecords, Subdir};
use mach_nix_hash::{Digests, Sha256};
use mach_nix_model::{
    CoreMetadata, DistributionFile, FileFacts, IndexError, PackageIndex, PackageName, Project, Referenced,
    Requirement, SourceFacts,
};
use tokio::runtime::Runtime;
use url::Url;

use crate::answers::{Answers, Cell};
use crate::channel::ChannelFolder;
use crate::options::FetchOptions;
use crate::shared::Shared;

/// A file as an index lists it: two indexes may list one address with different digests.
type FileKey = (Box<str>, Option<Sha256>);

fn key(file: &DistributionFile) -> FileKey {
    (file.url.clone(), file.hash)
}

/// One or more package indexes behind one interface.
pub struct RemoteIndex {
    pub(crate) shared: Arc<Shared>,
    /// Started at the first question, and left to the end of the process: what was only expected may still be on its way,
    /// and a read of a wheel panics when the runtime goes away under it.
    runtime: OnceLock<ManuallyDrop<Runtime>>,
    jobs: usize,
    projects: Answers<PackageName, Option<Arc<Project>>>,
    metadata: Answers<FileKey, Arc<CoreMetadata>>,
    facts: Answers<FileKey, FileFacts>,
    digests: Answers<FileKey, Digests>,
    sources: Answers<FileKey, Arc<SourceFacts>>,
    direct: Answers<String, Arc<Referenced>>,
    /// By the address of the channel.
    pub(crate) folders: Answers<(Box<str>, Subdir), Arc<ChannelFolder>>,
    pub(crate) records: Answers<(Box<str>, Subdir, CondaName), Arc<CondaRecords>>,
}

impl RemoteIndex {
    /// Opens the indexes; nothing is asked yet.
    #[must_use]
    pub fn new(options: FetchOptions) -> Self {
        Self {
            jobs: options.jobs.max(1),
            shared: Arc::new(Shared::new(options)),
            runtime: OnceLock::new(),
            projects: Answers::new(),
            metadata: Answers::new(),
            facts: Answers::new(),
            digests: Answers::new(),
            sources: Answers::new(),
            direct: Answers::new(),
            folders: Answers::new(),
            records: Answers::new(),
        }
    }

    /// The name that the source at an address gives itself, for a requirement that names none.
    ///
    /// # Errors
    /// When there is nothing at the address.
    pub fn name_at(&self, url: &Url) -> Result<Option<PackageName>, IndexError> {
        self.runtime().block_on(self.shared.name_at(url))
    }

    /// All projects that the indexes list, in the order of their names.
    ///
    /// # Errors
    /// When an index does not answer, or has no list.
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

    /// Answers from the cell, filling it by `work` if it is empty.
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

    /// Fills the cell in the background: from the cache, too, because reading it is most of a warm resolution's work.
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
            &self.projects.cell(name.clone()),
            self.shared.clone().project(name.clone()),
        )
    }

    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        let work = self.shared.clone().metadata(name.clone(), file.clone());
        self.wait(&self.metadata.cell(key(file)), work)
    }

    fn source(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<SourceFacts>, IndexError> {
        let work = self.shared.clone().source(name.clone(), file.clone());
        self.wait(&self.sources.cell(key(file)), work)
    }

    fn direct(&self, requirement: &Requirement) -> Result<Arc<Referenced>, IndexError> {
        let work = self.shared.clone().direct(requirement.clone());
        self.wait(&self.direct.cell(requirement.to_string()), work)
    }

    fn facts(&self, file: &DistributionFile) -> Result<FileFacts, IndexError> {
        self.wait(
            &self.facts.cell(key(file)),
            self.shared.clone().facts(file.clone()),
        )
    }

    fn digests(&self, file: &DistributionFile) -> Result<Digests, IndexError> {
        self.wait(
            &self.digests.cell(key(file)),
            self.shared.clone().digests(file.clone()),
        )
    }

    fn expect_projects(&self, names: &[PackageName]) {
        for name in names {
            self.begin(
                self.projects.cell(name.clone()),
                self.shared.clone().project(name.clone()),
            );
        }
    }

    fn expect_metadata(&self, name: &PackageName, file: &DistributionFile) {
        let work = self.shared.clone().metadata(name.clone(), file.clone());
        self.begin(self.metadata.cell(key(file)), work);
    }

    fn expect_facts(&self, files: &[DistributionFile]) {
        for file in files {
            self.begin(
                self.facts.cell(key(file)),
                self.shared.clone().facts(file.clone()),
            );
        }
    }
}
