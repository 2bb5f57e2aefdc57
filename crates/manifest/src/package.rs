//! A requirement on its line: a dependency specifier, or the address of a file or folder, with its hashes.

use indexmap::IndexSet;
use mach_nix_hash::Digest;
use mach_nix_model::{ExtraName, Marker, PackageName, Requirement, VersionOrUrl, file_name, fragment};
use mach_nix_tags::WheelFilename;
use url::Url;

use crate::address::{Form, form, is_archive, split_marker};
use crate::file_line::FileLine;
use crate::line_options::{Name, Setting};
use crate::source_tree::{SourceKind, SourceTree};
use crate::specifier;
use crate::{Entry, ManifestError, ReadContext};

/// The package that a line requires.
pub enum Package {
    Entry(Entry),
    Source(SourceTree),
}

/// Parses the package of a line; `text` is the line without its options.
pub fn package(
    location: FileLine<'_>,
    text: &str,
    settings: &[Setting],
    context: &ReadContext<'_>,
) -> Result<Package, ManifestError> {
    let hashes = hashes(location, settings)?;
    match form(text) {
        Form::Specifier => {
            let requirement = specifier::requirement(text).map_err(|fault| location.fault(0, fault))?;
            check_wheel(location, &requirement)?;
            check_frozen(location, &requirement)?;
            Ok(Package::Entry(entry(location, requirement, hashes)))
        }
        Form::Url => {
            let (address, marker_at) = split_marker(text, true);
            address_of(location, address, marker_at, false, hashes, |address| {
                crate::address::url(location, address)
            })
        }
        Form::Path => {
            let (address, marker_at) = split_marker(text, false);
            address_of(location, address, marker_at, false, hashes, |address| {
                crate::address::local(location, without_scheme(address), context)
            })
        }
    }
}

/// Parses the value of `-e`.
pub fn editable(
    location: FileLine<'_>,
    text: &str,
    context: &ReadContext<'_>,
) -> Result<Package, ManifestError> {
    address_of(
        location,
        text.trim(),
        None,
        true,
        Vec::new(),
        |address| match form(address) {
            Form::Url => crate::address::url(location, address),
            Form::Path | Form::Specifier => crate::address::local(location, without_scheme(address), context),
        },
    )
}

/// The path after `file:`, as in pip.
fn without_scheme(address: &str) -> &str {
    match address.get(..5) {
        Some(scheme) if scheme.eq_ignore_ascii_case("file:") => &address[5..],
        _ => address,
    }
}

/// Checks that a wheel matches the name of its requirement.
fn check_wheel(location: FileLine<'_>, requirement: &Requirement) -> Result<(), ManifestError> {
    let Some(VersionOrUrl::Url(url)) = &requirement.version_or_url else {
        return Ok(());
    };
    let file_name = file_name(url.path());
    if !file_name.to_ascii_lowercase().ends_with(".whl") {
        return Ok(());
    }
    let wheel: WheelFilename = file_name
        .parse()
        .map_err(|error: mach_nix_tags::FilenameError| location.error(0, error.to_string()))?;
    if wheel.belongs_to(requirement.name.as_ref()) {
        return Ok(());
    }
    Err(location.error(
        0,
        format!(
            "`{file_name}` is a wheel of `{}`, not of `{}`: correct the name or the address",
            wheel.name(),
            requirement.name
        ),
    ))
}

/// Rejects a package that Debian's `pip freeze` lists, but that does not exist.
fn check_frozen(location: FileLine<'_>, requirement: &Requirement) -> Result<(), ManifestError> {
    let is_frozen = requirement.name.as_ref() == "pkg-resources" && location.line.text.contains("0.0.0");
    if is_frozen {
        return Err(location.error(
            0,
            "`pkg-resources` is a part of setuptools, which `pip freeze` of Debian lists by mistake: delete this line",
        ));
    }
    Ok(())
}

