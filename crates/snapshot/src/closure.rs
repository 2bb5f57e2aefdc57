//! The closure of requirements: every release that a resolver could query for them, which is the content of a snapshot.
//!
//! All releases of all dependencies of all releases would be most of the index, so the closure is limited. Of each
//! reached project it contains:
//!
//! - for each target the newest [`ClosureOptions::releases`] that are usable there,
//! - for every specifier in the requirements or in a contained release, the newest two per target,
//! - the releases added with [`Closure::keep`]: those that a resolver chose or considered.
//!
//! A release is usable on a target if it has a wheel for it, is not yanked (unless a specifier pins it) and is not a
//! pre-release (unless a specifier names one, or the project has nothing else). A contained release has all its wheels,
//! and the metadata of each that fits one of the targets; so its dependencies are reached in turn. Source distributions
//! are omitted, because their dependencies may require a build. Other releases are absent, as if they had never been
//! uploaded: a snapshot is a smaller index without gaps.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use mach_nix_model::{
    DistributionFile, ExtraName, IndexError, PackageIndex, PackageName, Requirement, Version, VersionOrUrl,
    VersionSpecifiers,
};

use crate::contents::SnapshotProject;

mod options;
mod reached;
mod serves;
mod whole;

pub use options::ClosureOptions;
use reached::Reached;
use serves::Serves;
pub use whole::whole;

/// Number of releases per specifier and target, so that an upper bound has alternatives below it.
const PER_SPECIFIER: usize = 2;

/// A closure under construction.
pub struct Closure<'a> {
    index: &'a dyn PackageIndex,
    serves: Serves,
    releases: usize,
    reached: BTreeMap<PackageName, Reached>,
    met: HashSet<Demand>,
    open: Vec<Demand>,
}

/// A demand for a project, regardless of its origin.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Demand {
    name: PackageName,
    specifiers: Option<VersionSpecifiers>,
    extras: Vec<ExtraName>,
}

impl<'a> Closure<'a> {
    /// An empty closure.
    #[must_use]
    pub fn new(options: ClosureOptions, index: &'a dyn PackageIndex) -> Self {
        Self {
            index,
            releases: options.releases.max(1),
            serves: Serves::new(options),
            reached: BTreeMap::new(),
            met: HashSet::new(),
            open: Vec::new(),
        }
    }

    /// Adds a requirement, with its marker evaluated on each target.
    pub fn require(&mut self, requirement: &Requirement) {
        if self.serves.holds(requirement) {
            self.demand(requirement);
        }
    }

    /// Adds a release regardless of the limits.
    ///
    /// # Errors
    /// If the index fails.
    pub fn keep(&mut self, name: &PackageName, version: &Version) -> Result<(), IndexError> {
        self.reach(std::slice::from_ref(name))?;
        if let Some(reached) = self.reached.get_mut(name) {
            reached.keep(version);
        }
        Ok(())
    }

    /// Follows dependencies until no new release is reached.
    ///
    /// # Errors
    /// If the index fails.
    pub fn grow(&mut self) -> Result<(), IndexError> {
        loop {
            let open = std::mem::take(&mut self.open);
            let names: Vec<PackageName> = open.iter().map(|demand| demand.name.clone()).collect();
            self.reach(&names)?;
            for demand in &open {
                if let Some(reached) = self.reached.get_mut(&demand.name) {
                    reached.extras.extend(demand.extras.iter().cloned());
                    reached.include_matching(None, self.releases, &self.serves);
                    if let Some(specifiers) = &demand.specifiers {
                        reached.include_matching(
                            Some(specifiers),
                            PER_SPECIFIER.min(self.releases),
                            &self.serves,
                        );
                    }
                }
            }
            if !self.follow()? {
                return Ok(());
            }
        }
    }

    /// Reads the metadata of new releases and reaches their dependencies; `false` if there were none.
    fn follow(&mut self) -> Result<bool, IndexError> {
        let mut unfollowed = Vec::new();
        for (name, reached) in &mut self.reached {
            for release in reached.take_unfollowed() {
                let files = reached.files(release);
                let wheels = files.into_iter().filter_map(|file| {
                    let targets = self.serves.targets_of(name, &file);
                    (!targets.is_empty()).then_some((file, targets))
                });
                let extras: Vec<ExtraName> = reached.extras.iter().cloned().collect();
                let wheels: Vec<(DistributionFile, Vec<usize>)> = wheels.collect();
                unfollowed.push((name.clone(), extras, wheels));
            }
        }
        for (name, _, wheels) in &unfollowed {
            for (wheel, _) in wheels {
                self.index.prefetch_metadata(name, wheel);
            }
        }
        let some = !unfollowed.is_empty();
        for (name, extras, wheels) in unfollowed {
            for (wheel, targets) in wheels {
                let metadata = self.index.metadata(&name, &wheel)?;
                for requirement in &metadata.requires_dist {
                    if self.serves.holds_for(requirement, &targets, &extras) {
                        self.demand(requirement);
                    }
                }
            }
        }
        Ok(some || !self.open.is_empty())
    }

    fn demand(&mut self, requirement: &Requirement) {
        let specifiers = match &requirement.version_or_url {
            None => None,
            Some(VersionOrUrl::VersionSpecifier(specifiers)) => Some(specifiers.clone()),
            // The resolver reports the problem.
            Some(VersionOrUrl::Url(_)) => return,
        };
        let demand = Demand {
            name: requirement.name.clone(),
            specifiers,
            extras: requirement.extras.clone(),
        };
        if self.met.insert(demand.clone()) {
            self.open.push(demand);
        }
    }

    /// Queries projects that were not reached before.
    fn reach(&mut self, names: &[PackageName]) -> Result<(), IndexError> {
        let unknown = names.iter().filter(|name| !self.reached.contains_key(*name));
        let unknown: BTreeSet<PackageName> = unknown.cloned().collect();
        let hint: Vec<PackageName> = unknown.iter().cloned().collect();
        self.index.prefetch_projects(&hint);
        for name in unknown {
            let project = self.index.project(&name)?;
            self.reached.insert(name, Reached::new(project));
        }
        Ok(())
    }

    /// The projects with their contained releases, sorted by name.
    ///
    /// # Errors
    /// If the index fails.
    pub fn projects(&self) -> impl Iterator<Item = Result<SnapshotProject, IndexError>> + '_ {
        self.reached.iter().map(|(name, reached)| {
            let releases = reached
                .held()
                .map(|(version, release)| (version.clone(), reached.files(release)));
            let index = reached.project().map(|project| project.index.clone());
            self.serves.hold(self.index, name, index, releases.collect())
        })
    }
}
