//! Pages of the simple repository API.
//!
//! Specification: <https://packaging.python.org/en/latest/specifications/simple-repository-api/>.

use html5gum::{Token, Tokenizer};
use mach_nix_hash::Sha256;
use mach_nix_model::{DistributionFile, MetadataFile, PackageName, Yanked};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use url::Url;

/// Reads a project page in whichever of the two forms it has.
///
/// The `Content-Type` is not asked: servers and proxies were seen to say JSON and send HTML.
pub fn parse_page(content: &[u8], address: &Url) -> Result<Vec<DistributionFile>, String> {
    match content.trim_ascii_start().first() {
        Some(b'{') => parse_json(content, address),
        Some(b'<') => Ok(parse_html(content, address)),
        _ => Err("it is neither JSON nor HTML".to_owned()),
    }
}

/// PEP 691, with the additions of PEP 700 and 714.
#[derive(Deserialize)]
struct Page {
    files: Vec<File>,
}

/// The list of all projects (PEP 691).
#[derive(Deserialize)]
struct Root {
    projects: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    name: String,
}

/// Reads the list of projects at the root of an index. What is no name of a project is none of its projects.
pub fn parse_root(content: &[u8]) -> Result<Vec<PackageName>, String> {
    let names: Vec<String> = match content.trim_ascii_start().first() {
        Some(b'{') => {
            let root: Root = serde_json::from_slice(content).map_err(|error| error.to_string())?;
            root.projects.into_iter().map(|listed| listed.name).collect()
        }
        Some(b'<') => anchors(content),
        _ => return Err("it is neither JSON nor HTML".to_owned()),
    };
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}

/// PEP 503: the text of each anchor is the name of a project.
fn anchors(content: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    let mut open = false;
    for Ok(token) in Tokenizer::new(content) {
        match token {
            Token::StartTag(tag) if tag.name[..] == *b"a" => {
                open = true;
                names.push(String::new());
            }
            Token::EndTag(tag) if tag.name[..] == *b"a" => open = false,
            Token::String(text) if open => {
                if let Some(name) = names.last_mut() {
                    name.push_str(String::from_utf8_lossy(&text).trim());
                }
            }
            _ => {}
        }
    }
    names
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
    #[serde(default)]
    yanked: Mark,
    core_metadata: Option<Announcement>,
    /// The name that PEP 658 first gave it.
    dist_info_metadata: Option<Announcement>,
}

#[derive(Deserialize, Default)]
struct Hashes {
    sha256: Option<String>,
}

/// `yanked`: a boolean, or the reason.
#[derive(Deserialize)]
#[serde(untagged)]
enum Mark {
    Plain(bool),
    Reason(Box<str>),
}

impl Default for Mark {
    fn default() -> Self {
        Self::Plain(false)
    }
}

/// `core-metadata`: a boolean, or the digests of the metadata file.
#[derive(Deserialize)]
#[serde(untagged)]
enum Announcement {
    Plain(bool),
    Digests(Hashes),
}

