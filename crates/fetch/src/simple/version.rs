//! The version of the simple repository API (PEP 629).

use url::Url;

use crate::address::shown;

/// The supported version of the API; the minor one is that of the project status (PEP 792).
const MAJOR: u64 = 1;
const MINOR: u64 = 4;

/// PEP 629: another major version must be rejected. A newer minor version is only an addition, and causes a warning.
pub fn check_version(version: Option<&str>, page: &Url) -> Result<(), String> {
    let Some(version) = version else {
        return Ok(());
    };
    let mut numbers = version.trim().splitn(2, '.');
    let major = numbers.next().map(str::parse);
    let Some(Ok(MAJOR)) = major else {
        return Err(format!(
            "it is written for version {version} of the simple repository API, and mach-nix knows version {MAJOR}: use a newer \
             mach-nix, or another index"
        ));
    };
    if numbers
        .next()
        .is_some_and(|minor| minor.parse::<u64>().is_ok_and(|minor| minor > MINOR))
    {
        // Equal warnings are printed once.
        tracing::warn!(
            "the index {} is written for version {version} of the simple repository API, and mach-nix knows version \
             {MAJOR}.{MINOR}: what is new in it is not read",
            index_of(page)
        );
    }
    Ok(())
}

/// The URL of a project page's index.
fn index_of(page: &Url) -> String {
    let index = page
        .join("..")
        .map_or_else(|_| shown(page), |index| shown(&index));
    index.trim_end_matches('/').to_owned()
}
