//! Options of the index client.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use mach_nix_model::{DistributionFile, PackageName};
use url::Url;

use crate::Netrc;

/// The settings for access to the indexes.
#[derive(Clone)]
pub struct FetchOptions {
    /// The indexes in order; for each name the first that knows it answers, so that nobody can slip a package in by
    /// uploading its name to a public index.
    pub indexes: Vec<Url>,
    /// The pinned indexes of packages: the only ones that are queried for them. A `file:` URL is a folder of
    /// files.
    pub pinned_indexes: BTreeMap<PackageName, Vec<Url>>,
    /// Packages whose files are known, so that no index is queried for them.
    pub files: BTreeMap<PackageName, Vec<DistributionFile>>,
    /// Folders (`file:`) and pages of links. What is there is a candidate next to what the indexes list, but for packages
    /// with a pinned index.
    pub find_links: Vec<Url>,
    /// Further addresses with user names and passwords. Each is told to its own server (scheme, host and port) and to no
    /// other.
    pub credentials: Vec<Url>,
    /// The credentials for hosts without an entry.
    pub netrc: Netrc,
    /// The folder of the cache; `None` keeps nothing.
    pub cache: Option<PathBuf>,
    /// Open no connection.
    pub offline: bool,
    /// The commits to stay with, by [`git_reference`](crate::git_reference).
    pub commits: BTreeMap<String, String>,
    /// Whether upload times are needed, so that an index which leaves them out of its list is asked another way.
    pub upload_times: bool,
    /// Maximum number of concurrent requests; at least 1.
    pub jobs: usize,
    /// Receives progress.
    pub progress: Arc<dyn Progress>,
}

/// Something that shows people how far things are.
pub trait Progress: Send + Sync {
    /// A list of files is asked for.
    fn requested(&self, _what: &str) {}
    /// It arrived, or failed.
    fn arrived(&self, _what: &str) {}
}

impl Progress for () {}
