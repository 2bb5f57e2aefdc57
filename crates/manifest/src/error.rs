//! Errors of the parsers.

use std::borrow::Cow;
use std::fmt;

use mach_nix_model::without_passwords;

use crate::Location;

/// Maximum number of characters of a reason, and of a line, that are shown.
const MAX_REASON: usize = 2_000;
const MAX_SHOWN: usize = 240;

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
        write!(f, ": {}", shortened(&without_passwords(&self.reason), MAX_REASON))?;
        if !location.text.is_empty() {
            // The part of a long line around the column.
            let before = location.column.saturating_sub(1);
            let start = before.saturating_sub(MAX_SHOWN / 2);
            let text = without_passwords(&location.text);
            let text: String = text.chars().skip(start).collect();
            let text = shortened(&text, MAX_SHOWN);
            let (mark, indent) = if start > 0 {
                ("…", before - start + 1)
            } else {
                ("", before)
            };
            write!(f, "\n  | {mark}{text}\n  | {}^", " ".repeat(indent))?;
        }
        Ok(())
    }
}

/// At most this many characters of a text.
fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_line_the_part_around_the_column_is_shown() {
        let location = Location {
            path: Some("r.txt".to_owned()),
            line: Some(1),
            column: 10_001,
            text: format!("{}!{}", "a".repeat(10_000), "b".repeat(10_000)),
        };
        let shown = location.error("x".repeat(100_000)).to_string();
        assert!(shown.len() < 3_000, "{}", shown.len());
        let lines: Vec<&str> = shown.lines().collect();
        let place = |line: &str, c: char| line.chars().position(|found| found == c);
        assert_eq!(place(lines[1], '!'), place(lines[2], '^'));
    }
}
