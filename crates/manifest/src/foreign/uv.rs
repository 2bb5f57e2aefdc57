//! `uv.lock`.
//!
//! The format is not specified; facts are from its reader in uv (the crate `uv-resolver`). A package has no marker of
//! its own: when it is installed follows from the ways that lead to it from the project, so these are followed here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mach_nix_model::{ExtraName, Marker, MarkerTree, PackageName, Version};
use url::Url;

use super::{
    ForeignDependency, ForeignFile, ForeignLock, ForeignPackage, check_hashes, file_name, marker_tree,
    source_text, url_of_path,
};
use crate::document::Document;
use crate::selection::{known, without_extras};
use crate::toml_item::{Item, Table, parse};
use crate::{ManifestError, Selection, SourceKind, SourceTree, Surroundings};

/// Reads a `uv.lock`: what the project needs, with the selected extras and groups.
///
/// # Errors
/// When the file cannot be read, is of another version of the format, or lacks an extra or group that is asked for.
pub fn parse_uv_lock(
    path: &Path,
    selection: &Selection,
    surroundings: &Surroundings<'_>,
) -> Result<ForeignLock, ManifestError> {
    let document = Document::open(path, surroundings)?;
    let values = parse(&document, &document.text)?;
    let root = Table::root(&document, &values);
    let version = root.required("version")?;
    if version.size()? != 1 {
        return Err(version.error("this version of uv.lock is not known: export it with `uv export --format pylock.toml`, and give that"));
    }
    let mut nodes = Vec::new();
    for item in root.array("package")? {
        nodes.push(Node::read(item.table()?)?);
    }
    let graph = Graph {
        nodes,
        markers: BTreeMap::new(),
    };
    let markers = graph.follow(&root, selection)?;
    let mut lock = ForeignLock {
        requires_python: root
            .get("requires-python")
            .map(|item| item.requires_python())
            .transpose()?,
        ..ForeignLock::default()
    };
    for (node, marker) in markers
        .nodes
        .iter()
        .enumerate()
        .map(|(at, node)| (node, markers.marker(at)))
    {
        if !marker.is_false() && !node.is_root {
            node.add_to(&mut lock, Marker::from(&marker), surroundings.folder)?;
        }
    }
    Ok(lock)
}

struct Node<'a> {
    table: Table<'a>,
    name: PackageName,
    version: Option<Version>,
    source: Option<Table<'a>>,
    /// Whether it is the project, or a member of its workspace.
    is_root: bool,
    /// Where it counts, if the lock has forks.
    forks: MarkerTree,
    dependencies: Vec<Edge>,
    extras: BTreeMap<ExtraName, Vec<Edge>>,
    groups: BTreeMap<ExtraName, Vec<Edge>>,
}

struct Edge {
    to: ForeignDependency,
    /// When it is needed.
    marker: MarkerTree,
    /// `kind` and address of the source, where the lock has several.
    source: Option<(String, String)>,
}

