//! Preferred versions and commits from the existing lock.

use std::collections::{BTreeMap, BTreeSet};

use mach_nix_fetch::git_reference;
use mach_nix_lock::{Lock, LockedBuild, LockedPackage, LockedSource};
use mach_nix_model::{AnyName, PackageName, Version};
use mach_nix_resolve::RootRequirement;

/// Versions by package name.
type Versions = BTreeMap<PackageName, Version>;

/// The packages that `--upgrade` applies to: none, all, or these.
type Upgrade<'a> = Option<&'a [PackageName]>;

/// A conda package that is not a Python project is freed by its name, too.
fn is_upgraded(name: &AnyName, upgrade: Upgrade<'_>) -> bool {
    let is_named = |named: &PackageName| match name {
        AnyName::Project(project) => project == named,
        AnyName::Conda(conda) => named.as_ref() == conda.as_str().to_lowercase().replace(['_', '.'], "-"),
    };
    upgrade.is_some_and(|names| names.is_empty() || names.iter().any(is_named))
}

/// The files of conda packages to prefer.
pub fn of_conda(lock: &Lock, upgrade: Upgrade<'_>) -> BTreeSet<String> {
    let kept = lock
        .packages
        .iter()
        .filter(|package| !is_upgraded(&package.name, upgrade));
    let files = kept.filter_map(|package| match &package.source {
        LockedSource::Conda(conda) => Some(conda.file.name.clone()),
        _ => None,
    });
    files.collect()
}

/// The preferred versions.
pub fn of_packages(lock: &Lock, upgrade: Upgrade<'_>) -> Versions {
    // Of several versions for several targets, the first target's wins, as it does in the search.
    let mut versions = Versions::new();
    for target in 0..lock.targets.len() {
        let served = |package: &&LockedPackage| lock.targets_of(package).contains(&target);
        for package in lock.packages.iter().filter(served) {
            if let (Some(name), Some(version)) = (package.project(), package.python_version())
                && !is_upgraded(&package.name, upgrade)
            {
                versions.entry(name.clone()).or_insert(version);
            }
        }
    }
    versions
}

/// The preferred commits of branches and tags, by [`git_reference`]. A commit shared by several packages is upgraded
/// with each of them.
pub fn of_commits(lock: &Lock, upgrade: Upgrade<'_>) -> BTreeMap<String, String> {
    let mut commits = BTreeMap::new();
    let mut freed = BTreeSet::new();
    let project = lock.project.iter().flat_map(|project| &project.build.packages);
    for package in lock.packages.iter().chain(project) {
        add_commits(package, false, upgrade, &mut commits, &mut freed);
    }
    commits.retain(|reference, _| !freed.contains(reference));
    commits
}

fn add_commits(
    package: &LockedPackage,
    is_freed: bool,
    upgrade: Upgrade<'_>,
    commits: &mut BTreeMap<String, String>,
    freed: &mut BTreeSet<String>,
) {
    let is_freed = is_freed || is_upgraded(&package.name, upgrade);
    if let LockedSource::Git { git, .. } = &package.source
        && let Some(name) = &git.reference
    {
        let reference = git_reference(&git.url, name);
        if is_freed {
            freed.insert(reference);
        } else {
            commits.insert(reference, git.rev.clone());
        }
    }
    for tool in package.build.iter().flat_map(|build| &build.packages) {
        add_commits(tool, is_freed, upgrade, commits, freed);
    }
}

/// Warnings about archives that changed at the same URL.
pub fn changed_archives(old: &Lock, new: &Lock, upgrade: Upgrade<'_>) -> Vec<String> {
    let file = |package: &LockedPackage| match &package.source {
        LockedSource::Direct { file, .. } => Some(file.clone()),
        _ => None,
    };
    let before: BTreeMap<_, _> = old
        .packages
        .iter()
        .filter_map(file)
        .map(|file| (file.url, file.hash))
        .collect();
    let locked_again = new
        .packages
        .iter()
        .filter(|package| !is_upgraded(&package.name, upgrade));
    locked_again.filter_map(|package| {
        let file = file(package)?;
        let locked = before.get(&file.url).filter(|hash| **hash != file.hash)?;
        Some(format!(
            "{} has changed since it was locked for `{}`: its digest was {locked} and is {}; to pin the file, add `#sha256=…` \
             to the URL",
            file.url, package.name, file.hash
        ))
    })
    .collect()
}

