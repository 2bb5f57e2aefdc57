//! The answer to a query: a lock, names of packages of nixpkgs that the query lacks, or an error.
//!
//! In JSON it is one object with `lock` and `warnings`, `nixpkgs`, or `error`, from the evaluator plugin and the command
//! alike.

use std::fmt::Display;

use mach_nix_model::{PackageIndex, PackageName};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{EngineError, ErrorClass, Locked, PartialInventory, Request, SourceBuilder, WithNixpkgs, lock};

/// The answer to a query that did not fail.
#[derive(Debug)]
pub enum Answer {
    /// The lock.
    Lock(Box<Locked>),
    /// Packages of nixpkgs that the inventory lacks: with them in it, the query is to be repeated.
    Nixpkgs(Vec<PackageName>),
}

/// The error of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerError {
    /// `impossible`, `usage`, `external`, or `defect` for a bug of mach-nix itself.
    pub class: &'static str,
    /// The message.
    pub message: String,
}

impl Answer {
    /// Resolves a request. With an inventory, the packages of nixpkgs are those of the inventory.
    ///
    /// # Errors
    /// When the requirements cannot be met, or the index fails.
    pub fn resolve(
        request: &Request,
        index: &dyn PackageIndex,
        inventory: Option<&PartialInventory>,
        builder: Option<&dyn SourceBuilder>,
    ) -> Result<Self, EngineError> {
        let Some(inventory) = inventory else {
            return lock(request, index, builder).map(|locked| Self::Lock(Box::new(locked)));
        };
        let locked = lock(request, &WithNixpkgs::new(index, inventory), builder);
        let missing = inventory.missing();
        if missing.is_empty() {
            locked.map(|locked| Self::Lock(Box::new(locked)))
        } else {
            Ok(Self::Nixpkgs(missing))
        }
    }

    /// The answer as JSON; the warnings about the manifest come first.
    #[must_use]
    pub fn to_json(&self, of_manifest: &[String]) -> Value {
        match self {
            Self::Lock(locked) => {
                let warnings: Vec<&String> = of_manifest.iter().chain(&locked.warnings).collect();
                json!({ "lock": locked.lock, "warnings": warnings })
            }
            Self::Nixpkgs(names) => json!({ "nixpkgs": names }),
        }
    }
}

impl AnswerError {
    /// An error of this class. A message about requirements that cannot be met begins with `ResolutionImpossible:`.
    pub fn new(class: ErrorClass, message: impl Display) -> Self {
        let head = match class {
            ErrorClass::Impossible => "ResolutionImpossible: ",
            ErrorClass::Usage | ErrorClass::External => "",
        };
        Self {
            class: class.name(),
            message: format!("{head}{message}"),
        }
    }

    /// The error as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({ "error": self })
    }
}

impl From<&EngineError> for AnswerError {
    fn from(error: &EngineError) -> Self {
        Self::new(error.class(), error)
    }
}
