//! Metadata, digests and sizes of single files, from the cache or the network.

use std::sync::Arc;

use mach_nix_hash::{Digests, Sha256};
use mach_nix_model::{CoreMetadata, DistributionFile, FileInfo, IndexError, PackageName, file_path};

use url::Url;

use crate::address::{parse_url, shown};
use crate::local_file::{digest_of_path, digests_of_path};
use crate::metadata::fetch_metadata;
use crate::shared::{Shared, content_key, log_cached};

/// The number changes with the parsed fields: a parser that supports more needs a new bucket.
const METADATA: &str = "metadata-v3";
const DIGESTS: &str = "digests-v1";
const ALL_DIGESTS: &str = "all-digests-v1";

impl Shared {
    fn cached_metadata(&self, file: &DistributionFile) -> Option<Arc<CoreMetadata>> {
        self.cache.get(METADATA, &content_key(file)?).map(Arc::new)
    }

    pub async fn metadata(
        self: Arc<Self>,
        name: PackageName,
        file: DistributionFile,
    ) -> Result<Arc<CoreMetadata>, IndexError> {
        if let Some(cached) = self.cached_metadata(&file) {
            log_cached(&format!("the metadata of {}", file.filename));
            return Ok(cached);
        }
        if self.options.offline && !file.is_local() {
            return Err(IndexError::Offline {
                what: format!("the metadata of `{}`", file.filename),
            });
        }
        self.options.progress.requested(name.as_ref());
        let fetched = fetch_metadata(&self.client, &name, &file).await;
        self.options.progress.arrived(name.as_ref());
        let metadata = fetched?;
        // Invalid metadata is not cached: the next release may support it.
        if metadata.defect.is_none()
            && let Some(key) = content_key(&file)
        {
            self.cache.put(METADATA, &key, &metadata);
        }
        Ok(Arc::new(metadata))
    }

    /// The digest and size listed by the index, or else those of the content: a lock must not depend on a server's
    /// responses to other queries.
    pub async fn file_info(self: Arc<Self>, file: DistributionFile) -> Result<FileInfo, IndexError> {
        let url = parse_url(&file)?;
        if let Some(path) = file_path(&url) {
            let (hash, size) = digest_of_path(&path)?;
            expect(&url, file.hash, hash)?;
            let size = Some(size);
            return Ok(FileInfo { hash, size });
        }
        if let Some(hash) = file.hash {
            let size = file.size;
            return Ok(FileInfo { hash, size });
        }
        let key = content_key(&file).unwrap_or_default();
        if let Some((hash, size)) = self.cache.get(DIGESTS, &key) {
            log_cached(&format!("the digest of {}", file.filename));
            let size = Some(size);
            return Ok(FileInfo { hash, size });
        }
        if self.options.offline {
            return Err(IndexError::Offline {
                what: format!("the content of `{}`", file.filename),
            });
        }
        let read = self.client.digest(&url, &file.filename).await?;
        if let Some(listed) = file.size.filter(|listed| *listed != read.size) {
            let reason = format!("it has {} bytes, and its index lists {listed}", read.size);
            return Err(IndexError::malformed(shown(&url), reason));
        }
        self.cache.put(DIGESTS, &key, &(read.hash, read.size));
        Ok(FileInfo {
            hash: read.hash,
            size: Some(read.size),
        })
    }
}

impl Shared {
    /// The digests of a file's content by all algorithms. The file is read completely once: only its content shows that
    /// the user's digest and the index's digest belong to the same file.
    pub async fn digests(self: Arc<Self>, file: DistributionFile) -> Result<Digests, IndexError> {
        let url = parse_url(&file)?;
        let read = match file_path(&url) {
            Some(path) => digests_of_path(&path)?.0,
            None => {
                self.digests_at(&url, &content_key(&file).unwrap_or_default(), &file.filename)
                    .await?
                    .0
            }
        };
        expect(&url, file.hash, read.sha256)?;
        Ok(read)
    }

    /// The digests and size of the file at a URL, from the cache or from its server. The key must identify the content.
    pub async fn digests_at(
        &self,
        url: &Url,
        key: &str,
        filename: &str,
    ) -> Result<(Digests, u64), IndexError> {
        if let Some(known) = self.cache.get(ALL_DIGESTS, key) {
            return Ok(known);
        }
        if self.options.offline {
            return Err(IndexError::Offline {
                what: format!("the content of `{filename}`"),
            });
        }
        self.options.progress.requested(filename);
        let read = self.client.digests(url).await;
        self.options.progress.arrived(filename);
        let read = read?;
        self.cache.put(ALL_DIGESTS, key, &read);
        Ok(read)
    }
}

/// Compares a digest with the announced one, if any.
fn expect(url: &Url, announced: Option<Sha256>, actual: Sha256) -> Result<(), IndexError> {
    match announced.filter(|expected| *expected != actual) {
        Some(expected) => Err(IndexError::mismatch(shown(url), expected, actual)),
        None => Ok(()),
    }
}
