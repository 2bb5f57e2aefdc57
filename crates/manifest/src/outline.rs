//! The outline of a `pyproject.toml`: its parts and settings, without requirements.

use std::path::Path;

use mach_nix_model::{ExtraName, PackageName};

use crate::document::Document;
use crate::groups::Groups;
use crate::project_table::Project;
use crate::pyproject::is_package;
use crate::toml_item::{Table, parse};
use crate::{ManifestError, ProjectSettings, ReadContext, RequiresPython, Workspace};

/// The parts and settings of a project.
#[derive(Debug, Clone, Default)]
pub struct ProjectOutline {
    /// Whether the file is a project, and not only a file of settings of tools.
    pub is_project: bool,
    /// The name of the project.
    pub name: Option<PackageName>,
    /// Whether a build makes a package of the project.
    pub is_package: bool,
    /// The dependencies whose sources are editable (`[tool.uv.sources]`).
    pub editable: Vec<PackageName>,
    /// The names of the extras.
    pub extras: Vec<ExtraName>,
    /// The names of the groups.
    pub groups: Vec<ExtraName>,
    /// The groups that uv's settings select by default.
    pub default_groups: Option<Vec<ExtraName>>,
    /// The Python versions that it is for.
    pub requires_python: Option<RequiresPython>,
    /// The members, where this is the root of a workspace.
    pub workspace: Option<Workspace>,
    /// `[tool.mach-nix]`
    pub settings: Option<ProjectSettings>,
}

impl ProjectOutline {
    /// Reads a `pyproject.toml`.
    ///
    /// # Errors
    /// When the file cannot be read, or a part of it does not have its form.
    pub fn read(path: &Path, context: &ReadContext<'_>) -> Result<Self, ManifestError> {
        let document = Document::open(path, context)?;
        let values = parse(&document, &document.text)?;
        let root = Table::root(&document, &values);
        let tool = root.table("tool")?;
        let settings = match tool {
            Some(tool) => tool.get("mach-nix").map(ProjectSettings::of_item).transpose()?,
            None => None,
        };
        let workspace = Workspace::read(&root)?;
        let is_project = ["project", "dependency-groups", "build-system"]
            .iter()
            .any(|table| root.get(table).is_some())
            || workspace.is_some();
        if !is_project {
            return Ok(Self {
                workspace,
                settings,
                ..Self::default()
            });
        }
        let groups: Vec<ExtraName> = Groups::read(&root)?.names().cloned().collect();
        let project = root.table("project")?.map(Project::read).transpose()?;
        Ok(Self {
            is_project,
            editable: editable(&root)?,
            name: project.as_ref().and_then(|project| project.name().cloned()),
            is_package: root.get("build-system").is_some() && is_package(&root),
            extras: project.iter().flat_map(Project::extra_names).cloned().collect(),
            default_groups: default_groups(&root, &groups)?,
            groups,
            requires_python: project
                .as_ref()
                .map(Project::requires_python)
                .transpose()?
                .flatten(),
            workspace,
            settings,
        })
    }
}

/// `default-groups` of uv: a list, or `"all"`.
fn default_groups(root: &Table<'_>, all: &[ExtraName]) -> Result<Option<Vec<ExtraName>>, ManifestError> {
    let uv = match root.table("tool")? {
        Some(tool) => tool.table("uv")?,
        None => None,
    };
    let Some(item) = uv.and_then(|uv| uv.get("default-groups")) else {
        return Ok(None);
    };
    if item.maybe_string() == Some("all") {
        return Ok(Some(all.to_vec()));
    }
    let names = item
        .array()?
        .into_iter()
        .map(|name| name.parsed("name of a group"));
    names.collect::<Result<_, _>>().map(Some)
}

/// The names of the sources with `editable = true`.
fn editable(root: &Table<'_>) -> Result<Vec<PackageName>, ManifestError> {
    let uv = match root.table("tool")? {
        Some(tool) => tool.table("uv")?,
        None => None,
    };
    let sources = uv.map(|uv| uv.table("sources")).transpose()?.flatten();
    let entries = sources.iter().flat_map(Table::entries);
    let editable = entries.filter(|(_, item)| {
        let table = item.table().ok();
        table.and_then(|table| table.get("editable")?.boolean().ok()) == Some(true)
    });
    Ok(editable.filter_map(|(name, _)| name.parse().ok()).collect())
}
