//! Shared parts of this crate's tests, and tests of whole files.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use crate::{ManifestError, ReadContext, Requirements};

/// Reads files given as texts.
pub fn read_files<T>(
    files: &[(&str, &str)],
    read: impl Fn(&Path, &ReadContext<'_>) -> Result<T, ManifestError>,
) -> Result<T, ManifestError> {
    let texts: BTreeMap<PathBuf, &str> = files
        .iter()
        .map(|(path, text)| (PathBuf::from(path), *text))
        .collect();
    let context = ReadContext {
        read: &|path| match texts.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => Err(io::ErrorKind::NotFound.into()),
        },
        exists: &|path| {
            texts.keys().any(|known| known.starts_with(path))
                || !(path.starts_with("/work/app") || path.starts_with("/work/libs"))
        },
        folders: &|folder| {
            let below = texts.keys().filter_map(|path| path.strip_prefix(folder).ok());
            let names = below.filter_map(|path| path.parent()?.components().next());
            let names: BTreeSet<_> = names.collect();
            names
                .into_iter()
                .map(|name| name.as_os_str().to_string_lossy().into_owned())
                .collect()
        },
        variable: &|name| (name == "TOKEN").then(|| "s3cret".to_owned()),
        folder: Path::new("/work"),
    };
    read(Path::new(files[0].0), &context)
}

/// Reads a single file given as text.
pub fn read_one<T>(
    path: &str,
    text: &str,
    read: impl Fn(&Path, &ReadContext<'_>) -> Result<T, ManifestError>,
) -> Result<T, ManifestError> {
    read_files(&[(path, text)], read)
}

/// The requirements with their lines.
pub fn lines(found: &Requirements) -> Vec<String> {
    let line = |entry: &crate::Entry| {
        format!(
            "{} {}",
            entry.location.line.unwrap_or_default(),
            entry.requirement
        )
    };
    found.requirements.iter().map(line).collect()
}

mod environments;
mod files;
mod foreign;
mod groups;
mod pinned;
mod pip;
mod projects;
mod total;
