//! The entries of a lock: what was chosen, and where it comes from.

mod fields;

use std::collections::BTreeMap;

use mach_nix_hash::Sha256;
use mach_nix_model::{Crate, ExtraName, PackageName, Provider, Version};
use serde::{Deserialize, Serialize};

/// One chosen package, with its place in the dependency graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedPackage {
    /// The name in PEP 503 normal form.
    pub name: PackageName,
    /// The version in PEP 440 normal form.
    pub version: Version,
    /// The provider that serves it.
    pub provider: Provider,
    /// Where it comes from.
    pub source: LockedSource,
    /// Its build environment; `None` if it is not built from source.
    pub build: Option<LockedBuild>,
    /// The names it depends on for these targets with these extras, sorted.
    pub dependencies: Vec<PackageName>,
    /// Those of `dependencies` that depend on this package in turn, directly or through others. Nix derivations cannot
    /// be cyclic: builders leave these edges out and rely on the environment, which holds every package.
    pub cyclic: Vec<PackageName>,
    /// The requested extras, sorted.
    pub extras: Vec<ExtraName>,
    /// What the package itself needs and what each of its extras adds, by [`node`](crate::node) and sorted; only in the lock
    /// of a project with parts, and only where an extra is involved.
    pub needs: BTreeMap<String, Vec<String>>,
    /// The targets this entry serves, as indices into [`Lock::targets`](crate::Lock::targets); absent when it serves all
    /// of them.
    pub targets: Option<Vec<usize>>,
}

/// Where a package comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockedSource {
    /// A file of an index.
    Index(LockedFile),
    /// A file at an address of the user's own.
    Direct {
        /// The file.
        file: LockedFile,
        /// The folder of the project in the archive.
        subdirectory: Option<String>,
    },
    /// A commit of a git repository.
    Git {
        /// Where, and which.
        git: LockedGit,
        /// The digest of the NAR serialization of the checkout without `.git`.
        hash: Sha256,
    },
    /// A file or folder next to the lock.
    Path {
        /// Relative to the folder of the lock.
        path: String,
        /// Name and digest of a file; a folder is taken as it is.
        file: Option<(String, Sha256)>,
    },
    /// A package of nixpkgs.
    Nixpkgs {
        /// Its attribute in the Python package set.
        attribute: String,
    },
}

/// A file to download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedFile {
    /// Its name.
    pub name: String,
    /// Where it is downloaded from.
    pub url: String,
    /// The digest of its content.
    pub hash: Sha256,
    /// Its size in bytes, where that is known.
    pub size: Option<u64>,
}

/// A commit of a git repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedGit {
    /// The address of the repository.
    pub url: String,
    /// The commit, 40 hexadecimal digits.
    pub rev: String,
    /// The requested branch or tag, or `HEAD`; `None` for a commit. A renewed lock stays with its commit.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The folder of the project in the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subdirectory: Option<String>,
}

/// The environment that a source is built in: resolved on its own, apart from what the package runs with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LockedBuild {
    /// The build requirements (PEP 518, and PEP 517's `get_requires_for_build_wheel`), sorted.
    pub requires: Vec<String>,
    /// The packages chosen for them, sorted by name.
    pub packages: Vec<LockedPackage>,
    /// The crates of its `Cargo.lock`, sorted; `None` for what is built without cargo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cargo: Option<Vec<Crate>>,
}

impl LockedPackage {
    /// The file that is downloaded, where it is one.
    #[must_use]
    pub fn file(&self) -> Option<&LockedFile> {
        match &self.source {
            LockedSource::Index(file) | LockedSource::Direct { file, .. } => Some(file),
            _ => None,
        }
    }

    /// The digest of what is downloaded, where something is.
    #[must_use]
    pub fn hash(&self) -> Option<Sha256> {
        match &self.source {
            LockedSource::Index(file) | LockedSource::Direct { file, .. } => Some(file.hash),
            LockedSource::Git { hash, .. } => Some(*hash),
            LockedSource::Path { file, .. } => file.as_ref().map(|(_, hash)| *hash),
            LockedSource::Nixpkgs { .. } => None,
        }
    }
}
