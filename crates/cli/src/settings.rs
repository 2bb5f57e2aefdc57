//! Settings of the project, where neither an option nor a variable says something else.

use std::path::Path;

use mach_nix_fetch::DEFAULT_INDEX;
use mach_nix_manifest::{MACH_NIX_TOML, ProjectOutline, ProjectSettings};

use crate::args::lock::LockOptions;
use crate::disk;
use crate::failure::Failure;
use crate::sources::current_folder;

/// Fills in the options that are not given.
pub fn apply(options: &mut LockOptions, settings: &ProjectSettings) {
    if options.system.is_empty() {
        options.system.clone_from(&settings.systems);
    }
    if options.python.is_empty() {
        options.python.clone_from(&settings.python);
    }
    if options.providers.is_none() {
        options.providers.clone_from(&settings.providers);
    }
    for (name, list) in &settings.package_providers {
        if !options.provider.iter().any(|(known, _)| known == name) {
            options.provider.push((name.clone(), list.clone()));
        }
    }
    if let Some(index) = settings
        .index_url
        .as_ref()
        .filter(|_| options.index_url.url.as_str() == DEFAULT_INDEX)
    {
        options.index_url = index.clone().into();
    }
    if options.extra_index_url.is_empty() {
        let extra = settings.extra_index_urls.iter().cloned();
        options.extra_index_url = extra.map(Into::into).collect();
    }
    for (name, index) in &settings.index_of {
        if !options.index_of.iter().any(|(known, _)| known == name) {
            options.index_of.push((name.clone(), index.clone()));
        }
    }
    for (name, address) in &settings.conda_channels {
        if !options.conda_channel.iter().any(|(known, _)| known == name) {
            options.conda_channel.push((name.clone(), address.clone()));
        }
    }
    if options.exclude_newer.is_none() {
        options.exclude_newer.clone_from(&settings.exclude_newer);
    }
    options.prerelease = options.prerelease.or(settings.prerelease);
}

/// The outline of `pyproject.toml`, and the settings in it or in `mach-nix.toml`.
pub fn outline_and_settings(
    folder: &Path,
    absolute: &Path,
) -> Result<(ProjectOutline, ProjectSettings), Failure> {
    let current = current_folder()?;
    let context = disk::context(&current);
    let mut outline = ProjectOutline::default();
    if absolute.join("pyproject.toml").is_file() {
        outline = ProjectOutline::read(&folder.join("pyproject.toml"), &context).map_err(Failure::usage)?;
    }
    let settings = match outline.settings.take() {
        Some(settings) => settings,
        None if absolute.join(MACH_NIX_TOML).is_file() => {
            ProjectSettings::read(&folder.join(MACH_NIX_TOML), &context).map_err(Failure::usage)?
        }
        None => ProjectSettings::default(),
    };
    Ok((outline, settings))
}

/// The settings that belong to the first input of a command.
pub fn next_to(input: &Path) -> Result<ProjectSettings, Failure> {
    let folder = input.parent().unwrap_or(Path::new(""));
    // A pipe has no folder of a project, and a pyproject.toml that cannot be read has its error elsewhere.
    if folder.starts_with("/dev") || folder.starts_with("/proc") {
        return Ok(ProjectSettings::default());
    }
    Ok(outline_and_settings(folder, &current_folder()?.join(folder))?.1)
}
