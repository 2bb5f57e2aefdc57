//! The contents of another tool's lock.

use mach_nix_hash::Digest;
use mach_nix_model::{DEFAULT_INDEX, ExtraName, Marker, PackageName, Requirement, Version, VersionOrUrl};
use pep440_rs::{VersionSpecifier, VersionSpecifiers};
use url::Url;

use super::fields::with_hashes;
use super::file::ForeignFile;
use crate::{Entry, Location, Requirements, RequiresPython, SourceTree};

/// The requirements in another tool's lock, for a selection of extras and groups.
#[derive(Debug, Clone, Default)]
pub struct ForeignLock {
    /// The packages, in the order of the file. A name occurs several times if its version depends on the marker.
    pub packages: Vec<ForeignPackage>,
    /// Packages that are locked to sources outside of any index and must be built.
    pub sources: Vec<SourceTree>,
    /// The supported Python versions.
    pub requires_python: Option<RequiresPython>,
    /// The index of everything, if the lock has only one and it is not the public one.
    pub index_url: Option<Url>,
    /// Settings that affected the resolution of the other tool and are not supported here.
    pub warnings: Vec<String>,
}

/// A locked package.
#[derive(Debug, Clone)]
pub struct ForeignPackage {
    /// The name in PEP 503 normal form.
    pub name: PackageName,
    /// The required extras, if the lock has them.
    pub extras: Vec<ExtraName>,
    /// The version.
    pub version: Version,
    /// The URL of the wheel, if it is not from an index.
    pub url: Option<Url>,
    /// The index, if the lock has it; a `file:` URL is a folder of files.
    pub index: Option<Url>,
    /// The condition for installing it.
    pub marker: Marker,
    /// The allowed files.
    pub files: Vec<ForeignFile>,
    /// The dependencies, if the lock has them.
    pub dependencies: Vec<ForeignDependency>,
    /// The location.
    pub location: Location,
}

/// A dependency of a locked package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignDependency {
    /// The name.
    pub name: PackageName,
    /// The version, if the lock has several.
    pub version: Option<Version>,
    /// The required extras.
    pub extras: Vec<ExtraName>,
    /// The condition.
    pub marker: Marker,
}

impl ForeignLock {
    /// The lock as pinned requirements with the hashes of all allowed files.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let exact =
            |package: &ForeignPackage| self.packages.iter().any(|other| package.is_confused_with(other));
        let entries = self.packages.iter().map(|package| package.entry(exact(package)));
        entries.collect()
    }

    /// The lock as requirements.
    #[must_use]
    pub fn into_requirements(self) -> Requirements {
        let mut found = Requirements::default();
        for entry in self.entries() {
            found.add(entry);
        }
        found.options.index_url.clone_from(&self.index_url);
        found.options.index_of = self.index_of();
        found.options.files_of = self.files_of();
        found
            .lines
            .extend(self.sources.iter().map(|source| source.location.text.clone()));
        found.sources = self.sources;
        found.requires_python.extend(self.requires_python);
        found.warnings = self.warnings;
        found
    }

    /// The indexes of packages that are not only from the public one.
    fn index_of(&self) -> Vec<(PackageName, Vec<Url>)> {
        let mut indexes: Vec<(PackageName, Vec<Url>)> = Vec::new();
        for package in &self.packages {
            let Some(index) = &package.index else { continue };
            match indexes.iter_mut().find(|(name, _)| *name == package.name) {
                Some((_, of_name)) if of_name.contains(index) => {}
                Some((_, of_name)) => of_name.push(index.clone()),
                None => indexes.push((package.name.clone(), vec![index.clone()])),
            }
        }
        indexes.retain(|(_, of_name)| !of_name.iter().all(is_public));
        indexes
    }

    /// The files of packages without an index whose files have URLs.
    fn files_of(&self) -> Vec<(PackageName, Vec<ForeignFile>)> {
        let is_listed = |package: &&ForeignPackage| {
            package.index.is_none()
                && package.url.is_none()
                && !package.files.is_empty()
                && package.files.iter().all(|file| file.url.is_some())
        };
        let listed = self.packages.iter().filter(is_listed);
        listed
            .map(|package| (package.name.clone(), package.files.clone()))
            .collect()
    }
}

/// Whether an index is the default index, with or without the trailing slash.
pub fn is_public(index: &Url) -> bool {
    index.as_str().trim_end_matches('/') == DEFAULT_INDEX.trim_end_matches('/')
}

impl ForeignPackage {
    /// Whether `==` with this version also matches another locked package: `==2.5.1` matches `2.5.1+cpu`.
    fn is_confused_with(&self, other: &Self) -> bool {
        self.name == other.name
            && !self.version.is_local()
            && other.version.is_local()
            && other.version.clone().without_local() == self.version
    }

    /// `name==version ; marker` or `name @ url ; marker`, with hashes in pip's syntax; `exact` uses `===`.
    fn entry(&self, exact: bool) -> Entry {
        let pin = || {
            let plain = VersionSpecifier::equals_version(self.version.clone());
            let exactly = format!("==={}", self.version).parse();
            VersionOrUrl::VersionSpecifier(VersionSpecifiers::from(
                exactly.ok().filter(|_| exact).unwrap_or(plain),
            ))
        };
        let version_or_url = match &self.url {
            Some(url) => VersionOrUrl::Url(url.clone()),
            None => pin(),
        };
        let requirement = Requirement {
            name: self.name.clone(),
            extras: self.extras.clone(),
            version_or_url: Some(version_or_url),
            marker: self.marker.clone(),
        };
        let mut hashes: Vec<Digest> = self.files.iter().filter_map(|file| file.hash).collect();
        hashes.sort();
        hashes.dedup();
        Entry {
            location: Location {
                text: with_hashes(requirement.to_string(), &hashes),
                ..self.location.clone()
            },
            requirement,
            hashes,
            is_locked: true,
        }
    }
}
