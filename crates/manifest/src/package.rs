//! A requirement on its line: a dependency specifier, or the address of a file or folder, with its hashes.

use std::path::{Path, PathBuf};

use mach_nix_hash::Sha256;
use mach_nix_model::{ExtraName, Marker, PackageName, Requirement, VersionOrUrl};
use mach_nix_tags::WheelFilename;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::lines::Line;
use crate::options::{Name, Setting};
use crate::place::normalized;
use crate::source_tree::{SourceKind, SourceTree};
use crate::specifier::{self, Fault};
use crate::{Entry, ManifestError, Surroundings};

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
    /// A complaint about a character of the line.
    pub fn error(&self, column: usize, reason: impl Into<String>) -> ManifestError {
        let line = self.line;
        // Where variables were put in, columns are not those of the file.
        let column = if line.text == line.written { column } else { 0 };
        ManifestError {
            path: self.path.map(str::to_owned),
            line: line.number,
            column: line.indent + column + 1,
            text: " ".repeat(line.indent) + &line.written,
            reason: reason.into(),
        }
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
            Ok(Package::Entry(entry(place, requirement, hashes)))
        }
        Form::Url => {
            let (address, marker_at) = split_marker(text, true);
            address_of(place, address, marker_at, false, hashes, |address| {
                url(place, address)
            })
        }
        Form::Path => {
            let (address, marker_at) = split_marker(text, false);
            address_of(place, address, marker_at, false, hashes, |address| {
                local(place, address, surroundings)
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
            Form::Url => url(place, address),
            Form::Path | Form::Specifier => local(place, address, surroundings),
        }
    })
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

fn entry(place: Place<'_>, requirement: Requirement, hashes: Vec<Sha256>) -> Entry {
    Entry {
        requirement,
        text: place.line.written.clone(),
        path: place.path.map(str::to_owned),
        line: place.line.number,
        hashes,
        is_locked: false,
    }
}

enum Form {
    Specifier,
    Url,
    Path,
}

/// pip looks on the disk whether there is such a folder; here the look of the text decides: whatever has a `/` or
/// starts with a `.` where a name would stand, and names that end like an archive.
fn form(text: &str) -> Form {
    let end_of_scheme = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')));
    let scheme = end_of_scheme.map_or("", |end| {
        if text[end..].starts_with(':') {
            &text[..end]
        } else {
            ""
        }
    });
    let lower = scheme.to_ascii_lowercase();
    if text[scheme.len()..].starts_with("://") || lower == "file" || lower.contains('+') {
        return Form::Url;
    }
    let name_end = text
        .find(|c: char| {
            matches!(c, '<' | '>' | '=' | '!' | '~' | ';' | '[' | '(' | '@' | '/') || c.is_whitespace()
        })
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(name_end);
    let rest = rest.trim_start();
    if text.starts_with('.') || text.starts_with("~/") || rest.starts_with('/') {
        return Form::Path;
    }
    // `name @ URL` and `name[extra] @ URL` may end like an archive, too.
    let after_extras = match rest.strip_prefix('[').and_then(|extras| extras.split_once(']')) {
        Some((_, after)) => after.trim_start(),
        None => rest,
    };
    let is_alone = after_extras.is_empty() || after_extras.starts_with(';');
    if is_alone && (name.to_ascii_lowercase().ends_with(".whl") || is_archive(name)) {
        return Form::Path;
    }
    // Wheels have `!` and `+` in their names where the version has an epoch or a local part.
    let (whole, _) = split_marker(text, false);
    if whole.ends_with(".whl") && !whole.contains([' ', '@', '<', '>', '=', '~']) {
        return Form::Path;
    }
    Form::Specifier
}

fn is_archive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        ".zip",
        ".tar.gz",
        ".tgz",
        ".tar.bz2",
        ".tbz",
        ".tar.xz",
        ".txz",
        ".tar.lz",
        ".tar.lzma",
        ".tlz",
        ".tar",
    ]
    .iter()
    .any(|ending| name.ends_with(ending))
}

