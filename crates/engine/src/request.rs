//! What is asked.

use std::collections::BTreeMap;

use mach_nix_lock::{Lock, LockedRequest, LockedTarget, requirements_digest};
use mach_nix_model::{AllowedHashes, PackageName, Prerelease, Providers, Target, Timestamp, Version};
use mach_nix_resolve::RootRequirement;
use serde::{Deserialize, Serialize};

use crate::place;

/// Everything that decides a lock, besides what the indexes answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Request {
    /// What the user asks for.
    pub requirements: Vec<RootRequirement>,
    /// Limits on versions of packages that may be needed, but are not asked for.
    pub constraints: Vec<RootRequirement>,
    /// The lines that the requirements were read from, for the digest that ties the lock to them.
    pub lines: String,
    /// What it is locked for; not empty.
    pub targets: Vec<Target>,
    /// Which providers serve which package.
    pub providers: Providers,
    /// The addresses of the indexes, without credentials, for the record.
    pub indexes: Vec<String>,
    /// The indexes of packages that come from one only, without credentials.
    #[serde(default)]
    pub bound: BTreeMap<PackageName, String>,
    /// Folders (`file:`) and pages of links whose files count too, without credentials.
    #[serde(default)]
    pub find_links: Vec<String>,
    /// The rule for pre-releases.
    pub prerelease: Prerelease,
    /// Files uploaded at this instant or later do not count.
    pub exclude_newer: Option<Timestamp>,
    /// The files that may be used.
    pub hashes: AllowedHashes,
    /// The absolute folder of the lock, from which it names the files and folders of this machine.
    #[serde(default)]
    pub folder: Option<String>,
    /// Versions to stay with where nothing forbids them.
    pub preferences: BTreeMap<PackageName, Version>,
    /// The same for what sources are built with, by the names of the sources.
    #[serde(default)]
    pub build_preferences: BTreeMap<PackageName, BTreeMap<PackageName, Version>>,
}

impl Request {
    /// The request as the lock records it.
    #[must_use]
    pub fn record(&self) -> LockedRequest {
        let mut requirements: Vec<String> = self
            .requirements
            .iter()
            .map(|root| place::requirement(&root.requirement, self.folder.as_deref()))
            .collect();
        requirements.sort();
        requirements.dedup();
        let mut providers = BTreeMap::from([("_default".to_owned(), self.providers.default.to_string())]);
        providers.extend(
            self.providers
                .packages
                .iter()
                .map(|(name, list)| (name.to_string(), list.to_string())),
        );
        LockedRequest {
            requirements,
            digest: requirements_digest(&self.lines),
            providers,
            indexes: self.indexes.clone(),
            bound: self.bound.clone(),
            find_links: self
                .find_links
                .iter()
                .map(|links| place::recorded(links, self.folder.as_deref()))
                .collect(),
            exclude_newer: self.exclude_newer,
            prerelease: self.prerelease.to_string(),
        }
    }

    /// Whether `lock` was made for this request; says what differs if not.
    #[must_use]
    pub fn difference(&self, lock: &Lock) -> Option<&'static str> {
        let asked = self.record();
        let targets: Vec<LockedTarget> = self.targets.iter().map(|target| (*target).into()).collect();
        let LockedRequest {
            requirements: _,
            digest,
            providers,
            indexes,
            bound,
            find_links,
            exclude_newer,
            prerelease,
        } = &lock.request;
        [
            (asked.digest == *digest, "the requirements changed"),
            (targets == lock.targets, "the targets changed"),
            (asked.providers == *providers, "the providers changed"),
            (asked.indexes == *indexes, "the indexes changed"),
            (asked.bound == *bound, "the indexes of single packages changed"),
            (
                asked.find_links == *find_links,
                "the places of --find-links changed",
            ),
            (asked.exclude_newer == *exclude_newer, "the date limit changed"),
            (
                asked.prerelease == *prerelease,
                "the rule for pre-releases changed",
            ),
        ]
        .into_iter()
        .find_map(|(same, difference)| (!same).then_some(difference))
    }
}
