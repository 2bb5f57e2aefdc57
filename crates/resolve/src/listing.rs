//! The releases listed for a name.

use std::sync::Arc;

use mach_nix_model::{DirectReference, DistributionFile, NixpkgsPackage, Project, Version};

/// The releases listed for a name.
pub enum Listing {
    /// No index has the name.
    Unknown,
    /// The project of an index.
    Project(Arc<Project>),
    /// The package of nixpkgs and the project of an index, with all their versions, ascending.
    Nixpkgs(Arc<NixpkgsPackage>, Option<Arc<Project>>, Box<[Version]>),
    /// The file or source tree of a direct reference of the user, with its version; other sources are ignored.
    Direct(Arc<DirectReference>, Version),
}

impl Listing {
    /// The versions, ascending.
    pub fn versions(&self) -> &[Version] {
        match self {
            Self::Unknown => &[],
            Self::Project(project) => project.versions(),
            Self::Nixpkgs(_, _, versions) => versions,
            Self::Direct(_, version) => std::slice::from_ref(version),
        }
    }

    /// The project of an index.
    pub fn project(&self) -> Option<&Project> {
        match self {
            Self::Project(project) | Self::Nixpkgs(_, Some(project), _) => Some(project),
            Self::Direct(..) | Self::Unknown | Self::Nixpkgs(_, None, _) => None,
        }
    }

    /// The package of nixpkgs.
    pub fn nixpkgs(&self) -> Option<&NixpkgsPackage> {
        match self {
            Self::Nixpkgs(package, ..) => Some(package),
            _ => None,
        }
    }

    /// The files of a version.
    pub fn files_of(&self, version: &Version) -> Vec<DistributionFile> {
        match self {
            Self::Project(project) | Self::Nixpkgs(_, Some(project), _) => project.files_of(version),
            Self::Direct(referenced, _) => vec![referenced.file.clone()],
            Self::Unknown | Self::Nixpkgs(_, None, _) => Vec::new(),
        }
    }
}
