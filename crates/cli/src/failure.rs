//! Failures of a command, with their exit codes.

use std::fmt;
use std::process::ExitCode;

use mach_nix_engine::{AnswerError, EngineError, ErrorClass};
use mach_nix_lock::ExportError;
use mach_nix_model::{Surface, without_passwords};

use crate::color::{Color, Stream, painted};
use crate::surface::CommandSurface;

/// A message with its exit code (docs/manual.md).
#[derive(Debug)]
pub struct Failure {
    class: ErrorClass,
    message: String,
}

impl Failure {
    /// The requirements cannot be met, or `--check` found a stale lock.
    pub fn impossible(message: impl fmt::Display) -> Self {
        Self {
            class: ErrorClass::Impossible,
            message: message.to_string(),
        }
    }

    /// Whether the requirements cannot be met, or a lock is stale.
    pub fn is_impossible(&self) -> bool {
        matches!(self.class, ErrorClass::Impossible)
    }

    /// Bad usage, or invalid input.
    pub fn usage(message: impl fmt::Display) -> Self {
        Self {
            class: ErrorClass::Usage,
            message: message.to_string(),
        }
    }

    /// Network, disk or Nix failed.
    pub fn external(message: impl fmt::Display) -> Self {
        Self {
            class: ErrorClass::External,
            message: message.to_string(),
        }
    }

    /// An error with its remedies in the surface's notation.
    pub fn on(error: &EngineError, surface: &dyn Surface) -> Self {
        Self {
            class: error.class(),
            message: error.display(surface),
        }
    }

    /// The exit code.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self.class {
            ErrorClass::Impossible => 1,
            ErrorClass::Usage => 2,
            ErrorClass::External => 3,
        })
    }
}

impl Failure {
    /// The failure with the location of its requirement.
    pub fn at(self, origin: impl fmt::Display) -> Self {
        Self {
            message: format!("{origin}: {}", self.message),
            ..self
        }
    }
}

impl Failure {
    /// The failure with more at its end.
    pub fn with(self, more: &str) -> Self {
        Self {
            message: self.message + more,
            ..self
        }
    }
}

impl From<&Failure> for AnswerError {
    fn from(failure: &Failure) -> Self {
        Self::new(failure.class, without_passwords(&failure.message))
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self::on(&error, &CommandSurface)
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        let remedy = match &error {
            ExportError::NotADistribution { package, .. } if package.starts_with("conda:") => {
                "only conda has it; `mach-nix export --format explicit` or `--format cyclonedx` can name it"
                    .to_owned()
            }
            ExportError::SeveralSystems { .. } => {
                "it is the system that decides which packages there are".to_owned()
            }
            ExportError::NothingOfConda => {
                "`mach-nix export --format requirements` names the others".to_owned()
            }
            ExportError::NotADistribution { package, .. } => format!(
                "choose another provider for it, as in `--provider {package}=wheel,sdist`, or another format"
            ),
            ExportError::NoFile { .. } => "export without --hashes, or as pylock".to_owned(),
        };
        Self::usage(format!("{error}: {remedy}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = match self.class {
            ErrorClass::Impossible => "ResolutionImpossible",
            ErrorClass::Usage | ErrorClass::External => "error",
        };
        write!(f, "{head}: {}", self.message)
    }
}

impl Failure {
    /// The message on standard error, with colors on a terminal.
    pub fn shown(&self) -> String {
        let text = self.to_string();
        match text.split_once(':') {
            Some((head, rest)) if Stream::Error.has_colors() => {
                format!(
                    "{}{}",
                    painted(Color::Red, &format!("{head}:")),
                    quoted_in_color(rest)
                )
            }
            _ => text,
        }
    }
}

/// The text with words in backticks in color. A backtick without a second one in its line stays as it is.
fn quoted_in_color(text: &str) -> String {
    let mut colored = String::new();
    for line in text.split_inclusive('\n') {
        let parts: Vec<&str> = line.split('`').collect();
        let last = parts.len() - 1;
        for (at, part) in parts.into_iter().enumerate() {
            match at {
                _ if at % 2 == 0 => colored += part,
                _ if at == last => colored = colored + "`" + part,
                _ => colored += &painted(Color::Cyan, &format!("`{part}`")),
            }
        }
    }
    colored
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_backticks_have_a_color() {
        assert_eq!(
            quoted_in_color("run `a b`\nit`s `c"),
            "run \u{1b}[36m`a b`\u{1b}[0m\nit\u{1b}[36m`s `\u{1b}[0mc"
        );
        assert_eq!(quoted_in_color("it`s\n"), "it`s\n");
    }
}
