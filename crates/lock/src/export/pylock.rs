//! Export to `pylock.toml`, the standard lock file format of Python.
//!
//! The specification is [PEP 751](https://packaging.python.org/en/latest/specifications/pylock-toml/). Decisions where
//! it leaves a choice:
//!
//! - `environments` are the complete targets, and `requires-python` follows from them: an installer rejects all other
//!   environments, for which nothing was resolved. A package's `marker` only distinguishes the targets, so that it is
//!   short.
//! - Wheels of one version for several targets share an entry; the installer chooses by tags. A wheel for one target
//!   and a source distribution for another are two entries with markers: in a single entry, the installer would prefer
//!   the wheel everywhere.
//! - `index` is present only if the lock has a single index: the lock does not record which of several had a file.
//! - A direct reference is an `archive`, `vcs` or `directory`, and so are the files of a `--find-links` folder.
//! - The times of uploads and of the run are omitted: the same lock gives the same bytes.

use std::collections::BTreeMap;

use mach_nix_hash::Sha256;
use mach_nix_model::{AnyName, AnyVersion};
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Table, Value, value};

use crate::export::{ExportError, Kind};
use crate::marker::{environment, marker, requires_python};
use crate::targets::TargetSet;
use crate::{Lock, LockedFile, LockedPackage, LockedSource};

/// One entry: what it is called, and for source distributions the one file, for direct references their place.
type Key<'a> = (&'a AnyName, &'a AnyVersion, Kind, Option<String>);

/// The entries of the lock that become one entry, and their targets.
#[derive(Default)]
struct Entry<'a> {
    packages: Vec<&'a LockedPackage>,
    targets: TargetSet,
}

type Entries<'a> = BTreeMap<Key<'a>, Entry<'a>>;

impl Lock {
    /// The lock as `pylock.toml`.
    ///
    /// # Errors
    /// When a package is neither a wheel nor a source distribution.
    pub fn to_pylock(&self) -> Result<String, ExportError> {
        let mut entries = Entries::new();
        for package in &self.packages {
            let kind = Kind::of(package, "pylock.toml")?;
            let single = match kind {
                Kind::Wheel => None,
                Kind::Sdist => package.file().map(|file| file.name.clone()),
                Kind::Place => location(&package.source).map(|(key, table)| format!("{key} {table}")),
            };
            let entry = entries
                .entry((&package.name, &package.version, kind, single))
                .or_default();
            entry.targets.extend(self.targets_of(package));
            entry.packages.push(package);
        }
        let mut document = DocumentMut::new();
        document["lock-version"] = value("1.0");
        document["environments"] = value(rows(self.targets.iter().map(environment)));
        if let Some(python) = requires_python(&self.targets) {
            document["requires-python"] = value(python);
        }
        document["created-by"] = value("mach-nix");
        let mut packages = ArrayOfTables::new();
        for (key, entry) in &entries {
            packages.push(self.table(key, entry, &entries));
        }
        document["packages"] = toml_edit::Item::ArrayOfTables(packages);
        Ok(document.to_string())
    }

    fn table(&self, (name, version, kind, _): &Key<'_>, entry: &Entry<'_>, all: &Entries<'_>) -> Table {
        let mut table = Table::new();
        table["name"] = value(name.to_string());
        let source = &entry.packages[0].source;
        // The contents of a folder can change, and its version with them.
        if !matches!(source, LockedSource::Path { file: None, .. }) {
            table["version"] = value(version.to_string());
        }
        if let Some(marker) = marker(&self.targets, &entry.targets) {
            table["marker"] = value(marker);
        }
        let mut dependencies: Vec<&AnyName> = entry
            .packages
            .iter()
            .flat_map(|package| &package.dependencies)
            .filter(|dependency| dependency != name)
            .collect();
        dependencies.sort();
        dependencies.dedup();
        let dependencies = dependencies
            .into_iter()
            .flat_map(|dependency| self.references(dependency, &entry.targets, all));
        let dependencies = rows(dependencies);
        if !dependencies.is_empty() {
            table["dependencies"] = value(dependencies);
        }
        if let Some((key, place)) = location(source) {
            table[key] = value(place);
            return table;
        }
        if let [index] = &self.request.indexes[..]
            && self.request.find_links.is_empty()
            && self.request.pinned_indexes.is_empty()
        {
            table["index"] = value(index);
        }
        let mut files: Vec<&LockedFile> = entry
            .packages
            .iter()
            .filter_map(|package| package.file())
            .collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        files.dedup_by(|a, b| a.name == b.name);
        match (kind, &files[..]) {
            (Kind::Sdist, [sdist]) => table["sdist"] = value(file(sdist)),
            _ => table["wheels"] = value(rows(files.into_iter().map(file))),
        }
        table
    }

