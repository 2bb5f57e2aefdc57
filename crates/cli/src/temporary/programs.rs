//! The program that a name means: one of that name, or the only one of the package of that name.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use mach_nix_model::PackageName;

use crate::failure::Failure;

/// The program to start.
///
/// # Errors
/// When the package of that name has several programs with other names, or none.
pub fn named(environment: &Path, name: &OsStr) -> Result<OsString, Failure> {
    if environment.join("bin").join(name).is_file() {
        return Ok(name.to_owned());
    }
    let package = name.to_str().and_then(|name| name.parse::<PackageName>().ok());
    let Some(metadata) = package.and_then(|package| metadata(environment, &package)) else {
        return Ok(name.to_owned());
    };
    match &programs(&metadata)[..] {
        [] => Err(Failure::usage(format!(
            "`{0}` has no program: run a module of it with `mach-nix run python -m MODULE`",
            name.display()
        ))),
        [only] => Ok(only.into()),
        several => Err(Failure::usage(format!(
            "`{}` has several programs, and none of that name: name one of {}",
            name.display(),
            several
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(", ")
        ))),
    }
}

/// The folder of the metadata of a package.
fn metadata(environment: &Path, package: &PackageName) -> Option<PathBuf> {
    let folders = fs::read_dir(environment.join("lib")).ok()?.flatten();
    let entries = folders.filter_map(|folder| fs::read_dir(folder.path().join("site-packages")).ok());
    let mut entries = entries.flatten().flatten();
    let found = entries.find(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        let distribution = name
            .strip_suffix(".dist-info")
            .and_then(|name| name.split_once('-'));
        distribution.and_then(|(name, _)| name.parse().ok()).as_ref() == Some(package)
    });
    found.map(|entry| entry.path())
}

/// The names in `[console_scripts]` and `[gui_scripts]` of `entry_points.txt`.
fn programs(metadata: &Path) -> Vec<String> {
    let text = fs::read_to_string(metadata.join("entry_points.txt")).unwrap_or_default();
    let mut is_inside = false;
    let mut names = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            is_inside = line == "[console_scripts]" || line == "[gui_scripts]";
        } else if let (true, Some((name, _))) = (is_inside, line.split_once('=')) {
            names.push(name.trim().to_owned());
        }
    }
    names
}
