//! A package of a `Pipfile.lock`.

use mach_nix_model::{ExtraName, Marker, MarkerTree, PackageName, Version, file_name};
use url::Url;

use super::sources::{PipfileSources, expanded};
use crate::address::{is_archive, set_subdirectory};
use crate::foreign::address::{is_wheel, repository_url, url_of_path};
use crate::foreign::fields::{check_hashes, marker_tree, source_tree, strong, wheel_version};
use crate::foreign::file::ForeignFile;
use crate::foreign::lock::{ForeignLock, ForeignPackage};
use crate::selection::without_extras;
use crate::toml_item::{Item, Table};
use crate::{ManifestError, ReadContext, SourceKind, SourceTree};

/// The remedy for a lock that Pipenv would not write.
pub const RENEW: &str = "regenerate it with a current Pipenv (`pipenv lock`)";

/// A package, with the conditions of all categories that have it.
pub struct PipfileEntry<'a> {
    table: Table<'a>,
    name: PackageName,
    extras: Vec<ExtraName>,
    marker: MarkerTree,
    pin: Pin,
    /// The index that the entry names.
    index: Option<Url>,
    files: Vec<ForeignFile>,
}

/// What is locked.
#[derive(PartialEq, Eq)]
enum Pin {
    /// A version in an index.
    Version(Version),
    /// A wheel at an address.
    Wheel(Url, Version),
    /// Something to build.
    Source {
        kind: SourceKind,
        url: Url,
        editable: bool,
    },
}

impl<'a> PipfileEntry<'a> {
    pub fn read(
        name: &str,
        item: Item<'a>,
        sources: &PipfileSources<'_>,
        context: &ReadContext<'_>,
    ) -> Result<Self, ManifestError> {
        let name: PackageName = name
            .parse()
            .map_err(|_| item.error(format!("`{name}` is not a package name")))?;
        let table = item.table()?;
        let mut extras = Vec::new();
        for extra in table.array("extras")? {
            extras.push(extra.parsed("name of an extra")?);
        }
        let marker = match table.get("markers") {
            Some(item) => without_extras(&marker_tree(item)?, &[].into()),
            None => MarkerTree::TRUE,
        };
        let mut files = Vec::new();
        for item in table.array("hashes")? {
            files.push(file(item)?);
        }
        let pin = Pin::read(&table, context)?;
        check(&table, &name, &pin, &files)?;
        let index = table.get("index").map(|item| sources.named(item)).transpose()?;
        Ok(Self {
            table,
            name,
            extras,
            marker,
            pin,
            index,
            files,
        })
    }

    /// Whether another category has the same. Only entries of the project's own requirements name an index.
    pub fn is_same(&self, other: &Self) -> bool {
        let same_index = self.index.is_none() || other.index.is_none() || self.index == other.index;
        self.name == other.name && self.pin == other.pin && same_index
    }

    /// Adds what another category has about the same package.
    pub fn merge(&mut self, other: Self) {
        self.marker.or(other.marker);
        self.index = self.index.take().or(other.index);
        self.extras.extend(other.extras);
        self.extras.sort();
        self.extras.dedup();
        for file in other.files {
            if !self.files.contains(&file) {
                self.files.push(file);
            }
        }
    }

    /// Adds the package to the contents of the lock.
    pub fn add_to(self, lock: &mut ForeignLock, sources: &PipfileSources<'_>) -> Result<(), ManifestError> {
        if self.marker.is_false() {
            return Ok(());
        }
        let (table, name) = (&self.table, self.name);
        let marker = Marker::from(&self.marker);
        let (version, url, index) = match self.pin {
            Pin::Source { kind, url, editable } => {
                let tree = source_tree(table, &name, &self.extras, kind, url, marker, &self.files);
                lock.sources.push(SourceTree {
                    name: tree.name.filter(|name| !is_digest(name.as_ref())),
                    editable,
                    ..tree
                });
                return Ok(());
            }
            Pin::Wheel(url, version) => (version, Some(url), None),
            Pin::Version(version) => (
                version,
                None,
                self.index
                    .map_or_else(|| sources.default(), |index| Ok(Some(index)))?,
            ),
        };
        lock.packages.push(ForeignPackage {
            name,
            extras: self.extras,
            version,
            url,
            index,
            marker,
            files: self.files,
            dependencies: Vec::new(),
            location: table.location(""),
        });
        Ok(())
    }
}

