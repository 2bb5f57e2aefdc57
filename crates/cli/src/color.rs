//! Colors on a terminal.

use std::io::{self, IsTerminal};

/// A color, or another style of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
    Cyan,
}

/// A stream of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    Output,
    Error,
}

impl Stream {
    /// Whether it shows colors: a terminal does, unless `NO_COLOR` is set.
    pub fn has_colors(self) -> bool {
        let is_terminal = match self {
            Self::Output => io::stdout().is_terminal(),
            Self::Error => io::stderr().is_terminal(),
        };
        is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
    }

    /// The text in a color, where the stream shows colors.
    pub fn painted(self, color: Color, text: &str) -> String {
        if self.has_colors() {
            painted(color, text)
        } else {
            text.to_owned()
        }
    }
}

/// The text between escape sequences.
pub fn painted(color: Color, text: &str) -> String {
    let code = match color {
        Color::Bold => "1",
        Color::Dim => "2",
        Color::Red => "31",
        Color::Green => "32",
        Color::Yellow => "33",
        Color::Cyan => "36",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}
