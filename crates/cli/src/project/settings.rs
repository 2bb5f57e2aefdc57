//! Settings of the project, where neither an option nor a variable says something else.

use mach_nix_fetch::DEFAULT_INDEX;
use mach_nix_manifest::ProjectSettings;

use crate::args::lock::LockOptions;

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
        .filter(|_| options.index_url.as_str() == DEFAULT_INDEX)
    {
        options.index_url = index.clone();
    }
    if options.extra_index_url.is_empty() {
        options.extra_index_url.clone_from(&settings.extra_index_urls);
    }
    for (name, index) in &settings.index_of {
        if !options.index_of.iter().any(|(known, _)| known == name) {
            options.index_of.push((name.clone(), index.clone()));
        }
    }
    if options.exclude_newer.is_none() {
        options.exclude_newer.clone_from(&settings.exclude_newer);
    }
    options.prerelease = options.prerelease.or(settings.prerelease);
}
