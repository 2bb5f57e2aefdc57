//! From a query in JSON to an answer in JSON.

use mach_nix_engine::{Answer, AnswerError, EngineError, ErrorClass, NixSurface, Query};
use mach_nix_snapshot::{Snapshot, SnapshotError};

use crate::guard::guarded;

/// Answers a query in JSON. A panic becomes an error.
pub fn answer(query: &str) -> Result<String, AnswerError> {
    guarded(|| resolve(query)).unwrap_or_else(|message| {
        Err(AnswerError {
            class: "defect",
            message,
        })
    })
}

/// The error of a query that is not text.
pub fn not_a_text(reason: &str) -> AnswerError {
    AnswerError::new(ErrorClass::Usage, format_args!("the request is {reason}"))
}

fn resolve(query: &str) -> Result<String, AnswerError> {
    #[cfg(feature = "test-panic")]
    assert!(!query.contains("test-panic"), "asked for by a test");
    let mut query =
        Query::from_json(query).map_err(|error| AnswerError::of(&error, NixSurface::default()))?;
    let surface = query.surface();
    let shown = |error: EngineError| AnswerError::of(&error, surface);
    let index = Snapshot::open(query.snapshot().map_err(shown)?).map_err(|error| of_snapshot(&error))?;
    if let Some(conda) = &index.origin().conda {
        query.know_channels(&conda.channels);
    }
    let answer = Answer::over(query, &index, index.name(), &index.origin().indexes).map_err(shown)?;
    Ok(answer.to_json())
}

fn of_snapshot(error: &SnapshotError) -> AnswerError {
    let class = if error.is_wrong_file() {
        ErrorClass::Usage
    } else {
        ErrorClass::External
    };
    AnswerError::new(class, error)
}
