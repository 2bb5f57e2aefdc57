//! A world of packages as a [`PackageIndex`], without a network.

use std::collections::BTreeMap;
use std::sync::Arc;

use mach_nix_hash::Sha256;
use mach_nix_model::{
    CoreMetadata, DistributionFile, FileFacts, IndexError, MetadataFile, PackageIndex, PackageName, Project,
    SourceFacts, Yanked,
};

use crate::Package;

/// An index in memory.
pub struct MemoryIndex {
    projects: BTreeMap<PackageName, Arc<Project>>,
    metadata: BTreeMap<Box<str>, Arc<CoreMetadata>>,
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
            projects: files.into_iter().map(project).collect(),
            metadata,
        }
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
        Ok(self.projects.get(name).cloned())
    }

    fn metadata(&self, _: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        Ok(self.metadata[&file.url].clone())
    }

    /// Sources state everything and need nothing to be built.
    fn source(&self, _: &PackageName, file: &DistributionFile) -> Result<Arc<SourceFacts>, IndexError> {
        Ok(Arc::new(SourceFacts {
            metadata: Some(self.metadata[&file.url].clone()),
            ..SourceFacts::default()
        }))
    }

    fn facts(&self, file: &DistributionFile) -> Result<FileFacts, IndexError> {
        Ok(FileFacts {
            hash: file.hash.expect("set above"),
            size: file.size,
        })
    }
}
