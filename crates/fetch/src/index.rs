//! The live index: questions answered from memory, from the cache, or from the network.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::mem::ManuallyDrop;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use mach_nix_hash::Sha256;
use mach_nix_model::{
    CoreMetadata, DistributionFile, FileFacts, IndexError, PackageIndex, PackageName, Project, Referenced,
    Requirement, SourceFacts, without_credentials,
};
use tokio::runtime::Runtime;
use tokio::sync::OnceCell;
use url::Url;

use crate::cache::Cache;
use crate::client::{Client, shown};
use crate::direct::{digest_of_path, local_path};
use crate::find_links::{Links, joined};
use crate::kept::KeptPage;
use crate::metadata::{fetch_metadata, parse_url};
use crate::options::FetchOptions;
use crate::{legacy, simple};

/// A list of files is not asked for again within this time, which is what the public index itself recommends.
pub const FRESH: Duration = Duration::from_mins(10);

/// The number is that of what is made of a metadata file: a reader that understands more needs a new one.
const METADATA: &str = "metadata-v2";
const SIZES: &str = "sizes-v2";

/// One or more package indexes behind one door.
pub struct RemoteIndex {
    shared: Arc<Shared>,
    /// Started at the first question, and left to the end of the process: what was only expected may still be on its way,
    /// and a read of a wheel panics when the runtime goes away under it.
    runtime: OnceLock<ManuallyDrop<Runtime>>,
    jobs: usize,
    projects: Answers<PackageName, Option<Arc<Project>>>,
    metadata: Answers<Box<str>, Arc<CoreMetadata>>,
    facts: Answers<Box<str>, FileFacts>,
    sources: Answers<Box<str>, Arc<SourceFacts>>,
    direct: Answers<String, Arc<Referenced>>,
}

/// What the tasks on the network threads need.
pub struct Shared {
    pub options: FetchOptions,
    pub cache: Cache,
    pub client: Client,
    /// What the places of `--find-links` have.
    links: OnceCell<Result<Links, IndexError>>,
}

/// An answer that is there, on its way, or not asked for yet.
type Cell<V> = Arc<OnceCell<Result<V, IndexError>>>;

/// Answers, each asked for once.
struct Answers<K, V>(Mutex<HashMap<K, Cell<V>>>);

impl<K: Hash + Eq, V> Answers<K, V> {
    fn new() -> Self {
        Self(Mutex::default())
    }

    fn cell(&self, key: K) -> Cell<V> {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cells.entry(key).or_default().clone()
    }
}

/// The cache has no page, or none that may be used.
struct NotKept;

