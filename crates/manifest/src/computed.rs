//! Projects whose requirements only a build can tell.

use std::path::{Path, PathBuf};

use mach_nix_model::ExtraName;

use crate::{ManifestError, Selection};

/// A project of this machine whose requirements only a build can tell.
#[derive(Debug, Clone)]
pub struct ComputedProject {
    /// The file that says so, in the folder of the project, as the user named it.
    pub path: PathBuf,
    /// The extras that are asked for.
    pub extras: Vec<ExtraName>,
    /// Where the file says so, as the complaint of those who build nothing.
    pub complaint: ManifestError,
}

impl ComputedProject {
    pub(crate) fn new(path: &Path, selection: &Selection, complaint: ManifestError) -> Self {
        Self {
            path: path.to_owned(),
            extras: selection.extras.iter().cloned().collect(),
            complaint,
        }
    }

    /// A complaint at the same place.
    #[must_use]
    pub fn error(&self, reason: impl Into<String>) -> ManifestError {
        ManifestError {
            reason: reason.into(),
            ..self.complaint.clone()
        }
    }
}
