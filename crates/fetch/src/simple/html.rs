//! HTML pages: PEP 503, with later attributes.

use html5gum::{SpanBound, StartTag, Token, Tokenizer};
use mach_nix_model::{DistributionFile, MetadataFile, PackageName, Yanked};
use percent_encoding::percent_decode_str;
use url::Url;

use super::digest::fragment_digest;
use super::version::check_version;
use crate::address::may_name;

/// Whether the head or title of an HTML page identifies it as the page of a project.
pub fn presents_project(content: &[u8], project: &PackageName) -> bool {
    let mut in_title = false;
    for Ok(token) in Tokenizer::new(content) {
        match token {
            Token::StartTag(tag) if tag.name[..] == *b"meta" && repository_version(&tag).is_some() => {
                return true;
            }
            Token::StartTag(tag) => in_title = matches!(&tag.name[..], b"title" | b"h1"),
            Token::EndTag(_) => in_title = false,
            Token::String(text) if in_title => {
                let text = String::from_utf8_lossy(&text);
                let mut words = text
                    .split_whitespace()
                    .filter_map(|word| word.parse::<PackageName>().ok());
                if words.any(|word| word == *project) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// PEP 503: the text of each anchor is the name of a project.
pub fn anchors(content: &[u8], address: &Url) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    let mut open = false;
    for Ok(token) in Tokenizer::new(content) {
        match token {
            Token::StartTag(tag) if tag.name[..] == *b"meta" => {
                check_version(repository_version(&tag).as_deref(), address)?;
            }
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
    Ok(names)
}

/// The value of `<meta name="pypi:repository-version" content="1.0">` (PEP 629).
fn repository_version<S: SpanBound>(tag: &StartTag<S>) -> Option<String> {
    let attribute = |name: &[u8]| {
        let value = tag.attributes.get(name)?;
        Some(String::from_utf8_lossy(value).into_owned())
    };
    (attribute(b"name")? == "pypi:repository-version").then(|| attribute(b"content"))?
}

/// PEP 503: one anchor per file.
pub fn parse_html(content: &[u8], address: &Url) -> Result<Vec<DistributionFile>, String> {
    let mut base = address.clone();
    let mut files = Vec::new();
    for Ok(token) in Tokenizer::new(content) {
        let Token::StartTag(tag) = token else { continue };
        if tag.name[..] == *b"meta" {
            check_version(repository_version(&tag).as_deref(), address)?;
        }
        let attribute = |name: &str| {
            let value = tag.attributes.get(name.as_bytes())?;
            Some(String::from_utf8_lossy(value).into_owned())
        };
        let Some(href) = attribute("href") else { continue };
        let Ok(url) = base.join(href.trim()) else { continue };
        if !may_name(address, &url) {
            continue;
        }
        match &tag.name[..] {
            b"base" => base = url,
            b"a" => files.extend(anchor(url, attribute)),
            _ => {}
        }
    }
    Ok(files)
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
        // Not in the specification, but some indexes have it in their HTML.
        upload_time: attribute("data-upload-time").and_then(|time| time.parse().ok()),
        metadata_file: metadata.map_or(MetadataFile::Unannounced, |value| {
            MetadataFile::Announced(fragment_digest(&value))
        }),
    })
}
