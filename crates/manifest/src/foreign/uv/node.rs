//! A package of `uv.lock`, with its dependencies.

use std::collections::BTreeMap;
use std::path::Path;

use mach_nix_model::{ExtraName, Marker, MarkerTree, PackageName, Version, file_name};

use super::source::{Shape, Source};
use crate::foreign::address::is_wheel;
use crate::foreign::fields::{check_hashes, marker_tree, source_tree, strong};
use crate::foreign::file::ForeignFile;
use crate::foreign::lock::{ForeignDependency, ForeignLock, ForeignPackage};
use crate::toml_item::{Item, Table};
use crate::{ManifestError, SourceKind, SourceTree};

/// A package.
pub struct Node<'a> {
    table: Table<'a>,
    pub name: PackageName,
    pub version: Option<Version>,
    pub source: Option<Source<'a>>,
    /// The condition of its forks, if the lock has any.
    pub forks: MarkerTree,
    pub dependencies: Vec<Edge<'a>>,
    pub extras: BTreeMap<ExtraName, Vec<Edge<'a>>>,
    pub groups: BTreeMap<ExtraName, Vec<Edge<'a>>>,
}

/// A dependency.
pub struct Edge<'a> {
    pub to: ForeignDependency,
    /// The condition.
    pub marker: MarkerTree,
    /// The source, if the lock has several for the name.
    pub source: Option<Source<'a>>,
}

impl<'a> Node<'a> {
    /// Reads `[[package]]`.
    pub fn read(table: Table<'a>) -> Result<Self, ManifestError> {
        let source = table.table("source")?;
        let source = source.as_ref().map(Source::read).transpose()?;
        let mut forks = MarkerTree::FALSE;
        let markers = table.array("resolution-markers")?;
        for item in &markers {
            forks.or(marker_tree(*item)?);
        }
        Ok(Self {
            name: table.required("name")?.package_name()?,
            version: table
                .get("version")
                .map(|item| item.parsed("version"))
                .transpose()?,
            source,
            forks: if markers.is_empty() {
                MarkerTree::TRUE
            } else {
                forks
            },
            dependencies: edges(&table.array("dependencies")?)?,
            extras: named_edges(table.table("optional-dependencies")?)?,
            groups: named_edges(table.table("dev-dependencies")?)?,
            table,
        })
    }

    /// Whether it is the project of the lock.
    pub fn is_root(&self) -> bool {
        self.source.as_ref().is_some_and(Source::is_root)
    }

    /// Whether it is installable: a virtual package has only dependencies.
    pub fn is_installed(&self) -> bool {
        !self.is_root()
            && self
                .source
                .as_ref()
                .is_none_or(|source| source.shape != Shape::Virtual)
    }

    /// Adds the package to the lock's contents for the selection.
    pub fn add_to(&self, lock: &mut ForeignLock, marker: Marker, folder: &Path) -> Result<(), ManifestError> {
        let table = &self.table;
        let mut files = Vec::new();
        for item in table.array("wheels")?.into_iter().chain(table.get("sdist")) {
            files.push(file(&item.table()?)?);
        }
        let (mut direct, mut index) = (None, None);
        if let Some(source) = &self.source {
            let url = source.url(folder)?;
            match source.kind() {
                None => index = Some(url),
                Some(SourceKind::Archive) if is_wheel(&url) => direct = Some(url),
                Some(kind) => {
                    if kind == SourceKind::Archive {
                        check_hashes(table, &self.name, &files, true)?;
                    }
                    lock.sources.push(SourceTree {
                        editable: source.shape == Shape::Editable,
                        ..source_tree(table, &self.name, &[], kind, url, marker, &files)
                    });
                    return Ok(());
                }
            }
        }
        check_hashes(table, &self.name, &files, direct.is_some())?;
        let Some(version) = self.version.clone() else {
            return Err(table.error(format!("`{}` has no version", self.name)));
        };
        lock.packages.push(ForeignPackage {
            name: self.name.clone(),
            extras: Vec::new(),
            version,
            url: direct,
            index,
            marker,
            files,
            dependencies: self.dependencies.iter().map(|edge| edge.to.clone()).collect(),
            location: table.location(""),
        });
        Ok(())
    }
}

/// Tables of dependencies, by extra or group.
pub fn named_edges(table: Option<Table<'_>>) -> Result<BTreeMap<ExtraName, Vec<Edge<'_>>>, ManifestError> {
    let mut named = BTreeMap::new();
    for (name, item) in table.iter().flat_map(Table::entries) {
        let name = name
            .parse()
            .map_err(|_| item.error(format!("`{name}` is not the name of an extra or group")))?;
        named.insert(name, edges(&item.array()?)?);
    }
    Ok(named)
}

/// An array of dependencies.
pub fn edges<'a>(items: &[Item<'a>]) -> Result<Vec<Edge<'a>>, ManifestError> {
    let mut edges = Vec::new();
    for item in items {
        let table = item.table()?;
        let mut extras = Vec::new();
        // `extras` occurs in `[manifest]`, which has the requirements as written.
        for extra in table.array("extra")?.into_iter().chain(table.array("extras")?) {
            extras.push(extra.parsed("name of an extra")?);
        }
        let source = table.table("source")?;
        let marker = table
            .get("marker")
            .map(marker_tree)
            .transpose()?
            .unwrap_or(MarkerTree::TRUE);
        edges.push(Edge {
            to: ForeignDependency {
                name: table.required("name")?.package_name()?,
                version: table
                    .get("version")
                    .map(|item| item.parsed("version"))
                    .transpose()?,
                extras,
                marker: Marker::from(&marker),
            },
            marker,
            source: source.as_ref().map(Source::read).transpose()?,
        });
    }
    Ok(edges)
}

fn file(table: &Table<'_>) -> Result<ForeignFile, ManifestError> {
    let url = table.get("url");
    let path = table.string("path")?.or(table.string("filename")?);
    let address = match (&url, path) {
        (Some(url), _) => url.string()?,
        (None, Some(path)) => path,
        // For example, the sdist of a git source has no URL.
        (None, None) => "",
    };
    let hash = table.get("hash");
    let hash = match hash.map(|item| item.string()).transpose()? {
        Some(text) => strong(text).map_err(|reason| table.error(reason))?,
        None => None,
    };
    Ok(ForeignFile {
        name: file_name(address),
        url: url.map(|url| url.parsed("URL")).transpose()?,
        hash,
        size: table.get("size").map(|size| size.size()).transpose()?,
        upload_time: None,
    })
}
