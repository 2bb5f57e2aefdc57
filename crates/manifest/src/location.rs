//! Locations in the inputs.

use std::fmt;

/// A location in a file or on the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Location {
    /// The path as given by the user; `None` for the command line.
    pub path: Option<String>,
    /// The one-based line; `None` for the file as a whole.
    pub line: Option<usize>,
    /// The one-based column in characters.
    pub column: usize,
    /// The line as written, without the expansion of variables; empty for the file as a whole.
    pub text: String,
}

impl Location {
    /// The location of an argument of the command line.
    #[must_use]
    pub fn argument(text: impl Into<String>) -> Self {
        Self {
            path: None,
            line: None,
            column: 1,
            text: text.into(),
        }
    }

    /// The location of a file as a whole.
    #[must_use]
    pub fn file(path: impl Into<String>) -> Self {
        Self {
            path: Some(path.into()),
            line: None,
            column: 1,
            text: String::new(),
        }
    }

    /// The location of a line of a file.
    #[must_use]
    pub fn line(path: impl Into<String>, line: usize, text: impl Into<String>) -> Self {
        Self {
            path: Some(path.into()),
            line: Some(line),
            column: 1,
            text: text.into(),
        }
    }
}

impl fmt::Display for Location {
    /// Formats file and line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.path, self.line) {
            (None, _) => f.write_str("command line"),
            (Some(path), None) => f.write_str(path),
            (Some(path), Some(line)) => write!(f, "{path}, line {line}"),
        }
    }
}
