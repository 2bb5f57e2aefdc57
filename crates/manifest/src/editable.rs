//! What an import of a project from its folder needs: its modules, entry points and metadata.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use mach_nix_model::PackageName;

use crate::document::{Document, normalized};
use crate::pyproject::is_package;
use crate::toml_item::{Table, parse};
use crate::{ManifestError, ReadContext};

/// A project that can be imported from its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditableProject {
    /// The name.
    pub name: PackageName,
    /// The version; `0` where a build determines it.
    pub version: String,
    /// The absolute folder of the project.
    pub root: PathBuf,
    /// The absolute folders with its modules.
    pub paths: Vec<PathBuf>,
    /// The entry points, by group and name.
    pub entry_points: BTreeMap<String, BTreeMap<String, String>>,
    /// The lines of its `METADATA`.
    pub metadata: String,
}

impl EditableProject {
    /// Reads the `pyproject.toml` of a package; `None` if it has no `[project]`, or if no build makes a package of it.
    ///
    /// # Errors
    /// When the file cannot be read, or a part of it does not have its form.
    pub fn read(path: &Path, context: &ReadContext<'_>) -> Result<Option<Self>, ManifestError> {
        let document = Document::open(path, context)?;
        let values = parse(&document, &document.text)?;
        let table = Table::root(&document, &values);
        let Some(project) = table.table("project")? else {
            return Ok(None);
        };
        if table.get("build-system").is_none() || !is_package(&table) {
            return Ok(None);
        }
        let name = project.required("name")?.package_name()?;
        let version = project.string("version")?.unwrap_or("0").to_owned();
        let root = normalized(&context.folder.join(path.parent().unwrap_or(Path::new(""))));
        let mut metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
        for item in project.array("dependencies")? {
            // Writing to a string cannot fail.
            let _ = writeln!(metadata, "Requires-Dist: {}", item.string()?);
        }
        Ok(Some(Self {
            entry_points: entry_points(&project)?,
            paths: module_folders(&table, &root, context)?,
            name,
            version,
            root,
            metadata,
        }))
    }
}

fn entry_points(project: &Table<'_>) -> Result<BTreeMap<String, BTreeMap<String, String>>, ManifestError> {
    let mut groups = BTreeMap::new();
    let mut add = |group: &str, table: Option<Table<'_>>| {
        for (name, item) in table.iter().flat_map(Table::entries) {
            let names: &mut BTreeMap<String, String> = groups.entry(group.to_owned()).or_default();
            names.insert(name.to_owned(), item.string()?.to_owned());
        }
        Ok::<(), ManifestError>(())
    };
    add("console_scripts", project.table("scripts")?)?;
    add("gui_scripts", project.table("gui-scripts")?)?;
    for (group, item) in project.table("entry-points")?.iter().flat_map(Table::entries) {
        add(group, Some(item.table()?))?;
    }
    Ok(groups)
}

/// The folders that build backends are told of, else `src` where it exists, else the root.
fn module_folders(
    root: &Table<'_>,
    folder: &Path,
    context: &ReadContext<'_>,
) -> Result<Vec<PathBuf>, ManifestError> {
    let mut stated = BTreeSet::new();
    if let Some(tool) = root.table("tool")? {
        let table = |names: &[&'static str]| {
            let mut found = Some(tool);
            for name in names {
                found = found.and_then(|table| table.table(name).ok().flatten());
            }
            found
        };
        let strings = |names: &[&'static str], key: &'static str| -> Vec<String> {
            let items = table(names)
                .and_then(|table| table.array(key).ok())
                .unwrap_or_default();
            items
                .iter()
                .filter_map(|item| item.maybe_string().map(str::to_owned))
                .collect()
        };
        let string = |names: &[&'static str], key: &'static str| {
            table(names).and_then(|table| table.string(key).ok().flatten().map(str::to_owned))
        };
        stated.extend(strings(&["setuptools", "packages", "find"], "where"));
        stated.extend(string(&["setuptools", "package-dir"], ""));
        stated.extend(string(&["pdm", "build"], "package-dir"));
        stated.extend(string(&["maturin"], "python-source"));
        stated.extend(string(&["uv", "build-backend"], "module-root"));
        for package in strings(&["hatch", "build", "targets", "wheel"], "packages") {
            let parent = Path::new(&package).parent().unwrap_or(Path::new(""));
            stated.insert(parent.to_string_lossy().into_owned());
        }
        let poetry = table(&["poetry"]).and_then(|table| table.array("packages").ok());
        for package in poetry.unwrap_or_default() {
            stated.insert(package.table()?.string("from")?.unwrap_or_default().to_owned());
        }
    }
    if stated.is_empty() && (context.exists)(&folder.join("src")) {
        stated.insert("src".to_owned());
    }
    if stated.is_empty() {
        stated.insert(String::new());
    }
    Ok(stated.iter().map(|path| normalized(&folder.join(path))).collect())
}
