//! A lock request with its result, before anything is written.

use std::cell::Cell;
use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mach_nix_engine::{
    ErrorClass, Inventory, Locked, RecordingBuilder, RecordingIndex, Request, WithNixpkgs, lock,
};
use mach_nix_fetch::Cache;
use mach_nix_lock::Lock;
use mach_nix_model::PackageIndex;
use mach_nix_nix::{EvaluatedInventory, Nix, NixBuilder};

use crate::args::lock::{Format, LockOptions};
use crate::check::check_request;
use crate::expression::lock_in;
use crate::failure::Failure;
use crate::fresh::{is_fresh, staleness};
use crate::inputs::{Destination, Inputs, first_input};
use crate::located::located;
use crate::progress::Line;
use crate::remote::{cache_folder, remote_index};
use crate::sources::current_folder;
use crate::surface::CommandSurface;
use crate::{changes, conda, inputs, inventory, lock_file, log, output, preferences};

/// A request with its result.
pub struct Resolved<'a> {
    /// The request.
    pub request: &'a Request,
    /// The index that was queried.
    pub index: &'a dyn PackageIndex,
    /// The new lock.
    pub locked: Locked,
    /// The existing lock.
    pub existing: Option<Lock>,
    /// The path of the output.
    pub path: &'a Path,
    /// The time since the start.
    pub passed: Duration,
}

/// Reads all inputs, resolves, and passes the result to `finish`; nothing is resolved if the existing lock suffices.
pub fn resolved<T>(
    options: &LockOptions,
    quiet: bool,
    finish: impl FnOnce(Resolved<'_>) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    prepared(options, quiet, None, finish)
}

/// The reason why the existing lock is not the one of the inputs, if any. Nothing is resolved.
pub fn compared(options: &LockOptions) -> Result<Option<&'static str>, Failure> {
    let stale = Cell::new(None);
    prepared(options, true, Some(&stale), |_| Ok(()))?;
    Ok(stale.get())
}

