//! Channels and match specs of input files.

use std::collections::BTreeMap;

use mach_nix_conda::{CondaSpec, Subdir};
use mach_nix_model::Marker;
use url::Url;

use crate::Location;

/// The contents of environment files that concern conda.
#[derive(Debug, Clone, Default)]
pub struct CondaEnvironment {
    /// The channels in order of preference; `None` if no file names any.
    pub channels: Option<Vec<CondaChannel>>,
    /// The match specs, without those of the interpreter.
    pub requirements: Vec<CondaEntry>,
    /// The platforms of the environment; empty for any.
    pub platforms: Vec<Subdir>,
    /// Environment variables of shells.
    pub variables: BTreeMap<String, String>,
}

/// A channel with its location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CondaChannel {
    /// The name: `conda-forge`, `conda-forge/label/rc`, or the end of its URL.
    pub name: String,
    /// The URL, possibly with credentials; `None` for a public channel, whose name suffices.
    pub url: Option<Url>,
    /// The location.
    pub location: Location,
}

/// A match spec with its location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CondaEntry {
    /// The match spec.
    pub spec: CondaSpec,
    /// The targets it applies to.
    pub marker: Marker,
    /// The location.
    pub location: Location,
}

impl CondaEnvironment {
    /// Removes the builds from the match specs: an exported environment has those of a single platform.
    pub fn ignore_builds(&mut self) {
        for entry in &mut self.requirements {
            entry.spec = entry.spec.without_build();
        }
    }

    /// Adds the contents of a further file.
    pub(crate) fn append(&mut self, other: Self) {
        match (&mut self.channels, other.channels) {
            (Some(channels), Some(further)) => channels.extend(further),
            (channels @ None, further) => *channels = further,
            (Some(_), None) => {}
        }
        self.requirements.extend(other.requirements);
        self.platforms.extend(other.platforms);
        self.variables.extend(other.variables);
    }
}
