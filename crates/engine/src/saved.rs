//! A saved problem: the request, and all results of the index during its resolution.
//!
//! A resolution depends on nothing else, so that it can be repeated anywhere and offline: a report of a wrong result
//! needs no other data.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mach_nix_conda::{Channel, CondaName, CondaRecord, CondaRecords, Subdir};
use mach_nix_hash::Digests;
use mach_nix_lock::LockedPackage;
use mach_nix_model::{
    CoreMetadata, DirectReference, DistributionFile, FileInfo, IndexError, NixpkgsPackage, PackageIndex,
    PackageName, Project, Requirement, StaticMetadata, Target,
};
use mach_nix_tags::NixSystem;
use serde::{Deserialize, Serialize};

use crate::{BackendAnswer, BackendQuery, BuildError, Request, SourceBuilder};

/// A request with the results that determine its outcome.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SavedProblem {
    /// The request.
    pub request: Request,
    pub(crate) answers: Answers,
}

impl SavedProblem {
    /// Parses a saved problem.
    ///
    /// # Errors
    /// If the text is invalid.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// Formats the problem.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("all keys are strings")
    }
}

/// The results of the index; files are identified by URL.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Answers {
    /// `None` if no index has the project.
    pub projects: BTreeMap<PackageName, Option<SavedProject>>,
    pub metadata: BTreeMap<Box<str>, CoreMetadata>,
    pub facts: BTreeMap<Box<str>, FileInfo>,
    /// Of files whose content was read: see [`PackageIndex::digests`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub digests: BTreeMap<Box<str>, Digests>,
    #[serde(default)]
    pub sources: BTreeMap<Box<str>, StaticMetadata>,
    /// The name of the snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<String>,
    /// The projects that the snapshot does not contain.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub not_held: BTreeSet<PackageName>,
    /// By requirement.
    #[serde(default)]
    pub direct: BTreeMap<String, DirectReference>,
    /// By name and target.
    #[serde(default)]
    pub nixpkgs: BTreeMap<String, Option<NixpkgsPackage>>,
    /// The system that build backends ran on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub builds_on: Option<NixSystem>,
    /// The reasons why nixpkgs could not be queried, by name and target.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub no_nixpkgs: BTreeMap<String, String>,
    /// The reasons why a package of nixpkgs is skipped, by name and target.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: BTreeMap<String, String>,
    /// The records of conda packages, by channel, folder and name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub conda: BTreeMap<String, CondaRecords>,
    /// Of conda packages that were chosen, by address.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub conda_facts: BTreeMap<Box<str>, FileInfo>,
    /// The results or errors of build backends; see [`backend_key`].
    #[serde(default)]
    pub builds: BTreeMap<String, Result<BackendAnswer, String>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SavedProject {
    pub index: Arc<str>,
    pub files: Vec<DistributionFile>,
}

/// Replays the results of the builder.
impl SourceBuilder for SavedProblem {
    fn system(&self) -> Option<NixSystem> {
        self.answers.builds_on
    }

    fn query(
        &self,
        source: &LockedPackage,
        query: BackendQuery,
        target: Target,
    ) -> Result<BackendAnswer, BuildError> {
        let key = backend_key(source, query, target);
        match self.answers.builds.get(&key) {
            Some(Ok(answer)) => Ok(answer.clone()),
            Some(Err(reason)) => Err(BuildError::Failed(reason.clone())),
            None => Err(BuildError::External(not_saved(&key))),
        }
    }
}

/// The key of a query to a build backend: the source, its environment and the target.
pub fn backend_key(source: &LockedPackage, query: BackendQuery, target: Target) -> String {
    let packages = source.build.iter().flat_map(|build| &build.packages);
    let packages: Vec<String> = packages
        .map(|package| format!("{} {}", package.name, package.version))
        .collect();
    let query = match query {
        BackendQuery::Requires => "requirements",
        BackendQuery::Metadata => "metadata",
    };
    format!(
        "{query} of {} {} for {target} with {}",
        source.name,
        source.version,
        packages.join(", ")
    )
}