fn prepared<T>(
    options: &LockOptions,
    quiet: bool,
    compared: Option<&Cell<Option<&'static str>>>,
    finish: impl FnOnce(Resolved<'_>) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    let started = Instant::now();
    let nix = Nix::new(options.nixpkgs.clone()).offline(options.offline);
    let progress = Arc::new(Line::new(quiet));
    let path = output_path(options);
    let existing = existing_lock(&path, options.format)?;
    if let (Some(lock), Some(names)) = (&existing, &options.upgrade) {
        changes::check_names(lock, names, &path)?;
    }
    let upgrade = options.upgrade.as_deref();
    let commits = existing
        .as_ref()
        .map(|lock| preferences::of_commits(lock, upgrade));
    let open = |sources| remote_index(options, sources, commits.unwrap_or_default(), progress.clone());
    let destination = Destination {
        folder: folder_of(&path)?,
        existing: existing.as_ref(),
    };
    let Inputs {
        found,
        options: request,
        index,
        warnings,
    } = inputs::inputs(options, &nix, destination, open)?;
    if !quiet {
        for warning in &warnings {
            log::warn(warning);
        }
    }
    if options.check && path == Path::new("-") {
        return Err(Failure::usage(
            "`--check` compares with a file, and this would be printed: name the file with `--output`",
        ));
    }
    let limit = Duration::from_secs(options.build_time_limit);
    let cache = Cache::new(cache_folder(options.cache_dir.as_ref()));
    let written = options
        .nixpkgs_inventory
        .as_deref()
        .map(inventory::read)
        .transpose()?;
    let evaluated = EvaluatedInventory::new(&nix, cache.clone());
    let inventory = written
        .as_ref()
        .map_or(&evaluated as &dyn Inventory, |written| written);
    let builder = NixBuilder::new(&nix, cache, limit, options.offline, inputs::this_system().ok());
    let index = WithNixpkgs::new(index.as_ref(), inventory);
    let mut request = Request::with_builds(found, request, &index, &builder)?;
    if let (Some(lock), None) = (&existing, upgrade) {
        request.keep_instants(lock);
    }
    if let Some(stale) = compared {
        stale.set(staleness(options, request, existing.as_ref()));
        return Ok(None);
    }
    if options.if_stale && is_fresh(options, request.clone(), existing.as_ref(), &path, quiet) {
        return Ok(None);
    }
    if options.check && options.format == Format::Lock {
        check_request(&request, existing.as_ref(), &path)?;
    }
    let locked = resolve(options, &request, &index, &builder);
    progress.finish();
    let mut locked = locked?;
    if let Some(lock) = &existing {
        let changed = preferences::changed_archives(lock, &locked.lock, upgrade);
        locked.warnings.extend(changed);
    }
    finish(Resolved {
        request: &request,
        index: &index,
        locked,
        existing,
        path: &path,
        passed: started.elapsed(),
    })
    .map(Some)
}

/// Resolves, and saves the problem with `--save-problem`, also after a failure.
fn resolve(
    options: &LockOptions,
    request: &Request,
    index: &dyn PackageIndex,
    builder: &NixBuilder<'_>,
) -> Result<Locked, Failure> {
    let locked = match &options.save_problem {
        None => lock(request, index, Some(builder)),
        Some(path) => {
            let (index, builder) = (RecordingIndex::new(index), RecordingBuilder::new(builder));
            let locked = lock(request, &index, Some(&builder));
            let saved = index.problem(request, &builder).to_json();
            output::write(path, &saved).map_err(|error| cannot_write(path, &error))?;
            locked
        }
    };
    locked.map_err(|error| {
        let failure = located(&error, request, &CommandSurface);
        if error.class() != ErrorClass::Impossible {
            return failure;
        }
        let resolves = |relaxed: &Request| lock(relaxed, index, Some(builder)).is_ok();
        match conda::remedy_without_builds(request, resolves) {
            Some(remedy) => failure.with(remedy),
            None => failure,
        }
    })
}

/// The failure of writing a file.
pub fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::external(format!("cannot write {}: {error}", path.display()))
}

/// The path of the output: a lock is written next to the first input, and other formats are printed.
pub fn output_path(options: &LockOptions) -> PathBuf {
    match (&options.output, options.format) {
        (Some(path), _) => path.clone(),
        (None, Format::Json | Format::Pylock | Format::Requirements | Format::Nix) => PathBuf::from("-"),
        (None, Format::Lock) => first_input(options)
            .and_then(Path::parent)
            .unwrap_or(Path::new(""))
            .join(lock_file::NAME),
    }
}

/// The absolute folder of the output, normalized; for standard output, the current one.
pub fn folder_of(path: &Path) -> Result<String, Failure> {
    let written = (path != Path::new("-")).then(|| path.parent()).flatten();
    let folder = current_folder()?.join(written.unwrap_or(Path::new("")));
    Ok(mach_nix_manifest::normalized(&folder)
        .to_string_lossy()
        .into_owned())
}

/// The existing lock. An invalid one is not replaced, because it may be another file.
fn existing_lock(path: &Path, format: Format) -> Result<Option<Lock>, Failure> {
    let is_read_back = matches!(format, Format::Lock | Format::Nix);
    if path == Path::new("-") || !is_read_back || output::is_device(path) {
        return Ok(None);
    }
    let other = |error: &dyn Display| {
        Failure::usage(format!(
            "{}: {error}\n(nothing was written; delete the file to start over)",
            path.display()
        ))
    };
    match crate::disk::read_text(path) {
        Ok(text) if text.trim().is_empty() => Ok(None),
        Ok(text) if format == Format::Nix => {
            let lock = lock_in(&text).ok_or_else(|| other(&"this was not written by `mach-nix gen`"))?;
            Lock::from_json(lock).map(Some).map_err(|error| other(&error))
        }
        Ok(text) => Lock::from_json(&text).map(Some).map_err(|error| other(&error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::external(format!(
            "cannot read {}: {error}",
            path.display()
        ))),
    }
}
