//! Static metadata of sources: of distributions, folders and commits, without running their code.

mod archive;
mod cargo;
mod cargo_lock;
mod contents;
mod direct;
mod git;
mod git_program;
mod git_reached;
mod likely;
mod reading;
mod static_metadata;
mod tree;
mod tree_files;

use std::sync::Arc;

use mach_nix_hash::Sha256;
use mach_nix_model::{DistributionFile, IndexError, PackageName, StaticMetadata, file_path, fragment};
use url::Url;

use crate::address::{parse_url, shown};
use crate::archive_kind::ArchiveKind;
use crate::client::missing;
use crate::limits::MAX_SOURCE;
use crate::local_file::unreadable;
use crate::shared::{Shared, content_key, log_cached};
pub use archive::Files;
pub use cargo_lock::read as crates_of_lock;
use contents::{of_archive, of_folder};
pub use git::{git_reference, revision_in};
use reading::Reading;
use tree_files::TreeFiles;

/// The static metadata of a source.
pub fn read_static(files: &Files) -> Reading {
    static_metadata::read(files, "")
}

/// The number changes with the extracted data: a reader that supports more needs a new bucket.
const BUCKET: &str = "sources-v4";

impl Shared {
    /// Reads the static metadata of a source distribution, or of the target of a direct reference.
    pub async fn source(
        self: Arc<Self>,
        name: PackageName,
        file: DistributionFile,
    ) -> Result<Arc<StaticMetadata>, IndexError> {
        let url = parse_url(&file)?;
        Ok(self.read(&url, &file).await?.checked(&name))
    }

    /// Reads the source at a URL.
    async fn read(&self, url: &Url, file: &DistributionFile) -> Result<Reading, IndexError> {
        let subdirectory = fragment(url, "subdirectory");
        if url.scheme().starts_with("git+") {
            return Ok(self.checkout(url).await?.read);
        }
        if let Some(path) = file_path(url) {
            if path.is_dir() {
                let files = TreeFiles::new(&path, path.display().to_string())?;
                return of_folder(&files, "");
            }
            let content = std::fs::read(&path).map_err(|error| unreadable(&path, &error))?;
            return Ok(of_archive(&file.filename, content, subdirectory).await);
        }
        let key = content_key(file)
            .map(|key| format!("{key} {}", subdirectory.as_deref().unwrap_or_default()))
            .unwrap_or_default();
        if let Some(cached) = self.cache.get(BUCKET, &key) {
            log_cached(&format!("the static metadata of {}", file.filename));
            return Ok(cached);
        }
        if self.options.offline {
            return Err(IndexError::Offline {
                what: format!("the content of `{}`", file.filename),
            });
        }
        self.options.progress.requested(&file.filename);
        let content = self.content(url, file.hash).await;
        self.options.progress.arrived(&file.filename);
        let content = content?;
        // Without a digest, an invalid archive may be an arbitrary page of a server.
        if file.hash.is_none()
            && let Some(kind) = ArchiveKind::of(&file.filename)
            && !kind.fits(&content, &content)
        {
            let reason = format!("it is not a {} file", kind.name());
            return Err(IndexError::malformed(shown(url), reason));
        }
        let read = of_archive(&file.filename, content, subdirectory).await;
        // Invalid sources are not cached: the next release may support them.
        if read.facts.defect.is_none() {
            self.cache.put(BUCKET, &key, &read);
        }
        Ok(read)
    }

    /// The content of a complete file, verified against the announced digest.
    async fn content(&self, url: &Url, announced: Option<Sha256>) -> Result<Vec<u8>, IndexError> {
        let Some(content) = self.client.file(url, MAX_SOURCE).await? else {
            return Err(missing(url, "file"));
        };
        let actual = Sha256::of(&content);
        match announced.filter(|expected| *expected != actual) {
            Some(expected) => Err(IndexError::mismatch(shown(url), expected, actual)),
            None => Ok(content),
        }
    }
}
