//! The Python version of a project.

use std::fs;
use std::path::Path;

use mach_nix_model::{VersionSpecifiers, specifier};
use mach_nix_tags::{NixSystem, PythonVersion};

use crate::failure::Failure;

/// The version in `.python-version` next to a manifest; its first line counts.
pub fn of_file(manifest: &Path) -> Result<Option<PythonVersion>, Failure> {
    let path = manifest.with_file_name(".python-version");
    let Ok(text) = fs::read_to_string(&path) else {
        return Ok(None);
    };
    let mut lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim());
    let Some(line) = lines.find(|line| !line.is_empty()) else {
        return Ok(None);
    };
    let version = line.trim_start_matches("cpython-").trim_start_matches("cpython@");
    if version.ends_with('t') {
        return Err(Failure::usage(format!(
            "{}: `{line}` is a free-threaded Python, and its builds are not supported: write `{}`",
            path.display(),
            version.trim_end_matches('t')
        )));
    }
    version.parse().map(Some).map_err(|_| {
        Failure::usage(format!(
            "{}: `{line}` is not a version of Python such as 3.12",
            path.display()
        ))
    })
}

/// Whether a Python fits the `requires-python` of a project.
pub fn fits(specifiers: &VersionSpecifiers, python: PythonVersion) -> bool {
    let target = mach_nix_model::Target {
        python,
        system: "x86_64-linux".parse::<NixSystem>().expect("a constant"),
    };
    specifier::matches_all(
        specifiers,
        &target.marker_environment().python_full_version().version,
    )
}
