//! Whether a lock is the one of a request, without resolving it.

use std::path::Path;

use mach_nix_engine::{Adopted, Request};
use mach_nix_fetch::DEFAULT_INDEX;
use mach_nix_lock::Lock;

use crate::args::lock::LockOptions;
use crate::failure::Failure;
use crate::inputs::first_input;
use crate::{output, settings};

/// The options with the settings next to the first input, where they are not those of a project already.
pub fn with_settings(options: &LockOptions) -> Result<LockOptions, Failure> {
    let mut options = options.clone();
    if let Some(settings) = first_input(&options).map(settings::next_to).transpose()? {
        settings::apply(&mut options, &settings);
    }
    Ok(options)
}

/// Whether the lock is the one of this request; else a note says why it is not.
pub fn is_fresh(
    options: &LockOptions,
    request: Request,
    existing: Option<&Lock>,
    path: &Path,
    quiet: bool,
) -> bool {
    let Some(reason) = staleness(options, request, existing) else {
        return true;
    };
    if !quiet {
        output::note(format_args!("locking {}: {reason}", path.display()));
    }
    false
}

/// The reason why the lock is not the one of this request. Options that are not given are not compared: a lock that was made
/// with them is still one of the project.
pub fn staleness(
    options: &LockOptions,
    mut request: Request,
    existing: Option<&Lock>,
) -> Option<&'static str> {
    let Some(lock) = existing else {
        return Some("there is none yet");
    };
    request.adopt(lock, |policy| match policy {
        Adopted::Providers => options.providers.is_none() && options.provider.is_empty(),
        Adopted::Prereleases => options.prerelease.is_none(),
        Adopted::Limits => options.exclude_newer.is_none() && options.exclude_newer_package.is_empty(),
        Adopted::Channels => options.conda_channel.is_empty(),
        Adopted::VirtualPackages => options.conda_virtual.is_empty(),
    });
    if options.index_url.url.as_str() == DEFAULT_INDEX && options.extra_index_url.is_empty() {
        request.sources.indexes.clone_from(&lock.request.indexes);
    }
    request.difference(lock)
}