/// The address, and where its marker begins. A URL may have a `;` in it, so there white space must be beside it.
fn split_marker(text: &str, is_url: bool) -> (&str, Option<usize>) {
    let at = text.match_indices(';').map(|(at, _)| at).find(|at| {
        let spaced =
            text[..*at].ends_with(char::is_whitespace) || text[at + 1..].starts_with(char::is_whitespace);
        spaced || !is_url
    });
    (text[..at.unwrap_or(text.len())].trim_end(), at.map(|at| at + 1))
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
            let text = crate::options::split(&place.line.text)
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
    Ok(Package::Source(SourceTree {
        kind,
        name: egg
            .split('[')
            .next()
            .filter(|name| !name.is_empty())
            .and_then(|name| name.parse().ok()),
        url,
        extras,
        marker,
        editable,
        hashes,
        is_locked: false,
        text: place.line.written.clone(),
        path: place.path.map(str::to_owned),
        line: place.line.number,
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

fn url(place: Place<'_>, text: &str) -> Result<Url, ManifestError> {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("file:") && !lower.starts_with("file:/") {
        return Err(place.error(0, "a `file:` URL needs an absolute path, as in `file:///folder/name.whl`; write a relative one as a path"));
    }
    if text.contains(char::is_whitespace) {
        return Err(place.error(
            0,
            "a URL has no spaces: write `%20`, or take out what follows the URL",
        ));
    }
    Url::parse(text).map_err(|error| place.error(0, format!("this is no URL: {error}")))
}

/// A path, seen from the file that names it or from where the command runs.
fn local(place: Place<'_>, text: &str, surroundings: &Surroundings<'_>) -> Result<Url, ManifestError> {
    if text.starts_with('~') {
        return Err(place.error(
            0,
            "`~` is not expanded in requirements: write the path out, or use `${HOME}`",
        ));
    }
    // A path may have a `#` in it; only what is a fragment by its look is one.
    let (text, fragment) = match text.rsplit_once('#') {
        Some((path, fragment)) if is_fragment(fragment) => (path, Some(fragment)),
        _ => (text, None),
    };
    let folder = surroundings.folder;
    let beside = place.path.and_then(|file| Path::new(file).parent());
    let seen_from = |from: &Path| normalized(&folder.join(from).join(text));
    let candidates: Vec<PathBuf> = beside.into_iter().chain([folder]).map(seen_from).collect();
    let Some(path) = candidates.iter().find(|path| (surroundings.exists)(path)) else {
        let mut looked: Vec<String> = candidates
            .iter()
            .map(|path| format!("`{}`", path.display()))
            .collect();
        looked.dedup();
        return Err(place.error(
            0,
            format!("there is no {}: correct the path", looked.join(" and no ")),
        ));
    };
    let mut url = Url::from_file_path(path).map_err(|()| {
        place.error(
            0,
            format!(
                "`{}` is no absolute path: give the path from `/` on",
                path.display()
            ),
        )
    })?;
    url.set_fragment(fragment);
    Ok(url)
}

fn is_fragment(text: &str) -> bool {
    let keys = ["egg=", "subdirectory=", "sha256="];
    keys.iter().any(|key| text.starts_with(key))
}

fn file_name(url: &Url) -> String {
    let last = url.path_segments().and_then(|mut segments| segments.next_back());
    percent_decode_str(last.unwrap_or_default())
        .decode_utf8_lossy()
        .into_owned()
}

/// A value of the fragment, as in `#egg=name&sha256=…`.
pub fn fragment(url: &Url, key: &str) -> Option<String> {
    url.fragment()?
        .split('&')
        .find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))
        .map(|value| percent_decode_str(value).decode_utf8_lossy().into_owned())
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
            Name::GlobalOption | Name::ConfigSettings => {
                return Err(place.error(
                    0,
                    format!("`{}` is for builds and not supported: take it out", name.long()),
                ));
            }
            other => {
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
