//! Errors of Nix.

use std::sync::Arc;

use mach_nix_model::IndexError;

/// Nix cannot be installed inside of a build.
fn no_nix(program: &str) -> String {
    if std::env::var_os("NIX_BUILD_TOP").is_some() {
        "Nix is not available inside a build, which has only the packages of nixpkgs that `providers` names"
            .to_owned()
    } else {
        format!(
            "there is no `{program}` on this machine: install Nix (https://nixos.org/download, or `apt-get install nix-bin`)"
        )
    }
}

/// A failed query to Nix.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NixError {
    /// Nix is not installed.
    #[error("{}", no_nix(program))]
    NoNix {
        /// The missing program.
        program: &'static str,
    },
    /// No package set is specified, and the search path has none.
    #[error(
        "there is no nixpkgs: name one with MACH_NIX_NIXPKGS=PATH, or set NIX_PATH as in NIX_PATH=nixpkgs=PATH"
    )]
    NoPackageSet,
    /// The package set is not usable.
    #[error("{what} cannot be used: {reason}")]
    UnusablePackageSet {
        /// The package set, as given by the user.
        what: String,
        /// The reason.
        reason: String,
        /// Whether the user specified it for this command, rather than through Nix's search path.
        is_named: bool,
    },
    /// A program of Nix cannot be started.
    #[error("cannot run `{program}`: {reason}")]
    Start {
        /// The program.
        program: &'static str,
        /// The reason.
        reason: String,
    },
    /// The operating system failed, or the output of Nix is unexpected.
    #[error("{0}")]
    System(String),
    /// A build, an evaluation or a download failed.
    #[error("Nix failed:\n{log}")]
    Failed {
        /// The end of its log.
        log: String,
    },
    /// Nix exceeded the timeout.
    #[error("Nix timed out after {seconds} s:\n{log}")]
    TimedOut {
        /// The timeout.
        seconds: u64,
        /// The end of its log.
        log: String,
    },
}

impl NixError {
    /// Converts it to the error of an index that queried Nix about `what`.
    #[must_use]
    pub fn about(self, what: impl Into<String>) -> IndexError {
        IndexError::Nix {
            what: what.into(),
            cause: Arc::new(self),
        }
    }
}
