//! `mach-nix init`: the files of a new project. A file that exists stays as it is.

mod files;

use std::path::Path;

use clap::{Args, FromArgMatches};
use mach_nix_model::PackageName;
use mach_nix_nix::Nix;

use crate::args::init::{InitOptions, Template};
use crate::args::lock::LockOptions;
use crate::failure::Failure;
use crate::sources::current_folder;
use crate::{inputs, lock, lock_file, output, project, settings};

pub fn run(options: &InitOptions, quiet: bool) -> Result<(), Failure> {
    let folder = &options.folder;
    let absolute = mach_nix_manifest::normalized(&current_folder()?.join(folder));
    if absolute.exists() && !absolute.is_dir() {
        return Err(Failure::usage(format!("`{}` is not a folder", folder.display())));
    }
    let (outline, _) = settings::outline_and_settings(folder, &absolute)?;
    let template = template(options, &absolute, outline.is_project)?;
    let lock_options = default_options()?;
    let mut files = files::of(template);
    let is_new = !absolute.join(files::manifest(template)).exists();
    if template == Template::Pyproject {
        files::fill_in(&mut files, &name(&absolute), minor_python(&lock_options)?);
        let has_dev = is_new || outline.groups.iter().any(|group| group.as_ref() == "dev");
        if !has_dev {
            files::without_group(&mut files);
        }
    }
    files::add_system(&mut files, inputs::this_system()?);
    for (name, text) in &files {
        let path = folder.join(name);
        if path.exists() {
            note(quiet, &path, "exists and stays as it is");
            continue;
        }
        output::write(&path, text)
            .map_err(|error| Failure::external(format!("cannot write {}: {error}", path.display())))?;
        note(quiet, &path, "written");
    }
    // Without requirements, a lock needs no index.
    let lock = folder.join(lock_file::NAME);
    if is_new && !lock.exists() {
        let project = project::in_folder(folder, &absolute)?;
        let project =
            project.ok_or_else(|| Failure::external("the manifest that was just written is gone"))?;
        lock::run(&project.whole(&lock_options), true)?;
        note(quiet, &lock, "written");
    }
    if !quiet {
        output::note(next_steps(folder, template));
    }
    Ok(())
}

fn note(quiet: bool, path: &Path, what: &str) {
    if !quiet {
        output::note(format_args!("{}: {what}", path.display()));
    }
}

fn next_steps(folder: &Path, template: Template) -> String {
    let enter = if mach_nix_manifest::normalized(folder).as_os_str().is_empty() {
        String::new()
    } else {
        format!(
            "`cd {}`, then ",
            crate::invocation::quoted(&folder.to_string_lossy())
        )
    };
    match template {
        Template::FlaskWeather => {
            format!("next: {enter}`mach-nix run flask --app app run` starts the application")
        }
        Template::Pyproject | Template::Requirements => {
            format!(
                "next: {enter}`mach-nix add flask` adds a requirement, and `mach-nix shell` enters the environment"
            )
        }
    }
}

/// The named template, or the one for the manifest in the folder.
fn template(options: &InitOptions, folder: &Path, is_project: bool) -> Result<Template, Failure> {
    let holds = |name: &str| folder.join(name).exists();
    let existing = if is_project {
        Some(("pyproject.toml", Template::Pyproject))
    } else if holds("requirements.txt") {
        Some(("requirements.txt", Template::Requirements))
    } else {
        None
    };
    let shown = |name: &str| options.folder.join(name).display().to_string();
    let has_other = existing.is_none() && holds("environment.yml");
    if has_other {
        return Err(Failure::usage(format!(
            "{} is the manifest of this project, and there is no template for it: `mach-nix lock` and `mach-nix shell` work \
             with it as it is",
            shown("environment.yml")
        )));
    }
    let template = match (options.template, existing) {
        (None, Some((_, template))) => template,
        (Some(template), Some((name, other))) if files::manifest(template) != files::manifest(other) => {
            return Err(Failure::usage(format!(
                "the project already has a manifest, {}: leave out --template",
                shown(name)
            )));
        }
        (template, _) => template.unwrap_or(Template::Pyproject),
    };
    if template == Template::Pyproject && existing.is_none() && holds("pyproject.toml") {
        return Err(Failure::usage(format!(
            "{} has settings of tools, but no project: add a table `[project]` with `name` and `version`, or use \
             `--template requirements`",
            shown("pyproject.toml")
        )));
    }
    Ok(template)
}

/// The name of a folder as that of a project.
fn name(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let plain = plain.trim_matches('-');
    let name = (!plain.is_empty()).then(|| plain.parse::<PackageName>().ok());
    name.flatten()
        .map_or_else(|| "app".to_owned(), |name| name.to_string())
}

/// The Python of the variables, or else of nixpkgs, without patch number.
fn minor_python(options: &LockOptions) -> Result<String, Failure> {
    let nix = Nix::new(options.nixpkgs.clone());
    let targets = inputs::targets(&options.python, &options.system, &nix)?;
    let python = targets.first().map(|target| target.python.to_string());
    let python = python.unwrap_or_default();
    let minor: Vec<&str> = python.split('.').take(2).collect();
    Ok(minor.join("."))
}

/// The options of `mach-nix lock` without arguments: defaults and variables.
fn default_options() -> Result<LockOptions, Failure> {
    let command = LockOptions::augment_args(clap::Command::new("mach-nix"));
    let matches = command
        .try_get_matches_from(["mach-nix"])
        .map_err(Failure::usage)?;
    LockOptions::from_arg_matches(&matches).map_err(Failure::usage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_names_the_project() {
        for (folder, expected) in [
            ("/x/Web App", "web-app"),
            ("/x/web_app.2", "web-app-2"),
            ("/x/日本", "app"),
            ("/", "app"),
        ] {
            assert_eq!(name(Path::new(folder)), expected);
        }
    }
}
