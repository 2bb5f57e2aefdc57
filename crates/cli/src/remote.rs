//! The package indexes of a run: cache and credentials of this machine.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::{fs, io};

use etcetera::BaseStrategy;
use mach_nix_fetch::{FetchOptions, Netrc, RemoteIndex};

use crate::args::lock::LockOptions;
use crate::progress::Line;
use crate::sources::FetchSources;

/// The indexes, over the network or in the cache.
pub fn remote_index(
    options: &LockOptions,
    sources: FetchSources,
    commits: BTreeMap<String, String>,
    progress: Arc<Line>,
) -> RemoteIndex {
    RemoteIndex::new(FetchOptions {
        indexes: sources.indexes,
        pinned_indexes: sources.pinned_indexes,
        files: sources.files,
        find_links: sources.find_links,
        credentials: sources.credentials,
        commits,
        netrc: netrc(),
        cache: cache_folder(options.cache_dir.as_ref()),
        offline: options.offline || options.pypi_data.is_some(),
        refresh: options.refresh,
        upload_times: sources.upload_times,
        jobs: usize::from(options.jobs),
        progress,
    })
}

/// The file in the variable `NETRC`, or else `~/.netrc`; an unreadable one is ignored.
pub fn netrc() -> Netrc {
    let path = std::env::var_os("NETRC")
        .map(PathBuf::from)
        .or_else(|| Some(etcetera::home_dir().ok()?.join(".netrc")));
    let Some(path) = path else {
        return Netrc::default();
    };
    match fs::read_to_string(&path) {
        Ok(text) => Netrc::parse(&text),
        Err(error) => {
            if error.kind() != io::ErrorKind::NotFound || std::env::var_os("NETRC").is_some() {
                tracing::warn!(path = %path.display(), %error, "cannot be read: its credentials are ignored");
            }
            Netrc::default()
        }
    }
}

/// The cache folder: the given one, or else one in the user's cache folder.
pub fn cache_folder(named: Option<&PathBuf>) -> Option<PathBuf> {
    named.cloned().or_else(|| {
        Some(
            etcetera::choose_base_strategy()
                .ok()?
                .cache_dir()
                .join("mach-nix"),
        )
    })
}
