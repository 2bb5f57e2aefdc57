//! A requirement on its line: a dependency specifier, or the address of a file or folder, with its hashes.

use mach_nix_hash::Sha256;
use mach_nix_model::{ExtraName, Marker, PackageName, Requirement, VersionOrUrl};
use mach_nix_tags::WheelFilename;
use url::Url;

use crate::address::{Form, file_name, form, fragment, is_archive, split_marker};
use crate::line_options::{Name, Setting};
use crate::lines::Line;
use crate::source_tree::{SourceKind, SourceTree};
use crate::specifier::{self, Fault};
use crate::{Entry, Location, ManifestError, Surroundings};

/// What a line requires.
pub enum Package {
    Entry(Entry),
    Source(SourceTree),
}

/// A line, in the file it stands in.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub line: &'a Line,
    pub path: Option<&'a str>,
}

impl Place<'_> {
    /// The line without its indentation.
    pub fn location(&self) -> Location {
        let line = self.line;
        match self.path {
            Some(path) => Location::line(path, line.number, &line.written),
            None => Location::argument(&line.written),
        }
    }

    /// A complaint about a character of the line.
    pub fn error(&self, column: usize, reason: impl Into<String>) -> ManifestError {
        let line = self.line;
        // Where variables were put in, columns are not those of the file.
        let column = if line.text == line.written { column } else { 0 };
        let location = Location {
            column: line.indent + column + 1,
            text: " ".repeat(line.indent) + &line.written,
            ..self.location()
        };
        location.error(reason)
    }

    fn fault(&self, offset: usize, fault: Fault) -> ManifestError {
        if self.line.text != self.line.written {
            // What is wrong may quote what was put in.
            return self.error(
                0,
                "this is no requirement when the variables are put in: see that their values fit",
            );
        }
        self.error(offset + fault.column, fault.reason)
    }
}

/// Reads what a line requires; `text` is the line without its options.
pub fn package(
    place: Place<'_>,
    text: &str,
    settings: &[Setting],
    surroundings: &Surroundings<'_>,
) -> Result<Package, ManifestError> {
    let hashes = hashes(place, settings)?;
    match form(text) {
        Form::Specifier => {
            let requirement = specifier::requirement(text).map_err(|fault| place.fault(0, fault))?;
            check_wheel(place, &requirement)?;
            check_frozen(place, &requirement)?;
            Ok(Package::Entry(entry(place, requirement, hashes)))
        }
        Form::Url => {
            let (address, marker_at) = split_marker(text, true);
            address_of(place, address, marker_at, false, hashes, |address| {
                crate::address::url(place, address)
            })
        }
        Form::Path => {
            let (address, marker_at) = split_marker(text, false);
            address_of(place, address, marker_at, false, hashes, |address| {
                crate::address::local(place, without_scheme(address), surroundings)
            })
        }
    }
}

/// Reads the value of `-e`.
pub fn editable(
    place: Place<'_>,
    text: &str,
    surroundings: &Surroundings<'_>,
) -> Result<Package, ManifestError> {
    address_of(place, text.trim(), None, true, Vec::new(), |address| {
        match form(address) {
            Form::Url => crate::address::url(place, address),
            Form::Path | Form::Specifier => {
                crate::address::local(place, without_scheme(address), surroundings)
            }
        }
    })
}

/// A path after `file:`, as pip takes it.
fn without_scheme(address: &str) -> &str {
    match address.get(..5) {
        Some(scheme) if scheme.eq_ignore_ascii_case("file:") => &address[5..],
        _ => address,
    }
}

/// Whether a wheel is one of the package that it is said to be.
fn check_wheel(place: Place<'_>, requirement: &Requirement) -> Result<(), ManifestError> {
    let Some(VersionOrUrl::Url(url)) = &requirement.version_or_url else {
        return Ok(());
    };
    let file_name = file_name(url);
    if !file_name.to_ascii_lowercase().ends_with(".whl") {
        return Ok(());
    }
    let wheel: WheelFilename = file_name
        .parse()
        .map_err(|error: mach_nix_tags::FilenameError| place.error(0, error.to_string()))?;
    if wheel.belongs_to(requirement.name.as_ref()) {
        return Ok(());
    }
    Err(place.error(
        0,
        format!(
            "`{file_name}` is a wheel of `{}`, not of `{}`: correct the name or the address",
            wheel.name(),
            requirement.name
        ),
    ))
}

