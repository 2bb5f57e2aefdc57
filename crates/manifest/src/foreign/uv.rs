//! `uv.lock`.
//!
//! The format is not specified; this follows its reader in uv (the crate `uv-resolver`). A package has no marker of its
//! own: its condition follows from the paths in the dependency graph from the project to it.

mod graph;
mod node;
mod source;

use std::path::Path;

use mach_nix_model::Marker;

use super::lock::ForeignLock;
use crate::document::Document;
use crate::toml_item::{Table, parse};
use crate::{ManifestError, ReadContext, Selection};
use graph::Graph;
use node::Node;

/// Reads a `uv.lock`: the requirements of the project, with the selected extras and groups.
///
/// # Errors
/// If the file cannot be read, has another version of the format, or lacks a selected extra or group.
pub fn parse_uv_lock(
    path: &Path,
    selection: &Selection,
    context: &ReadContext<'_>,
) -> Result<ForeignLock, ManifestError> {
    let document = Document::open(path, context)?;
    let values = parse(&document, &document.text)?;
    let root = Table::root(&document, &values);
    let version = root.required("version")?;
    if version.size()? != 1 {
        return Err(version.error("unsupported version of uv.lock: export it with `uv export --format pylock.toml -o pylock.toml`, and give that file"));
    }
    let mut nodes = Vec::new();
    for item in root.array("package")? {
        nodes.push(Node::read(item.table()?)?);
    }
    let manifest = root.table("manifest")?;
    let graph = Graph::new(nodes).follow(&root, manifest, selection)?;
    let mut lock = ForeignLock {
        requires_python: root
            .get("requires-python")
            .map(|item| item.requires_python())
            .transpose()?,
        ..ForeignLock::default()
    };
    lock.warnings.extend(manifest.iter().flat_map(not_followed));
    for (at, node) in graph.nodes.iter().enumerate() {
        let marker = graph.marker(at);
        if !marker.is_false() && node.is_installed() {
            node.add_to(&mut lock, Marker::from(&marker), context.folder)?;
        }
    }
    Ok(lock)
}

/// Settings that change the metadata of packages: without them, the pins may conflict.
fn not_followed(manifest: &Table<'_>) -> Vec<String> {
    let keys = ["overrides", "excludes", "dependency-metadata"];
    let items = keys.into_iter().filter_map(|key| Some((key, manifest.get(key)?)));
    items
        .map(|(key, item)| {
            item.warning(&format!(
                "the lock was made with `{key}`, which mach-nix does not apply: where the packages then contradict each \
                 other, they are refused"
            ))
        })
        .collect()
}