fn parse_json(content: &[u8], address: &Url) -> Result<Vec<DistributionFile>, String> {
    let page: Page = serde_json::from_slice(content).map_err(|error| error.to_string())?;
    let read = |file: File| {
        let metadata_file = match file.core_metadata.or(file.dist_info_metadata) {
            None => MetadataFile::Unannounced,
            Some(Announcement::Plain(false)) => MetadataFile::Absent,
            Some(Announcement::Plain(true)) => MetadataFile::Announced(None),
            Some(Announcement::Digests(hashes)) => MetadataFile::Announced(digest(hashes.sha256.as_deref())),
        };
        let yanked = match file.yanked {
            Mark::Plain(false) => Yanked::No,
            Mark::Plain(true) => Yanked::Yes("".into()),
            Mark::Reason(reason) => Yanked::Yes(reason),
        };
        Some(DistributionFile {
            filename: file.filename,
            url: String::from(address.join(&file.url).ok()?).into(),
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

/// PEP 503: one anchor a file.
fn parse_html(content: &[u8], address: &Url) -> Vec<DistributionFile> {
    let mut base = address.clone();
    let mut files = Vec::new();
    for Ok(token) in Tokenizer::new(content) {
        let Token::StartTag(tag) = token else { continue };
        let attribute = |name: &str| {
            let value = tag.attributes.get(name.as_bytes())?;
            Some(String::from_utf8_lossy(value).into_owned())
        };
        let Some(href) = attribute("href") else { continue };
        let Ok(url) = base.join(href.trim()) else { continue };
        match &tag.name[..] {
            b"base" => base = url,
            b"a" => files.extend(anchor(url, attribute)),
            _ => {}
        }
    }
    files
}

fn anchor(mut url: Url, attribute: impl Fn(&str) -> Option<String>) -> Option<DistributionFile> {
    let hash = url.fragment().and_then(fragment_digest);
    url.set_fragment(None);
    let last = url.path_segments()?.next_back()?;
    let filename = percent_decode_str(last).decode_utf8().ok()?;
    if filename.is_empty() {
        return None;
    }
    let metadata = attribute("data-core-metadata").or_else(|| attribute("data-dist-info-metadata"));
    Some(DistributionFile {
        filename: filename.as_ref().into(),
        url: url.as_str().into(),
        hash,
        size: None,
        requires_python: attribute("data-requires-python")
            .filter(|text| !text.is_empty())
            .map(Into::into),
        yanked: attribute("data-yanked").map_or(Yanked::No, |reason| Yanked::Yes(reason.into())),
        // No part of the specification, but some indexes write it into their HTML.
        upload_time: attribute("data-upload-time").and_then(|time| time.parse().ok()),
        metadata_file: metadata.map_or(MetadataFile::Unannounced, |value| {
            MetadataFile::Announced(fragment_digest(&value))
        }),
    })
}

/// `sha256=HEX`
fn fragment_digest(text: &str) -> Option<Sha256> {
    digest(text.strip_prefix("sha256="))
}

fn digest(hex: Option<&str>) -> Option<Sha256> {
    hex.and_then(|hex| Sha256::from_hex(hex).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "9da884457e910bf0847d396cb4b778ad9f3c3d17db1c5997cb861937bd284237";

    fn page(content: &str) -> Vec<DistributionFile> {
        parse_page(
            content.as_bytes(),
            &"https://index.test/simple/demo/".parse().unwrap(),
        )
        .unwrap()
    }

    #[test]
    fn html_and_json_say_the_same() {
        let html = format!(
            "<!DOCTYPE html><html><body><a href=\"../../files/demo-1.0+cpu-py3-none-any.whl#sha256={HEX}\" \
             data-requires-python=\"&gt;=3.8\" data-yanked=\"broken\" data-core-metadata=\"sha256={HEX}\" \
             data-upload-time=\"2026-01-02T03:04:05.678Z\">demo</a></body></html>"
        );
        let json = format!(
            r#" {{"files": [{{"filename": "demo-1.0+cpu-py3-none-any.whl", "url": "/files/demo-1.0+cpu-py3-none-any.whl",
            "hashes": {{"sha256": "{HEX}"}}, "requires-python": ">=3.8", "yanked": "broken",
            "core-metadata": {{"sha256": "{HEX}"}}, "upload-time": "2026-01-02T03:04:05.678Z"}}]}}"#
        );
        let files = page(&html);
        assert_eq!(files, page(&json));
        assert_eq!(
            &*files[0].url,
            "https://index.test/files/demo-1.0+cpu-py3-none-any.whl"
        );
        assert_eq!(files[0].requires_python.as_deref(), Some(">=3.8"));
        assert_eq!(
            files[0].metadata_file,
            MetadataFile::Announced(Some(Sha256::from_hex(HEX).unwrap()))
        );
    }

    #[test]
    fn a_base_element_moves_the_links() {
        let files = page("<base href='https://files.test/x/'><a href='demo-1-py3-none-any.whl'>demo</a>");
        assert_eq!(&*files[0].url, "https://files.test/x/demo-1-py3-none-any.whl");
        assert_eq!(files[0].metadata_file, MetadataFile::Unannounced);
    }

    #[test]
    fn what_is_no_page_is_refused() {
        let address = "https://index.test/simple/demo/".parse().unwrap();
        assert!(parse_page(b"try again later", &address).is_err());
        assert!(parse_page(b"{\"files\": 3}", &address).is_err());
    }
}
