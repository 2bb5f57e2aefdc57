//! A world of packages as a [`PackageIndex`], without a network.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mach_nix_hash::Sha256;
use mach_nix_model::{
    CoreMetadata, DistributionFile, FileInfo, IndexError, MetadataFile, NixpkgsPackage, PackageIndex,
    PackageName, Project, StaticMetadata, Target, Yanked,
};

use crate::{Package, Scenario};

/// An index in memory.
pub struct MemoryIndex {
    nixpkgs: BTreeMap<PackageName, Arc<NixpkgsPackage>>,
    asked_of_nixpkgs: RefCell<BTreeSet<PackageName>>,
    projects: BTreeMap<PackageName, Arc<Project>>,
    metadata: BTreeMap<Box<str>, Arc<CoreMetadata>>,
    /// The name of the snapshot that it is.
    snapshot: Option<&'static str>,
}

impl MemoryIndex {
    /// Takes in the packages.
    ///
    /// # Panics
    /// When one of them is not well-formed: scenarios are written by us.
    #[must_use]
    pub fn new(packages: &[Package]) -> Self {
        let mut files = BTreeMap::<PackageName, Vec<DistributionFile>>::new();
        let mut metadata = BTreeMap::new();
        for package in packages {
            let (name, _) = package.name_and_version();
            let core = CoreMetadata::parse(package.metadata().as_bytes()).expect("written by us");
            for file in package.files() {
                let url: Box<str> = format!("https://index.test/{file}").into();
                let mut core = core.clone();
                if file.ends_with(".tar.gz") {
                    core.defect.clone_from(&package.sdist_defect);
                }
                metadata.insert(url.clone(), Arc::new(core));
                files
                    .entry(name.parse().expect("a package name"))
                    .or_default()
                    .push(listed(package, &file, url));
            }
        }
        let project = |(name, files): (PackageName, _)| {
            (
                name.clone(),
                Arc::new(Project::from_files(
                    name,
                    "https://index.test/simple".into(),
                    files,
                )),
            )
        };
        Self {
            nixpkgs: BTreeMap::new(),
            snapshot: None,
            asked_of_nixpkgs: RefCell::default(),
            projects: files.into_iter().map(project).collect(),
            metadata,
        }
    }
}

impl MemoryIndex {
    /// The index of a scenario.
    ///
    /// # Panics
    /// When it is not well-formed: scenarios are written by us.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        let mut index = Self::new(&scenario.packages);
        index.snapshot = scenario.snapshot.then_some("world.snapshot");
        for attribute in &scenario.nixpkgs {
            let (name, version) = attribute.name_and_version();
            let requirement = |text: &String| text.parse().expect("a requirement");
            let package = NixpkgsPackage {
                attribute: name.into(),
                version: version.parse().expect("a version"),
                metadata: Arc::new(CoreMetadata {
                    requires_dist: attribute.requires.iter().map(requirement).collect(),
                    requires_python: None,
                    provides_extra: attribute
                        .extras
                        .iter()
                        .map(|extra| extra.parse().expect("an extra"))
                        .collect(),
                    defect: attribute.defect.clone(),
                    unreadable: Vec::new(),
                }),
            };
            index
                .nixpkgs
                .insert(name.parse().expect("a package name"), Arc::new(package));
        }
        index
    }

    /// The names that nixpkgs was asked for.
    pub fn asked_of_nixpkgs(&self) -> BTreeSet<PackageName> {
        self.asked_of_nixpkgs.borrow().clone()
    }
}

fn listed(package: &Package, file: &str, url: Box<str>) -> DistributionFile {
    DistributionFile {
        filename: file.into(),
        url,
        // Of the name, because nothing is downloaded, and tests make thousands of these.
        hash: Some(Sha256::of(file)),
        size: Some(1),
        requires_python: package.requires_python.as_deref().map(Into::into),
        yanked: package
            .yanked
            .as_deref()
            .map_or(Yanked::No, |reason| Yanked::Yes(reason.into())),
        upload_time: package
            .uploaded
            .as_deref()
            .map(|time| time.parse().expect("a date")),
        metadata_file: MetadataFile::Announced(None),
    }
}

impl PackageIndex for MemoryIndex {
    fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
        match (self.projects.get(name), self.snapshot) {
            (None, Some(snapshot)) => Err(IndexError::project_not_in_snapshot(snapshot, name)),
            (found, _) => Ok(found.cloned()),
        }
    }

    fn snapshot(&self) -> Option<&str> {
        self.snapshot
    }

    fn metadata(&self, _: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        Ok(self.metadata[&file.url].clone())
    }

    /// Sources state everything and need nothing to be built.
    fn source(&self, _: &PackageName, file: &DistributionFile) -> Result<Arc<StaticMetadata>, IndexError> {
        Ok(Arc::new(StaticMetadata {
            metadata: Some(self.metadata[&file.url].clone()),
            ..StaticMetadata::default()
        }))
    }

    fn nixpkgs(&self, name: &PackageName, _: Target) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        self.asked_of_nixpkgs.borrow_mut().insert(name.clone());
        Ok(self.nixpkgs.get(name).cloned())
    }

    fn file_info(&self, file: &DistributionFile) -> Result<FileInfo, IndexError> {
        Ok(FileInfo {
            hash: file.hash.expect("set above"),
            size: file.size,
        })
    }
}
