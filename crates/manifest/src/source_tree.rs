//! Requirements by the address of a source.

use mach_nix_hash::Digest;
use mach_nix_model::{ExtraName, Marker, PackageName, Requirement, VersionOrUrl, promised_digest};
use url::Url;

use crate::{Entry, Location, ManifestError};

/// The kind of source at the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// A folder with a `pyproject.toml` or `setup.py`.
    Folder,
    /// A source archive.
    Archive,
    /// A repository of a version control system.
    Repository,
}

/// A package that is required by the address of its source.
#[derive(Debug, Clone)]
pub struct SourceTree {
    /// The kind of source.
    pub kind: SourceKind,
    /// The address; local paths are `file:` URLs, repositories have a scheme such as `git+https`.
    pub url: Url,
    /// The name, if the requirement has one (`#egg=NAME`, `NAME @ URL` in a lock).
    pub name: Option<PackageName>,
    /// The extras.
    pub extras: Vec<ExtraName>,
    /// The condition.
    pub marker: Marker,
    /// Whether it is editable (`-e`).
    pub editable: bool,
    /// The allowed digests; empty without `--hash`.
    pub hashes: Vec<Digest>,
    /// Whether another tool's lock pins it: see [`Entry::is_locked`].
    pub is_locked: bool,
    /// The location.
    pub location: Location,
}

impl SourceTree {
    /// The requirement under this name.
    #[must_use]
    pub fn named(&self, name: PackageName) -> Entry {
        let mut url = self.url.clone();
        // The rest of the fragment has the subdirectory of the project and the digest.
        let kept: Vec<String> = url
            .fragment()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| {
                let key = pair.split('=').next().unwrap_or_default();
                key == "subdirectory" || Digest::ALGORITHMS.contains(&key)
            })
            .map(str::to_owned)
            .collect();
        url.set_fragment((!kept.is_empty()).then(|| kept.join("&")).as_deref());
        Entry {
            requirement: Requirement {
                name,
                extras: self.extras.clone(),
                version_or_url: Some(VersionOrUrl::Url(url)),
                marker: self.marker.clone(),
            },
            location: self.location.clone(),
            hashes: self.hashes.clone(),
            is_locked: self.is_locked,
        }
    }

    /// An error at this requirement.
    #[must_use]
    pub fn error(&self, reason: impl Into<String>) -> ManifestError {
        self.location.error(reason)
    }

    /// Whether its content is already pinned: by a digest, or in a lock, where a commit is a pin and a folder is used
    /// as it is.
    pub(crate) fn is_pinned_by_content(&self) -> bool {
        !self.hashes.is_empty()
            || promised_digest(&self.url).is_some()
            || (self.is_locked && self.kind != SourceKind::Archive)
    }

    /// The error for its use as a constraint.
    pub(crate) fn as_constraint(&self) -> ManifestError {
        let what = match self.kind {
            SourceKind::Folder => "a folder of sources",
            SourceKind::Archive => "an archive of sources",
            SourceKind::Repository => "a repository of sources",
        };
        self.error(format!(
            "this is {what}, which cannot be a constraint: require it instead"
        ))
    }
}
