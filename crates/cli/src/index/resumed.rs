//! An index that stores its results in a journal, so that an interrupted build can be resumed.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use mach_nix_model::{
    CoreMetadata, DistributionFile, FileInfo, ForwardingIndex, IndexError, PackageIndex, PackageName, Project,
};
use serde::{Deserialize, Serialize};

use crate::index::journal::{Journal, Kind};

/// An index with its journal.
pub struct Resumed<'a> {
    index: &'a dyn PackageIndex,
    journal: &'a Journal,
    projects: RefCell<HashMap<PackageName, Option<Arc<Project>>>>,
    metadata: RefCell<HashMap<Box<str>, Arc<CoreMetadata>>>,
}

/// The files of a project in an index.
#[derive(Serialize, Deserialize)]
struct Listed {
    index: Arc<str>,
    files: Vec<DistributionFile>,
}

impl<'a> Resumed<'a> {
    pub fn new(index: &'a dyn PackageIndex, journal: &'a Journal) -> Self {
        Self {
            index,
            journal,
            projects: RefCell::default(),
            metadata: RefCell::default(),
        }
    }

    fn note<T: Serialize>(&self, kind: Kind, about: &str, answer: &T) -> Result<(), IndexError> {
        let noted = self.journal.put(kind, about, answer);
        noted.map_err(|error| IndexError::Unwritable {
            path: self.journal.path().to_owned(),
            cause: Arc::new(error),
        })
    }
}

impl ForwardingIndex for Resumed<'_> {
    fn inner(&self) -> &dyn PackageIndex {
        self.index
    }

    fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
        if let Some(known) = self.projects.borrow().get(name) {
            return Ok(known.clone());
        }
        let noted = self.journal.get::<Option<Listed>>(Kind::Project, name.as_ref());
        let project = if let Some(listed) = noted {
            let project = |Listed { index, files }| Project::from_files(name.clone(), index, files);
            listed.map(|listed| Arc::new(project(listed)))
        } else {
            let project = self.index.project(name)?;
            let listed = project.as_ref().map(|project| Listed {
                index: project.index.clone(),
                files: (0..project.versions().len())
                    .flat_map(|release| project.files(release))
                    .collect(),
            });
            self.note(Kind::Project, name.as_ref(), &listed)?;
            project
        };
        self.projects.borrow_mut().insert(name.clone(), project.clone());
        Ok(project)
    }

    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        if let Some(known) = self.metadata.borrow().get(&file.url) {
            return Ok(known.clone());
        }
        let metadata = if let Some(noted) = self.journal.get(Kind::Metadata, &file.url) {
            Arc::new(noted)
        } else {
            let metadata = self.index.metadata(name, file)?;
            self.note(Kind::Metadata, &file.url, &metadata)?;
            metadata
        };
        self.metadata
            .borrow_mut()
            .insert(file.url.clone(), metadata.clone());
        Ok(metadata)
    }

    fn file_info(&self, file: &DistributionFile) -> Result<FileInfo, IndexError> {
        // Listed digests are part of the project.
        if file.hash.is_some() && file.size.is_some() {
            return self.index.file_info(file);
        }
        if let Some(noted) = self.journal.get(Kind::Facts, &file.url) {
            return Ok(noted);
        }
        let facts = self.index.file_info(file)?;
        self.note(Kind::Facts, &file.url, &facts)?;
        Ok(facts)
    }

    fn prefetch_projects(&self, names: &[PackageName]) {
        let open = names
            .iter()
            .filter(|name| !self.journal.has(Kind::Project, name.as_ref()));
        self.index.prefetch_projects(&open.cloned().collect::<Vec<_>>());
    }

    fn prefetch_metadata(&self, name: &PackageName, file: &DistributionFile) {
        if !self.journal.has(Kind::Metadata, &file.url) {
            self.index.prefetch_metadata(name, file);
        }
    }

    fn prefetch_file_info(&self, files: &[DistributionFile]) {
        let open = files
            .iter()
            .filter(|file| !self.journal.has(Kind::Facts, &file.url));
        self.index.prefetch_file_info(&open.cloned().collect::<Vec<_>>());
    }
}
