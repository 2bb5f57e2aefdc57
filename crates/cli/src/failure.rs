//! Failures of a command, with their exit codes.

use std::fmt;
use std::process::ExitCode;

use mach_nix_engine::{EngineError, ErrorClass};

use crate::surface::CommandSurface;

/// A message and the exit code that belongs to it (docs/manual.md).
#[derive(Debug)]
pub struct Failure {
    kind: Kind,
    message: String,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Error(ErrorClass),
    /// Nixpkgs has to be asked first, by whoever runs the command.
    Asks,
}

impl Failure {
    /// The requirements cannot be met, or `--check` found a stale lock.
    pub fn impossible(message: impl fmt::Display) -> Self {
        Self {
            kind: Kind::Error(ErrorClass::Impossible),
            message: message.to_string(),
        }
    }

    /// Bad usage, or input that cannot be read.
    pub fn usage(message: impl fmt::Display) -> Self {
        Self {
            kind: Kind::Error(ErrorClass::Usage),
            message: message.to_string(),
        }
    }

    /// Network or disk failed.
    pub fn world(message: impl fmt::Display) -> Self {
        Self {
            kind: Kind::Error(ErrorClass::World),
            message: message.to_string(),
        }
    }

    /// The inventory of nixpkgs does not say enough.
    pub fn asks(message: impl fmt::Display) -> Self {
        Self {
            kind: Kind::Asks,
            message: message.to_string(),
        }
    }

    /// The exit code.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self.kind {
            Kind::Error(ErrorClass::Impossible) => 1,
            Kind::Error(ErrorClass::Usage) => 2,
            Kind::Error(ErrorClass::World) => 3,
            Kind::Asks => 4,
        })
    }
}

impl Failure {
    /// The same failure, with the origin of what it is about.
    pub fn at(self, origin: impl fmt::Display) -> Self {
        Self {
            message: format!("{origin}: {}", self.message),
            ..self
        }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self {
            kind: Kind::Error(error.class()),
            message: error.display(&CommandSurface),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = match self.kind {
            Kind::Error(ErrorClass::Impossible) => "ResolutionImpossible",
            Kind::Error(ErrorClass::Usage | ErrorClass::World) | Kind::Asks => "error",
        };
        write!(f, "{head}: {}", self.message)
    }
}
