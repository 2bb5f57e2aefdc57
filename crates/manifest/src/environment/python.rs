//! The entry `python` of an environment: the interpreter.

use mach_nix_conda::{CondaSpec, CondaVersion};
use mach_nix_model::specifier_list;
use mach_nix_tags::PythonVersion;

use crate::{Location, Requirements, RequiresPython};

/// Minor versions of Python 3 that a spec is compared with, and the number of patch versions of each.
const MINORS: std::ops::Range<u64> = 4..31;
const PATCHES: u64 = 40;

/// Adds the interpreter. The interpreter is that of nixpkgs, so a full version stands for its minor version, and a build is
/// ignored; a warning says so.
pub fn add(spec: &CondaSpec, text: &str, location: Location, found: &mut Requirements) -> Result<(), String> {
    let fits = |minor: u64| (0..PATCHES).any(|patch| allows(spec, minor, patch));
    let minors: Vec<u64> = MINORS.filter(|minor| fits(*minor)).collect();
    let (Some(first), Some(last)) = (minors.first(), minors.last()) else {
        return Err(format!("`{text}` is not a version of Python 3"));
    };
    let mut parts = Vec::new();
    if *first > MINORS.start {
        parts.push(format!(">=3.{first}"));
    }
    if *last + 1 < MINORS.end {
        parts.push(format!("<3.{}", last + 1));
    }
    parts.extend(
        (*first..*last)
            .filter(|minor| !minors.contains(minor))
            .map(|minor| format!("!=3.{minor}.*")),
    );
    if let [minor] = minors.as_slice() {
        parts = vec![format!("==3.{minor}.*")];
        let version: PythonVersion = format!("3.{minor}").parse().map_err(|error| format!("{error}"))?;
        found.python = Some(version);
        if spec.names_a_build() || !(0..10).all(|patch| allows(spec, *minor, patch)) {
            found.warnings.push(format!(
                "{location}: `{text}` is read as Python 3.{minor}: the interpreter is that of nixpkgs"
            ));
        }
    }
    let specifiers = specifier_list(&parts.join(",")).map_err(|error| error.message)?;
    found
        .requires_python
        .push(RequiresPython { specifiers, location });
    Ok(())
}

fn allows(spec: &CondaSpec, minor: u64, patch: u64) -> bool {
    let version = format!("3.{minor}.{patch}").parse::<CondaVersion>();
    version.is_ok_and(|version| spec.allows_version(&version))
}
