//! What sources say of themselves, without being run.

mod archive;
mod cargo;
mod cargo_lock;
mod direct;
mod facts;
mod git;
mod tree;

use std::io;
use std::path::Path;
use std::sync::Arc;

use mach_nix_hash::Sha256;
use mach_nix_model::{DistributionFile, IndexError, PackageName, SourceFacts, builds_with_cargo};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::client::shown;
use crate::direct::{fragment, local_path, unreadable};
use crate::index::{Shared, content_key};
use crate::metadata::parse_url;
use archive::{ArchiveKind, Files, SETUP};
pub use cargo_lock::read as crates_of_lock;
pub use git::git_reference;

/// The number is that of what is made of a source: a reader that understands more needs a new one.
const BUCKET: &str = "sources-v3";

/// What was read of a source.
#[derive(Default, Serialize, Deserialize)]
pub struct Read {
    /// The name it gives itself.
    name: Option<PackageName>,
    /// What its name seems to be, where it states none.
    guess: Option<PackageName>,
    facts: SourceFacts,
}

impl Read {
    /// The name it gives itself, as far as that can be seen.
    fn likely_name(self) -> Option<PackageName> {
        self.name.or(self.guess)
    }

    /// What it states, if it is what is looked for.
    fn checked(self, expected: &PackageName) -> Arc<SourceFacts> {
        Arc::new(match self.name.filter(|name| name != expected) {
            Some(name) => defective(format!("it is the source of `{name}`, not of `{expected}`")),
            None => self.facts,
        })
    }
}

impl Shared {
    /// Reads what a source distribution states, or the tree or archive of a direct reference.
    pub async fn source(
        self: Arc<Self>,
        name: PackageName,
        file: DistributionFile,
    ) -> Result<Arc<SourceFacts>, IndexError> {
        let url = parse_url(&file)?;
        Ok(self.read(&url, &file).await?.checked(&name))
    }

    /// Reads the source at an address.
    async fn read(&self, url: &Url, file: &DistributionFile) -> Result<Read, IndexError> {
        let subdirectory = fragment(url, "subdirectory");
        if url.scheme().starts_with("git+") {
            return Ok(self.checkout(url).await?.read);
        }
        if let Some(path) = local_path(url) {
            if path.is_dir() {
                return of_folder(&path, "");
            }
            let content = std::fs::read(&path).map_err(|error| unreadable(&path, &error))?;
            return Ok(of_archive(&file.filename, content, subdirectory).await);
        }
        let key = content_key(file)
            .map(|key| format!("{key} {}", subdirectory.as_deref().unwrap_or_default()))
            .unwrap_or_default();
        if let Some(kept) = self.cache.get(BUCKET, &key) {
            return Ok(kept);
        }
        if self.options.offline {
            return Err(IndexError::Offline {
                what: format!("the content of `{}`", file.filename),
            });
        }
        self.options.progress.asked(&file.filename);
        let content = self.content(url, file.hash).await;
        self.options.progress.arrived(&file.filename);
        let read = of_archive(&file.filename, content?, subdirectory).await;
        // A defect may be ours: the next release may read what this one cannot.
        if read.facts.defect.is_none() {
            self.cache.put(BUCKET, &key, &read);
        }
        Ok(read)
    }

    /// A whole file, which is the one that was announced.
    async fn content(&self, url: &Url, announced: Option<Sha256>) -> Result<Vec<u8>, IndexError> {
        let Some(content) = self.client.file(url).await? else {
            return Err(IndexError::Unreachable {
                url: shown(url),
                reason: "the file is gone".to_owned(),
            });
        };
        let actual = Sha256::of(&content);
        match announced.filter(|expected| *expected != actual) {
            Some(expected) => Err(IndexError::HashMismatch {
                url: shown(url),
                expected,
                actual,
            }),
            None => Ok(content),
        }
    }
}

/// Reads the folder of a project, which is a folder in that of the source. There is no `PKG-INFO` in one: it is made with the
/// archive.
pub fn of_folder(root: &Path, project: &str) -> Result<Read, IndexError> {
    let folder = root.join(project);
    let path = folder.join("pyproject.toml");
    let pyproject = match std::fs::read(&path) {
        Ok(content) => Some(content),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(unreadable(&path, &error)),
    };
    if pyproject.is_none() && !folder.join("setup.py").exists() {
        return Err(IndexError::Unsupported {
            what: folder.display().to_string(),
            reason: "there is neither a pyproject.toml nor a setup.py in it".to_owned(),
        });
    }
    let mut files = Files {
        pyproject,
        setup: SETUP.map(|file| std::fs::read(folder.join(file)).ok()),
        ..Files::default()
    };
    let mut read = facts::read(&files, project);
    if let Ok(table) = facts::table(files.pyproject.as_deref()) {
        let runs_cargo = builds_with_cargo(&read.facts.build_requires);
        files.cargo_locks = cargo::of_folder(root, project, &table, runs_cargo)?;
        read.facts.crates = cargo::crates(&files.cargo_locks, project, &table);
    }
    Ok(read)
}

/// Reads an archive on a thread that may take its time.
async fn of_archive(filename: &str, content: Vec<u8>, subdirectory: Option<String>) -> Read {
    let defective = |reason| Read {
        facts: defective(reason),
        ..Read::default()
    };
    let Some(kind) = ArchiveKind::of(filename) else {
        return defective(format!(
            "`{filename}` is no archive of a kind that is read here (`.tar.gz`, `.tar.bz2`, `.tar`, `.zip`): pack it anew as `.tar.gz`"
        ));
    };
    let read = tokio::task::spawn_blocking(move || {
        Files::read(kind, &content, subdirectory.as_deref())
            .map(|files| facts::read(&files, subdirectory.as_deref().unwrap_or_default()))
    });
    match read.await {
        Ok(Ok(read)) => read,
        Ok(Err(reason)) => defective(format!("its archive cannot be read: {reason}")),
        Err(error) => defective(format!("its archive cannot be read: {error}")),
    }
}

fn defective(reason: String) -> SourceFacts {
    SourceFacts {
        defect: Some(reason),
        ..SourceFacts::default()
    }
}
