//! JSON pages: PEP 691, with the additions of PEP 700 and 714.

use mach_nix_model::{DistributionFile, MetadataFile, PackageName, Yanked};
use serde::Deserialize;
use url::Url;

use super::digest::digest;
use super::version::check_version;
use crate::address::may_name;

/// PEP 691, with the additions of PEP 700 and 714.
#[derive(Deserialize)]
struct Page<F> {
    #[serde(default)]
    meta: Meta,
    name: Option<String>,
    files: Vec<F>,
}

/// The list of all projects (PEP 691).
#[derive(Deserialize)]
struct Root {
    #[serde(default)]
    meta: Meta,
    projects: Vec<Listed>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
struct Meta {
    api_version: Option<String>,
}

#[derive(Deserialize)]
struct Listed {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct File {
    filename: Box<str>,
    url: String,
    #[serde(default)]
    hashes: Hashes,
    requires_python: Option<Box<str>>,
    size: Option<u64>,
    upload_time: Option<String>,
    yanked: Option<Mark>,
    core_metadata: Option<Announcement>,
    /// The original name of PEP 658.
    dist_info_metadata: Option<Announcement>,
}

#[derive(Deserialize, Default)]
struct Hashes {
    sha256: Option<String>,
}

/// `yanked`: a boolean, or the reason. Only values that are true in Python are a mark.
#[derive(Deserialize)]
#[serde(untagged)]
enum Mark {
    Plain(bool),
    Reason(Box<str>),
}

/// `core-metadata`: a boolean, or the digests of the metadata file.
#[derive(Deserialize)]
#[serde(untagged)]
enum Announcement {
    Plain(bool),
    Digests(Hashes),
}

pub fn parse_json(
    content: &[u8],
    address: &Url,
    project: Option<&PackageName>,
) -> Result<Vec<DistributionFile>, String> {
    let page = match serde_json::from_slice::<Page<File>>(content) {
        Ok(page) => page,
        Err(_) => file_by_file(content, address)?,
    };
    check_version(page.meta.api_version.as_deref(), address)?;
    if let (Some(project), Some(name)) = (project, page.name)
        && name.parse().is_ok_and(|name: PackageName| name != *project)
    {
        return Err(format!("it is the page of `{name}`, not of `{project}`"));
    }
    let read = |file: File| {
        let metadata_file = match file.core_metadata.or(file.dist_info_metadata) {
            None => MetadataFile::Unannounced,
            Some(Announcement::Plain(false)) => MetadataFile::Absent,
            Some(Announcement::Plain(true)) => MetadataFile::Announced(None),
            Some(Announcement::Digests(hashes)) => MetadataFile::Announced(digest(hashes.sha256.as_deref())),
        };
        let yanked = match file.yanked {
            Some(Mark::Plain(true)) => Yanked::Yes("".into()),
            Some(Mark::Reason(reason)) if !reason.is_empty() => Yanked::Yes(reason),
            _ => Yanked::No,
        };
        Some(DistributionFile {
            filename: file.filename,
            url: String::from(
                address
                    .join(&file.url)
                    .ok()
                    .filter(|url| may_name(address, url))?,
            )
            .into(),
            hash: digest(file.hashes.sha256.as_deref()),
            size: file.size,
            requires_python: file.requires_python.filter(|text| !text.is_empty()),
            yanked,
            upload_time: file.upload_time.and_then(|time| time.parse().ok()),
            metadata_file,
        })
    };
    Ok(page.files.into_iter().filter_map(read).collect())
}

/// A page with some invalid files, which are skipped.
fn file_by_file(content: &[u8], address: &Url) -> Result<Page<File>, String> {
    let page: Page<serde_json::Value> = serde_json::from_slice(content).map_err(|error| error.to_string())?;
    check_version(page.meta.api_version.as_deref(), address)?;
    let read = |file| match serde_json::from_value(file) {
        Ok(file) => Some(file),
        Err(error) => {
            tracing::debug!(%error, "a file of the page is skipped");
            None
        }
    };
    Ok(Page {
        meta: page.meta,
        name: page.name,
        files: page.files.into_iter().filter_map(read).collect(),
    })
}

/// The names in the list of all projects.
pub fn parse_names(content: &[u8], address: &Url) -> Result<Vec<String>, String> {
    let root: Root = serde_json::from_slice(content).map_err(|error| error.to_string())?;
    check_version(root.meta.api_version.as_deref(), address)?;
    Ok(root.projects.into_iter().map(|listed| listed.name).collect())
}
