//! What a new lock keeps of the one that is there.

use std::collections::BTreeMap;

use mach_nix_fetch::git_reference;
use mach_nix_lock::{Lock, LockedBuild, LockedPackage, LockedSource};
use mach_nix_model::{PackageName, Requirement, Version, VersionOrUrl};
use mach_nix_resolve::RootRequirement;

/// Versions by name.
type Versions = BTreeMap<PackageName, Version>;

/// What `--upgrade` frees: nothing, everything, or these.
type Upgrade<'a> = Option<&'a [PackageName]>;

fn is_upgraded(name: &PackageName, upgrade: Upgrade<'_>) -> bool {
    upgrade.is_some_and(|names| names.is_empty() || names.contains(name))
}

/// The versions to stay with.
pub fn of_packages(lock: &Lock, upgrade: Upgrade<'_>) -> Versions {
    // Of several versions for several targets the first target's counts: it comes first in the search too.
    let mut versions = Versions::new();
    for target in 0..lock.targets.len() {
        let served = |package: &&LockedPackage| lock.targets_of(package).contains(&target);
        for package in lock.packages.iter().filter(served) {
            if !is_upgraded(&package.name, upgrade) {
                versions
                    .entry(package.name.clone())
                    .or_insert_with(|| package.version.clone());
            }
        }
    }
    versions
}

/// The commits to stay with, of the branches and tags that are required.
pub fn of_commits(lock: &Lock, upgrade: Upgrade<'_>) -> BTreeMap<String, String> {
    let of_requirement = |text: &String| {
        let requirement: Requirement = text.parse().ok()?;
        let Some(VersionOrUrl::Url(url)) = &requirement.version_or_url else {
            return None;
        };
        let rev = lock.packages.iter().find_map(|package| match &package.source {
            LockedSource::Git { git, .. } if package.name == requirement.name => Some(&git.rev),
            _ => None,
        })?;
        (!is_upgraded(&requirement.name, upgrade)).then(|| (git_reference(url), rev.clone()))
    };
    lock.request
        .requirements
        .iter()
        .filter_map(of_requirement)
        .collect()
}

/// The versions to stay with in build environments, by the names of what is built. To upgrade a package is to upgrade what
/// it is built with, too.
pub fn of_builds(
    lock: &Lock,
    project: Option<&RootRequirement>,
    upgrade: Upgrade<'_>,
) -> BTreeMap<PackageName, Versions> {
    let mut builds = BTreeMap::new();
    for package in &lock.packages {
        add_builds(&package.name, package.build.as_ref(), upgrade, &mut builds);
    }
    if let (Some(project), Some(locked)) = (project, &lock.project) {
        add_builds(
            &project.requirement.name,
            Some(&locked.build),
            upgrade,
            &mut builds,
        );
    }
    builds
}

fn add_builds(
    name: &PackageName,
    build: Option<&LockedBuild>,
    upgrade: Upgrade<'_>,
    builds: &mut BTreeMap<PackageName, Versions>,
) {
    let Some(build) = build.filter(|_| !is_upgraded(name, upgrade)) else {
        return;
    };
    for tool in &build.packages {
        if !is_upgraded(&tool.name, upgrade) {
            builds
                .entry(name.clone())
                .or_default()
                .entry(tool.name.clone())
                .or_insert_with(|| tool.version.clone());
        }
        add_builds(&tool.name, tool.build.as_ref(), upgrade, builds);
    }
}
