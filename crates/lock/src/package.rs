//! The entries of a lock: the chosen packages and their sources.

mod fields;

use std::collections::BTreeMap;

use mach_nix_conda::{CondaName, Subdir};
use mach_nix_hash::Sha256;
use mach_nix_model::{AnyName, AnyVersion, Crate, ExtraName, PackageName, Provider, Version};
use serde::{Deserialize, Serialize};

/// A chosen package, with its edges in the dependency graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedPackage {
    /// The name: of a Python project in the normal form of PEP 503, or `conda:NAME`.
    pub name: AnyName,
    /// The version: in the normal form of PEP 440, or of a conda package as its channel has it.
    pub version: AnyVersion,
    /// The provider that serves it.
    pub provider: Provider,
    /// The source.
    pub source: LockedSource,
    /// Its build environment; `None` if it is not built from source.
    pub build: Option<LockedBuild>,
    /// The names it depends on for these targets with these extras, sorted.
    pub dependencies: Vec<AnyName>,
    /// Those of `dependencies` that depend on this package in turn, directly or through others. Nix derivations cannot
    /// be cyclic: builders leave these edges out and rely on the environment, which holds every package.
    pub cyclic: Vec<AnyName>,
    /// The requested extras, sorted.
    pub extras: Vec<ExtraName>,
    /// What the package itself needs and what each of its extras adds, by [`node`](crate::node) and sorted; only in the lock
    /// of a project with parts, and only where an extra is involved.
    pub needs: BTreeMap<String, Vec<String>>,
    /// The targets of this entry, as indices into [`Lock::targets`](crate::Lock::targets); absent for all targets.
    pub targets: Option<Vec<usize>>,
}

/// The source of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockedSource {
    /// A file of an index.
    Index(LockedFile),
    /// A file of a direct reference.
    Direct {
        /// The file.
        file: LockedFile,
        /// The folder of the project in the archive.
        subdirectory: Option<String>,
    },
    /// A commit of a git repository.
    Git {
        /// The repository and commit.
        git: LockedGit,
        /// The digest of the NAR serialization of the checkout without `.git`.
        hash: Sha256,
    },
    /// A file or folder next to the lock.
    Path {
        /// Relative to the folder of the lock.
        path: String,
        /// Name and digest of a file; a folder is used as it is.
        file: Option<(String, Sha256)>,
    },
    /// A package of nixpkgs.
    Nixpkgs {
        /// The attribute in the Python package set.
        attribute: String,
    },
    /// A package of a conda channel.
    Conda(LockedConda),
}

/// A package of a conda channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedConda {
    /// The address of the channel, or its folder relative to that of the lock.
    pub channel: String,
    /// The folder of the channel.
    pub subdir: Subdir,
    /// The build string.
    pub build: String,
    /// The name that conda knows the package by.
    pub name: CondaName,
    /// The file. Its address is a path relative to the folder of the lock where the channel is a folder.
    pub file: LockedFile,
}

/// A file to download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedFile {
    /// The file name.
    pub name: String,
    /// The download URL.
    pub url: String,
    /// The digest of the content.
    pub hash: Sha256,
    /// The size in bytes, if known.
    pub size: Option<u64>,
}

/// A commit of a git repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedGit {
    /// The URL of the repository.
    pub url: String,
    /// The commit, 40 hexadecimal digits.
    pub rev: String,
    /// The requested branch or tag, or `HEAD`; `None` for a commit. Renewing a lock keeps its commit.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The folder of the project in the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subdirectory: Option<String>,
}

/// The environment for building a source: resolved separately from the package's dependencies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LockedBuild {
    /// The build requirements (PEP 518, and PEP 517's `get_requires_for_build_wheel`), sorted.
    pub requires: Vec<String>,
    /// The chosen packages, sorted by name.
    pub packages: Vec<LockedPackage>,
    /// The crates of its `Cargo.lock`, sorted; `None` if it is built without cargo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cargo: Option<Vec<Crate>>,
}

impl LockedPackage {
    /// The Python project that this is; `None` for a conda package that is none.
    #[must_use]
    pub fn project(&self) -> Option<&PackageName> {
        self.name.project()
    }

    /// The version as PEP 440 has it, if it is one.
    #[must_use]
    pub fn python_version(&self) -> Option<Version> {
        self.version.python()
    }

    /// The file that is downloaded, where it is one.
    #[must_use]
    pub fn file(&self) -> Option<&LockedFile> {
        match &self.source {
            LockedSource::Index(file) | LockedSource::Direct { file, .. } => Some(file),
            LockedSource::Conda(conda) => Some(&conda.file),
            _ => None,
        }
    }

    /// The digest of the download, if there is one.
    #[must_use]
    pub fn hash(&self) -> Option<Sha256> {
        match &self.source {
            LockedSource::Index(file) | LockedSource::Direct { file, .. } => Some(file.hash),
            LockedSource::Git { hash, .. } => Some(*hash),
            LockedSource::Path { file, .. } => file.as_ref().map(|(_, hash)| *hash),
            LockedSource::Conda(conda) => Some(conda.file.hash),
            LockedSource::Nixpkgs { .. } => None,
        }
    }
}