    /// The entries of a name that some targets see, each with no more keys than tell it from the others of that name.
    fn references(&self, name: &AnyName, targets: &TargetSet, all: &Entries<'_>) -> Vec<InlineTable> {
        let same_name = || all.iter().filter(|((other, ..), _)| *other == name);
        let reference = |((_, version, ..), entry): (&Key<'_>, &Entry<'_>)| {
            let mut table = InlineTable::new();
            table.insert("name", name.to_string().into());
            if same_name().count() > 1 {
                table.insert("version", version.to_string().into());
            }
            if same_name().filter(|((_, other, ..), _)| other == version).count() > 1
                && let Some(marker) = marker(&self.targets, &entry.targets)
            {
                table.insert("marker", marker.into());
            }
            table
        };
        same_name()
            .filter(|(_, entry)| !entry.targets.is_disjoint(targets))
            .map(reference)
            .collect()
    }
}

/// The source of a package outside of an index, with its key.
fn location(source: &LockedSource) -> Option<(&'static str, InlineTable)> {
    let mut table = InlineTable::new();
    let hashes = |hash: &Sha256| {
        let mut hashes = InlineTable::new();
        hashes.insert("sha256", hash.to_hex().into());
        hashes
    };
    let (key, subdirectory) = match source {
        LockedSource::Index(_) | LockedSource::Nixpkgs { .. } | LockedSource::Conda(_) => return None,
        LockedSource::Direct { file, subdirectory } => {
            table.insert("url", file.url.as_str().into());
            if let Some(size) = file.size.and_then(|size| i64::try_from(size).ok()) {
                table.insert("size", size.into());
            }
            table.insert("hashes", hashes(&file.hash).into());
            ("archive", subdirectory.as_deref())
        }
        LockedSource::Path {
            path,
            file: Some((_, hash)),
        } => {
            table.insert("path", path.as_str().into());
            table.insert("hashes", hashes(hash).into());
            ("archive", None)
        }
        LockedSource::Path { path, file: None } => {
            table.insert("path", path.as_str().into());
            ("directory", None)
        }
        LockedSource::Git { git, .. } => {
            table.insert("type", "git".into());
            table.insert("url", git.url.as_str().into());
            if let Some(reference) = git.reference.as_deref().filter(|name| *name != "HEAD") {
                table.insert("requested-revision", reference.into());
            }
            table.insert("commit-id", git.rev.as_str().into());
            ("vcs", git.subdirectory.as_deref())
        }
    };
    if let Some(subdirectory) = subdirectory {
        table.insert("subdirectory", subdirectory.into());
    }
    Some((key, table))
}

/// A wheel or source distribution in the form of the specification.
fn file(file: &LockedFile) -> InlineTable {
    let mut table = InlineTable::new();
    table.insert("name", file.name.as_str().into());
    table.insert("url", file.url.as_str().into());
    if let Some(size) = file.size.and_then(|size| i64::try_from(size).ok()) {
        table.insert("size", size.into());
    }
    let mut hashes = InlineTable::new();
    hashes.insert("sha256", file.hash.to_hex().into());
    table.insert("hashes", hashes.into());
    table
}

/// An array with one element per line, for readable diffs.
fn rows<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Array {
    let mut array = Array::new();
    for item in items {
        array.push_formatted(item.into().decorated("\n    ", ""));
    }
    if !array.is_empty() {
        array.set_trailing_comma(true);
        array.set_trailing("\n");
    }
    array
}