/// Debian's `pip freeze` lists a package that does not exist.
fn check_frozen(place: Place<'_>, requirement: &Requirement) -> Result<(), ManifestError> {
    let is_frozen = requirement.name.as_ref() == "pkg-resources" && place.line.text.contains("0.0.0");
    if is_frozen {
        return Err(place.error(
            0,
            "`pkg-resources` is a part of setuptools, which `pip freeze` of Debian lists by mistake: delete this line",
        ));
    }
    Ok(())
}

fn entry(place: Place<'_>, requirement: Requirement, hashes: Vec<Sha256>) -> Entry {
    Entry {
        requirement,
        location: place.location(),
        hashes,
    }
}

/// From an address to what is there.
fn address_of(
    place: Place<'_>,
    address: &str,
    marker_at: Option<usize>,
    editable: bool,
    hashes: Vec<Sha256>,
    read: impl Fn(&str) -> Result<Url, ManifestError>,
) -> Result<Package, ManifestError> {
    let marker = match marker_at {
        // The marker is a part of the line's text, to its end or to the options.
        Some(at) => {
            let text = crate::line_options::split(&place.line.text)
                .0
                .get(at..)
                .unwrap_or_default();
            specifier::marker(text)
                .map_err(|fault| place.fault(place.line.text[..at].chars().count(), fault))?
        }
        None => Marker::TRUE,
    };
    let (address, extras) = extras(place, address)?;
    let url = read(address)?;
    let file_name = file_name(&url);
    if file_name.to_ascii_lowercase().ends_with(".whl") && !editable {
        let wheel: WheelFilename = file_name
            .parse()
            .map_err(|error: mach_nix_tags::FilenameError| place.error(0, error.to_string()))?;
        let name: PackageName = wheel
            .name()
            .parse()
            .map_err(|_| place.error(0, format!("`{}` is no package name", wheel.name())))?;
        let requirement = Requirement {
            name,
            extras,
            version_or_url: Some(VersionOrUrl::Url(url)),
            marker,
        };
        return Ok(Package::Entry(entry(place, requirement, hashes)));
    }
    let kind = if url.scheme().contains('+') || matches!(url.scheme(), "git" | "hg" | "svn" | "bzr" | "ssh") {
        SourceKind::Repository
    } else if is_archive(&file_name) || url.scheme() != "file" {
        SourceKind::Archive
    } else {
        SourceKind::Folder
    };
    let egg = fragment(&url, "egg").unwrap_or_default();
    let (egg, more) = self::extras(place, &egg)?;
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
        location: place.location(),
    }))
}

/// `address[extra,other]`
fn extras<'a>(place: Place<'_>, address: &'a str) -> Result<(&'a str, Vec<ExtraName>), ManifestError> {
    let Some((before, names)) = address.strip_suffix(']').and_then(|text| text.rsplit_once('[')) else {
        return Ok((address, Vec::new()));
    };
    let mut extras = Vec::new();
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let extra = name
            .parse()
            .map_err(|_| place.error(0, format!("`{name}` is no name of an extra")))?;
        if !extras.contains(&extra) {
            extras.push(extra);
        }
    }
    Ok((before.trim_end(), extras))
}

fn hashes(place: Place<'_>, settings: &[Setting]) -> Result<Vec<Sha256>, ManifestError> {
    let mut hashes = Vec::new();
    for Setting { name, value } in settings {
        match name {
            Name::Hash => {
                let hash = hash(value).map_err(|reason| place.error(0, reason))?;
                if !hashes.contains(&hash) {
                    hashes.push(hash);
                }
            }
            other => {
                if let Some(reason) = other.for_builds() {
                    return Err(place.error(0, reason));
                }
                return Err(place.error(
                    0,
                    format!("`{}` does not belong to a requirement, and pip would ignore it here: write it on a line of its own", other.long()),
                ));
            }
        }
    }
    Ok(hashes)
}

/// `sha256:…` as in `--hash` and in other tools' locks.
pub fn hash(text: &str) -> Result<Sha256, String> {
    match text.split_once(':') {
        Some(("sha256", hex)) => Sha256::from_hex(hex).map_err(|error| error.to_string()),
        Some((algorithm, _)) => Err(format!(
            "hashes of the kind `{algorithm}` are not supported: use `sha256:` and 64 hexadecimal digits"
        )),
        None => Err(format!(
            "`{text}` is no hash: write `sha256:` and 64 hexadecimal digits"
        )),
    }
}
