//! The name and the static metadata of a source.

use std::sync::Arc;

use mach_nix_model::{PackageName, StaticMetadata};
use serde::{Deserialize, Serialize};

/// The data read from a source.
#[derive(Default, Serialize, Deserialize)]
pub struct Reading {
    /// The name it gives itself.
    pub name: Option<PackageName>,
    /// Its guessed name, if it states none.
    pub guess: Option<PackageName>,
    pub facts: StaticMetadata,
}

impl Reading {
    /// The name it gives itself, as far as that can be seen.
    pub fn likely_name(self) -> Option<PackageName> {
        self.name.or(self.guess)
    }

    /// Its metadata, if it is the requested project.
    pub fn checked(self, expected: &PackageName) -> Arc<StaticMetadata> {
        Arc::new(match self.name.filter(|name| name != expected) {
            Some(name) => invalid(format!("it is the source of `{name}`, not of `{expected}`")),
            None => self.facts,
        })
    }
}

/// A source that cannot be used, and why.
pub fn invalid(reason: String) -> StaticMetadata {
    StaticMetadata {
        defect: Some(reason),
        ..StaticMetadata::default()
    }
}
