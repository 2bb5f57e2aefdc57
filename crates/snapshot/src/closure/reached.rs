//! A project in a closure, with its contained releases.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mach_nix_model::{
    DistributionFile, ExtraName, Project, Version, VersionSpecifier, VersionSpecifiers, Yanked, specifier,
};

use super::serves::Serves;

/// The targets, by index, for which a release has wheels.
#[derive(Default)]
struct Usable {
    targets: BTreeSet<usize>,
    /// The targets including yanked files.
    with_yanked: BTreeSet<usize>,
}

/// A reached project.
pub struct Reached {
    /// `None` if the index does not have the project.
    project: Option<Arc<Project>>,
    /// The requested extras.
    pub extras: BTreeSet<ExtraName>,
    held: BTreeSet<usize>,
    /// The contained releases, with the number of extras when their dependencies were followed.
    followed: BTreeMap<usize, usize>,
    usable: BTreeMap<usize, Usable>,
}

impl Reached {
    pub fn new(project: Option<Arc<Project>>) -> Self {
        Self {
            project,
            extras: BTreeSet::new(),
            held: BTreeSet::new(),
            followed: BTreeMap::new(),
            usable: BTreeMap::new(),
        }
    }

    pub fn project(&self) -> Option<&Arc<Project>> {
        self.project.as_ref()
    }

    fn versions(&self) -> &[Version] {
        self.project.as_ref().map_or(&[], |project| project.versions())
    }

    /// The files of a release.
    pub fn files(&self, release: usize) -> Vec<DistributionFile> {
        self.project
            .as_ref()
            .map(|project| project.files(release))
            .unwrap_or_default()
    }

    /// The contained releases, ascending.
    pub fn held(&self) -> impl Iterator<Item = (&Version, usize)> {
        let versions = self.versions();
        let held = self.held.iter();
        held.filter_map(|release| Some((versions.get(*release)?, *release)))
    }

    pub fn keep(&mut self, version: &Version) {
        let place = self.versions().binary_search(version);
        self.held.extend(place);
    }

    /// Adds the newest usable releases that satisfy a specifier: this many for each target.
    pub fn include_matching(
        &mut self,
        specifiers: Option<&VersionSpecifiers>,
        count: usize,
        serves: &Serves,
    ) {
        let Some(project) = self.project.clone() else {
            return;
        };
        let parts: &[VersionSpecifier] = specifiers.map_or(&[], |specifiers| specifiers);
        let pinned = parts.iter().any(specifier::pins);
        let prerelease = parts.iter().any(VersionSpecifier::any_prerelease)
            || project.versions().iter().all(Version::any_prerelease);
        let mut left = vec![count; serves.count()];
        for (release, version) in project.versions().iter().enumerate().rev() {
            if left.iter().all(|left| *left == 0) {
                break;
            }
            let fits = prerelease || !version.any_prerelease();
            if !fits || !parts.iter().all(|part| specifier::matches(part, version)) {
                continue;
            }
            let usable = self.usable(&project, release, serves);
            let targets = if pinned {
                &usable.with_yanked
            } else {
                &usable.targets
            };
            let mut wanted = false;
            for target in targets {
                wanted |= left[*target] > 0;
                left[*target] = left[*target].saturating_sub(1);
            }
            if wanted {
                self.held.insert(release);
            }
        }
    }

    fn usable(&mut self, project: &Project, release: usize, serves: &Serves) -> &Usable {
        self.usable.entry(release).or_insert_with(|| {
            let mut usable = Usable::default();
            for file in project.files(release) {
                let targets = serves.targets_of(&project.name, &file);
                usable.with_yanked.extend(&targets);
                if file.yanked == Yanked::No {
                    usable.targets.extend(&targets);
                }
            }
            usable
        })
    }

    /// The contained releases whose dependencies were not followed yet, or not with all extras.
    pub fn take_unfollowed(&mut self) -> Vec<usize> {
        let extras = self.extras.len();
        let held = self.held.iter().copied();
        let unfollowed: Vec<usize> = held
            .filter(|release| self.followed.get(release) != Some(&extras))
            .collect();
        self.followed
            .extend(unfollowed.iter().map(|release| (*release, extras)));
        unfollowed
    }
}
