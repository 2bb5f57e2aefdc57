//! The name and static metadata of a source.

use std::sync::Arc;

use mach_nix_model::{PackageName, StaticMetadata};
use serde::{Deserialize, Serialize};

/// The data read from a source.
#[derive(Default, Serialize, Deserialize)]
pub struct Reading {
    /// The stated name.
    pub name: Option<PackageName>,
    /// The guessed name, if none is stated.
    pub guess: Option<PackageName>,
    pub facts: StaticMetadata,
}

impl Reading {
    /// The stated or guessed name.
    pub fn likely_name(self) -> Option<PackageName> {
        self.name.or(self.guess)
    }

    /// The metadata, if it is that of the expected project.
    pub fn checked(self, expected: &PackageName) -> Arc<StaticMetadata> {
        Arc::new(match self.name.filter(|name| name != expected) {
            Some(name) => invalid(format!("it is the source of `{name}`, not of `{expected}`")),
            None => self.facts,
        })
    }
}

/// The metadata of a source that is not usable, with the reason.
pub fn invalid(reason: String) -> StaticMetadata {
    StaticMetadata {
        defect: Some(reason),
        ..StaticMetadata::default()
    }
}
