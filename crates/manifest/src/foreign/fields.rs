//! Fields that are common to the locks of several tools.

use mach_nix_hash::Digest;
use mach_nix_model::{ExtraName, Marker, MarkerTree, PackageName, Requirement, Version, VersionOrUrl};
use url::Url;

use super::file::ForeignFile;
use crate::document::Document;
use crate::toml_item::{Item, Table};
use crate::{ManifestError, SourceKind, SourceTree};

/// Checks the version of a lock's format, of which only the first number matters.
pub fn check_format(
    document: &Document,
    item: Item<'_>,
    known: &[&str],
    renew: &str,
) -> Result<(), ManifestError> {
    let text = item.string()?;
    if known.contains(&text.split('.').next().unwrap_or_default()) {
        return Ok(());
    }
    Err(document.at(item.offset(), format!("unknown lock format `{text}`: {renew}")))
}

/// A marker for marker algebra: see [`crate::specifier::marker_tree`].
pub fn marker_tree(item: Item<'_>) -> Result<MarkerTree, ManifestError> {
    let text = item.string()?;
    crate::specifier::marker_tree(text).map_err(|fault| item.within(text, fault.column, fault.reason))
}

/// Rejects files without a strong digest, which cannot be verified. Only files at an address need one here, because an
/// index lists digests itself.
pub fn check_hashes(
    package: &Table<'_>,
    name: &PackageName,
    files: &[ForeignFile],
    is_direct: bool,
) -> Result<(), ManifestError> {
    if (is_direct || !files.is_empty()) && files.iter().all(|file| file.hash.is_none()) {
        return Err(package.error(format!(
            "no file of `{name}` has a SHA-256, SHA-384 or SHA-512 digest: regenerate the lock with a current version of the tool"
        )));
    }
    Ok(())
}

/// The version in the name of a wheel.
pub fn wheel_version(table: &Table<'_>, file: &str) -> Result<Version, ManifestError> {
    let wheel: mach_nix_tags::WheelFilename = file
        .parse()
        .map_err(|error: mach_nix_tags::FilenameError| table.error(error.to_string()))?;
    Ok(wheel.version().clone())
}

/// A package to build. The caller sets the remaining fields.
pub fn source_tree(
    table: &Table<'_>,
    name: &PackageName,
    extras: &[ExtraName],
    kind: SourceKind,
    url: Url,
    marker: Marker,
    files: &[ForeignFile],
) -> SourceTree {
    let hashes: Vec<Digest> = files.iter().filter_map(|file| file.hash).collect();
    let requirement = Requirement {
        name: name.clone(),
        extras: extras.to_vec(),
        version_or_url: Some(VersionOrUrl::Url(url.clone())),
        marker: marker.clone(),
    };
    SourceTree {
        kind,
        location: table.location(with_hashes(requirement.to_string(), &hashes)),
        url,
        name: Some(name.clone()),
        extras: requirement.extras,
        marker,
        editable: false,
        hashes,
        is_locked: true,
    }
}

/// Appends hashes in pip's syntax.
pub fn with_hashes(mut text: String, hashes: &[Digest]) -> String {
    for hash in hashes {
        text.push_str(" --hash=");
        text.push_str(&hash.to_pip());
    }
    text
}

/// A digest in the form `ALGORITHM:HEX`; `None` for broken or unknown algorithms.
pub fn strong(text: &str) -> Result<Option<Digest>, String> {
    let algorithm = text.split(':').next().unwrap_or_default();
    let is_strong = Digest::ALGORITHMS.contains(&algorithm);
    is_strong.then(|| crate::package::hash(text)).transpose()
}
