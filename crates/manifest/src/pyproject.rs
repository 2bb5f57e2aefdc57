//! `pyproject.toml`: dependencies and extras of the project (PEP 621), dependency groups (PEP 735).

use std::path::Path;

use mach_nix_model::{Marker, Requirement, VersionOrUrl, file_url};

use crate::document::{Document, normalized};
use crate::groups::Groups;
use crate::project_table::Project;
use crate::toml_item::{Table, parse};
use crate::{
    DynamicProject, Entry, ManifestError, ReadContext, Requirements, Selection, Workspace, uv_settings,
    workspace,
};

/// Reads a `pyproject.toml`: the project's dependencies, those of the selected extras, and the selected groups.
///
/// # Errors
/// If the file cannot be read, does not conform to PEP 621 or PEP 735, or lacks a selected extra or group.
pub fn parse_pyproject(
    path: &Path,
    selection: &Selection,
    context: &ReadContext<'_>,
) -> Result<Requirements, ManifestError> {
    let document = Document::open(path, context)?;
    let values = parse(&document, &document.text)?;
    let root = Table::root(&document, &values);
    let mut found = Requirements::default();
    let project = root.table("project")?;
    if let Some(project) = project {
        let project = Project::read(project)?;
        if root.get("build-system").is_some() && is_package(&root) {
            found.projects.files.push(path.to_owned());
        }
        found.requires_python.extend(project.requires_python()?);
        if let Some(unbuilt) = project.dynamic(selection)? {
            found
                .projects
                .dynamic
                .push(DynamicProject::new(path, selection, unbuilt));
        } else {
            project.add_dependencies(&mut found)?;
            for extra in &selection.extras {
                project.add_extra(extra, &mut found)?;
            }
        }
    } else if let Some(build_system) = root.get("build-system").filter(|_| is_package(&root)) {
        found.projects.files.push(path.to_owned());
        found.projects.dynamic.push(DynamicProject::new(
            path,
            selection,
            build_system.error(no_project(&root)),
        ));
    } else if let Some(extra) = selection.extras.first() {
        return Err(document.whole(format!(
            "there is no extra `{extra}`: the file has no `[project]`"
        )));
    }
    let groups = Groups::read(&root)?;
    let workspace = Workspace::read(&root)?.filter(|_| project.is_none());
    if let Some(workspace) = &workspace {
        add_members(&root, workspace, context, &mut found)?;
    }
    let has_own = project.is_some() || workspace.is_some();
    if !has_own && found.projects.dynamic.is_empty() && groups.is_empty() {
        return Err(document.whole(no_project(&root)));
    }
    for group in &selection.groups {
        groups.add(group, &mut found)?;
    }
    uv_settings::apply(&root, &mut found, context)?;
    check_poetry(&root, &mut found)?;
    found.checked(context)
}

/// Adds the members of a workspace whose root is not a project: uv installs all of them.
fn add_members(
    root: &Table<'_>,
    workspace: &Workspace,
    context: &ReadContext<'_>,
    found: &mut Requirements,
) -> Result<(), ManifestError> {
    let parent = Path::new(&root.document.shown).parent().unwrap_or(Path::new(""));
    let absolute = normalized(&context.folder.join(parent));
    for folder in workspace.folders(&absolute, context) {
        let relative = folder.strip_prefix(&absolute).unwrap_or(&folder);
        let file = parent.join(relative).join("pyproject.toml");
        let member = parse_pyproject(&file, &Selection::default(), context)?;
        let name = workspace::name_and_needs(&folder, context).map(|(name, _)| name);
        match (name, file_url(&folder)) {
            (Some(name), Some(url)) if !member.projects.files.is_empty() => {
                found.requires_python.extend(member.requires_python);
                found.add(Entry {
                    location: root.location(format!("{name} @ ./{}", relative.display())),
                    requirement: Requirement {
                        name,
                        extras: Vec::new(),
                        version_or_url: Some(VersionOrUrl::Url(url)),
                        marker: Marker::TRUE,
                    },
                    hashes: Vec::new(),
                    is_locked: false,
                });
            }
            _ => found.append(member),
        }
    }
    Ok(())
}

/// Rejects dependencies of `[project]` with a source in Poetry's own table, and indexes in that table.
fn check_poetry(root: &Table<'_>, found: &mut Requirements) -> Result<(), ManifestError> {
    let tool = root.table("tool")?;
    let Some(poetry) = tool
        .and_then(|tool| tool.table("poetry").transpose())
        .transpose()?
    else {
        return Ok(());
    };
    for (name, item) in poetry.table("dependencies")?.iter().flat_map(Table::entries) {
        let says_where = item.is_table() && {
            let table = item.table()?;
            ["git", "url", "path", "file", "source"]
                .iter()
                .any(|key| table.get(key).is_some())
        };
        let is_meant = |entry: &Entry| {
            let has_place = matches!(entry.requirement.version_or_url, Some(VersionOrUrl::Url(_)));
            name.parse().ok() == Some(entry.requirement.name.clone()) && !has_place
        };
        if says_where && found.requirements.iter().any(is_meant) {
            return Err(item.error(format!(
                "Poetry takes `{name}` from here, and mach-nix reads `[project]` only: write `{name} @ ADDRESS` there, or \
                 pin its index, and remove this"
            )));
        }
    }
    if let Some(item) = poetry.get("source") {
        found.warnings.push(item.warning(
            "Poetry's indexes are not read: add them as extra indexes, or pin the index of a package",
        ));
    }
    Ok(())
}

/// Whether the project is a package, according to Poetry's `package-mode` and uv's `package`.
pub fn is_package(root: &Table<'_>) -> bool {
    let says_no = |tool: &str, key: &str| {
        let table = root
            .table("tool")
            .ok()
            .flatten()
            .and_then(|all| all.table(tool).ok().flatten());
        let item = table.and_then(|table| table.get(key)?.boolean().ok());
        item == Some(false)
    };
    !says_no("poetry", "package-mode") && !says_no("uv", "package")
}

fn no_project(root: &Table<'_>) -> &'static str {
    let tool = root.table("tool").ok().flatten();
    if tool.is_some_and(|tool| tool.get("poetry").is_some()) {
        return "the dependencies are in Poetry's own form, `[tool.poetry.dependencies]`: \
                give `poetry.lock` with `-r poetry.lock`, or write them as `[project]` (PEP 621)";
    }
    "there is neither `[project]` nor `[dependency-groups]`: write the dependencies as in PEP 621, \
     or give a requirements file with -r"
}
