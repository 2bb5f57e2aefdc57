//! Locks of other tools: pylock.toml (PEP 751), uv.lock and poetry.lock.
//!
//! Each reader selects (extras, groups) and gives one value; what it knows of files is kept.

mod poetry;
mod pylock;
mod uv;

use mach_nix_hash::Sha256;
use mach_nix_model::{
    DEFAULT_INDEX, DistributionFile, ExtraName, Marker, MarkerTree, MetadataFile, PackageName, Requirement,
    Timestamp, Version, VersionOrUrl, Yanked, file_url,
};
use pep440_rs::{VersionSpecifier, VersionSpecifiers};
use url::Url;

use crate::document::Document;
use crate::toml_item::{Item, Table};
use crate::{Entry, Location, ManifestError, Requirements, RequiresPython, SourceKind, SourceTree};

pub use poetry::parse_poetry_lock;
pub use pylock::parse_pylock;
pub use uv::parse_uv_lock;

/// The requirements in the lock of another tool, for a selection of extras and groups.
#[derive(Debug, Clone, Default)]
pub struct ForeignLock {
    /// The packages, in the order of the file. A name occurs several times where its version depends on the marker.
    pub packages: Vec<ForeignPackage>,
    /// The packages that are locked to sources outside of any index, and have to be built.
    pub sources: Vec<SourceTree>,
    /// The Python versions that the lock is for.
    pub requires_python: Option<RequiresPython>,
    /// Settings that changed the resolution of the other tool and are not followed here.
    pub warnings: Vec<String>,
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
    /// The index that it comes from, where the lock says; a `file:` URL is a folder of files.
    pub index: Option<Url>,
    /// When it is installed.
    pub marker: Marker,
    /// The files that are allowed.
    pub files: Vec<ForeignFile>,
    /// Its dependencies, if the lock has them.
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
    /// When it was uploaded, if the lock says.
    pub upload_time: Option<Timestamp>,
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

impl ForeignFile {
    /// The file as an index would list it, where its address is known.
    #[must_use]
    pub fn distribution(&self) -> Option<DistributionFile> {
        Some(DistributionFile {
            filename: self.name.as_str().into(),
            url: self.url.as_ref()?.as_str().into(),
            hash: self.hash,
            size: self.size,
            requires_python: None,
            yanked: Yanked::No,
            upload_time: self.upload_time,
            metadata_file: MetadataFile::Unannounced,
        })
    }
}

impl ForeignLock {
    /// The lock as pinned requirements with the hashes of all files that it allows.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let exact =
            |package: &ForeignPackage| self.packages.iter().any(|other| package.is_confused_with(other));
        let entries = self.packages.iter().map(|package| package.entry(exact(package)));
        entries.collect()
    }

    /// The lock as requirements.
    #[must_use]
    pub fn into_requirements(self) -> Requirements {
        let mut found = Requirements::default();
        for entry in self.entries() {
            found.add(entry);
        }
        found.options.index_of = self.index_of();
        found.options.files_of = self.files_of();
        found
            .lines
            .extend(self.sources.iter().map(|source| source.location.text.clone()));
        found.sources = self.sources;
        found.requires_python.extend(self.requires_python);
        found.warnings = self.warnings;
        found
    }

    /// The indexes of the packages that do not come from the public one only.
    fn index_of(&self) -> Vec<(PackageName, Vec<Url>)> {
        let mut indexes: Vec<(PackageName, Vec<Url>)> = Vec::new();
        for package in &self.packages {
            let Some(index) = &package.index else { continue };
            match indexes.iter_mut().find(|(name, _)| *name == package.name) {
                Some((_, of_name)) if of_name.contains(index) => {}
                Some((_, of_name)) => of_name.push(index.clone()),
                None => indexes.push((package.name.clone(), vec![index.clone()])),
            }
        }
        indexes.retain(|(_, of_name)| !of_name.iter().all(is_public));
        indexes
    }

    /// The files of packages for which the lock names no index, but the address of each file.
    fn files_of(&self) -> Vec<(PackageName, Vec<ForeignFile>)> {
        let is_listed = |package: &&ForeignPackage| {
            package.index.is_none()
                && package.url.is_none()
                && !package.files.is_empty()
                && package.files.iter().all(|file| file.url.is_some())
        };
        let listed = self.packages.iter().filter(is_listed);
        listed
            .map(|package| (package.name.clone(), package.files.clone()))
            .collect()
    }
}

/// Whether an index is the one that is used where nothing is said, with or without the closing slash.
fn is_public(index: &Url) -> bool {
    index.as_str().trim_end_matches('/') == DEFAULT_INDEX.trim_end_matches('/')
}

