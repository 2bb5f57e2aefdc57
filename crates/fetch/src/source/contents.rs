//! Sources in folders and archives.

use mach_nix_model::{IndexError, builds_with_cargo};

use super::archive::{Files, SETUP};
use super::reading::{Reading, invalid};
use super::tree_files::TreeFiles;
use super::{cargo, static_metadata};
use crate::archive_kind::ArchiveKind;

/// Reads the folder of a project, which is within that of the source. It has no `PKG-INFO`, which is generated with the
/// archive.
pub fn of_folder(tree: &TreeFiles, project: &str) -> Result<Reading, IndexError> {
    let read = |name: &str| tree.read(&cargo::joined(project, name));
    let pyproject = read("pyproject.toml")?;
    let [setup_cfg, setup_py] = SETUP;
    let setup = [read(setup_cfg)?, read(setup_py)?];
    if pyproject.is_none() && setup[1].is_none() {
        return Err(tree.refused("it has neither a pyproject.toml nor a setup.py"));
    }
    let mut files = Files {
        pyproject,
        setup,
        ..Files::default()
    };
    let mut read = static_metadata::read(&files, project);
    if let Ok(table) = static_metadata::table(files.pyproject.as_deref()) {
        let runs_cargo = builds_with_cargo(&read.facts.build_requires);
        files.cargo_locks = cargo::of_tree(tree, project, &table, runs_cargo)?;
        read.facts.crates = cargo::crates(&files.cargo_locks, project, &table);
    }
    Ok(read)
}

/// Reads an archive on a blocking thread.
pub async fn of_archive(filename: &str, content: Vec<u8>, subdirectory: Option<String>) -> Reading {
    let invalid = |reason| Reading {
        facts: invalid(reason),
        ..Reading::default()
    };
    let Some(kind) = ArchiveKind::of(filename) else {
        return invalid(format!(
            "`{filename}` is not an archive of a supported kind (`.tar.gz`, `.tar.bz2`, `.tar`, `.zip`): repack it as `.tar.gz`"
        ));
    };
    let read = tokio::task::spawn_blocking(move || {
        Files::read(kind, &content, subdirectory.as_deref())
            .map(|files| static_metadata::read(&files, subdirectory.as_deref().unwrap_or_default()))
    });
    match read.await {
        Ok(Ok(read)) => read,
        Ok(Err(reason)) => invalid(format!("its archive cannot be read: {reason}")),
        Err(error) => invalid(format!("its archive cannot be read: {error}")),
    }
}
