//! Projects that the inputs belong to.

use std::path::{Path, PathBuf};

use mach_nix_model::{ExtraName, Requirement};

use crate::{ManifestError, Selection};

/// The projects of the inputs.
#[derive(Debug, Clone, Default)]
pub struct Projects {
    /// The files of projects that can be built: they name a build backend, or have a `setup.py` next to them.
    pub files: Vec<PathBuf>,
    /// Projects whose requirements are known only after a build.
    pub dynamic: Vec<DynamicProject>,
}

/// A local project with dynamic metadata: its requirements are known only after a build.
#[derive(Debug, Clone)]
pub struct DynamicProject {
    /// The file that declares it, in the folder of the project, as the user named it.
    pub path: PathBuf,
    /// The selected extras.
    pub extras: Vec<ExtraName>,
    /// The project as a requirement, `NAME @ file:///FOLDER`; `None` until its name is known.
    pub reference: Option<Requirement>,
    /// The error where nothing can be built.
    pub unbuilt: ManifestError,
}

impl DynamicProject {
    pub(crate) fn new(path: &Path, selection: &Selection, unbuilt: ManifestError) -> Self {
        Self {
            path: path.to_owned(),
            extras: selection.extras.iter().cloned().collect(),
            reference: None,
            unbuilt,
        }
    }

    /// An error at the same location.
    #[must_use]
    pub fn error(&self, reason: impl Into<String>) -> ManifestError {
        self.unbuilt.location.error(reason)
    }
}
