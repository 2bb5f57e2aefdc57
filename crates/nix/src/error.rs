//! Nix that has no answer.

use mach_nix_model::IndexError;

/// Nix that has no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NixError {
    /// There is no Nix.
    #[error(
        "there is no `{program}` on this machine: install Nix (https://nixos.org/download, or `apt-get install nix-bin`)"
    )]
    NoNix {
        /// The program that was looked for.
        program: &'static str,
    },
    /// There is no package set to work on.
    #[error(
        "there is no nixpkgs: name one with --nixpkgs PATH or MACH_NIX_NIXPKGS, or set NIX_PATH as in NIX_PATH=nixpkgs=PATH"
    )]
    NoPackageSet,
    /// The system does not let us do it.
    #[error("Nix cannot be run: {0}")]
    System(String),
    /// A build, an evaluation or a download failed.
    #[error("Nix failed:\n{log}")]
    Failed {
        /// The end of what it said.
        log: String,
    },
    /// It did not come to an end in time.
    #[error("Nix did not come to an end within {seconds} s:\n{log}")]
    TimedOut {
        /// How long it had.
        seconds: u64,
        /// The end of what it said.
        log: String,
    },
}

impl NixError {
    /// The error of an index that asked Nix about `what`.
    #[must_use]
    pub fn about(self, what: impl Into<String>) -> IndexError {
        IndexError::Unsupported {
            what: what.into(),
            reason: self.to_string(),
        }
    }
}