impl RemoteIndex {
    /// Opens the indexes; nothing is asked yet.
    #[must_use]
    pub fn new(options: FetchOptions) -> Self {
        let cache = Cache::new(options.cache.clone());
        let jobs = options.jobs.max(1);
        let client = Client::new(&options);
        let shared = Arc::new(Shared {
            options,
            cache,
            client,
            links: OnceCell::new(),
        });
        Self {
            shared,
            runtime: OnceLock::new(),
            jobs,
            projects: Answers::new(),
            metadata: Answers::new(),
            facts: Answers::new(),
            sources: Answers::new(),
            direct: Answers::new(),
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
    fn wait<V: Clone>(
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
    fn begin<V: Clone + Send + Sync + 'static>(
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
        self.wait(&self.metadata.cell(file.url.clone()), work)
    }

    fn source(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<SourceFacts>, IndexError> {
        let work = self.shared.clone().source(name.clone(), file.clone());
        self.wait(&self.sources.cell(file.url.clone()), work)
    }

    fn direct(&self, requirement: &Requirement) -> Result<Arc<Referenced>, IndexError> {
        let work = self.shared.clone().direct(requirement.clone());
        self.wait(&self.direct.cell(requirement.to_string()), work)
    }

    fn facts(&self, file: &DistributionFile) -> Result<FileFacts, IndexError> {
        self.wait(
            &self.facts.cell(file.url.clone()),
            self.shared.clone().facts(file.clone()),
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
        self.begin(self.metadata.cell(file.url.clone()), work);
    }

    fn expect_facts(&self, files: &[DistributionFile]) {
        for file in files {
            self.begin(
                self.facts.cell(file.url.clone()),
                self.shared.clone().facts(file.clone()),
            );
        }
    }
}

/// What the cache knows.
impl Shared {
    /// The page of one index, if it is fresh enough. Offline, any age is.
    fn kept_page(&self, address: &Url, name: &PackageName) -> Result<Option<Arc<Project>>, NotKept> {
        let kept = KeptPage::get(&self.cache, &shown(address)).ok_or(NotKept)?;
        let fresh = kept.page.received.elapsed().is_ok_and(|age| age < FRESH);
        let complete = !self.options.upload_times || kept.page.upload_times;
        if self.options.offline || (fresh && complete) {
            Ok(kept.project(name.clone()).map(Arc::new))
        } else {
            Err(NotKept)
        }
    }

    fn kept_metadata(&self, file: &DistributionFile) -> Option<Arc<CoreMetadata>> {
        self.cache.get(METADATA, &content_key(file)?).map(Arc::new)
    }

    fn kept_facts(&self, file: &DistributionFile) -> Option<FileFacts> {
        if let Some(hash) = file.hash
            && (file.size.is_some() || !self.options.sizes)
        {
            return Some(FileFacts {
                hash,
                size: file.size,
            });
        }
        let (hash, size): (Sha256, Option<u64>) = self.cache.get(SIZES, &content_key(file)?)?;
        Some(FileFacts { hash, size })
    }
}

/// What the network knows.
impl Shared {
    async fn names(&self) -> Result<Vec<PackageName>, IndexError> {
        let mut names = BTreeSet::new();
        for index in &self.options.indexes {
            let mut address = index.clone();
            // The closing slash of PEP 503.
            if let Ok(mut path) = address.path_segments_mut() {
                path.pop_if_empty().push("");
            }
            if self.options.offline {
                return Err(IndexError::Offline {
                    what: format!("the list of projects at {}", shown(&address)),
                });
            }
            let malformed = |reason| IndexError::Malformed {
                url: shown(&address),
                reason,
            };
            let content = self.client.page(&address).await?;
            let content = content.ok_or_else(|| malformed("it lists no projects".to_owned()))?;
            names.extend(simple::parse_root(&content).map_err(malformed)?);
        }
        Ok(names.into_iter().collect())
    }

    async fn project(self: Arc<Self>, name: PackageName) -> Result<Option<Arc<Project>>, IndexError> {
        if let Some(files) = self.options.files.get(&name) {
            let project = Project::from_files(name, "the addresses of its files".into(), files.clone());
            return Ok(Some(Arc::new(project)));
        }
        if let Some(indexes) = self.options.bound.get(&name) {
            return self.pinned(&name, indexes).await;
        }
        let links = self.links.get_or_init(|| self.read_links()).await.clone()?;
        let listed = self.listed(&name, &self.options.indexes).await?;
        Ok(joined(&name, listed, &links))
    }

    /// The files of all indexes that a package comes from; of files with one name, the first stays.
    async fn pinned(&self, name: &PackageName, indexes: &[Url]) -> Result<Option<Arc<Project>>, IndexError> {
        let mut found: Option<Arc<Project>> = None;
        for index in indexes {
            let next = if local_path(index).is_some() {
                let files = Arc::new(self.links_at(index).await?);
                joined(name, None, &files)
            } else {
                self.listed(name, std::slice::from_ref(index)).await?
            };
            found = match (found, next) {
                (Some(first), Some(next)) => {
                    let files = all_files(&first).chain(all_files(&next)).collect();
                    Some(Arc::new(Project::from_files(
                        name.clone(),
                        first.index.clone(),
                        files,
                    )))
                }
                (first, next) => first.or(next),
            };
        }
        Ok(found)
    }

    /// What the first of these indexes that knows a name has.
    async fn listed(&self, name: &PackageName, indexes: &[Url]) -> Result<Option<Arc<Project>>, IndexError> {
        for index in indexes {
            let address = page_address(index, name).ok_or_else(|| IndexError::Malformed {
                url: shown(index),
                reason: "no project page can lie below this address".to_owned(),
            })?;
            let answer = match self.kept_page(&address, name) {
                Ok(kept) => kept,
                Err(NotKept) if self.options.offline => {
                    return Err(IndexError::Offline {
                        what: format!("the list of files of `{name}`"),
                    });
                }
                Err(NotKept) => {
                    self.options.progress.asked(name.as_ref());
                    let answer = self.page(index, &address, name).await;
                    self.options.progress.arrived(name.as_ref());
                    answer?
                }
            };
            if answer.is_some() {
                return Ok(answer);
            }
        }
        Ok(None)
    }

    /// Asks one index; `None` when it does not know the name.
    async fn page(
        &self,
        index: &Url,
        address: &Url,
        name: &PackageName,
    ) -> Result<Option<Arc<Project>>, IndexError> {
        let malformed = |reason| IndexError::Malformed {
            url: shown(address),
            reason,
        };
        let answer = match self.client.page(address).await? {
            None => None,
            Some(content) => {
                let mut files =
                    simple::parse_page(&content, &without_credentials(address)).map_err(malformed)?;
                if self.options.upload_times && files.iter().any(|file| file.upload_time.is_none()) {
                    self.complete_upload_times(index, name, &mut files).await;
                }
                Some((shown(index).into(), files))
            }
        };
        KeptPage::put(&self.cache, &shown(address), name, answer.clone())
            .map_err(|e| malformed(e.to_string()))?;
        Ok(answer.map(|(index, files)| Arc::new(Project::from_files(name.clone(), index, files))))
    }

    /// Asks the older JSON API for what the page left out. Indexes need not have it, so a failure is none: files
    /// without a time then do not count, and a refusal says so.
    async fn complete_upload_times(&self, index: &Url, name: &PackageName, files: &mut [DistributionFile]) {
        let Some(address) = legacy::address(index, name) else {
            return;
        };
        match self.client.file(&address).await {
            Ok(Some(answer)) => {
                if let Err(error) = legacy::complete(files, &answer) {
                    tracing::warn!(address = shown(&address), %error, "unreadable answer ignored");
                }
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "upload times stay unknown"),
        }
    }

    async fn metadata(
        self: Arc<Self>,
        name: PackageName,
        file: DistributionFile,
    ) -> Result<Arc<CoreMetadata>, IndexError> {
        if let Some(kept) = self.kept_metadata(&file) {
            return Ok(kept);
        }
        if self.options.offline && !file.is_local() {
            return Err(IndexError::Offline {
                what: format!("the metadata of `{}`", file.filename),
            });
        }
        self.options.progress.asked(name.as_ref());
        let fetched = fetch_metadata(&self.client, &file).await;
        self.options.progress.arrived(name.as_ref());
        let metadata = fetched?;
        // A defect may be ours: the next release may read what this one cannot.
        if metadata.defect.is_none()
            && let Some(key) = content_key(&file)
        {
            self.cache.put(METADATA, &key, &metadata);
        }
        Ok(Arc::new(metadata))
    }

    async fn facts(self: Arc<Self>, file: DistributionFile) -> Result<FileFacts, IndexError> {
        if let Some(kept) = self.kept_facts(&file) {
            return Ok(kept);
        }
        let url = parse_url(&file)?;
        if let Some(path) = local_path(&url) {
            let (hash, size) = digest_of_path(&path)?;
            let size = Some(size);
            return Ok(FileFacts { hash, size });
        }
        let facts = match (file.hash, self.options.offline) {
            (Some(hash), true) => {
                return Ok(FileFacts {
                    hash,
                    size: file.size,
                });
            }
            (None, true) => {
                return Err(IndexError::Offline {
                    what: format!("the content of `{}`", file.filename),
                });
            }
            // A size is welcome, not needed: a server that refuses HEAD is no reason to fail.
            (Some(hash), false) => FileFacts {
                hash,
                size: self.client.size(&url).await.ok().flatten(),
            },
            (None, false) => {
                let read = self.client.digest(&url).await?;
                FileFacts {
                    hash: read.hash,
                    size: Some(read.size),
                }
            }
        };
        if let Some(key) = content_key(&file) {
            self.cache.put(SIZES, &key, &(facts.hash, facts.size));
        }
        Ok(facts)
    }
}

fn all_files(project: &Project) -> impl Iterator<Item = DistributionFile> {
    (0..project.versions().len()).flat_map(|release| project.files(release))
}

/// The address of a project's page: the name in normal form, with the closing slash of PEP 503.
fn page_address(index: &Url, name: &PackageName) -> Option<Url> {
    let mut address = index.clone();
    address
        .path_segments_mut()
        .ok()?
        .pop_if_empty()
        .push(name.as_ref())
        .push("");
    Some(address)
}

/// A file's content never changes under its digest. Without a digest, its address must do; that of a file of this machine
/// tells nothing.
pub fn content_key(file: &DistributionFile) -> Option<String> {
    match file.hash {
        Some(hash) => Some(hash.to_hex()),
        None => (!file.is_local()).then(|| file.url.to_string()),
    }
}
