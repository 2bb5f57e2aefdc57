//! Metadata, digest and size of single files, from the cache or the network.

use std::sync::Arc;

use mach_nix_hash::Sha256;
use mach_nix_model::{CoreMetadata, DistributionFile, FileFacts, IndexError, PackageName};

use crate::address::{local_path, parse_url};
use crate::local_file::digest_of_path;
use crate::metadata::fetch_metadata;
use crate::shared::{Shared, content_key};

/// The number changes with what is read of a metadata file: a reader that understands more needs a new one.
const METADATA: &str = "metadata-v2";
const SIZES: &str = "sizes-v2";

impl Shared {
    fn cached_metadata(&self, file: &DistributionFile) -> Option<Arc<CoreMetadata>> {
        self.cache.get(METADATA, &content_key(file)?).map(Arc::new)
    }

    fn cached_facts(&self, file: &DistributionFile) -> Option<FileFacts> {
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

    pub async fn metadata(
        self: Arc<Self>,
        name: PackageName,
        file: DistributionFile,
    ) -> Result<Arc<CoreMetadata>, IndexError> {
        if let Some(kept) = self.cached_metadata(&file) {
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

    pub async fn facts(self: Arc<Self>, file: DistributionFile) -> Result<FileFacts, IndexError> {
        if let Some(kept) = self.cached_facts(&file) {
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
