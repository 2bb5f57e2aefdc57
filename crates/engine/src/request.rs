//! The lock request: requirements, targets, policy and sources.

use std::collections::BTreeMap;

use mach_nix_lock::{Lock, LockedRequest, LockedTarget, requirements_digest};
use mach_nix_model::{PackageName, Policy, Target, Version};
use mach_nix_resolve::RootRequirement;
use serde::{Deserialize, Serialize};

use crate::{Parts, Sources, location};

/// Everything that decides a lock, apart from the answers of the indexes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Request {
    /// The requirements of the user.
    pub requirements: Vec<RootRequirement>,
    /// Limits on versions of packages that may be needed.
    pub constraints: Vec<RootRequirement>,
    /// The lines that the requirements were read from, for the digest that ties the lock to them.
    pub lines: String,
    /// The targets; not empty.
    pub targets: Vec<Target>,
    /// The rules by which versions and files are chosen.
    #[serde(flatten)]
    pub policy: Policy,
    /// The sources of packages, for the record.
    #[serde(flatten)]
    pub sources: Sources,
    /// The absolute folder of the lock, from which it names the files and folders of this machine.
    #[serde(default)]
    pub folder: Option<String>,
    /// The project that the requirements were read from, `NAME @ file:///FOLDER`, where it can be built itself.
    #[serde(default)]
    pub project: Option<RootRequirement>,
    /// The parts of the project, where all of them are required.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Parts>,
    /// Versions to prefer where nothing forbids them.
    pub preferences: BTreeMap<PackageName, Version>,
    /// Versions to prefer in build environments, by the names of the sources.
    #[serde(default)]
    pub build_preferences: BTreeMap<PackageName, BTreeMap<PackageName, Version>>,
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
    }

    /// The request as the lock records it.
    #[must_use]
    pub fn record(&self) -> LockedRequest {
        let folder = self.folder.as_deref();
        let mut requirements: Vec<String> = self
            .requirements
            .iter()
            .map(|root| location::requirement(&root.requirement, folder))
            .collect();
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
        }
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

    /// The difference between this request and the one that `lock` was made for, if there is one.
    #[must_use]
    pub fn difference(&self, lock: &Lock) -> Option<&'static str> {
        let own = self.record();
        let targets: Vec<LockedTarget> = self.targets.iter().map(|target| (*target).into()).collect();
        let LockedRequest {
            requirements: _,
            digest,
            providers,
            indexes,
            pinned_indexes,
            find_links,
            limits,
            prerelease,
        } = &lock.request;
        [
            (own.digest == *digest, "the requirements changed"),
            (targets == lock.targets, "the targets changed"),
            (own.providers == *providers, "the providers changed"),
            (own.indexes == *indexes, "the indexes changed"),
            (
                own.pinned_indexes == *pinned_indexes,
                "the indexes of single packages changed",
            ),
            (own.find_links == *find_links, "the places of find-links changed"),
            (own.limits == *limits, "the date limit changed"),
            (own.prerelease == *prerelease, "the rule for pre-releases changed"),
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
