//! `mach-nix lock`

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io};

use etcetera::BaseStrategy;
use mach_nix_engine::{
    Inventory, Locked, RecordingBuilder, RecordingIndex, Request, SavedProblem, WithNixpkgs, lock,
};
use mach_nix_fetch::{Cache, FetchOptions, Netrc, RemoteIndex};
use mach_nix_lock::{Lock, LockedSource};
use mach_nix_model::{PackageIndex, PackageName, Version};
use mach_nix_nix::{EvaluatedInventory, Nix, NixBuilder};

use crate::args::lock::{Format, LockOptions};
use crate::expression::{expression, lock_in};
use crate::failure::Failure;
use crate::fresh::{is_fresh, with_settings};
use crate::inputs::{Destination, Inputs, first_input};
use crate::located::located;
use crate::progress::Line;
use crate::sources::{FetchSources, current_folder};
use crate::surface::CommandSurface;
use crate::{changes, inputs, inventory, invocation, lock_file, log, output, preferences};

pub fn run(options: &LockOptions, quiet: bool) -> Result<(), Failure> {
    if let Some(path) = &options.replay {
        return replay(options, path, quiet);
    }
    let options = &with_settings(options)?;
    let started = std::time::Instant::now();
    let nix = Nix::new(options.nixpkgs.clone());
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
    if options.if_stale && is_fresh(options, request.clone(), existing.as_ref(), &path, quiet) {
        return Ok(());
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
    match (options.check, options.format) {
        (false, _) => {
            finish(options, &request, &locked, &path, quiet)?;
            if !quiet && path != Path::new("-") {
                changes::note(
                    existing.as_ref(),
                    &locked.lock,
                    started.elapsed(),
                    options.edited.is_some(),
                );
            }
            Ok(())
        }
        (true, Format::Lock) => check_lock(existing, &locked.lock, &path),
        (true, format) => check_text(format, &rendered(format, &locked.lock)?, &path),
    }
}

/// Whether options name files with requirements.
pub use crate::inputs::has_files;

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

/// `mach-nix gen`
pub fn write_expression(options: &LockOptions, quiet: bool) -> Result<(), Failure> {
    if options.format != Format::Lock {
        return Err(Failure::usage(
            "--format is for `mach-nix lock`, not for `mach-nix gen`",
        ));
    }
    let mut options = options.clone();
    options.format = Format::Nix;
    run(&options, quiet)
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
    locked.map_err(|error| located(&error, request, &CommandSurface))
}

/// Resolves a saved problem again, offline.
fn replay(options: &LockOptions, problem: &Path, quiet: bool) -> Result<(), Failure> {
    let text = fs::read_to_string(problem)
        .map_err(|error| Failure::usage(format!("cannot read {}: {error}", problem.display())))?;
    let problem = SavedProblem::from_json(&text)
        .map_err(|error| Failure::usage(format!("{} is not a saved problem: {error}", problem.display())))?;
    let locked = lock(&problem.request, &problem, Some(&problem))?;
    // A replay is for bug reports; it must not replace the lock of a project.
    let path = options.output.clone().unwrap_or_else(|| PathBuf::from("-"));
    finish(options, &problem.request, &locked, &path, quiet)
}

fn finish(
    options: &LockOptions,
    request: &Request,
    locked: &Locked,
    path: &Path,
    quiet: bool,
) -> Result<(), Failure> {
    let text = rendered(options.format, &locked.lock)?;
    output::write(path, &text).map_err(|error| cannot_write(path, &error))?;
    if !quiet {
        for warning in &locked.warnings {
            log::warn(warning);
        }
        if path != Path::new("-") {
            let summary = summary(request, &locked.lock);
            output::note(format_args!("{}: {summary}", path.display()));
        }
    }
    Ok(())
}

fn rendered(format: Format, lock: &Lock) -> Result<String, Failure> {
    match format {
        Format::Lock | Format::Json => Ok(lock.to_json()),
        Format::Pylock => Ok(lock.to_pylock()?),
        Format::Requirements => Ok(lock.to_requirements()),
        Format::Nix => Ok(expression(lock)),
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::external(format!("cannot write {}: {error}", path.display()))
}

/// Checks that the existing lock was made for this request.
fn check_request(request: &Request, existing: Option<&Lock>, path: &Path) -> Result<(), Failure> {
    let Some(lock) = existing else {
        return Err(Failure::impossible(format!(
            "there is no lock at {}: run `{}`",
            path.display(),
            invocation::without_check()
        )));
    };
    request
        .difference(lock)
        .map_or(Ok(()), |difference| Err(stale(path, difference)))
}

/// Checks that the existing lock equals the new one.
fn check_lock(existing: Option<Lock>, lock: &Lock, path: &Path) -> Result<(), Failure> {
    match existing {
        Some(existing) if existing == *lock => Ok(()),
        Some(existing) if from_nixpkgs(&existing).ne(from_nixpkgs(lock)) => {
            Err(stale(path, "nixpkgs has other versions"))
        }
        _ => Err(stale(path, "the index has changed")),
    }
}

/// Checks that a file in another format equals the new one. It does not record its request, so that the message cannot
/// name the difference.
fn check_text(format: Format, text: &str, path: &Path) -> Result<(), Failure> {
    let difference = match format {
        Format::Nix => "the request, the index or mach-nix has changed",
        _ => "the request or the index has changed",
    };
    match fs::read_to_string(path) {
        Ok(there) if there == text => Ok(()),
        Ok(_) => Err(stale(path, difference)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Failure::impossible(format!(
            "there is no file {}: run `{}`",
            path.display(),
            invocation::without_check()
        ))),
        Err(error) => Err(Failure::external(format!(
            "cannot read {}: {error}",
            path.display()
        ))),
    }
}

/// The packages that come from nixpkgs.
fn from_nixpkgs(lock: &Lock) -> impl Iterator<Item = (PackageName, Version)> {
    let packages = lock.packages.iter();
    packages
        .filter(|package| matches!(package.source, LockedSource::Nixpkgs { .. }))
        .filter_map(|package| Some((package.project()?.clone(), package.python_version()?)))
}

fn summary(request: &Request, lock: &Lock) -> String {
    let names: std::collections::BTreeSet<_> = lock.packages.iter().map(|package| &package.name).collect();
    let targets: Vec<String> = request.targets.iter().map(ToString::to_string).collect();
    let plural = if names.len() == 1 { "" } else { "s" };
    format!("{} package{plural} for {}", names.len(), targets.join(", "))
}

fn stale(path: &Path, difference: &str) -> Failure {
    Failure::impossible(format!(
        "{} is stale: {difference}; to renew it, run `{}`",
        path.display(),
        invocation::without_check()
    ))
}

/// The path of the output: a lock is written next to the first input, and other formats are printed.
fn output_path(options: &LockOptions) -> PathBuf {
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
    match fs::read_to_string(path) {
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
