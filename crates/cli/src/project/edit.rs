//! `mach-nix add` and `mach-nix remove`: the manifest changes once the lock has succeeded.

use std::path::Path;

use mach_nix_engine::relative;
use mach_nix_manifest::{
    ManifestKind, Part, ProjectOutline, Requirements, added, normalized, removed, with_source,
};
use mach_nix_model::{PackageName, VersionOrUrl};

use super::{Project, required, text_of};
use crate::args::lock::LockOptions;
use crate::args::project::Editable;
use crate::failure::Failure;
use crate::sources::current_folder;
use crate::{disk, lock, requirement_arguments};

/// Adds requirements.
pub fn add(options: &LockOptions, quiet: bool) -> Result<(), Failure> {
    options.refuse_other_inputs("add")?;
    let project = required("lock")?;
    let mut options = options.clone();
    let arguments = std::mem::take(&mut options.requirements);
    let part = part(&mut options)?;
    let folder = current_folder()?;
    let context = disk::context(&folder);
    let mut text = text_of(&project.manifest)?;
    for argument in &arguments {
        let mut found = Requirements::default();
        requirement_arguments::add(&mut found, std::slice::from_ref(argument), &context)?;
        let Some(entry) = found.requirements.first() else {
            return Err(Failure::usage(format!(
                "`{argument}` has no name: write `NAME @ {argument}`"
            )));
        };
        let requirement = &entry.requirement;
        let is_local =
            matches!(&requirement.version_or_url, Some(VersionOrUrl::Url(url)) if url.scheme() == "file");
        let written = if is_local {
            requirement.to_string()
        } else {
            argument.trim().to_owned()
        };
        text = added(&project.manifest, &text, &part, &requirement.name, &written).map_err(Failure::usage)?;
    }
    for folder in std::mem::take(&mut options.project.editable) {
        text = with_folder(&project, &text, &part, &folder)?;
    }
    finish(&project, &options, text, quiet)
}

/// The manifest with the project in a folder.
fn with_folder(project: &Project, text: &str, part: &Part, folder: &Editable) -> Result<String, Failure> {
    let Editable::Folder(path) = folder else {
        return Err(Failure::usage(
            "--editable needs a folder, as in `--editable ./libs/core`",
        ));
    };
    let current = current_folder()?;
    let absolute = normalized(&current.join(path));
    let file = absolute.join("pyproject.toml");
    let name = if file.is_file() {
        ProjectOutline::read(&path.join("pyproject.toml"), &disk::context(&current))
            .map_err(Failure::usage)?
            .name
    } else {
        None
    };
    let name = name.ok_or_else(|| {
        Failure::usage(format!(
            "`{}` has no pyproject.toml with `[project]` and a `name`: name the folder of a project, or write \
             `NAME @ {}`",
            path.display(),
            path.display()
        ))
    })?;
    let root = normalized(&current.join(&project.manifest));
    let root = root
        .parent()
        .unwrap_or(Path::new("/"))
        .to_string_lossy()
        .into_owned();
    let written = relative(&absolute.to_string_lossy(), &root);
    let add =
        |requirement: &str| added(&project.manifest, text, part, &name, requirement).map_err(Failure::usage);
    if ManifestKind::of(&project.manifest) != ManifestKind::Pyproject {
        return add(&format!("-e {written}"));
    }
    let folder = written.strip_prefix("./").unwrap_or(&written);
    with_source(&project.manifest, &add(name.as_ref())?, &name, folder).map_err(Failure::usage)
}

/// Removes requirements.
pub fn remove(options: &LockOptions, quiet: bool) -> Result<(), Failure> {
    options.refuse_other_inputs("remove")?;
    let project = required("lock")?;
    let mut options = options.clone();
    let arguments = std::mem::take(&mut options.requirements);
    let part = part(&mut options)?;
    let mut text = text_of(&project.manifest)?;
    for argument in &arguments {
        let name: PackageName = argument.parse().map_err(|_| {
            Failure::usage(format!(
                "`{argument}` is not the name of a package: write it without a version"
            ))
        })?;
        let edited = removed(&project.manifest, &text, &part, &name).map_err(Failure::usage)?;
        text = edited.ok_or_else(|| {
            let of = match &part {
                Part::Project => "the requirements".to_owned(),
                Part::Extra(extra) => format!("the extra `{extra}`"),
                Part::Group(group) => format!("the group `{group}`"),
            };
            Failure::usage(format!(
                "`{name}` is not among {of} of {}: `mach-nix tree` shows what is required",
                project.manifest.display()
            ))
        })?;
    }
    finish(&project, &options, text, quiet)
}

fn part(options: &mut LockOptions) -> Result<Part, Failure> {
    let extra = std::mem::take(&mut options.project.extra);
    let group = std::mem::take(&mut options.project.group);
    match (&extra[..], &group[..]) {
        ([], []) => Ok(Part::Project),
        ([extra], []) => Ok(Part::Extra(extra.clone())),
        ([], [group]) => Ok(Part::Group(group.clone())),
        _ => Err(Failure::usage("name one --extra or one --group")),
    }
}

fn finish(project: &Project, options: &LockOptions, text: String, quiet: bool) -> Result<(), Failure> {
    let mut project_options = project.with_text(options, &text)?;
    project_options.edited = Some((project.manifest.clone(), text));
    lock::run(&project_options, quiet)
}