impl<'a> Node<'a> {
    fn read(table: Table<'a>) -> Result<Self, ManifestError> {
        let source = table.table("source")?;
        let mut forks = MarkerTree::FALSE;
        let markers = table.array("resolution-markers")?;
        for item in &markers {
            forks.or(marker_tree(*item)?);
        }
        let is_root = match source_of(source.as_ref()) {
            Some((kind, address)) => kind == "virtual" || (kind == "editable" && address == "."),
            None => false,
        };
        Ok(Self {
            name: table.required("name")?.package_name()?,
            version: table
                .get("version")
                .map(|item| item.parsed("version"))
                .transpose()?,
            is_root,
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

    fn add_to(&self, lock: &mut ForeignLock, marker: Marker, folder: &Path) -> Result<(), ManifestError> {
        let table = &self.table;
        let mut files = Vec::new();
        for item in table.array("wheels")?.into_iter().chain(table.get("sdist")) {
            files.push(file(&item.table()?)?);
        }
        let mut direct = None;
        if let Some((kind, address)) = source_of(self.source.as_ref())
            && kind != "registry"
        {
            let item = self
                .source
                .and_then(|source| source.entries().into_iter().next())
                .map(|(_, item)| item);
            let item = item.ok_or_else(|| table.error("this package has no source"))?;
            let url = address_of(kind, address, item, folder)?;
            if !file_name(url.path()).ends_with(".whl") {
                lock.sources.push(self.source_tree(kind, url, marker, &files));
                return Ok(());
            }
            direct = Some(url);
        }
        check_hashes(table, &self.name, &files)?;
        let Some(version) = self.version.clone() else {
            return Err(table.error(format!("`{}` has no version", self.name)));
        };
        lock.packages.push(ForeignPackage {
            name: self.name.clone(),
            version,
            url: direct,
            marker,
            files,
            dependencies: self.dependencies.iter().map(|edge| edge.to.clone()).collect(),
            location: table.location(""),
        });
        Ok(())
    }

    fn source_tree(&self, kind: &str, url: Url, marker: Marker, files: &[ForeignFile]) -> SourceTree {
        SourceTree {
            kind: match kind {
                "git" => SourceKind::Repository,
                "url" | "path" => SourceKind::Archive,
                _ => SourceKind::Folder,
            },
            location: self.table.location(source_text(&self.name, &url, &marker)),
            url,
            name: Some(self.name.clone()),
            extras: Vec::new(),
            marker,
            editable: kind == "editable",
            hashes: files.iter().filter_map(|file| file.hash).collect(),
        }
    }
}

/// The address of a source that is no index.
fn address_of(kind: &str, address: &str, item: Item<'_>, folder: &Path) -> Result<Url, ManifestError> {
    let parsed = |text: &str| {
        text.parse()
            .map_err(|_| item.error(format!("`{text}` is no URL")))
    };
    match kind {
        "url" => parsed(address),
        "git" => parsed(&format!("git+{address}")),
        _ => url_of_path(item, address, folder),
    }
}

/// The kind of a source and its address: `{ registry = "https://…" }`.
fn source_of<'a>(source: Option<&Table<'a>>) -> Option<(&'a str, &'a str)> {
    source?
        .entries()
        .into_iter()
        .find(|(kind, _)| {
            matches!(
                *kind,
                "registry" | "git" | "url" | "path" | "directory" | "editable" | "virtual"
            )
        })
        // A registry may be a table, `{ path = "…" }`: then two of them are not told apart.
        .map(|(kind, item)| (kind, item.maybe_string().unwrap_or_default()))
}

fn named_edges(table: Option<Table<'_>>) -> Result<BTreeMap<ExtraName, Vec<Edge>>, ManifestError> {
    let mut named = BTreeMap::new();
    for (name, item) in table.iter().flat_map(Table::entries) {
        let name = name
            .parse()
            .map_err(|_| item.error(format!("`{name}` is no name of an extra or group")))?;
        named.insert(name, edges(&item.array()?)?);
    }
    Ok(named)
}

fn edges(items: &[Item<'_>]) -> Result<Vec<Edge>, ManifestError> {
    let mut edges = Vec::new();
    for item in items {
        let table = item.table()?;
        let mut extras = Vec::new();
        for extra in table.array("extra")? {
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
            source: source_of(source.as_ref()).map(|(kind, address)| (kind.to_owned(), address.to_owned())),
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
        // The sdist of a git source, say, has no address.
        (None, None) => "",
    };
    let hash = table.get("hash");
    let hash = match hash.map(|item| item.string()).transpose()? {
        Some(text) if text.starts_with("sha256:") => {
            Some(crate::package::hash(text).map_err(|reason| table.error(reason))?)
        }
        _ => None,
    };
    Ok(ForeignFile {
        name: file_name(address),
        url: url.map(|url| url.parsed("URL")).transpose()?,
        hash,
        size: table.get("size").map(|size| size.size()).transpose()?,
    })
}

/// A package, or one of its extras.
type Key = (usize, Option<ExtraName>);

struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    /// When each is installed, as far as is known.
    markers: BTreeMap<Key, MarkerTree>,
}

impl Graph<'_> {
    fn marker(&self, node: usize) -> MarkerTree {
        self.markers
            .get(&(node, None))
            .cloned()
            .unwrap_or(MarkerTree::FALSE)
    }

    /// Follows all ways from the project. Markers only grow on the way, and there are finitely many, so it ends.
    fn follow(mut self, root: &Table<'_>, selection: &Selection) -> Result<Self, ManifestError> {
        let mut queue: Vec<Key> = Vec::new();
        let roots: Vec<usize> = (0..self.nodes.len())
            .filter(|at| self.nodes[*at].is_root)
            .collect();
        self.check(root, &roots, selection)?;
        let manifest = root.table("manifest")?;
        let requirements = manifest
            .map(|manifest| manifest.array("requirements"))
            .transpose()?
            .unwrap_or_default();
        let mut starts: Vec<(Key, MarkerTree)> = Vec::new();
        for at in &roots {
            starts.push(((*at, None), MarkerTree::TRUE));
            let extras = selection
                .extras
                .iter()
                .filter(|extra| self.nodes[*at].extras.contains_key(*extra));
            starts.extend(extras.map(|extra| ((*at, Some(extra.clone())), MarkerTree::TRUE)));
            for group in &selection.groups {
                for edge in self.nodes[*at].groups.get(group).into_iter().flatten() {
                    starts.extend(self.targets(edge, &MarkerTree::TRUE));
                }
            }
        }
        // The lock of a script has no project; its requirements are recorded apart.
        for edge in edges(&requirements)? {
            starts.extend(self.targets(&edge, &MarkerTree::TRUE));
        }
        if starts.is_empty() {
            starts.extend((0..self.nodes.len()).map(|at| ((at, None), self.nodes[at].forks.clone())));
        }
        for (key, marker) in starts {
            self.grow(key, marker, &mut queue);
        }
        while let Some(key) = queue.pop() {
            let marker = self.markers[&key].clone();
            let node = &self.nodes[key.0];
            let edges = match &key.1 {
                None => Some(&node.dependencies),
                Some(extra) => node.extras.get(extra),
            };
            let reached: Vec<_> = edges
                .into_iter()
                .flatten()
                .flat_map(|edge| self.targets(edge, &marker))
                .collect();
            for (key, marker) in reached {
                self.grow(key, marker, &mut queue);
            }
        }
        Ok(self)
    }

    fn grow(&mut self, key: Key, marker: MarkerTree, queue: &mut Vec<Key>) {
        let known = self.markers.entry(key.clone()).or_insert(MarkerTree::FALSE);
        let mut grown = known.clone();
        grown.or(marker);
        if grown != *known {
            *known = grown;
            queue.push(key);
        }
    }

    /// What an edge leads to: the package and the extras it asks for.
    fn targets(&self, edge: &Edge, marker: &MarkerTree) -> Vec<(Key, MarkerTree)> {
        let mut condition = without_extras(&edge.marker, &BTreeSet::new());
        condition.and(marker.clone());
        let mut targets = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            let is_meant = node.name == edge.to.name
                && (edge.to.version.is_none() || edge.to.version == node.version)
                && edge.source.as_ref().is_none_or(|(kind, address)| {
                    source_of(node.source.as_ref()).is_some_and(|source| source == (kind, address))
                });
            let mut condition = condition.clone();
            condition.and(node.forks.clone());
            if is_meant && !condition.is_false() {
                targets.push(((at, None), condition.clone()));
                targets.extend(
                    edge.to
                        .extras
                        .iter()
                        .map(|extra| ((at, Some(extra.clone())), condition.clone())),
                );
            }
        }
        targets
    }

    fn check(&self, root: &Table<'_>, roots: &[usize], selection: &Selection) -> Result<(), ManifestError> {
        let extras: BTreeSet<_> = roots
            .iter()
            .flat_map(|at| self.nodes[*at].extras.keys())
            .collect();
        let groups: BTreeSet<_> = roots
            .iter()
            .flat_map(|at| self.nodes[*at].groups.keys())
            .collect();
        if let Some(extra) = selection.extras.iter().find(|extra| !extras.contains(extra)) {
            return Err(root
                .document
                .whole(format!("there is no extra `{extra}`: {}", known(&extras))));
        }
        if let Some(group) = selection.groups.iter().find(|group| !groups.contains(group)) {
            return Err(root
                .document
                .whole(format!("there is no group `{group}`: {}", known(&groups))));
        }
        Ok(())
    }
}
