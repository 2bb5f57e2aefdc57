//! The files that `-r` and `-c` in a requirements file name.

use std::path::{Path, PathBuf};

use mach_nix_model::file_path;
use url::Url;

use crate::ManifestError;
use crate::file_line::FileLine;

/// The file of an `-r` or `-c`, relative to the file that contains it.
pub fn included(location: FileLine<'_>, path: &Path, value: &str) -> Result<PathBuf, ManifestError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let Ok(url) = Url::parse(value) else {
        return Ok(folder.join(value));
    };
    if matches!(url.scheme(), "http" | "https") {
        return Err(location.error(
            0,
            format!(
                "this is an address, and only files can be included: download it with `curl -fLO {value}`, and name the file"
            ),
        ));
    }
    match file_path(&url) {
        Some(path) if value.starts_with("file:/") => Ok(path),
        _ => Ok(folder.join(value.strip_prefix("file:").unwrap_or(value))),
    }
}
