//! Projects of the inputs.

use std::path::{Path, PathBuf};

use mach_nix_model::{ExtraName, Requirement};

use crate::{ManifestError, Selection};

/// The projects of the inputs.
#[derive(Debug, Clone, Default)]
pub struct Projects {
    /// The files of projects that can be built, that is, with a build backend or a `setup.py` next to them.
    pub files: Vec<PathBuf>,
    /// Projects with dynamic metadata.
    pub dynamic: Vec<DynamicProject>,
}

/// A local project whose requirements are known only after a build.
#[derive(Debug, Clone)]
pub struct DynamicProject {
    /// The file that declares it, in the folder of the project, as given by the user.
    pub path: PathBuf,
    /// The selected extras.
    pub extras: Vec<ExtraName>,
    /// The project as a requirement, `NAME @ file:///FOLDER`; `None` until its name is known.
    pub reference: Option<Requirement>,
    /// The error if builds are not available.
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
