//! The version of the simple repository API (PEP 629).

/// The version of the interface that is read here.
const MAJOR: u64 = 1;

/// PEP 629: another major version must be refused, and a newer minor version only adds things.
pub fn check_version(version: Option<&str>) -> Result<(), String> {
    let Some(version) = version else {
        return Ok(());
    };
    match version.trim().split('.').next().map(str::parse) {
        Some(Ok(MAJOR)) => Ok(()),
        _ => Err(format!(
            "it is written for version {version} of the simple repository API, and mach-nix knows version {MAJOR}: use a newer \
             mach-nix, or another index"
        )),
    }
}
