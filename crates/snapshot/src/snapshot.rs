//! An open snapshot: blocks are read on demand, and cached in memory.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mach_nix_hash::Sha256;
use mach_nix_model::{DistributionFile, PackageName, Project, ReleaseFiles};

use crate::block::{decompress, read, records};
use crate::contents::{SnapshotProject, StoredFile};
use crate::corruption::Corruption;
use crate::error::{ReadFailure, SnapshotError};
use crate::format::{
    BlockLocation, Counts, HEAD_SIZE, Origin, Root, TRAILER_SIZE, Trailer, VERSION, version_of,
};
use crate::record::Record;
use crate::source::Source;

/// Maximum size of cached blocks in bytes. Neighbours are often queried together: `jupyter-core`, `jupyter-client`.
const MAX_CACHED_BLOCKS: usize = 4 * 1024 * 1024;

/// Maximum approximate size of cached projects in bytes.
const MAX_CACHED_PROJECTS: usize = 32 * 1024 * 1024;

/// An open snapshot.
pub struct Snapshot {
    /// The file, as given by the user.
    name: String,
    pub(crate) source: Box<dyn Source>,
    pub(crate) size: u64,
    pub(crate) trailer: Trailer,
    pub(crate) root: Root,
    addresses: Vec<Arc<str>>,
    cache: Mutex<Cache>,
}

#[derive(Default)]
struct Cache {
    pages: HashMap<usize, Arc<Vec<BlockLocation>>>,
    blocks: VecDeque<(u64, Arc<Vec<u8>>)>,
    block_bytes: usize,
    projects: HashMap<PackageName, StoredProject>,
    project_bytes: usize,
}

/// A project of a snapshot.
#[derive(Clone)]
pub struct StoredProject {
    /// The name, in normal form.
    pub name: PackageName,
    /// The project; `None` if the index did not have it.
    pub project: Option<Arc<Project>>,
    pub(crate) record: Arc<Record>,
}

