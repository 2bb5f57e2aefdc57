//! Sources to build, direct references, and packages of nixpkgs.

use std::sync::Arc;

use mach_nix_hash::Sha256;
use pep440_rs::Version;
use serde::{Deserialize, Serialize};

use crate::{CoreMetadata, DistributionFile, Requirement};

/// The static metadata of a source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StaticMetadata {
    /// The version; `None` if only a build determines it.
    pub version: Option<Version>,
    /// The metadata, if everything that resolution needs is static: core metadata 2.2 or later in which these fields
    /// are not dynamic (PEP 643), or a `[project]` table without `dynamic` (PEP 621).
    pub metadata: Option<Arc<CoreMetadata>>,
    /// Likely requirements, if the metadata is not static: those of older core metadata, or of the `requires.txt` of
    /// setuptools. They come from the machine that made the archive, so that a build may give others.
    #[serde(default)]
    pub likely_requires: Vec<Requirement>,
    /// The requirements of the build backend: `build-system.requires` (PEP 518), or setuptools by default.
    pub build_requires: Vec<Requirement>,
    /// The crates of its Rust code, if any.
    #[serde(default)]
    pub crates: Crates,
    /// The reason why it cannot be built: an unreadable archive or `pyproject.toml`.
    pub defect: Option<String>,
}

/// The crates pinned by the `Cargo.lock` of a source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Crates {
    /// The source has no `Cargo.lock`.
    #[default]
    Unpinned,
    /// The crates of the registry, sorted, without those in the source itself.
    Pinned(Vec<Crate>),
    /// The reason why the `Cargo.lock` is not usable.
    Unusable(String),
}

/// A release of a Rust library.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Crate {
    /// The name.
    pub name: String,
    /// The version; a program may contain several versions of a crate.
    pub version: String,
    /// The download URL.
    pub url: String,
    /// The digest of the file.
    pub hash: Sha256,
}

/// The build requirements that run cargo.
const RUN_CARGO: [&str; 2] = ["maturin", "setuptools-rust"];

/// Whether a build with these requirements compiles Rust code.
#[must_use]
pub fn builds_with_cargo(requires: &[Requirement]) -> bool {
    let runs_cargo = |requirement: &Requirement| RUN_CARGO.contains(&requirement.name.as_ref());
    requires.iter().any(runs_cargo)
}

/// The target of a direct reference (`name @ URL`): one version, one file or tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectReference {
    /// The version; `None` if only a build of the source determines it.
    pub version: Option<Version>,
    /// The file; for a tree, its address.
    pub file: DistributionFile,
    /// The source.
    pub place: DirectSource,
}

/// The source of a direct reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DirectSource {
    /// A wheel or an archive at a URL.
    Archive {
        /// The folder of the project in the archive.
        subdirectory: Option<Box<str>>,
    },
    /// A commit of a git repository.
    Git {
        /// The URL of the repository, without `git+`, revision and credentials.
        url: Box<str>,
        /// The commit, 40 hexadecimal digits.
        rev: Box<str>,
        /// The requested branch or tag, `HEAD` by default; `None` if a commit was requested.
        reference: Option<Box<str>>,
        /// The folder of the project in the repository.
        subdirectory: Option<Box<str>>,
        /// The digest of the checkout's NAR serialization.
        hash: Sha256,
    },
    /// A local file or folder, by its absolute path.
    Path {
        /// The path.
        path: Box<str>,
        /// Whether it is the folder of a project.
        is_tree: bool,
    },
}

/// A Python package of nixpkgs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NixpkgsPackage {
    /// Its attribute in the Python package set.
    pub attribute: Box<str>,
    /// The version.
    pub version: Version,
    /// The propagated Python packages as dependencies in any version: nixpkgs ensures that they fit.
    pub metadata: Arc<CoreMetadata>,
}
