//! Errors of the readers.

use std::fmt;

use mach_nix_model::without_passwords;

use crate::Location;

/// An input that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ManifestError {
    /// Where.
    pub location: Location,
    /// The problem, and the remedy.
    pub reason: String,
}

impl Location {
    /// An error at this position.
    #[must_use]
    pub fn error(&self, reason: impl Into<String>) -> ManifestError {
        ManifestError {
            location: self.clone(),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for ManifestError {
    /// Location and reason in the first line, then the text with a mark under the column at fault.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let location = &self.location;
        write!(f, "{location}")?;
        if location.path.is_none() || location.line.is_some() {
            write!(f, ", column {}", location.column)?;
        }
        write!(f, ": {}", without_passwords(&self.reason))?;
        if !location.text.is_empty() {
            let indent = " ".repeat(location.column.saturating_sub(1));
            let text = without_passwords(&location.text);
            write!(f, "\n  | {text}\n  | {indent}^")?;
        }
        Ok(())
    }
}
