//! Shared parts of tests with Nix.

use std::env;
use std::path::{Path, PathBuf};

/// The settings of Nix (`NIX_CONFIG`): those of the process, else what `hostpkgs` needs.
#[must_use]
pub fn nix_settings() -> String {
    env::var("NIX_CONFIG").unwrap_or_else(|_| "substituters =\nsandbox = false".to_owned())
}

/// The package set over the tools of this machine.
#[must_use]
pub fn hostpkgs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../hostpkgs")
}
