//! `mach-nix lock`

use std::path::{Path, PathBuf};

use mach_nix_engine::{Locked, Request, SavedProblem, lock, relative};
use mach_nix_lock::Lock;
use serde_json::json;

use crate::args::lock::{Format, LockOptions};
use crate::check::{check_lock, check_text};
use crate::expression::expression;
use crate::failure::Failure;
use crate::fresh::with_settings;
use crate::resolved::{Resolved, cannot_write, folder_of, output_path, resolved};
use crate::{changes, lock_file, log, output};

pub fn run(options: &LockOptions, quiet: bool) -> Result<(), Failure> {
    if let Some(path) = &options.replay {
        return replay(options, path, quiet);
    }
    if let Some(input) = lock_file::among_inputs(options)? {
        return of_lock(options, input, quiet);
    }
    let options = &with_settings(options)?;
    if options.json && output_path(options) == Path::new("-") {
        return Err(Failure::usage(
            "--json prints an object, and the lock would be printed, too: name a file with --output, or leave out --json",
        ));
    }
    let done = resolved(options, quiet, |found| write(options, found, quiet)).map(|_| ());
    let is_fresh = match &done {
        Ok(()) => true,
        Err(failure) if failure.is_impossible() => false,
        Err(_) => return done,
    };
    if options.json && options.check {
        let object = json!({ "path": output_path(options), "fresh": is_fresh });
        output::print(&format!("{object}\n"))?;
    }
    done
}

/// Writes or checks the result.
fn write(options: &LockOptions, found: Resolved<'_>, quiet: bool) -> Result<(), Failure> {
    let Resolved {
        request,
        locked,
        existing,
        path,
        passed,
        ..
    } = found;
    match (options.check, options.format) {
        (false, _) => {
            finish(options, request, &locked, path, quiet)?;
            if options.json {
                let changes = changes::as_json(existing.as_ref(), &locked.lock, path);
                output::print(&changes)?;
            }
            if !quiet && path != Path::new("-") {
                changes::note(existing.as_ref(), &locked.lock, passed, options.edited.is_some());
            }
            Ok(())
        }
        (true, Format::Lock) => check_lock(existing, &locked.lock, path),
        (true, format) => check_text(format, &rendered(format, &locked.lock)?, path),
    }
}

/// The lock of another path or in another format, as it is.
fn of_lock(options: &LockOptions, input: &Path, quiet: bool) -> Result<(), Failure> {
    let path = output_path(options);
    let mut lock = lock_file::read(input)?;
    if path == input {
        return Err(Failure::usage(format!(
            "{} is a lock already: name another file with --output, or another --format",
            input.display()
        )));
    }
    let (from, to) = (folder_of(input)?, folder_of(&path)?);
    lock = lock.with_paths(|path| {
        let path = mach_nix_manifest::normalized(&Path::new(&from).join(path));
        relative(&path.to_string_lossy(), &to)
    });
    let text = rendered(options.format, &lock)?;
    if options.check {
        return check_text(options.format, &text, &path);
    }
    output::write(&path, &text).map_err(|error| cannot_write(&path, &error))?;
    if !quiet && path != Path::new("-") {
        output::note(format_args!("{}: as in {}", path.display(), input.display()));
    }
    Ok(())
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

/// Resolves a saved problem again, offline.
fn replay(options: &LockOptions, problem: &Path, quiet: bool) -> Result<(), Failure> {
    let text = crate::disk::read_text(problem)
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
    let mut files = vec![(path, text.as_str())];
    files.extend(
        options
            .edited
            .iter()
            .map(|(path, text)| (path.as_path(), text.as_str())),
    );
    output::write_all(&files).map_err(|(path, error)| cannot_write(path, &error))?;
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

fn summary(request: &Request, lock: &Lock) -> String {
    let names: std::collections::BTreeSet<_> = lock.packages.iter().map(|package| &package.name).collect();
    let targets: Vec<String> = request.targets.iter().map(ToString::to_string).collect();
    let plural = if names.len() == 1 { "" } else { "s" };
    format!("{} package{plural} for {}", names.len(), targets.join(", "))
}
