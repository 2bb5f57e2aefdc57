//! Nix that has no answer.

use std::sync::Arc;

use mach_nix_model::IndexError;

/// Nobody installs a Nix inside of a build.
fn no_nix(program: &str) -> String {
    if std::env::var_os("NIX_BUILD_TOP").is_some() {
        "there is no Nix inside a build, which knows only the packages of nixpkgs that `providers` names"
            .to_owned()
    } else {
        format!(
            "there is no `{program}` on this machine: install Nix (https://nixos.org/download, or `apt-get install nix-bin`)"
        )
    }
}

/// Nix that has no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NixError {
    /// There is no Nix.
    #[error("{}", no_nix(program))]
    NoNix {
        /// The program that was looked for.
        program: &'static str,
    },
    /// No package set is named, and the search path has none.
    #[error(
        "there is no nixpkgs: name one with MACH_NIX_NIXPKGS=PATH, or set NIX_PATH as in NIX_PATH=nixpkgs=PATH"
    )]
    NoPackageSet,
    /// There is a package set that cannot be used.
    #[error("{what} cannot be used: {reason}")]
    UnusablePackageSet {
        /// Which one, as the user named it.
        what: String,
        /// The reason.
        reason: String,
        /// Whether the user named it for this command, and not the search path of Nix.
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
    /// The operating system refuses something, or the output of Nix is not as expected.
    #[error("{0}")]
    System(String),
    /// A build, an evaluation or a download failed.
    #[error("Nix failed:\n{log}")]
    Failed {
        /// The end of its log.
        log: String,
    },
    /// It did not come to an end in time.
    #[error("Nix did not come to an end within {seconds} s:\n{log}")]
    TimedOut {
        /// The timeout.
        seconds: u64,
        /// The end of its log.
        log: String,
    },
}

impl NixError {
    /// The error of an index that queried Nix about `what`.
    #[must_use]
    pub fn about(self, what: impl Into<String>) -> IndexError {
        IndexError::Nix {
            what: what.into(),
            cause: Arc::new(self),
        }
    }
}
