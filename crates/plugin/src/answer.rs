//! From a request in JSON to an answer in JSON.

use mach_nix_engine::{Ask, EngineError, ErrorClass, Locked, NixSurface, WithNixpkgs, lock};
use mach_nix_snapshot::{Snapshot, SnapshotError};
use serde_json::{Value, json};

use crate::guard::guarded;

/// Why there is no lock.
struct Failure {
    class: &'static str,
    message: String,
}

/// What resolving came to.
enum Answer {
    Locked(Box<Locked>),
    /// What nixpkgs has of these packages has to be told first.
    Asks(Vec<String>),
}

/// Resolves a request. A panic is an answer too.
pub fn answer(request: &str) -> Value {
    let outcome = guarded(|| resolve(request)).unwrap_or_else(|message| {
        Err(Failure {
            class: "defect",
            message,
        })
    });
    match outcome {
        Ok(Answer::Locked(locked)) => {
            let Locked { lock, warnings } = *locked;
            json!({ "lock": lock, "warnings": warnings })
        }
        Ok(Answer::Asks(names)) => json!({ "nixpkgs": names }),
        Err(Failure { class, message }) => json!({ "error": { "class": class, "message": message } }),
    }
}

/// The answer to a request that is no text.
pub fn not_a_text(reason: &str) -> Value {
    json!({ "error": { "class": "usage", "message": format!("the request is {reason}") } })
}

fn resolve(request: &str) -> Result<Answer, Failure> {
    #[cfg(feature = "test-panic")]
    assert!(!request.contains("test-panic"), "asked for by a test");
    let mut ask = Ask::from_json(request)?;
    let index = Snapshot::open(&ask.pypi_data)?;
    let inventory = ask.nixpkgs.take();
    let warnings = ask.take_warnings();
    let request = ask.request(index.name(), &index.origin().indexes)?;
    let locked = match &inventory {
        None => lock(&request, &index, None),
        Some(inventory) => {
            let locked = lock(&request, &WithNixpkgs::new(&index, inventory), None);
            let missing = inventory.missing();
            if !missing.is_empty() {
                return Ok(Answer::Asks(missing.iter().map(ToString::to_string).collect()));
            }
            locked
        }
    };
    let mut locked = locked?;
    locked.warnings.splice(..0, warnings);
    Ok(Answer::Locked(Box::new(locked)))
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        let (class, head) = match error.class() {
            ErrorClass::Impossible => ("impossible", "ResolutionImpossible: "),
            ErrorClass::Usage => ("usage", ""),
            ErrorClass::World => ("world", ""),
        };
        Self {
            class,
            message: format!("{head}{}", error.display(&NixSurface::default())),
        }
    }
}

impl From<SnapshotError> for Failure {
    fn from(error: SnapshotError) -> Self {
        let class = match error {
            SnapshotError::Foreign { .. } | SnapshotError::Newer { .. } => "usage",
            SnapshotError::Io { .. } | SnapshotError::Damaged { .. } => "world",
        };
        Self {
            class,
            message: error.to_string(),
        }
    }
}