impl Snapshot {
    /// Opens a snapshot, which reads little of it.
    ///
    /// # Errors
    /// If the file cannot be read, is not a snapshot, is corrupt in the parts read, or has a newer format.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SnapshotError> {
        let path = path.as_ref();
        let name = path.display().to_string();
        match File::open(path) {
            Ok(file) => Self::from_source(file, name),
            Err(error) => Err(ReadFailure::Io(error).with(&name)),
        }
    }

    /// Opens a snapshot from another source than a file; `name` is for messages.
    ///
    /// # Errors
    /// As [`Snapshot::open`].
    pub fn from_source(source: impl Source + 'static, name: String) -> Result<Self, SnapshotError> {
        let size = source
            .size()
            .map_err(|error| ReadFailure::Io(error).with(&name))?;
        let mut head = [0; HEAD_SIZE];
        let read = source.read_exact_at(&mut head, 0);
        match read.ok().and_then(|()| version_of(&head)) {
            None => return Err(SnapshotError::Foreign { snapshot: name }),
            Some(found) if found > VERSION => {
                return Err(SnapshotError::Newer {
                    snapshot: name,
                    found,
                });
            }
            Some(_) => {}
        }
        let (trailer, root) = end(&source, size).map_err(|failure| failure.with(&name))?;
        Ok(Self {
            name,
            source: Box::new(source),
            size,
            trailer,
            addresses: root.addresses.iter().map(|address| (&**address).into()).collect(),
            root,
            cache: Mutex::default(),
        })
    }

    /// The file, as given when it was opened.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The origin of the snapshot.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.root.origin
    }

    /// Statistics of the contents.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.root.counts
    }

    /// The digest in the file, which [`Snapshot::verify`] checks.
    #[must_use]
    pub fn digest(&self) -> Sha256 {
        self.trailer.digest
    }

    /// Size of the file in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The contents for a name; `None` if there are none.
    ///
    /// # Errors
    /// If the file cannot be read or is corrupt there.
    pub fn get(&self, name: &PackageName) -> Result<Option<StoredProject>, SnapshotError> {
        if let Some(known) = self.cache().projects.get(name) {
            return Ok(Some(known.clone()));
        }
        let found = self.find(name).map_err(|failure| failure.with(&self.name))?;
        if let Some(found) = &found {
            self.cache().cache_project(found);
        }
        Ok(found)
    }

    /// All projects, sorted by name.
    pub fn projects(&self) -> impl Iterator<Item = Result<SnapshotProject, SnapshotError>> + '_ {
        let pages = 0..self.root.pages.len();
        let locations = pages.flat_map(|number| match self.page(number) {
            Ok(page) => page.iter().cloned().map(Ok).collect(),
            Err(failure) => vec![Err(failure)],
        });
        locations.flat_map(
            |location| match location.and_then(|location| self.contents(&location)) {
                Ok(projects) => projects.into_iter().map(Ok).collect(),
                Err(failure) => vec![Err(failure.with(&self.name))],
            },
        )
    }

    fn find(&self, name: &PackageName) -> Result<Option<StoredProject>, ReadFailure> {
        let Some(page) = last_at_or_before(&self.root.pages, name.as_ref()) else {
            return Ok(None);
        };
        let page = self.page(page)?;
        let Some(location) = last_at_or_before(&page, name.as_ref()).and_then(|number| page.get(number))
        else {
            return Ok(None);
        };
        let block = self.block(location)?;
        let found = records(&block)?
            .into_iter()
            .find(|(held, _)| *held == name.as_ref());
        found
            .map(|(_, record)| self.stored(name.clone(), record))
            .transpose()
            .map_err(Into::into)
    }

    fn stored(&self, name: PackageName, record: &[u8]) -> Result<StoredProject, Corruption> {
        let record = Arc::new(Record::read(record)?);
        let project = match record.address {
            None => None,
            Some(number) => {
                let address = usize::try_from(number)
                    .ok()
                    .and_then(|number| self.addresses.get(number));
                let address =
                    address.ok_or_else(|| Corruption::new("a project names an index that is not listed"))?;
                let files = Box::new(Files(record.clone()));
                Some(Arc::new(Project::new(
                    name.clone(),
                    address.clone(),
                    record.versions.clone(),
                    files,
                )))
            }
        };
        Ok(StoredProject {
            name,
            project,
            record,
        })
    }

    /// A page of the index.
    pub(crate) fn page(&self, number: usize) -> Result<Arc<Vec<BlockLocation>>, ReadFailure> {
        if let Some(known) = self.cache().pages.get(&number) {
            return Ok(known.clone());
        }
        let location = self.root.pages.get(number);
        let location = location.ok_or_else(|| Corruption::new("its index has fewer pages than recorded"))?;
        let page = decompress(&*self.source, self.size, location)?;
        let page: Vec<BlockLocation> =
            rmp_serde::from_slice(&page).map_err(|_| Corruption::new("a page of its index is unreadable"))?;
        let page = Arc::new(page);
        self.cache().pages.insert(number, page.clone());
        Ok(page)
    }

    pub(crate) fn block(&self, location: &BlockLocation) -> Result<Arc<Vec<u8>>, ReadFailure> {
        let cache = self.cache();
        if let Some((_, known)) = cache.blocks.iter().find(|(offset, _)| *offset == location.offset) {
            return Ok(known.clone());
        }
        drop(cache);
        let block = Arc::new(decompress(&*self.source, self.size, location)?);
        self.cache().cache_block(location.offset, &block);
        Ok(block)
    }

    /// The projects of a block.
    pub(crate) fn contents(&self, location: &BlockLocation) -> Result<Vec<SnapshotProject>, ReadFailure> {
        let block = decompress(&*self.source, self.size, location)?;
        let project = |(name, record): (&str, &[u8])| {
            let name = name
                .parse()
                .map_err(|_| Corruption::new(format!("`{name}` is not the name of a project")))?;
            self.stored(name, record)?.contents()
        };
        Ok(records(&block)?
            .into_iter()
            .map(project)
            .collect::<Result<_, _>>()?)
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads trailer and root.
fn end(source: &dyn Source, size: u64) -> Result<(Trailer, Root), ReadFailure> {
    let short = || Corruption::new("it is truncated");
    let at = size.checked_sub(TRAILER_SIZE as u64).ok_or_else(short)?;
    let mut bytes = [0; TRAILER_SIZE];
    source.read_exact_at(&mut bytes, at)?;
    let trailer = Trailer::read(&bytes)?;
    let Trailer {
        root_offset,
        root_length,
        root_checksum,
        ..
    } = trailer;
    let root = read(source, at, root_offset, root_length, root_checksum)?;
    let root = rmp_serde::from_slice(&root).map_err(|_| Corruption::new("its root is unreadable"))?;
    Ok((trailer, root))
}

/// The location of the block or page that may contain a name, if any.
pub(crate) fn last_at_or_before(locations: &[BlockLocation], name: &str) -> Option<usize> {
    locations
        .partition_point(|location| &*location.first <= name)
        .checked_sub(1)
}

impl Cache {
    fn cache_block(&mut self, offset: u64, block: &Arc<Vec<u8>>) {
        self.block_bytes += block.len();
        self.blocks.push_back((offset, block.clone()));
        while self.block_bytes > MAX_CACHED_BLOCKS
            && let Some((_, dropped)) = self.blocks.pop_front()
        {
            self.block_bytes -= dropped.len();
        }
    }

    fn cache_project(&mut self, project: &StoredProject) {
        if self.project_bytes > MAX_CACHED_PROJECTS {
            self.projects.clear();
            self.project_bytes = 0;
        }
        self.project_bytes += project.record.weight();
        self.projects.insert(project.name.clone(), project.clone());
    }
}

impl StoredProject {
    /// All files of a release, with their stored data.
    pub(crate) fn release(&self, number: usize) -> Result<Vec<StoredFile>, Corruption> {
        let files = self.record.release(number)?.into_iter();
        files
            .map(|(file, metadata)| {
                Ok(StoredFile {
                    metadata: metadata.map(|number| self.record.metadata(number)).transpose()?,
                    ..file
                })
            })
            .collect()
    }

    /// All contents of the project.
    pub(crate) fn contents(&self) -> Result<SnapshotProject, Corruption> {
        let releases = self.record.versions.iter().enumerate();
        Ok(SnapshotProject {
            name: self.name.clone(),
            index: self.project.as_ref().map(|project| project.index.clone()),
            releases: releases
                .map(|(number, version)| Ok((version.clone(), self.release(number)?)))
                .collect::<Result<_, Corruption>>()?,
        })
    }
}

/// The files of a project, unpacked on demand.
struct Files(Arc<Record>);

impl ReleaseFiles for Files {
    fn files(&self, release: usize) -> Vec<DistributionFile> {
        // The block's checksum was valid, so that this is the writer's output.
        let files = self.0.release(release).unwrap_or_default();
        files.into_iter().map(|(stored, _)| stored.file).collect()
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("name", &self.name)
            .field("counts", &self.root.counts)
            .finish_non_exhaustive()
    }
}
