//! The shared state of an index's requests.

use std::sync::Arc;

use mach_nix_model::{DistributionFile, IndexError};
use tokio::sync::OnceCell;

use crate::cache::Cache;
use crate::client::Client;
use crate::options::FetchOptions;

/// The files of all `--find-links` locations.
pub type Links = Arc<Vec<DistributionFile>>;

/// Options, cache and client for the tasks on the network threads.
pub struct Shared {
    pub options: FetchOptions,
    pub cache: Cache,
    pub client: Client,
    /// The files of `--find-links`, read on first use.
    pub links: OnceCell<Result<Links, IndexError>>,
}

impl Shared {
    pub fn new(options: FetchOptions) -> Self {
        Self {
            cache: Cache::new(options.cache.clone()),
            client: Client::new(&options),
            options,
            links: OnceCell::new(),
        }
    }
}

/// Logs a cache hit.
pub fn log_cached(what: &str) {
    tracing::debug!("{what} is in the cache");
}

/// The cache key of a file's data: its URL with the digest listed by its index. An index may list any digest, so that
/// the digest alone would let one index affect the files of another. Local files have no key, because they may change.
pub fn content_key(file: &DistributionFile) -> Option<String> {
    let key = || match file.hash {
        Some(hash) => format!("{} {}", file.url, hash.to_hex()),
        None => file.url.to_string(),
    };
    (!file.is_local()).then(key)
}
