//! The package indexes of a run: cache and credentials of this machine.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use etcetera::BaseStrategy;
use mach_nix_fetch::{FetchOptions, RemoteIndex};
use url::Url;

use crate::access::{access, refuse_unencrypted, with_hosts};
use crate::args::lock::LockOptions;
use crate::failure::Failure;
use crate::progress::Line;
use crate::sources::FetchSources;

/// The indexes, over the network or in the cache.
pub fn remote_index(
    options: &LockOptions,
    sources: FetchSources,
    commits: BTreeMap<String, String>,
    progress: Arc<Line>,
) -> Result<RemoteIndex, Failure> {
    let offline = options.offline || options.pypi_data.is_some();
    let addresses: Vec<&Url> = sources.addresses().collect();
    let names = with_hosts(&sources.names, addresses.iter().copied());
    let access = access(&options.trust, &names, &sources.insecure_hosts);
    if !offline {
        refuse_unencrypted(addresses, &access)?;
    }
    Ok(RemoteIndex::new(FetchOptions {
        indexes: sources.indexes,
        pinned_indexes: sources.pinned_indexes,
        files: sources.files,
        find_links: sources.find_links,
        credentials: sources.credentials,
        commits,
        access,
        cache: cache_folder(options.cache_dir.as_ref()),
        offline,
        refresh: options.refresh,
        upload_times: sources.upload_times,
        jobs: usize::from(options.jobs),
        progress,
    }))
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