fn entry(location: FileLine<'_>, requirement: Requirement, hashes: Vec<Digest>) -> Entry {
    Entry {
        requirement,
        location: location.to_location(),
        hashes,
        is_locked: false,
    }
}

/// The package at an address.
fn address_of(
    location: FileLine<'_>,
    address: &str,
    marker_at: Option<usize>,
    editable: bool,
    hashes: Vec<Digest>,
    read: impl Fn(&str) -> Result<Url, ManifestError>,
) -> Result<Package, ManifestError> {
    let marker = match marker_at {
        // The marker extends to the end of the line or to the options.
        Some(at) => {
            let text = crate::line_options::split(&location.line.text)
                .0
                .get(at..)
                .unwrap_or_default();
            specifier::marker(text)
                .map_err(|fault| location.fault(location.line.text[..at].chars().count(), fault))?
        }
        None => Marker::TRUE,
    };
    let (address, extras) = extras(location, address)?;
    let url = read(address)?;
    let file_name = file_name(url.path());
    if file_name.to_ascii_lowercase().ends_with(".whl") && !editable {
        let wheel: WheelFilename = file_name
            .parse()
            .map_err(|error: mach_nix_tags::FilenameError| location.error(0, error.to_string()))?;
        let name: PackageName = wheel
            .name()
            .parse()
            .map_err(|_| location.error(0, format!("`{}` is not a package name", wheel.name())))?;
        let requirement = Requirement {
            name,
            extras,
            version_or_url: Some(VersionOrUrl::Url(url)),
            marker,
        };
        return Ok(Package::Entry(entry(location, requirement, hashes)));
    }
    let kind = if url.scheme().contains('+') || matches!(url.scheme(), "git" | "hg" | "svn" | "bzr" | "ssh") {
        SourceKind::Repository
    } else if is_archive(&file_name) || url.scheme() != "file" {
        SourceKind::Archive
    } else {
        SourceKind::Folder
    };
    let egg = fragment(&url, "egg").unwrap_or_default();
    let (egg, more) = self::extras(location, &egg)?;
    let mut extras = extras;
    extras.extend(more);
    extras.dedup();
    Ok(Package::Source(SourceTree {
        kind,
        name: (!egg.is_empty()).then(|| egg.parse().ok()).flatten(),
        url,
        extras,
        marker,
        editable,
        hashes,
        is_locked: false,
        location: location.to_location(),
    }))
}

/// `address[extra,other]`
fn extras<'a>(location: FileLine<'_>, address: &'a str) -> Result<(&'a str, Vec<ExtraName>), ManifestError> {
    let Some((before, names)) = address.strip_suffix(']').and_then(|text| text.rsplit_once('[')) else {
        return Ok((address, Vec::new()));
    };
    let mut extras = IndexSet::new();
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let extra = name
            .parse()
            .map_err(|_| location.error(0, format!("`{name}` is not a name of an extra")))?;
        extras.insert(extra);
    }
    Ok((before.trim_end(), extras.into_iter().collect()))
}

fn hashes(location: FileLine<'_>, settings: &[Setting]) -> Result<Vec<Digest>, ManifestError> {
    let mut hashes = IndexSet::new();
    for Setting { name, value } in settings {
        match name {
            Name::Hash => {
                hashes.insert(hash(value).map_err(|reason| location.error(0, reason))?);
            }
            other => {
                if let Some(reason) = other.for_builds() {
                    return Err(location.error(0, reason));
                }
                return Err(location.error(
                    0,
                    format!("`{}` does not apply to a single requirement, and pip would ignore it here: write it on its own line", other.long()),
                ));
            }
        }
    }
    Ok(hashes.into_iter().collect())
}

/// Parses `sha256:…`, as in `--hash` and in other tools' locks.
pub fn hash(text: &str) -> Result<Digest, String> {
    text.parse()
        .map_err(|error: mach_nix_hash::ParseDigestError| error.to_string())
}