/// The preferred versions in build environments, by the names of the sources. Upgrading a package also upgrades its
/// build environment.
pub fn of_builds(
    lock: &Lock,
    project: Option<&RootRequirement>,
    upgrade: Upgrade<'_>,
) -> BTreeMap<PackageName, Versions> {
    let mut builds = BTreeMap::new();
    for package in &lock.packages {
        let Some(name) = package.project() else { continue };
        add_builds(name, package.build.as_ref(), upgrade, &mut builds);
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
    let Some(build) = build.filter(|_| !is_upgraded(&name.clone().into(), upgrade)) else {
        return;
    };
    for tool in &build.packages {
        let (Some(tool_name), Some(version)) = (tool.project(), tool.python_version()) else {
            continue;
        };
        if !is_upgraded(&tool.name, upgrade) {
            builds
                .entry(name.clone())
                .or_default()
                .entry(tool_name.clone())
                .or_insert(version);
        }
        add_builds(tool_name, tool.build.as_ref(), upgrade, builds);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `app`, built with `tool` from a branch, and `other` from the same branch; `plain` from a commit.
    const LOCK: &str = r#"{
      "version": 1,
      "request": {"requirements": [], "digest": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "providers": {"_default": "sdist"}, "indexes": [], "prerelease": "disallow"},
      "targets": [{"python": "3.11", "system": "x86_64-linux"}],
      "packages": [
        {"name": "app", "version": "1", "provider": "sdist", "path": "./app", "build": {"requires": [], "packages": [
          {"name": "tool", "version": "1", "provider": "sdist", "hash": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
           "git": {"url": "https://x.test/a", "rev": "0123456789012345678901234567890123456789", "ref": "main", "subdirectory": "tool"}}]}},
        {"name": "other", "version": "1", "provider": "sdist", "hash": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
         "git": {"url": "https://x.test/a", "rev": "0123456789012345678901234567890123456789", "ref": "main"}},
        {"name": "plain", "version": "1", "provider": "sdist", "hash": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
         "git": {"url": "https://x.test/b", "rev": "9876543210987654321098765432109876543210"}}
      ]
    }"#;

    #[test]
    fn branches_stay_until_something_from_them_is_upgraded() {
        let lock = Lock::from_json(LOCK).unwrap();
        let main = "https://x.test/a main 0123456789012345678901234567890123456789";
        for (upgrade, expected) in [
            (None, Some(main)),
            (Some(["plain"].as_slice()), Some(main)),
            (Some(&["tool"]), None),
            (Some(&["app"]), None),
            (Some(&["other"]), None),
            (Some(&[]), None),
        ] {
            let names: Option<Vec<PackageName>> =
                upgrade.map(|names| names.iter().map(|name| name.parse().unwrap()).collect());
            let found: Vec<String> = of_commits(&lock, names.as_deref())
                .iter()
                .map(|(reference, rev)| format!("{reference} {rev}"))
                .collect();
            assert_eq!(found, Vec::from_iter(expected), "{upgrade:?}");
        }
    }

    #[test]
    fn changed_archives_are_warned_about() {
        let direct = |hash: &str| {
            let package = format!(
                r#"{{"name": "demo", "version": "1", "provider": "wheel", "file": "demo-1-py3-none-any.whl",
                "url": "https://x.test/demo-1-py3-none-any.whl", "hash": "{hash}", "size": 1, "direct": true}}"#
            );
            let (begin, _) = LOCK.split_once("\"packages\": [").unwrap();
            Lock::from_json(&format!("{begin}\"packages\": [{package}]}}")).unwrap()
        };
        let one = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        let other = "sha256-I6wK5A7amn2mflOZaMwIUtEAhK4kzDVPR74I9+IhXUk=";
        let demo = ["demo".parse().unwrap()];
        let warnings = |new, upgrade| changed_archives(&direct(one), &direct(new), upgrade);
        assert_eq!(warnings(one, None), Vec::<String>::new());
        assert_eq!(warnings(other, Some(&demo)), Vec::<String>::new());
        let [warning] = &warnings(other, None)[..] else {
            panic!()
        };
        assert_eq!(
            *warning,
            format!(
                "https://x.test/demo-1-py3-none-any.whl has changed since it was locked for `demo`: its digest was \
                 {one} and is {other}; to pin the file, add `#sha256=…` to the URL"
            )
        );
    }
}
