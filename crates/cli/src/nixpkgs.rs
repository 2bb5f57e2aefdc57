//! The nixpkgs in use, asked for its Python.

use std::process::{Command, Stdio};

use mach_nix_tags::PythonVersion;

/// The Python that is locked for where no nixpkgs is in use: the default of current nixpkgs.
const NEWEST_PYTHON: &str = "3.13";

/// The version of `python3` of `<nixpkgs>`, without patch number.
pub fn default_python() -> PythonVersion {
    of_nixpkgs().unwrap_or_else(|| NEWEST_PYTHON.parse().expect("a constant"))
}

fn of_nixpkgs() -> Option<PythonVersion> {
    // Finding the path is quick and fails where there is no nixpkgs; only then is it worth to evaluate.
    ask(&["--find-file", "nixpkgs"])?;
    let version = ask(&["--eval", "--expr", "(import <nixpkgs> { }).python3.pythonVersion"])?;
    version.trim().trim_matches('"').parse().ok()
}

fn ask(arguments: &[&str]) -> Option<String> {
    let mut nix = Command::new("nix-instantiate");
    let output = nix
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8(output.stdout).ok())
        .flatten()
}
