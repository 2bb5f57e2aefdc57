//! Projects that an environment imports from their folders, as they are edited.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mach_nix_lock::{Lock, LockedSource};
use mach_nix_manifest::{EditableProject, ManifestKind, Selection, normalized, parse_manifest};
use mach_nix_model::{PackageName, file_path};
use serde::Serialize;

use crate::args::project::Editable;
use crate::disk;
use crate::failure::Failure;
use crate::project::Project;
use crate::sources::current_folder;

/// A project, for `nixlib/environment/editable.nix`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    name: PackageName,
    version: String,
    /// Whether it takes the place of a package of the lock.
    is_locked: bool,
    root: PathBuf,
    paths: Vec<PathBuf>,
    metadata: String,
    entry_points: BTreeMap<String, BTreeMap<String, String>>,
}

/// The selected projects. [`Editable::Project`] stands for the project itself, the members of its workspace, and what its
/// manifest names as editable.
pub fn selected(project: &Project, lock: &Lock, options: &[Editable]) -> Result<Vec<Imported>, Failure> {
    let current = current_folder()?;
    let manifest = normalized(&current.join(&project.manifest));
    let root = manifest.parent().unwrap_or(Path::new("/")).to_owned();
    let mut folders: Vec<PathBuf> = Vec::new();
    for option in options {
        match option {
            Editable::Folder(folder) => {
                let folder = normalized(&current.join(folder));
                if read(&folder)?.is_none() {
                    return Err(Failure::usage(format!(
                        "`{}` is not the folder of a package: it needs a pyproject.toml with `[project]` and `[build-system]`",
                        folder.display()
                    )));
                }
                folders.push(folder);
            }
            Editable::Project => {
                folders.push(root.clone());
                folders.extend(of_lock(project, lock, &root)?);
            }
        }
    }
    folders.sort();
    folders.dedup();
    let mut imported = Vec::new();
    for folder in folders {
        let Some(found) = read(&folder)? else { continue };
        imported.push(Imported {
            is_locked: lock
                .packages
                .iter()
                .any(|package| package.project() == Some(&found.name)),
            name: found.name,
            version: found.version,
            root: found.root,
            paths: found.paths,
            metadata: found.metadata,
            entry_points: found.entry_points,
        });
    }
    Ok(imported)
}

fn read(folder: &Path) -> Result<Option<EditableProject>, Failure> {
    let file = folder.join("pyproject.toml");
    if !file.is_file() {
        return Ok(None);
    }
    EditableProject::read(&file, &disk::context(folder)).map_err(Failure::usage)
}

/// The folders of the lock that are members of the workspace, or that the manifest names as editable.
fn of_lock(project: &Project, lock: &Lock, root: &Path) -> Result<Vec<PathBuf>, Failure> {
    let named = editable_lines(project)?;
    let packages = lock.packages.iter();
    let folders = packages.filter_map(|package| match &package.source {
        LockedSource::Path { path, file: None } => Some((package.project()?, normalized(&root.join(path)))),
        _ => None,
    });
    let is_editable = |name: &PackageName, folder: &Path| {
        let outline = &project.outline;
        let is_member = || {
            let relative = folder.strip_prefix(root).ok();
            let workspace = outline.workspace.as_ref();
            workspace
                .zip(relative)
                .is_some_and(|(workspace, relative)| workspace.contains(relative))
        };
        outline.editable.contains(name) || named.iter().any(|path| path == folder) || is_member()
    };
    Ok(folders
        .filter(|(name, folder)| is_editable(name, folder))
        .map(|(_, folder)| folder)
        .collect())
}

/// The folders of `-e` in a requirements file.
fn editable_lines(project: &Project) -> Result<Vec<PathBuf>, Failure> {
    if ManifestKind::of(&project.manifest) != ManifestKind::Requirements {
        return Ok(Vec::new());
    }
    let current = current_folder()?;
    let found = parse_manifest(&project.manifest, &Selection::default(), &disk::context(&current));
    let sources = found.map_err(Failure::usage)?.sources;
    let editable = sources.iter().filter(|source| source.editable);
    Ok(editable.filter_map(|source| file_path(&source.url)).collect())
}
