//! Sources to build, direct references, packages of nixpkgs: everything but the wheels of an index.

use std::sync::Arc;

use mach_nix_hash::Sha256;
use pep440_rs::Version;
use serde::{Deserialize, Serialize};

use crate::{CoreMetadata, DistributionFile, Requirement};

/// The static metadata of a source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StaticMetadata {
    /// The version it states; `None` where only a build tells.
    pub version: Option<Version>,
    /// Its metadata, where all of it that resolution needs is stated statically: core metadata 2.2 or later that does not
    /// call it dynamic (PEP 643), or a `[project]` table without `dynamic` (PEP 621).
    pub metadata: Option<Arc<CoreMetadata>>,
    /// Requirements that it probably has, where the metadata is not static: those of older core metadata, or of the
    /// `requires.txt` of setuptools. They are from the machine on which the archive was made, so that a build may say
    /// something else.
    #[serde(default)]
    pub likely_requires: Vec<Requirement>,
    /// The requirements of its build backend: `build-system.requires` (PEP 518), or setuptools
    /// where there is none.
    pub build_requires: Vec<Requirement>,
    /// The crates that it is built with, where it has Rust code.
    #[serde(default)]
    pub crates: Crates,
    /// The reason why it cannot be built: an unreadable archive or `pyproject.toml`.
    pub defect: Option<String>,
}

/// The crates that the `Cargo.lock` of a source pins.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Crates {
    /// There is no `Cargo.lock`.
    #[default]
    Unpinned,
    /// The crates of the registry, sorted; without those in the source itself.
    Pinned(Vec<Crate>),
    /// The reason why it is not usable.
    Unusable(String),
}

/// A release of a Rust library.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Crate {
    /// Its name.
    pub name: String,
    /// Its version, of which there may be several in one program.
    pub version: String,
    /// Where it is downloaded from.
    pub url: String,
    /// The digest of the file.
    pub hash: Sha256,
}

/// The build requirements whose builds run cargo.
const RUN_CARGO: [&str; 2] = ["maturin", "setuptools-rust"];

/// Whether what is built with these compiles Rust code.
#[must_use]
pub fn builds_with_cargo(requires: &[Requirement]) -> bool {
    let runs_cargo = |requirement: &Requirement| RUN_CARGO.contains(&requirement.name.as_ref());
    requires.iter().any(runs_cargo)
}

/// The target of a direct reference (`name @ URL`): one version, one file or tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectReference {
    /// The version of what is there; `None` where only a build of the source tells.
    pub version: Option<Version>,
    /// The file; for a tree, its address.
    pub file: DistributionFile,
    /// The way to obtain it.
    pub place: DirectSource,
}

/// Where a direct reference leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DirectSource {
    /// A wheel or an archive at a URL.
    Archive {
        /// The folder of the project in the archive.
        subdirectory: Option<Box<str>>,
    },
    /// A commit of a git repository.
    Git {
        /// The address of the repository, without `git+`, revision and credentials.
        url: Box<str>,
        /// The commit, 40 hexadecimal digits.
        rev: Box<str>,
        /// The branch or tag that was asked for, `HEAD` where nothing was; `None` where a commit was.
        reference: Option<Box<str>>,
        /// The folder of the project in the repository.
        subdirectory: Option<Box<str>>,
        /// The digest of the checkout's NAR serialization.
        hash: Sha256,
    },
    /// A file or folder of this machine, by its absolute path.
    Path {
        /// The path.
        path: Box<str>,
        /// Whether it is a folder with a project in it.
        is_tree: bool,
    },
}

/// A Python package of nixpkgs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NixpkgsPackage {
    /// Its attribute in the Python package set.
    pub attribute: Box<str>,
    /// Its version.
    pub version: Version,
    /// The Python packages it propagates, as dependencies in any version: nixpkgs has made them fit.
    pub metadata: Arc<CoreMetadata>,
}
