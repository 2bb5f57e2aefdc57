//! The `source` of a package in `uv.lock`: its registry, or the address of its files.
//!
//! The shapes are those of uv's reader: `registry` (a URL, or the path of a folder of files), `git`, `url`, `path`,
//! `directory`, `editable` and `virtual`.

use std::path::Path;

use url::Url;

use crate::address::set_subdirectory;
use crate::foreign::address::{repository_url, url_of_path};
use crate::toml_item::{Item, Table};
use crate::{ManifestError, SourceKind};

/// The shape of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Registry,
    Git,
    Url,
    Path,
    Directory,
    Editable,
    Virtual,
}

const SHAPES: [(&str, Shape); 7] = [
    ("registry", Shape::Registry),
    ("git", Shape::Git),
    ("url", Shape::Url),
    ("path", Shape::Path),
    ("directory", Shape::Directory),
    ("editable", Shape::Editable),
    ("virtual", Shape::Virtual),
];

/// A source; two packages of the same name differ in it.
#[derive(Clone)]
pub struct Source<'a> {
    pub shape: Shape,
    item: Item<'a>,
    address: &'a str,
    subdirectory: Option<&'a str>,
}

impl PartialEq for Source<'_> {
    fn eq(&self, other: &Self) -> bool {
        let key = |source: &Self| (source.shape, source.address.to_owned());
        key(self) == key(other)
    }
}

impl<'a> Source<'a> {
    /// Parses tables such as `{ registry = "https://…" }`.
    pub fn read(table: &Table<'a>) -> Result<Self, ManifestError> {
        let known = SHAPES
            .into_iter()
            .find_map(|(key, shape)| Some((shape, table.get(key)?)));
        let Some((shape, item)) = known else {
            return Err(table.error(
                "unknown kind of source: export the lock with `uv export --format pylock.toml -o pylock.toml`, and \
                 give that file",
            ));
        };
        // Early releases of uv wrote `{ registry = { path = "…" } }`.
        let address = if let Some(address) = item.maybe_string() {
            address
        } else {
            let inner = item.table()?;
            inner.get("path").or(inner.get("url")).unwrap_or(item).string()?
        };
        Ok(Self {
            shape,
            item,
            address,
            subdirectory: table.string("subdirectory")?,
        })
    }

    /// Whether it is the folder of the lock, that is, the project itself.
    pub fn is_root(&self) -> bool {
        matches!(self.shape, Shape::Directory | Shape::Editable | Shape::Virtual)
            && matches!(self.address, "." | "")
    }

    /// The kind of source to build; `None` for a package of a registry.
    pub fn kind(&self) -> Option<SourceKind> {
        match self.shape {
            Shape::Registry => None,
            Shape::Git => Some(SourceKind::Repository),
            Shape::Url | Shape::Path => Some(SourceKind::Archive),
            Shape::Directory | Shape::Editable | Shape::Virtual => Some(SourceKind::Folder),
        }
    }

    /// The address: of the registry, the file, the folder or the commit.
    pub fn url(&self, folder: &Path) -> Result<Url, ManifestError> {
        match self.shape {
            Shape::Git => self.commit(),
            Shape::Registry if !self.address.contains("://") => url_of_path(self.item, self.address, folder),
            Shape::Registry | Shape::Url => {
                let mut url = self.parsed(self.address)?;
                set_subdirectory(&mut url, self.subdirectory);
                Ok(url)
            }
            Shape::Path | Shape::Directory | Shape::Editable | Shape::Virtual => {
                url_of_path(self.item, self.address, folder)
            }
        }
    }

    /// `https://host/repository?rev=main&subdirectory=folder#COMMIT`: the query has the requested revision, the
    /// fragment the resolved commit.
    fn commit(&self) -> Result<Url, ManifestError> {
        let mut url = self.parsed(self.address)?;
        let Some(commit) = url.fragment().map(str::to_owned) else {
            return Err(self
                .item
                .error("the source has no commit: regenerate the lock with `uv lock`"));
        };
        let mut subdirectory = None;
        for (key, value) in url.query_pairs() {
            match key.as_ref() {
                "subdirectory" => subdirectory = Some(value.into_owned()),
                "path" => {
                    return Err(self.item.error(
                        "an archive within a repository is not supported: give the address of the archive with `url`",
                    ));
                }
                _ => {}
            }
        }
        url.set_query(None);
        url.set_fragment(None);
        repository_url(self.item, url.as_str(), &commit, subdirectory.as_deref())
    }

    fn parsed(&self, text: &str) -> Result<Url, ManifestError> {
        text.parse()
            .map_err(|_| self.item.error(format!("`{text}` is not a URL")))
    }
}
