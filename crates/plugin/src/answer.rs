//! From a query in JSON to an answer in JSON.

use crate::guard::guarded;
use mach_nix_engine::{Answer, AnswerError, EngineError, ErrorClass, Query};
use mach_nix_snapshot::{Snapshot, SnapshotError};

/// Answers a query in JSON. A panic becomes an error.
pub fn answer(query: &str) -> Result<String, AnswerError> {
    let outcome = guarded(|| resolve(query)).unwrap_or_else(|message| {
        Err(Failure(AnswerError {
            class: "defect",
            message,
        }))
    });
    outcome.map_err(|Failure(error)| error)
}

/// The error of a query that is not text.
pub fn not_a_text(reason: &str) -> AnswerError {
    AnswerError::new(ErrorClass::Usage, format_args!("the request is {reason}"))
}

fn resolve(query: &str) -> Result<String, Failure> {
    #[cfg(feature = "test-panic")]
    assert!(!query.contains("test-panic"), "asked for by a test");
    let mut query = Query::from_json(query)?;
    let index = Snapshot::open(query.snapshot()?)?;
    let inventory = query.nixpkgs.take();
    let warnings = query.take_warnings();
    let request = query.request_over(index.name(), &index.origin().indexes)?;
    let answer = Answer::resolve(&request, &index, inventory.as_ref(), None)?;
    Ok(answer.to_json(&warnings))
}

/// An error on its way out.
struct Failure(AnswerError);

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self(AnswerError::from(&error))
    }
}

impl From<SnapshotError> for Failure {
    fn from(error: SnapshotError) -> Self {
        let class = if error.is_wrong_file() {
            ErrorClass::Usage
        } else {
            ErrorClass::External
        };
        Self(AnswerError::new(class, error))
    }
}
