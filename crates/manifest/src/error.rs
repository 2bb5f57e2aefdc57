//! What is wrong with a file, and where.

use std::fmt;

use mach_nix_model::without_passwords;

/// A text that cannot be read, with its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ManifestError {
    /// The file as the user named it; `None` for the command line.
    pub path: Option<String>,
    /// One-based line; 0 where the whole file is at fault.
    pub line: usize,
    /// One-based column, in characters.
    pub column: usize,
    /// The text at fault: the line as it stands in the file.
    pub text: String,
    /// What is wrong, and what to do.
    pub reason: String,
}

impl fmt::Display for ManifestError {
    /// Place and reason in the first line, then the text with a mark under the column at fault.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.path, self.line) {
            (None, _) => write!(f, "command line, column {}", self.column)?,
            (Some(path), 0) => write!(f, "{path}")?,
            (Some(path), line) => write!(f, "{path}, line {line}, column {}", self.column)?,
        }
        write!(f, ": {}", without_passwords(&self.reason))?;
        if !self.text.is_empty() {
            let indent = " ".repeat(self.column.saturating_sub(1));
            let text = without_passwords(&self.text);
            write!(f, "\n  | {text}\n  | {indent}^")?;
        }
        Ok(())
    }
}