impl Pin {
    fn read(table: &Table<'_>, context: &ReadContext<'_>) -> Result<Self, ManifestError> {
        let editable = table.get("editable").map(|item| item.boolean()).transpose()?;
        let editable = editable.unwrap_or(false);
        let subdirectory = table.string("subdirectory")?;
        if let Some(item) = table.get("git") {
            let commit = table.required("ref")?.string()?;
            return Ok(Self::Source {
                kind: SourceKind::Repository,
                url: repository(item, commit, subdirectory, context)?,
                editable,
            });
        }
        if let Some(item) = ["hg", "svn", "bzr"].into_iter().find_map(|key| table.get(key)) {
            return Err(item.error(format!(
                "only Git commits are supported, and this is one of {}: give the address of an archive with `file` instead",
                item.key
            )));
        }
        if let Some(item) = table.get("file").or(table.get("path")) {
            let mut url = address(item, context)?;
            if is_wheel(&url) {
                let version = match table.get("version") {
                    Some(item) => version(item)?,
                    None => wheel_version(table, &file_name(url.path()))?,
                };
                return Ok(Self::Wheel(url, version));
            }
            let is_file = url.scheme() != "file" || is_archive(&file_name(url.path()));
            set_subdirectory(&mut url, subdirectory);
            let kind = if is_file {
                SourceKind::Archive
            } else {
                SourceKind::Folder
            };
            return Ok(Self::Source { kind, url, editable });
        }
        match table.get("version") {
            Some(item) => Ok(Self::Version(version(item)?)),
            None => Err(table.error(format!("the entry has no `version`: {RENEW}"))),
        }
    }
}

/// The digests of a package: a file at an address needs one.
fn check(
    table: &Table<'_>,
    name: &PackageName,
    pin: &Pin,
    files: &[ForeignFile],
) -> Result<(), ManifestError> {
    let is_file = match pin {
        Pin::Version(_) => false,
        Pin::Wheel(..) => true,
        Pin::Source { kind, .. } => *kind == SourceKind::Archive,
    };
    if is_file && files.is_empty() {
        return Err(table.error(format!(
            "the file of `{name}` has no digest: add its SHA-256 to the entry, as in `\"hashes\": [\"sha256:…\"]`"
        )));
    }
    check_hashes(table, name, files, is_file)
}

/// `==1.2.3`
fn version(item: Item<'_>) -> Result<Version, ManifestError> {
    let text = item.string()?;
    let pinned = text.strip_prefix("===").or(text.strip_prefix("=="));
    let version = pinned.and_then(|version| version.trim().parse().ok());
    version.ok_or_else(|| {
        item.error(format!(
            "`{text}` is not a locked version, as in `==1.2.3`: {RENEW}"
        ))
    })
}

/// A digest. The lock does not have the name of its file.
fn file(item: Item<'_>) -> Result<ForeignFile, ManifestError> {
    let hash = strong(item.string()?).map_err(|reason| item.error(reason))?;
    Ok(ForeignFile {
        name: String::new(),
        url: None,
        hash,
        size: None,
        upload_time: None,
    })
}

/// A commit of a repository, whose address may have the prefix `git+`, or be a path.
fn repository(
    item: Item<'_>,
    commit: &str,
    subdirectory: Option<&str>,
    context: &ReadContext<'_>,
) -> Result<Url, ManifestError> {
    let text = expanded(item, context)?;
    let text = text.strip_prefix("git+").unwrap_or(&text);
    if text.contains(':') {
        return repository_url(item, text, commit, subdirectory);
    }
    let folder = url_of_path(item, text, context.folder)?;
    repository_url(item, folder.as_str(), commit, subdirectory)
}

/// A URL, or a path relative to the lock.
fn address(item: Item<'_>, context: &ReadContext<'_>) -> Result<Url, ManifestError> {
    let text = expanded(item, context)?;
    if !text.contains("://") {
        return url_of_path(item, &text, context.folder);
    }
    text.parse().map_err(|_| {
        item.error(format!(
            "`{}` is not a URL",
            item.maybe_string().unwrap_or_default()
        ))
    })
}

/// Whether a name is the beginning of a digest, which Pipenv wrote for folders until 2023.
fn is_digest(name: &str) -> bool {
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    name.len() == 7 && digits > 0 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}
