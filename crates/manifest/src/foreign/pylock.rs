//! `pylock.toml` (PEP 751): <https://packaging.python.org/en/latest/specifications/pylock-toml/>.

use std::collections::BTreeSet;
use std::path::Path;

use mach_nix_hash::Digest;
use mach_nix_model::{ExtraName, Marker, MarkerTree, PackageName, file_name};

use super::address::{is_wheel, repository_url, url_of_path};
use super::fields::{check_format, check_hashes, source_tree, wheel_version};
use super::file::ForeignFile;
use super::lock::{ForeignDependency, ForeignLock, ForeignPackage};
use crate::address::set_subdirectory;
use crate::document::Document;
use crate::selection::{known, without_extras};
use crate::toml_item::{Item, Table, parse};
use crate::{ManifestError, ReadContext, Selection, SourceKind, SourceTree, specifier};

/// Reads a `pylock.toml`. The default groups are not selected if other groups are.
///
/// # Errors
/// If the file cannot be read, does not conform to PEP 751, or lacks a selected extra or group.
pub fn parse_pylock(
    path: &Path,
    selection: &Selection,
    context: &ReadContext<'_>,
) -> Result<ForeignLock, ManifestError> {
    let document = Document::open(path, context)?;
    let values = parse(&document, &document.text)?;
    let root = Table::root(&document, &values);
    check_format(
        &document,
        root.required("lock-version")?,
        &["1"],
        "regenerate it with a tool that writes version 1.0",
    )?;
    let selected = selected(&root, selection)?;
    let mut lock = ForeignLock {
        requires_python: root
            .get("requires-python")
            .map(|item| item.requires_python())
            .transpose()?,
        ..ForeignLock::default()
    };
    for item in root.required("packages")?.array()? {
        package(&item.table()?, &selected, context.folder, &mut lock)?;
    }
    Ok(lock)
}

fn names(items: Vec<Item<'_>>) -> Result<BTreeSet<ExtraName>, ManifestError> {
    items.into_iter().map(|item| item.parsed("name")).collect()
}

fn selected(root: &Table<'_>, selection: &Selection) -> Result<Selection, ManifestError> {
    let extras = names(root.array("extras")?)?;
    let groups = names(root.array("dependency-groups")?)?;
    let default = names(root.array("default-groups")?)?;
    if let Some(extra) = selection.extras.difference(&extras).next() {
        return Err(root
            .document
            .whole(format!("there is no extra `{extra}`: {}", known(&extras))));
    }
    if let Some(group) = selection
        .groups
        .iter()
        .find(|group| !groups.contains(group) && !default.contains(group))
    {
        return Err(root
            .document
            .whole(format!("there is no group `{group}`: {}", known(&groups))));
    }
    Ok(Selection {
        extras: selection.extras.clone(),
        groups: if selection.groups.is_empty() {
            default
        } else {
            selection.groups.clone()
        },
    })
}

fn package(
    table: &Table<'_>,
    selected: &Selection,
    folder: &Path,
    lock: &mut ForeignLock,
) -> Result<(), ManifestError> {
    let name = table.required("name")?.package_name()?;
    let marker = match table.get("marker") {
        Some(item) => marker(item, selected)?,
        None => MarkerTree::TRUE,
    };
    if marker.is_false() {
        return Ok(());
    }
    let marker = Marker::from(&marker);
    let archive = table.get("archive");
    let mut files = Vec::new();
    for item in table
        .array("wheels")?
        .into_iter()
        .chain(table.get("sdist"))
        .chain(archive)
    {
        files.push(file(&item.table()?, folder)?);
    }
    check_hashes(table, &name, &files, archive.is_some())?;
    if let Some(source) = source(table, &name, &marker, folder, &files)? {
        lock.sources.push(source);
        return Ok(());
    }
    let url = archive.map(|item| address(&item.table()?, folder)).transpose()?;
    let version = match (table.get("version"), &url) {
        (Some(item), _) => item.parsed("version")?,
        (None, Some(url)) => wheel_version(table, &file_name(url.path()))?,
        (None, None) => table.required("version")?.parsed("version")?,
    };
    lock.packages.push(ForeignPackage {
        name,
        extras: Vec::new(),
        version,
        url,
        index: table.get("index").map(|item| item.parsed("URL")).transpose()?,
        marker,
        files,
        dependencies: dependencies(table)?,
        location: table.location(""),
    });
    Ok(())
}

