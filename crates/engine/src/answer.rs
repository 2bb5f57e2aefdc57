//! The answer to a query: a lock, missing names of packages of nixpkgs, or an error.
//!
//! In JSON it is an object with `lock` and `warnings`, `nixpkgs`, or `error`, both from the evaluator plugin and from
//! the command.

use std::fmt::Display;

use mach_nix_lock::Lock;
use mach_nix_model::{PackageIndex, PackageName};
use serde::Serialize;

use crate::{
    EngineError, ErrorClass, Locked, NixSurface, PartialInventory, Query, Request, SourceBuilder,
    WithNixpkgs, lock,
};

/// The answer to a successful query.
#[derive(Debug)]
pub enum Answer {
    /// The lock.
    Lock(Box<Locked>),
    /// Packages of nixpkgs that the inventory lacks: the query must be repeated with them.
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
    /// Resolves a query over a snapshot of this name, which was made from these indexes.
    ///
    /// # Errors
    /// If the query is invalid, or the requirements cannot be met.
    pub fn over(
        mut query: Query,
        index: &dyn PackageIndex,
        snapshot: &str,
        held: &[String],
    ) -> Result<Self, EngineError> {
        let warnings = query.take_warnings();
        let inventory = query.nixpkgs.take();
        let request = query.request_over(snapshot, held)?;
        let answer = Self::resolve(&request, index, inventory.as_ref(), None)?;
        Ok(answer.with_warnings(warnings))
    }

    /// The answer with the warnings about the manifest before those of the resolver.
    #[must_use]
    pub fn with_warnings(mut self, of_manifest: Vec<String>) -> Self {
        if let Self::Lock(locked) = &mut self {
            locked.warnings.splice(..0, of_manifest);
        }
        self
    }

    /// Resolves a request. An inventory provides the packages of nixpkgs.
    ///
    /// # Errors
    /// If the requirements cannot be met, or the index fails.
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

    /// The answer as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        json(&match self {
            Self::Lock(locked) => Fields::Lock {
                lock: &locked.lock,
                warnings: &locked.warnings,
            },
            Self::Nixpkgs(names) => Fields::Nixpkgs { nixpkgs: names },
        })
    }
}

impl AnswerError {
    /// An error of this class. The message about unsatisfiable requirements begins with `ResolutionImpossible:`.
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

    /// An error with its remedies in the surface's notation.
    #[must_use]
    pub fn of(error: &EngineError, surface: NixSurface) -> Self {
        Self::new(error.class(), error.display(&surface))
    }

    /// The error as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        json(&Fields::Error { error: self })
    }
}

/// The fields of an answer in JSON, in this order; those of the lock are in the order of the lock file.
#[derive(Serialize)]
#[serde(untagged)]
enum Fields<'a> {
    Lock { lock: &'a Lock, warnings: &'a [String] },
    Nixpkgs { nixpkgs: &'a [PackageName] },
    Error { error: &'a AnswerError },
}

fn json(fields: &Fields<'_>) -> String {
    serde_json::to_string(fields).expect("an answer has string keys only")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_a_class() {
        for (class, json) in [
            (
                ErrorClass::Impossible,
                r#"{"error":{"class":"impossible","message":"ResolutionImpossible: no"}}"#,
            ),
            (ErrorClass::Usage, r#"{"error":{"class":"usage","message":"no"}}"#),
            (
                ErrorClass::External,
                r#"{"error":{"class":"external","message":"no"}}"#,
            ),
        ] {
            assert_eq!(AnswerError::new(class, "no").to_json(), json);
        }
    }

    #[test]
    fn packages_of_nixpkgs_are_a_list() {
        let answer = Answer::Nixpkgs(vec!["numpy".parse().expect("a name")]);
        assert_eq!(answer.to_json(), r#"{"nixpkgs":["numpy"]}"#);
    }
}
