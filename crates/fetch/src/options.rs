//! Options of the index client.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use mach_nix_model::{DistributionFile, PackageName};
use url::Url;

use crate::access::Access;

/// Lifetime of a cached list of files, as recommended by the public index.
const FRESH: Duration = Duration::from_mins(10);

/// The settings for access to indexes.
#[derive(Clone)]
pub struct FetchOptions {
    /// The indexes in order; the first one that has a name provides all its files, so that nobody can inject a package
    /// by uploading its name to a public index.
    pub indexes: Vec<Url>,
    /// The pinned indexes of packages, which are the only ones queried for them. A `file:` URL is a folder of files.
    pub pinned_indexes: BTreeMap<PackageName, Vec<Url>>,
    /// Packages with known files, for which no index is queried.
    pub files: BTreeMap<PackageName, Vec<DistributionFile>>,
    /// Folders (`file:`) and pages of links. Their files are candidates next to those of the indexes, except for
    /// packages with a pinned index.
    pub find_links: Vec<Url>,
    /// Further URLs with credentials. Each is sent only to its own server (scheme, host and port).
    pub credentials: Vec<Url>,
    /// The other credentials, and the trust in connections.
    pub access: Access,
    /// The folder of the cache; `None` disables it.
    pub cache: Option<PathBuf>,
    /// Whether connections are forbidden.
    pub offline: bool,
    /// Whether the cached responses of indexes and servers are checked again, however recent they are.
    pub refresh: bool,
    /// The commits to keep, by [`git_reference`](crate::git_reference).
    pub commits: BTreeMap<String, String>,
    /// Whether upload times are needed, so that an index that omits them is queried through another API.
    pub upload_times: bool,
    /// Maximum number of concurrent requests; at least 1.
    pub jobs: usize,
    /// The receiver of progress events.
    pub progress: Arc<dyn Progress>,
}

impl FetchOptions {
    /// Whether a cached response of this time needs no check.
    pub(crate) fn is_fresh(&self, received: SystemTime) -> bool {
        !self.refresh && received.elapsed().is_ok_and(|age| age < FRESH)
    }
}

/// A display of progress.
pub trait Progress: Send + Sync {
    /// A list of files was requested.
    fn requested(&self, _what: &str) {}
    /// A list of files arrived, or failed.
    fn arrived(&self, _what: &str) {}
}

impl Progress for () {}
