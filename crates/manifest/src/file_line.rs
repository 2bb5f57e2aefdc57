//! Logical lines with their locations.

use crate::lines::Line;
use crate::specifier::Fault;
use crate::{Location, ManifestError};

/// A line of a file.
#[derive(Clone, Copy)]
pub struct FileLine<'a> {
    pub line: &'a Line,
    pub path: Option<&'a str>,
}

impl FileLine<'_> {
    /// The location of the line, without its indentation.
    pub fn to_location(self) -> Location {
        let line = self.line;
        Location {
            path: self.path.map(str::to_owned),
            line: line.number,
            ..Location::argument(&line.written)
        }
    }

    /// An error at a character of the line.
    pub fn error(&self, column: usize, reason: impl Into<String>) -> ManifestError {
        let line = self.line;
        // After the expansion of variables, columns do not match those of the file.
        let column = if line.text == line.written { column } else { 0 };
        let location = Location {
            column: line.indent + column + 1,
            text: " ".repeat(line.indent) + &line.written,
            ..self.to_location()
        };
        location.error(reason)
    }

    /// An error in a specifier or marker that begins at a character of the line.
    pub fn fault(&self, offset: usize, fault: Fault) -> ManifestError {
        if self.line.text != self.line.written {
            // The error may quote the value of a variable.
            return self.error(
                0,
                "this is not a requirement when its variables are expanded: check their values",
            );
        }
        self.error(offset + fault.column, fault.reason)
    }
}
