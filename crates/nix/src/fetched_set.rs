//! Package sets that Nix fetches: tarballs and flakes.

use std::ffi::OsStr;
use std::path::PathBuf;

use crate::NixError;
use crate::run::{DEFAULT_TIMEOUT, run};

/// The schemes of references to flakes (the manual of Nix, `nix flake`). A part of a scheme, such as `git+`, has a rest.
const FLAKE_SCHEMES: [&str; 8] = [
    "flake",
    "git",
    "github",
    "gitlab",
    "hg",
    "path",
    "sourcehut",
    "tarball",
];

/// The source of a package set that is not on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchedSet {
    /// The URL of an archive.
    Tarball(String),
    /// A reference to a flake, whose source is the package set.
    Flake(String),
}

impl FetchedSet {
    /// Parses a URL or a reference to a flake; `None` for a path.
    pub fn parse(text: &str) -> Option<Self> {
        let scheme = text.split_once(':')?.0;
        let first = scheme.split('+').next().unwrap_or_default();
        if matches!(scheme, "http" | "https" | "file") {
            Some(Self::Tarball(text.to_owned()))
        } else if FLAKE_SCHEMES.contains(&first) {
            Some(Self::Flake(text.to_owned()))
        } else {
            None
        }
    }

    /// The text that the user gave.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Tarball(text) | Self::Flake(text) => text,
        }
    }

    /// Whether nothing on a network is needed.
    pub fn is_local(&self) -> bool {
        ["file:", "path:", "git+file:", "tarball+file:"]
            .iter()
            .any(|scheme| self.as_str().starts_with(scheme))
    }

    /// Fetches the package set into the store, unless it is there, and returns its path; or the reason why that failed.
    pub fn fetch(&self) -> Result<Result<PathBuf, String>, NixError> {
        let expression = match self {
            Self::Tarball(_) => "{ source }: builtins.fetchTarball source",
            Self::Flake(_) => "{ source }: (builtins.getFlake source).outPath",
        };
        let mut arguments = vec!["--eval", "--json", "--read-write-mode", "--expr", expression];
        arguments.extend(["--argstr", "source", self.as_str()]);
        if matches!(self, Self::Flake(_)) {
            arguments.extend(["--extra-experimental-features", "nix-command flakes"]);
        }
        let arguments: Vec<&OsStr> = arguments.into_iter().map(OsStr::new).collect();
        let outcome = run("nix-instantiate", &arguments, Some(DEFAULT_TIMEOUT))?;
        if !outcome.status.success() {
            return Ok(Err(reason(&outcome.log)));
        }
        let path: String = serde_json::from_str(&outcome.answer)
            .map_err(|error| NixError::System(format!("nix-instantiate: {error}")))?;
        Ok(Ok(PathBuf::from(path)))
    }
}

/// The last error of a log, without the trace.
fn reason(log: &str) -> String {
    let mut errors = log
        .lines()
        .rev()
        .filter_map(|line| line.trim().strip_prefix("error: "));
    errors.next().unwrap_or(log).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_references_are_no_paths() {
        for text in ["https://example.org/nixpkgs.tar.gz", "file:///tmp/nixpkgs.tar.xz"] {
            assert_eq!(
                FetchedSet::parse(text),
                Some(FetchedSet::Tarball(text.to_owned()))
            );
        }
        for text in [
            "github:NixOS/nixpkgs/nixos-24.05",
            "flake:nixpkgs",
            "git+https://example.org/nixpkgs?ref=main",
            "path:/tmp/nixpkgs",
        ] {
            assert_eq!(FetchedSet::parse(text), Some(FetchedSet::Flake(text.to_owned())));
        }
        for text in ["./nixpkgs", "/nix/var/nixpkgs", "nixpkgs", "a:b"] {
            assert_eq!(FetchedSet::parse(text), None);
        }
    }

    #[test]
    fn the_reason_is_the_last_error() {
        let log = "warning: x\nerror: while calling\n\n       error: unable to download 'https://x'\n";
        assert_eq!(reason(log), "unable to download 'https://x'");
    }
}
