//! Recording the results of an index and of a builder, for a saved problem.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use mach_nix_conda::{Channel, CondaName, CondaRecord, CondaRecords, Subdir};
use mach_nix_hash::Digests;
use mach_nix_lock::LockedPackage;
use mach_nix_model::{
    CoreMetadata, DirectReference, DistributionFile, FileInfo, ForwardingIndex, IndexError, NixpkgsPackage,
    PackageIndex, PackageName, Project, Requirement, StaticMetadata, Target, without_passwords,
};
use mach_nix_tags::NixSystem;

use crate::saved::{Answers, SavedProblem, SavedProject, backend_key, in_channel, in_nixpkgs};
use crate::{BackendAnswer, BackendQuery, BuildError, Request, SourceBuilder};

/// An index that records the results of another one.
pub struct RecordingIndex<'a> {
    index: &'a dyn PackageIndex,
    answers: RefCell<Answers>,
}

impl<'a> RecordingIndex<'a> {
    /// Starts recording.
    #[must_use]
    pub fn new(index: &'a dyn PackageIndex) -> Self {
        Self {
            index,
            answers: RefCell::default(),
        }
    }

    /// The problem with the results so far.
    #[must_use]
    pub fn problem(&self, request: &Request, builder: &RecordingBuilder<'_>) -> SavedProblem {
        // Reports are public.
        let lines = without_passwords(&request.lines);
        SavedProblem {
            request: Request {
                lines,
                ..request.clone()
            },
            answers: Answers {
                builds_on: builder.system(),
                builds: builder.answers.borrow().clone(),
                snapshot: self.index.snapshot().map(str::to_owned),
                ..self.answers.borrow().clone()
            },
        }
    }
}

/// A builder that records the results of another one.
pub struct RecordingBuilder<'a> {
    builder: &'a dyn SourceBuilder,
    answers: RefCell<BTreeMap<String, Result<BackendAnswer, String>>>,
}

impl<'a> RecordingBuilder<'a> {
    /// Starts recording.
    #[must_use]
    pub fn new(builder: &'a dyn SourceBuilder) -> Self {
        Self {
            builder,
            answers: RefCell::default(),
        }
    }
}

impl SourceBuilder for RecordingBuilder<'_> {
    fn system(&self) -> Option<NixSystem> {
        self.builder.system()
    }

    fn query(
        &self,
        source: &LockedPackage,
        query: BackendQuery,
        target: Target,
    ) -> Result<BackendAnswer, BuildError> {
        let answer = self.builder.query(source, query, target);
        let noted = match &answer {
            Ok(answer) => Ok(answer.clone()),
            Err(BuildError::Failed(reason)) => Err(reason.clone()),
            Err(BuildError::External(_)) => return answer,
        };
        self.answers
            .borrow_mut()
            .insert(backend_key(source, query, target), noted);
        answer
    }
}

impl ForwardingIndex for RecordingIndex<'_> {
    fn inner(&self) -> &dyn PackageIndex {
        self.index
    }

    fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
        let answer = self.index.project(name);
        if let Err(IndexError::NotInSnapshot { .. }) = answer {
            self.answers.borrow_mut().not_held.insert(name.clone());
        }
        let answer = answer?;
        let saved = answer.as_ref().map(|project| SavedProject {
            index: project.index.clone(),
            files: (0..project.versions().len())
                .flat_map(|release| project.files(release))
                .collect(),
        });
        self.answers.borrow_mut().projects.insert(name.clone(), saved);
        Ok(answer)
    }

    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        let answer = self.index.metadata(name, file)?;
        self.answers
            .borrow_mut()
            .metadata
            .insert(file.url.clone(), (*answer).clone());
        Ok(answer)
    }

    fn file_info(&self, file: &DistributionFile) -> Result<FileInfo, IndexError> {
        let answer = self.index.file_info(file)?;
        self.answers.borrow_mut().facts.insert(file.url.clone(), answer);
        Ok(answer)
    }

    fn digests(&self, file: &DistributionFile) -> Result<Digests, IndexError> {
        let answer = self.index.digests(file)?;
        self.answers.borrow_mut().digests.insert(file.url.clone(), answer);
        Ok(answer)
    }

    fn source(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<StaticMetadata>, IndexError> {
        let answer = self.index.source(name, file)?;
        self.answers
            .borrow_mut()
            .sources
            .insert(file.url.clone(), (*answer).clone());
        Ok(answer)
    }

    fn conda_records(
        &self,
        channel: &Arc<Channel>,
        subdir: Subdir,
        name: &CondaName,
    ) -> Result<Arc<CondaRecords>, IndexError> {
        let answer = self.index.conda_records(channel, subdir, name)?;
        self.answers
            .borrow_mut()
            .conda
            .insert(in_channel(channel, subdir, name), (*answer).clone());
        Ok(answer)
    }

    fn conda_file_info(&self, record: &CondaRecord) -> Result<FileInfo, IndexError> {
        let answer = self.index.conda_file_info(record)?;
        self.answers
            .borrow_mut()
            .conda_facts
            .insert(record.url.clone(), answer);
        Ok(answer)
    }

    fn direct(&self, requirement: &Requirement) -> Result<Arc<DirectReference>, IndexError> {
        let answer = self.index.direct(requirement)?;
        self.answers
            .borrow_mut()
            .direct
            .insert(requirement.to_string(), (*answer).clone());
        Ok(answer)
    }

    fn nixpkgs(&self, name: &PackageName, target: Target) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        let answer = self.index.nixpkgs(name, target);
        let key = in_nixpkgs(name, target);
        let mut answers = self.answers.borrow_mut();
        match &answer {
            Ok(package) => {
                answers.nixpkgs.insert(key, package.as_deref().cloned());
            }
            Err(IndexError::NoNixpkgs { reason }) => {
                answers.no_nixpkgs.insert(key, reason.clone());
            }
            Err(IndexError::Skipped { reason }) => {
                answers.left_out.insert(key, reason.clone());
            }
            Err(_) => {}
        }
        answer
    }
}
