//! PyPI's JSON API from before PEP 691, `/pypi/NAME/json`.
//!
//! It is queried only for data that a project page lacks: upload times and sizes. Its URLs are ignored, because mirrors
//! get them wrong.

use std::collections::HashMap;

use mach_nix_hash::Sha256;
use mach_nix_model::{DistributionFile, PackageName, Timestamp};
use serde::Deserialize;
use url::Url;

#[derive(Deserialize)]
struct Response {
    releases: HashMap<String, Vec<File>>,
}

#[derive(Deserialize)]
struct File {
    digests: Digests,
    size: Option<u64>,
    upload_time_iso_8601: Option<String>,
}

#[derive(Deserialize)]
struct Digests {
    sha256: Option<String>,
}

/// The URL of the API for an index whose own URL ends in `/simple`.
pub fn address(index: &Url, name: &PackageName) -> Option<Url> {
    let root = index.as_str().trim_end_matches('/').strip_suffix("/simple")?;
    format!("{root}/pypi/{name}/json").parse().ok()
}

/// Adds the response's data to the files with the same digests.
pub fn complete(files: &mut [DistributionFile], answer: &[u8]) -> Result<(), serde_json::Error> {
    let answer: Response = serde_json::from_slice(answer)?;
    let known: HashMap<Sha256, File> = answer
        .releases
        .into_values()
        .flatten()
        .filter_map(|file| Some((Sha256::from_hex(file.digests.sha256.as_deref()?).ok()?, file)))
        .collect();
    for file in files {
        let Some(found) = file.hash.and_then(|hash| known.get(&hash)) else {
            continue;
        };
        file.size = file.size.or(found.size);
        let time: Option<Timestamp> = found
            .upload_time_iso_8601
            .as_ref()
            .and_then(|time| time.parse().ok());
        file.upload_time = file.upload_time.or(time);
    }
    Ok(())
}
