//! Errors of the parsers.

use std::fmt;

use mach_nix_model::without_passwords;

use crate::Location;

/// An invalid input.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ManifestError {
    /// The location.
    pub location: Location,
    /// The problem, and the remedy.
    pub reason: String,
}

impl Location {
    /// An error at this location.
    #[must_use]
    pub fn error(&self, reason: impl Into<String>) -> ManifestError {
        ManifestError {
            location: self.clone(),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for ManifestError {
    /// Formats location and reason in the first line, then the text with a caret under the column.
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
