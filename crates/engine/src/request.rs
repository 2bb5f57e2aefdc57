//! The lock request: requirements, targets, policy and sources.

use std::collections::{BTreeMap, BTreeSet};

use mach_nix_conda::Channel;
use mach_nix_lock::{Lock, LockedRequest, requirements_digest};
use mach_nix_model::{PackageName, Policy, Target, Version};
use mach_nix_resolve::{CondaRoot, RootRequirement};
use serde::{Deserialize, Serialize};

use crate::{Parts, Sources, location};

/// All inputs of a lock, apart from the results of indexes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Request {
    /// The requirements of the user.
    pub requirements: Vec<RootRequirement>,
    /// The requirements of the user for conda packages.
    #[serde(default, rename = "conda_requirements", skip_serializing_if = "Vec::is_empty")]
    pub conda: Vec<CondaRoot>,
    /// The environment variables of shells.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
    /// Limits on versions of packages that may be needed.
    pub constraints: Vec<RootRequirement>,
    /// The lines of the requirements, for the digest that connects the lock with them.
    pub lines: String,
    /// The targets; not empty.
    pub targets: Vec<Target>,
    /// The rules for choosing versions and files.
    #[serde(flatten)]
    pub policy: Policy,
    /// The sources of packages, as recorded in the lock.
    #[serde(flatten)]
    pub sources: Sources,
    /// The absolute folder of the lock, to which paths are relative.
    #[serde(default)]
    pub folder: Option<String>,
    /// The project of the requirements, `NAME @ file:///FOLDER`, if it can be built.
    #[serde(default)]
    pub project: Option<RootRequirement>,
    /// The parts of the project, where all of them are required.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Parts>,
    /// Preferred versions, if nothing excludes them.
    pub preferences: BTreeMap<PackageName, Version>,
    /// Preferred versions in build environments, by the names of the sources.
    #[serde(default)]
    pub build_preferences: BTreeMap<PackageName, BTreeMap<PackageName, Version>>,
    /// The names of files of conda packages to prefer.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub conda_preferences: BTreeSet<String>,
}

/// A part of the policy that a lock may decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adopted {
    /// The providers.
    Providers,
    /// The rule for pre-releases.
    Prereleases,
    /// The date limits.
    Limits,
    /// The conda channels.
    Channels,
    /// The virtual packages.
    VirtualPackages,
}

impl Request {
    /// Takes parts of the policy from a lock.
    pub fn adopt(&mut self, lock: &Lock, is_adopted: impl Fn(Adopted) -> bool) {
        if is_adopted(Adopted::Providers) {
            self.policy.providers = lock.request.providers.clone();
        }
        if is_adopted(Adopted::Prereleases) {
            self.policy.prerelease = lock.request.prerelease;
        }
        if is_adopted(Adopted::Limits) {
            self.policy.limits = lock.request.limits.clone();
        }
        let conda = &mut self.policy.conda;
        if is_adopted(Adopted::Channels) {
            conda.channels.clone_from(&lock.request.conda_channels);
        }
        if is_adopted(Adopted::VirtualPackages) {
            conda.virtual_packages.clone_from(&lock.request.virtual_packages);
        }
    }

    /// The request in the form of the lock.
    #[must_use]
    pub fn record(&self) -> LockedRequest {
        let folder = self.folder.as_deref();
        let mut requirements: Vec<String> = self
            .requirements
            .iter()
            .map(|root| location::requirement(&root.requirement, folder))
            .collect();
        requirements.extend(self.conda.iter().map(|root| root.requirement.to_string()));
        requirements.sort();
        requirements.dedup();
        let Sources {
            indexes,
            pinned_indexes,
            find_links,
        } = self.sources.seen_from(folder);
        LockedRequest {
            requirements,
            digest: requirements_digest(&self.lines),
            providers: self.policy.providers.clone(),
            indexes,
            pinned_indexes,
            find_links,
            limits: self.policy.limits.clone(),
            prerelease: self.policy.prerelease,
            conda_channels: self.channels_seen_from(folder),
            virtual_packages: self.policy.conda.virtual_packages.clone(),
            variables: self.variables.clone(),
        }
    }

    /// The conda channels, with folders of this machine relative to that of the lock.
    fn channels_seen_from(&self, folder: Option<&str>) -> Vec<Channel> {
        let channels = self.policy.conda.channels.iter();
        let seen =
            channels.map(|channel| Channel::new(channel.name(), &location::recorded(channel.url(), folder)));
        seen.collect()
    }

    /// Keeps the instants of a lock whose durations are the same, if nothing else has changed: a lock does not become stale
    /// because time passes.
    pub fn keep_instants(&mut self, lock: &Lock) {
        let limits = self.policy.limits.at_instants_of(&lock.request.limits);
        let new = std::mem::replace(&mut self.policy.limits, limits);
        if self.difference(lock).is_some() {
            self.policy.limits = new;
        }
    }

    /// The difference between this request and that of `lock`, if any.
    #[must_use]
    pub fn difference(&self, lock: &Lock) -> Option<&'static str> {
        let own = self.record();
        let same_targets = self.targets.len() == lock.targets.len()
            && lock
                .targets
                .iter()
                .zip(&self.targets)
                .all(|(locked, target)| locked.is(*target));
        let LockedRequest {
            requirements: _,
            digest,
            providers,
            indexes,
            pinned_indexes,
            find_links,
            limits,
            prerelease,
            conda_channels,
            virtual_packages,
            variables,
        } = &lock.request;
        [
            (own.digest == *digest, "the requirements changed"),
            (same_targets, "the targets changed"),
            (own.providers == *providers, "the providers changed"),
            (own.indexes == *indexes, "the indexes changed"),
            (
                own.pinned_indexes == *pinned_indexes,
                "the pinned indexes changed",
            ),
            (own.find_links == *find_links, "the find-links locations changed"),
            (own.limits == *limits, "the date limit changed"),
            (own.prerelease == *prerelease, "the rule for pre-releases changed"),
            (
                own.conda_channels == *conda_channels,
                "the conda channels changed",
            ),
            (
                own.virtual_packages == *virtual_packages,
                "the virtual packages changed",
            ),
            (own.variables == *variables, "the environment variables changed"),
            (
                self.parts
                    .as_ref()
                    .is_none_or(|parts| Some(parts.record(&self.targets)) == lock.parts),
                "the parts of the project changed",
            ),
        ]
        .into_iter()
        .find_map(|(same, difference)| (!same).then_some(difference))
    }
}
