//! Changes of manifests in place: requirements are added to and removed from a text, and every other byte stays.

mod lines;
mod part;
mod sources;
mod toml;

use std::path::Path;

use mach_nix_model::PackageName;

use crate::{Location, ManifestError, ManifestKind};
pub use part::Part;

/// The text of a manifest with a requirement added, or in the place of the one with the same name.
///
/// # Errors
/// When the text is not in its form, or the format has no such part.
pub fn added(
    path: &Path,
    text: &str,
    part: &Part,
    name: &PackageName,
    requirement: &str,
) -> Result<String, ManifestError> {
    match kind(path, part)? {
        ManifestKind::Pyproject => toml::added(path, text, part, name, requirement),
        _ => Ok(lines::added(text, name, requirement)),
    }
}

/// The text of a `pyproject.toml` with the folder of a package as its editable source (`[tool.uv.sources]`).
///
/// # Errors
/// When the text is not TOML, or the package has another source.
pub fn with_source(
    path: &Path,
    text: &str,
    name: &PackageName,
    folder: &str,
) -> Result<String, ManifestError> {
    sources::added(path, text, name, folder)
}

/// The text of a manifest without a requirement; `None` if it is not there.
///
/// # Errors
/// When the text is not in its form, or the format has no such part.
pub fn removed(
    path: &Path,
    text: &str,
    part: &Part,
    name: &PackageName,
) -> Result<Option<String>, ManifestError> {
    match kind(path, part)? {
        ManifestKind::Pyproject => match toml::removed(path, text, part, name)? {
            Some(text) => sources::removed(path, &text, name).map(Some),
            None => Ok(None),
        },
        _ => Ok(lines::removed(text, name)),
    }
}

fn kind(path: &Path, part: &Part) -> Result<ManifestKind, ManifestError> {
    let whole = |reason: &str| Location::file(path.display().to_string()).error(reason);
    match (ManifestKind::of(path), part) {
        (ManifestKind::Pyproject, _) => Ok(ManifestKind::Pyproject),
        (ManifestKind::Requirements, Part::Project) => Ok(ManifestKind::Requirements),
        (ManifestKind::Requirements, _) => Err(whole(
            "a requirements file has no extras and groups: name neither, or write a pyproject.toml",
        )),
        _ => Err(whole(
            "only pyproject.toml and requirements.txt are edited: change this file by hand, and run `mach-nix lock`",
        )),
    }
}

#[cfg(test)]
mod tests;
