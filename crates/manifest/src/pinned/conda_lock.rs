//! `conda-lock.yml`, of conda-lock ([CEP 37](https://conda.org/learn/ceps/cep-0037/)).

use std::path::Path;

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::pins::{PinnedFile, PinnedProject, Pins, line_of, parsed};
use crate::document::Document;
use crate::{ManifestError, ReadContext, Requirements};

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: Spanned<String>,
    version: String,
    manager: String,
    platform: String,
    url: String,
    #[serde(default)]
    hash: Hash,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    optional: bool,
}

#[derive(Default, Deserialize)]
struct Hash {
    md5: Option<String>,
    sha256: Option<String>,
}

/// Reads a `conda-lock.yml`: the packages of its category `main`, on all platforms that are systems here.
///
/// # Errors
/// If the file cannot be read, or an entry is not a package.
pub fn parse_conda_lock(path: &Path, context: &ReadContext<'_>) -> Result<Requirements, ManifestError> {
    let document = Document::open(path, context)?;
    let file: File = parsed(&document)?;
    let mut pins = Pins::new(&document);
    for package in &file.package {
        // Windows.
        let Ok(platform) = package.platform.parse() else {
            continue;
        };
        if package.optional
            || package
                .category
                .as_deref()
                .is_some_and(|category| category != "main")
        {
            continue;
        }
        pins.platform(platform);
        let line = line_of(&package.name);
        if package.manager == "conda" {
            let file = PinnedFile {
                url: &package.url,
                sha256: package.hash.sha256.as_deref(),
                md5: package.hash.md5.as_deref(),
                platform: Some(platform),
            };
            pins.conda(&file, line)?;
        } else {
            let project = PinnedProject {
                name: &package.name.value,
                version: &package.version,
                sha256: package.hash.sha256.as_deref(),
                platform: Some(platform),
            };
            pins.project(&project, line)?;
        }
    }
    pins.finish(context)
}