impl ForeignPackage {
    /// Whether `==` with this version would also mean another locked package: `==2.5.1` matches `2.5.1+cpu`.
    fn is_confused_with(&self, other: &Self) -> bool {
        self.name == other.name
            && !self.version.is_local()
            && other.version.is_local()
            && other.version.clone().without_local() == self.version
    }

    /// `name==version ; marker` or `name @ url ; marker`, with hashes; the text has them as pip writes them. `exact` writes
    /// `===`.
    fn entry(&self, exact: bool) -> Entry {
        let pin = || {
            let plain = VersionSpecifier::equals_version(self.version.clone());
            let exactly = format!("==={}", self.version).parse();
            VersionOrUrl::VersionSpecifier(VersionSpecifiers::from(
                exactly.ok().filter(|_| exact).unwrap_or(plain),
            ))
        };
        let version_or_url = match &self.url {
            Some(url) => VersionOrUrl::Url(url.clone()),
            None => pin(),
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
        Entry {
            location: Location {
                text: with_hashes(requirement.to_string(), &hashes),
                ..self.location.clone()
            },
            requirement,
            hashes,
            is_locked: true,
        }
    }
}

/// A line as pip writes it.
fn with_hashes(mut text: String, hashes: &[Sha256]) -> String {
    for hash in hashes {
        text.push_str(" --hash=sha256:");
        text.push_str(&hash.to_hex());
    }
    text
}

/// A package that has to be built; what is not said here is for the caller to fill in.
fn source_tree(
    table: &Table<'_>,
    name: &PackageName,
    kind: SourceKind,
    url: Url,
    marker: Marker,
    files: &[ForeignFile],
) -> SourceTree {
    let hashes: Vec<Sha256> = files.iter().filter_map(|file| file.hash).collect();
    let text = if marker.is_true() {
        format!("{name} @ {url}")
    } else {
        format!("{name} @ {url} ; {marker}")
    };
    SourceTree {
        kind,
        location: table.location(with_hashes(text, &hashes)),
        url,
        name: Some(name.clone()),
        extras: Vec::new(),
        marker,
        editable: false,
        hashes,
        is_locked: true,
    }
}

/// Whether the file at an address is a wheel by its name.
fn is_wheel(url: &Url) -> bool {
    file_name(url.path()).to_ascii_lowercase().ends_with(".whl")
}

/// The address of a project in a commit: `git+https://host/repository@COMMIT#subdirectory=…`. `git@host:path` is how
/// people write `ssh://git@host/path`.
fn repository_url(
    item: Item<'_>,
    repository: &str,
    commit: &str,
    subdirectory: Option<&str>,
) -> Result<Url, ManifestError> {
    let repository = match repository.split_once(':') {
        Some((host, path)) if !path.starts_with("//") && !host.contains('/') => {
            format!("ssh://{host}/{}", path.trim_start_matches('/'))
        }
        _ => repository.to_owned(),
    };
    let mut url: Url = format!("git+{repository}@{commit}")
        .parse()
        .map_err(|_| item.error(format!("`{repository}` is not a URL")))?;
    set_subdirectory(&mut url, subdirectory);
    Ok(url)
}

/// Says in which folder of an archive or repository the project is.
fn set_subdirectory(url: &mut Url, subdirectory: Option<&str>) {
    if let Some(folder) = subdirectory.filter(|folder| !matches!(*folder, "" | ".")) {
        url.set_fragment(Some(&format!("subdirectory={folder}")));
    }
}

/// A relative path of a lock is seen from the lock's folder.
fn url_of_path(item: Item<'_>, text: &str, folder: &std::path::Path) -> Result<Url, ManifestError> {
    let shown = std::path::Path::new(&item.document.shown);
    let beside = shown
        .parent()
        .map_or_else(|| folder.to_owned(), |parent| folder.join(parent));
    let path = crate::document::normalized(&beside.join(text));
    file_url(&path).ok_or_else(|| item.error(format!("`{}` is not an absolute path", path.display())))
}

/// The name at the end of a URL or path.
fn file_name(address: &str) -> String {
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let name = address[..end].rsplit('/').next().unwrap_or_default();
    percent_encoding::percent_decode_str(name)
        .decode_utf8_lossy()
        .into_owned()
}

/// Files without any SHA-256 cannot be checked. What an address leads to needs one; an index has digests itself.
fn check_hashes(
    package: &Table<'_>,
    name: &PackageName,
    files: &[ForeignFile],
    is_direct: bool,
) -> Result<(), ManifestError> {
    if (is_direct || !files.is_empty()) && files.iter().all(|file| file.hash.is_none()) {
        return Err(package.error(format!(
            "no file of `{name}` has a SHA-256 digest: renew the lock with a current version of the tool"
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
