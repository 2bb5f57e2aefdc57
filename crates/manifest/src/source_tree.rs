//! What is required by address and would have to be built.

use mach_nix_hash::Sha256;
use mach_nix_model::{ExtraName, Marker, PackageName};
use url::Url;

use crate::ManifestError;

/// What stands at the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// A folder with a `pyproject.toml` or `setup.py`.
    Folder,
    /// An archive of sources.
    Archive,
    /// A repository of a version control system.
    Repository,
}

/// A package that is required by the address of its sources.
#[derive(Debug, Clone)]
pub struct SourceTree {
    /// What stands at the address.
    pub kind: SourceKind,
    /// The address; local paths are `file:` URLs, repositories have a scheme such as `git+https`.
    pub url: Url,
    /// Its name, where the requirement says it (`#egg=NAME`, `NAME @ URL` in a lock).
    pub name: Option<PackageName>,
    /// The extras that are asked for.
    pub extras: Vec<ExtraName>,
    /// When it is required.
    pub marker: Marker,
    /// Whether it was asked for with `-e`.
    pub editable: bool,
    /// The contents that are allowed; empty where nothing is said.
    pub hashes: Vec<Sha256>,
    /// The line as written.
    pub text: String,
    /// The file as the user named it; `None` for the command line.
    pub path: Option<String>,
    /// One-based line; 0 for the command line.
    pub line: usize,
}

impl SourceTree {
    /// The complaint of a release that cannot build it.
    #[must_use]
    pub fn refusal(&self) -> ManifestError {
        let what = match self.kind {
            SourceKind::Folder => "a folder of sources",
            SourceKind::Archive => "an archive of sources",
            SourceKind::Repository => "a repository of sources",
        };
        ManifestError {
            path: self.path.clone(),
            line: self.line,
            column: 1,
            text: self.text.clone(),
            reason: format!(
                "this is {what}: it needs a build, which is not supported yet; \
                 name a wheel of it, or require a published version"
            ),
        }
    }
}