/// Everything outside of an index needs a build, except for a wheel.
fn source(
    table: &Table<'_>,
    name: &PackageName,
    marker: &Marker,
    folder: &Path,
    files: &[ForeignFile],
) -> Result<Option<SourceTree>, ManifestError> {
    let (kind, url, editable) = if let Some(directory) = table.table("directory")? {
        let path = directory.required("path")?;
        let mut url = url_of_path(path, path.string()?, folder)?;
        set_subdirectory(&mut url, directory.string("subdirectory")?);
        let editable = directory.get("editable").map(|item| item.boolean()).transpose()?;
        (SourceKind::Folder, url, editable.unwrap_or(false))
    } else if let Some(vcs) = table.table("vcs")? {
        let item = vcs.required("type")?;
        if item.string()? != "git" {
            return Err(item.error(format!(
                "only Git commits are supported, and this is one of {}: give the address of an archive instead",
                item.string()?
            )));
        }
        let commit = vcs.required("commit-id")?.string()?;
        // A local repository may be given as a path.
        let repository = match vcs.string("url")? {
            Some(url) => url.to_owned(),
            None => address(&vcs, folder)?.to_string(),
        };
        let url = repository_url(item, &repository, commit, vcs.string("subdirectory")?)?;
        (SourceKind::Repository, url, false)
    } else if let Some(archive) = table.table("archive")? {
        let mut url = address(&archive, folder)?;
        if is_wheel(&url) {
            return Ok(None);
        }
        set_subdirectory(&mut url, archive.string("subdirectory")?);
        (SourceKind::Archive, url, false)
    } else {
        return Ok(None);
    };
    Ok(Some(SourceTree {
        editable,
        ..source_tree(table, name, &[], kind, url, marker.clone(), files)
    }))
}

/// `url` or `path`; `path` wins if both are present.
fn address(table: &Table<'_>, folder: &Path) -> Result<url::Url, ManifestError> {
    if let Some(path) = table.get("path") {
        return url_of_path(path, path.string()?, folder);
    }
    table.required("url")?.parsed("URL")
}

fn file(table: &Table<'_>, folder: &Path) -> Result<ForeignFile, ManifestError> {
    let written = match (table.string("path")?, table.string("url")?) {
        (Some(path), _) => path,
        (None, Some(url)) => url,
        (None, None) => return Err(table.error("this file has neither `url` nor `path`")),
    };
    let hash = table.required("hashes")?.table()?;
    let hash = digest(&hash)?;
    Ok(ForeignFile {
        name: table
            .string("name")?
            .map_or_else(|| file_name(written), str::to_owned),
        url: Some(address(table, folder)?),
        hash,
        size: table.get("size").map(|size| size.size()).transpose()?,
        upload_time: table.get("upload-time").and_then(|item| item.datetime()),
    })
}

/// The first strong digest of a file.
fn digest(hashes: &Table<'_>) -> Result<Option<Digest>, ManifestError> {
    for algorithm in Digest::ALGORITHMS {
        if let Some(digits) = hashes.string(algorithm)?.filter(|digits| !digits.is_empty()) {
            let digest = Digest::from_hex(algorithm, digits);
            return digest.map(Some).map_err(|error| hashes.error(error.to_string()));
        }
    }
    Ok(None)
}

fn dependencies(table: &Table<'_>) -> Result<Vec<ForeignDependency>, ManifestError> {
    let mut dependencies = Vec::new();
    for item in table.array("dependencies")? {
        let dependency = item.table()?;
        // Tools may identify a dependency by other fields than its name, such as its URL; those are ignored.
        if let Some(name) = dependency.get("name") {
            dependencies.push(ForeignDependency {
                name: name.package_name()?,
                version: dependency
                    .get("version")
                    .map(|item| item.parsed("version"))
                    .transpose()?,
                extras: Vec::new(),
                marker: Marker::TRUE,
            });
        }
    }
    Ok(dependencies)
}

/// A marker with the two variables that are specific to locks: `'name' in extras` and `'name' in dependency_groups`.
///
/// They are evaluated before the marker is parsed, and represented as extras: `extra` itself is not valid in a lock.
fn marker(item: Item<'_>, selected: &Selection) -> Result<MarkerTree, ManifestError> {
    let text = item.string()?;
    let mut decided = String::new();
    let mut rest = text;
    while let Some((before, quoted, operator, variable, after)) = next_membership(rest) {
        let names = if variable == "extras" {
            &selected.extras
        } else {
            &selected.groups
        };
        let is_member = quoted.parse().is_ok_and(|name: ExtraName| names.contains(&name));
        decided.push_str(before);
        decided.push_str(if is_member == (operator == "in") {
            "extra == 'yes'"
        } else {
            "extra == 'no'"
        });
        rest = after;
    }
    decided.push_str(rest);
    let tree = specifier::marker_tree(&decided).map_err(|fault| item.error(fault.reason))?;
    let yes = "yes".parse().map_err(|_| item.error("`yes` is not a name"))?;
    Ok(without_extras(&tree, &BTreeSet::from([yes])))
}

/// The first `'name' in extras`, split into the text before it, name, operator, variable, and the text after it.
fn next_membership(text: &str) -> Option<(&str, &str, &'static str, &'static str, &str)> {
    let mut from = 0;
    while let Some(open) = text[from..].find(['\'', '"']).map(|at| from + at) {
        let (quoted, after) = text[open + 1..].split_once(char::from(text.as_bytes()[open]))?;
        from = text.len() - after.len();
        let after = after.trim_start();
        let (operator, after) = match after.strip_prefix("not") {
            Some(after) => ("not in", after.trim_start().strip_prefix("in")),
            None => ("in", after.strip_prefix("in")),
        };
        let Some(after) = after
            .filter(|after| after.starts_with(char::is_whitespace))
            .map(str::trim_start)
        else {
            continue;
        };
        for variable in ["extras", "dependency_groups"] {
            if let Some(rest) = after.strip_prefix(variable)
                && !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            {
                return Some((&text[..open], quoted, operator, variable, rest));
            }
        }
    }
    None
}