/// Replays the results of the index.
impl PackageIndex for SavedProblem {
    fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
        if let Some(snapshot) = &self.answers.snapshot
            && self.answers.not_held.contains(name)
        {
            return Err(IndexError::project_not_in_snapshot(snapshot, name));
        }
        let saved = self.answers.projects.get(name).ok_or_else(|| not_saved(name))?;
        let project = saved.as_ref().map(|saved| {
            Arc::new(Project::from_files(
                name.clone(),
                saved.index.clone(),
                saved.files.clone(),
            ))
        });
        Ok(project)
    }

    fn metadata(&self, _: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        let saved = self
            .answers
            .metadata
            .get(&file.url)
            .ok_or_else(|| not_saved(&file.filename))?;
        Ok(Arc::new(saved.clone()))
    }

    fn source(&self, _: &PackageName, file: &DistributionFile) -> Result<Arc<StaticMetadata>, IndexError> {
        let saved = self.answers.sources.get(&file.url);
        saved
            .map(|facts| Arc::new(facts.clone()))
            .ok_or_else(|| not_saved(&file.filename))
    }

    fn conda_records(
        &self,
        channel: &Arc<Channel>,
        subdir: Subdir,
        name: &CondaName,
    ) -> Result<Arc<CondaRecords>, IndexError> {
        let key = in_channel(channel, subdir, name);
        let saved = self.answers.conda.get(&key).ok_or_else(|| not_saved(&key))?;
        Ok(Arc::new(saved.clone()))
    }

    fn conda_file_info(&self, record: &CondaRecord) -> Result<FileInfo, IndexError> {
        let saved = self.answers.conda_facts.get(&record.url).copied();
        saved.ok_or_else(|| not_saved(&record.file))
    }

    fn direct(&self, requirement: &Requirement) -> Result<Arc<DirectReference>, IndexError> {
        let saved = self.answers.direct.get(&requirement.to_string());
        saved
            .map(|referenced| Arc::new(referenced.clone()))
            .ok_or_else(|| not_saved(requirement))
    }

    fn nixpkgs(&self, name: &PackageName, target: Target) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        let key = in_nixpkgs(name, target);
        if let Some(reason) = self.answers.no_nixpkgs.get(&key).cloned() {
            return Err(IndexError::NoNixpkgs { reason });
        }
        if let Some(reason) = self.answers.left_out.get(&key).cloned() {
            return Err(IndexError::Skipped { reason });
        }
        let saved = self.answers.nixpkgs.get(&key).ok_or_else(|| not_saved(&key))?;
        Ok(saved.clone().map(Arc::new))
    }

    fn snapshot(&self) -> Option<&str> {
        self.answers.snapshot.as_deref()
    }

    fn file_info(&self, file: &DistributionFile) -> Result<FileInfo, IndexError> {
        self.answers
            .facts
            .get(&file.url)
            .copied()
            .ok_or_else(|| not_saved(&file.filename))
    }

    fn digests(&self, file: &DistributionFile) -> Result<Digests, IndexError> {
        let saved = self.answers.digests.get(&file.url).copied();
        saved.ok_or_else(|| not_saved(&file.filename))
    }
}

/// The key of a query to nixpkgs.
pub fn in_nixpkgs(name: &PackageName, target: Target) -> String {
    format!("{name} for {target}")
}

/// The key of a query for the records of a conda package.
pub fn in_channel(channel: &Channel, subdir: Subdir, name: &CondaName) -> String {
    format!("{}/{subdir} {name}", channel.url())
}

/// A missing result: the resolver sends other queries than the one that saved the problem.
fn not_saved(what: &dyn std::fmt::Display) -> IndexError {
    IndexError::NotSaved {
        what: what.to_string(),
    }
}
