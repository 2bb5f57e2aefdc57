//! `[tool.uv.workspace]`: the members of a workspace.
//!
//! <https://docs.astral.sh/uv/concepts/projects/workspaces/>

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use mach_nix_model::{PackageName, file_url};
use url::Url;

use crate::document::{Document, normalized};
use crate::toml_item::{Item, Table, parse};
use crate::{ManifestError, ReadContext, specifier};

/// Maximum depth of a member below the root, for patterns with `**`.
const MAX_DEPTH: usize = 6;

/// The members of a workspace: patterns of folders relative to its root.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    members: GlobSet,
    excluded: GlobSet,
    depth: usize,
}

impl Workspace {
    /// Reads the table in a document, if it has one.
    pub(crate) fn read(root: &Table<'_>) -> Result<Option<Self>, ManifestError> {
        let uv = match root.table("tool")? {
            Some(tool) => tool.table("uv")?,
            None => None,
        };
        let Some(table) = uv.map(|uv| uv.table("workspace")).transpose()?.flatten() else {
            return Ok(None);
        };
        let members = table.array("members")?;
        let depth = members
            .iter()
            .map(|item| depth(item.maybe_string().unwrap_or_default()));
        Ok(Some(Self {
            depth: depth.max().unwrap_or_default(),
            members: patterns(&table, &members)?,
            excluded: patterns(&table, &table.array("exclude")?)?,
        }))
    }

    /// Whether a folder, relative to the root, is a member. The root is one.
    #[must_use]
    pub fn contains(&self, folder: &Path) -> bool {
        folder.as_os_str().is_empty() || (self.members.is_match(folder) && !self.excluded.is_match(folder))
    }

    /// The absolute folders of the members below the root, sorted.
    #[must_use]
    pub fn folders(&self, root: &Path, context: &ReadContext<'_>) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut level = vec![PathBuf::new()];
        for _ in 0..self.depth {
            let mut next = Vec::new();
            for folder in &level {
                let names = (context.folders)(&root.join(folder));
                next.extend(names.iter().map(|name| folder.join(name)));
            }
            let members = next.iter().filter(|folder| self.contains(folder));
            let absolute = members.map(|folder| root.join(folder));
            found.extend(absolute.filter(|folder| (context.exists)(&folder.join("pyproject.toml"))));
            level = next;
        }
        found.sort();
        found
    }
}

/// The number of levels that a pattern reaches.
fn depth(pattern: &str) -> usize {
    if pattern.contains("**") {
        MAX_DEPTH
    } else {
        Path::new(pattern).components().count().min(MAX_DEPTH)
    }
}

fn patterns(table: &Table<'_>, items: &[Item<'_>]) -> Result<GlobSet, ManifestError> {
    let mut set = GlobSetBuilder::new();
    for item in items {
        let text = item.string()?;
        let pattern = normalized(Path::new(text)).to_string_lossy().into_owned();
        let glob = GlobBuilder::new(&pattern).literal_separator(true).build();
        set.add(glob.map_err(|error| item.error(format!("`{text}` is not a pattern of folders: {error}")))?);
    }
    set.build().map_err(|error| table.error(error.to_string()))
}

/// The workspace that a folder belongs to: its root and members.
pub(crate) fn around(folder: &Path, context: &ReadContext<'_>) -> Option<(PathBuf, Workspace)> {
    folder.ancestors().find_map(|root| {
        let document = Document::open(&root.join("pyproject.toml"), context).ok()?;
        let values = parse(&document, &document.text).ok()?;
        let workspace = Workspace::read(&Table::root(&document, &values)).ok()??;
        let relative = folder.strip_prefix(root).ok()?;
        workspace.contains(relative).then(|| (root.to_owned(), workspace))
    })
}

/// The addresses of a member of the workspace around `folder`, and of the members that it needs, by their names.
pub(crate) fn member(
    name: &PackageName,
    folder: &Path,
    context: &ReadContext<'_>,
) -> Option<Vec<(PackageName, Url)>> {
    let (root, workspace) = around(folder, context)?;
    let mut members: Vec<(PackageName, PathBuf, BTreeSet<PackageName>)> = Vec::new();
    for folder in std::iter::once(root.clone()).chain(workspace.folders(&root, context)) {
        if let Some((name, needs)) = name_and_needs(&folder, context) {
            members.push((name, folder, needs));
        }
    }
    let mut found = Vec::new();
    let mut open = vec![name.clone()];
    while let Some(name) = open.pop() {
        let Some((_, folder, needs)) = members.iter().find(|(known, ..)| *known == name) else {
            continue;
        };
        if found.iter().all(|(known, _)| *known != name) {
            open.extend(needs.iter().rev().cloned());
            found.push((name, file_url(folder)?));
        }
    }
    found
        .first()
        .is_some_and(|(first, _)| first == name)
        .then_some(found)
}

/// The name of a member, and its dependencies whose source is the workspace.
pub(crate) fn name_and_needs(
    folder: &Path,
    context: &ReadContext<'_>,
) -> Option<(PackageName, BTreeSet<PackageName>)> {
    let document = Document::open(&folder.join("pyproject.toml"), context).ok()?;
    let values = parse(&document, &document.text).ok()?;
    let root = Table::root(&document, &values);
    let project = root.table("project").ok()??;
    let name = project.string("name").ok()??.parse().ok()?;
    let uv = root.table("tool").ok()?.and_then(|tool| tool.table("uv").ok()?);
    let sources = uv.and_then(|uv| uv.table("sources").ok()?);
    let of_workspace: BTreeSet<PackageName> = sources
        .iter()
        .flat_map(Table::entries)
        .filter(|(_, item)| item.table().is_ok_and(|table| table.get("workspace").is_some()))
        .filter_map(|(name, _)| name.parse().ok())
        .collect();
    let dependencies = project.array("dependencies").ok()?;
    let needs = dependencies
        .iter()
        .filter_map(|item| Some(specifier::requirement(item.maybe_string()?).ok()?.name))
        .filter(|name| of_workspace.contains(name))
        .collect();
    Some((name, needs))
}
