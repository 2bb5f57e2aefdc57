//! `Pipfile.lock` of Pipenv, in the format 6 (`pipfile-spec`) of Pipenv 7 and later.
//!
//! The format is documented by example only: <https://pipenv.pypa.io/en/latest/locking.html>. The category `default` is
//! always installed; `develop` is the group `dev`, and every other category is the group of its name.

mod entry;
mod sources;

use std::collections::BTreeSet;
use std::path::Path;

use mach_nix_model::{ExtraName, Version};

use super::lock::ForeignLock;
use crate::document::Document;
use crate::json;
use crate::selection::known;
use crate::toml_item::{Item, Table};
use crate::{ManifestError, ReadContext, RequiresPython, Selection};
use entry::{PipfileEntry, RENEW};
use sources::PipfileSources;

/// Reads a `Pipfile.lock`: the default category, and those of the selected groups. The format has no extras of the
/// project.
///
/// # Errors
/// If the file cannot be read, has another version of the format, or lacks a selected group.
pub fn parse_pipfile_lock(
    path: &Path,
    selection: &Selection,
    context: &ReadContext<'_>,
) -> Result<ForeignLock, ManifestError> {
    let document = Document::open(path, context)?;
    let values = json::parse(&document)?;
    let root = Table::root_of_json(&document, &values);
    let meta = root.required("_meta")?.table()?;
    check_spec(meta.required("pipfile-spec")?)?;
    let mut lock = ForeignLock::default();
    requires_python(&meta, &mut lock)?;
    let sources = PipfileSources::read(&meta, context)?;
    lock.index_url = sources.only()?;
    let mut entries: Vec<PipfileEntry<'_>> = Vec::new();
    for category in categories(&root, selection)? {
        for (name, item) in category.entries() {
            let entry = PipfileEntry::read(name, item, &sources, context)?;
            match entries.iter_mut().find(|other| other.is_same(&entry)) {
                Some(other) => other.merge(entry),
                None => entries.push(entry),
            }
        }
    }
    for entry in entries {
        entry.add_to(&mut lock, &sources)?;
    }
    Ok(lock)
}

fn check_spec(item: Item<'_>) -> Result<(), ManifestError> {
    if item.size().is_ok_and(|spec| spec == 6) {
        return Ok(());
    }
    Err(item.error(format!("unknown `pipfile-spec`, only 6 is known: {RENEW}")))
}

/// `default`, and the categories of the selected groups.
fn categories<'a>(root: &Table<'a>, selection: &Selection) -> Result<Vec<Table<'a>>, ManifestError> {
    let mut selected = vec![root.required("default")?.table()?];
    let mut groups = BTreeSet::new();
    for (key, item) in root.entries() {
        if matches!(key, "_meta" | "default") {
            continue;
        }
        let name = if key == "develop" { "dev" } else { key };
        let group: ExtraName = name
            .parse()
            .map_err(|_| item.error(format!("`{name}` is not a name of a group")))?;
        if selection.groups.contains(&group) {
            selected.push(item.table()?);
        }
        groups.insert(group);
    }
    match selection.groups.difference(&groups).next() {
        Some(group) => Err(root
            .document
            .whole(format!("there is no group `{group}`: {}", known(&groups)))),
        None => Ok(selected),
    }
}

/// `requires`: a version without an operator, which is a prefix. Interpreters come from nixpkgs, so that the last part of
/// `python_full_version` cannot be chosen.
fn requires_python(meta: &Table<'_>, lock: &mut ForeignLock) -> Result<(), ManifestError> {
    let Some(requires) = meta.table("requires")? else {
        return Ok(());
    };
    let full = requires.get("python_full_version");
    let Some(item) = requires.get("python_version").or(full) else {
        return Ok(());
    };
    let version: Version = item.parsed("version of Python, as in `3.12`")?;
    let parts = version.release();
    let prefix: Vec<String> = parts.iter().take(2).map(ToString::to_string).collect();
    let text = format!("=={}.*", prefix.join("."));
    if parts.len() > 2 {
        lock.warnings.push(item.warning(&format!(
            "Python {version} is read as Python {}, because the interpreter is that of nixpkgs",
            prefix.join(".")
        )));
    }
    lock.requires_python = Some(RequiresPython {
        specifiers: text
            .parse()
            .map_err(|_| item.error(format!("`{text}` is not a version specifier")))?,
        location: item.location(text),
    });
    Ok(())
}
