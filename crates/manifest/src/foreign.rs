//! Locks of other tools: pylock.toml (PEP 751), uv.lock and poetry.lock.
//!
//! Each reader selects (extras, groups) and gives one value; what it knows of files is kept.

mod poetry;
mod pylock;
mod uv;

use mach_nix_hash::Sha256;
use mach_nix_model::{
    ExtraName, Marker, MarkerTree, PackageName, Requirement, Version, VersionOrUrl, file_url,
};
use pep440_rs::{VersionSpecifier, VersionSpecifiers};
use url::Url;

use crate::document::Document;
use crate::toml_item::{Item, Table};
use crate::{Entry, Location, ManifestError, Requirements, RequiresPython, SourceTree};

pub use poetry::parse_poetry_lock;
pub use pylock::parse_pylock;
pub use uv::parse_uv_lock;

/// What another tool's lock holds for a selection of extras and groups.
#[derive(Debug, Clone, Default)]
pub struct ForeignLock {
    /// The packages, in the order of the file. A name occurs several times where its version depends on the marker.
    pub packages: Vec<ForeignPackage>,
    /// The packages that are locked to sources outside of any index, and have to be built.
    pub sources: Vec<SourceTree>,
    /// The Python versions that the lock is for.
    pub requires_python: Option<RequiresPython>,
}

/// A locked package.
#[derive(Debug, Clone)]
pub struct ForeignPackage {
    /// The name in PEP 503 normal form.
    pub name: PackageName,
    /// The version.
    pub version: Version,
    /// The address of the wheel, where it comes from no index.
    pub url: Option<Url>,
    /// When it is installed.
    pub marker: Marker,
    /// The files that are allowed.
    pub files: Vec<ForeignFile>,
    /// What it needs, where the lock says.
    pub dependencies: Vec<ForeignDependency>,
    /// Where it is written.
    pub location: Location,
}

/// A file of a locked package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignFile {
    /// Its name.
    pub name: String,
    /// Where it is, if the lock says.
    pub url: Option<Url>,
    /// The digest of its content, if it is locked as SHA-256.
    pub hash: Option<Sha256>,
    /// Its size in bytes, if the lock says.
    pub size: Option<u64>,
}

/// A dependency of a locked package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignDependency {
    /// The name.
    pub name: PackageName,
    /// The version, where the lock has several.
    pub version: Option<Version>,
    /// The extras that are asked for.
    pub extras: Vec<ExtraName>,
    /// When it is needed.
    pub marker: Marker,
}

impl ForeignLock {
    /// The lock as pinned requirements with the hashes of all files that it allows.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.packages.iter().map(ForeignPackage::entry).collect()
    }

    /// The lock as requirements.
    #[must_use]
    pub fn into_requirements(self) -> Requirements {
        let mut found = Requirements::default();
        for entry in self.entries() {
            found.add(entry);
        }
        found
            .lines
            .extend(self.sources.iter().map(|source| source.location.text.clone()));
        found.sources = self.sources;
        found.requires_python.extend(self.requires_python);
        found
    }
}

impl ForeignPackage {
    /// `name==version ; marker` or `name @ url ; marker`, with hashes; the text has them as pip writes them.
    #[must_use]
    pub fn entry(&self) -> Entry {
        let version_or_url = match &self.url {
            Some(url) => VersionOrUrl::Url(url.clone()),
            None => VersionOrUrl::VersionSpecifier(VersionSpecifiers::from(
                VersionSpecifier::equals_version(self.version.clone()),
            )),
        };
        let requirement = Requirement {
            name: self.name.clone(),
            extras: Vec::new(),
            version_or_url: Some(version_or_url),
            marker: self.marker.clone(),
        };
        let mut hashes: Vec<Sha256> = self.files.iter().filter_map(|file| file.hash).collect();
        hashes.sort();
        hashes.dedup();
        let mut text = requirement.to_string();
        for hash in &hashes {
            text.push_str(" --hash=sha256:");
            text.push_str(&hash.to_hex());
        }
        Entry {
            requirement,
            location: Location {
                text,
                ..self.location.clone()
            },
            hashes,
        }
    }
}

/// The line of a package that has to be built, for messages and the digest.
fn source_text(name: &PackageName, url: &Url, marker: &Marker) -> String {
    if marker.is_true() {
        return format!("{name} @ {url}");
    }
    format!("{name} @ {url} ; {marker}")
}

/// A relative path of a lock is seen from the lock's folder.
fn url_of_path(item: Item<'_>, text: &str, folder: &std::path::Path) -> Result<Url, ManifestError> {
    let shown = std::path::Path::new(&item.document.shown);
    let beside = shown
        .parent()
        .map_or_else(|| folder.to_owned(), |parent| folder.join(parent));
    let path = crate::document::normalized(&beside.join(text));
    file_url(&path).ok_or_else(|| item.error(format!("`{}` is no absolute path", path.display())))
}

/// The name at the end of a URL or path.
fn file_name(address: &str) -> String {
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let name = address[..end].rsplit('/').next().unwrap_or_default();
    percent_encoding::percent_decode_str(name)
        .decode_utf8_lossy()
        .into_owned()
}

/// Files without any SHA-256 cannot be checked.
fn check_hashes(package: &Table<'_>, name: &PackageName, files: &[ForeignFile]) -> Result<(), ManifestError> {
    if !files.is_empty() && files.iter().all(|file| file.hash.is_none()) {
        return Err(package.error(format!(
            "no file of `{name}` has a SHA-256 digest: lock it anew with a current version of the tool"
        )));
    }
    Ok(())
}

/// A marker that is computed with: see [`crate::specifier::marker_tree`].
fn marker_tree(item: Item<'_>) -> Result<MarkerTree, ManifestError> {
    let text = item.string()?;
    crate::specifier::marker_tree(text).map_err(|fault| item.within(text, fault.column, fault.reason))
}

/// The version of a lock's format, of which only the first number matters.
fn check_format(
    document: &Document,
    item: Item<'_>,
    known: &[&str],
    renew: &str,
) -> Result<(), ManifestError> {
    let text = item.string()?;
    if known.contains(&text.split('.').next().unwrap_or_default()) {
        return Ok(());
    }
    Err(document.at(
        item.offset(),
        format!("the format `{text}` of this lock is not known: {renew}"),
    ))
}
