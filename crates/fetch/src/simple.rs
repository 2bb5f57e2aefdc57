//! Pages of the simple repository API.
//!
//! Specification: <https://packaging.python.org/en/latest/specifications/simple-repository-api/>.

use html5gum::{SpanBound, StartTag, Token, Tokenizer};
use mach_nix_hash::Sha256;
use mach_nix_model::{DistributionFile, FileKind, MetadataFile, PackageName, Yanked};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use url::Url;

/// Reads a project page in whichever of the two forms it has.
///
/// The `Content-Type` is not asked: servers and proxies were seen to say JSON and send HTML.
pub fn parse_page(content: &[u8], address: &Url) -> Result<Vec<DistributionFile>, String> {
    match content.trim_ascii_start().first() {
        Some(b'{') => parse_json(content, address, None),
        Some(b'<') => parse_html(content, address),
        _ => Err("it is neither JSON nor HTML".to_owned()),
    }
}

/// Reads the page of a project, and refuses one of something else: another project, or a login page that a network puts
/// in front of everything. A page of a project without files is one that says so: it names the project or its own format.
pub fn parse_project_page(
    content: &[u8],
    address: &Url,
    project: &PackageName,
) -> Result<Vec<DistributionFile>, String> {
    if content.trim_ascii_start().starts_with(b"{") {
        return parse_json(content, address, Some(project));
    }
    let files = parse_page(content, address)?;
    let is_own = |file: &DistributionFile| FileKind::of(&file.filename, project).is_some();
    if files.iter().any(is_own) {
        return Ok(files);
    }
    if !presents_project(content, project) {
        return Err(format!(
            "it is not a page of `{project}`: it links to none of its files; is there a login page in between?"
        ));
    }
    Ok(files)
}

/// Whether an HTML page says in its head or title that it is the page of a project.
fn presents_project(content: &[u8], project: &PackageName) -> bool {
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

/// Whether a page may name an address: a page of the network names no file of this machine.
fn may_name(page: &Url, target: &Url) -> bool {
    let is_remote = |url: &Url| matches!(url.scheme(), "http" | "https");
    is_remote(target) || !is_remote(page)
}

/// The version of the interface that is read here.
const MAJOR: u64 = 1;

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

/// PEP 629: another major version must be refused, and a newer minor version only adds things.
fn check_version(version: Option<&str>) -> Result<(), String> {
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

#[derive(Deserialize)]
struct Listed {
    name: String,
}

/// Reads the list of projects at the root of an index. What is not the name of a project is none of its projects.
pub fn parse_root(content: &[u8]) -> Result<Vec<PackageName>, String> {
    let names: Vec<String> = match content.trim_ascii_start().first() {
        Some(b'{') => {
            let root: Root = serde_json::from_slice(content).map_err(|error| error.to_string())?;
            check_version(root.meta.api_version.as_deref())?;
            root.projects.into_iter().map(|listed| listed.name).collect()
        }
        Some(b'<') => anchors(content)?,
        _ => return Err("it is neither JSON nor HTML".to_owned()),
    };
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}

/// PEP 503: the text of each anchor is the name of a project.
fn anchors(content: &[u8]) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    let mut open = false;
    for Ok(token) in Tokenizer::new(content) {
        match token {
            Token::StartTag(tag) if tag.name[..] == *b"meta" => {
                check_version(repository_version(&tag).as_deref())?;
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
    /// The name that PEP 658 first gave it.
    dist_info_metadata: Option<Announcement>,
}

#[derive(Deserialize, Default)]
struct Hashes {
    sha256: Option<String>,
}

/// `yanked`: a boolean, or the reason. Only what Python takes for true is a mark.
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

fn parse_json(
    content: &[u8],
    address: &Url,
    project: Option<&PackageName>,
) -> Result<Vec<DistributionFile>, String> {
    let page = match serde_json::from_slice::<Page<File>>(content) {
        Ok(page) => page,
        Err(_) => file_by_file(content)?,
    };
    check_version(page.meta.api_version.as_deref())?;
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

/// A page with files that are not in the form of the specification: these are skipped.
fn file_by_file(content: &[u8]) -> Result<Page<File>, String> {
    let page: Page<serde_json::Value> = serde_json::from_slice(content).map_err(|error| error.to_string())?;
    check_version(page.meta.api_version.as_deref())?;
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

/// PEP 503: one anchor a file.
fn parse_html(content: &[u8], address: &Url) -> Result<Vec<DistributionFile>, String> {
    let mut base = address.clone();
    let mut files = Vec::new();
    for Ok(token) in Tokenizer::new(content) {
        let Token::StartTag(tag) = token else { continue };
        if tag.name[..] == *b"meta" {
            check_version(repository_version(&tag).as_deref())?;
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
    fn only_a_true_mark_is_yanked() {
        for (mark, yanked) in [
            ("\"\"", Yanked::No),
            ("null", Yanked::No),
            ("false", Yanked::No),
            ("true", Yanked::Yes("".into())),
            ("\"broken\"", Yanked::Yes("broken".into())),
        ] {
            let file =
                format!(r#"{{"filename": "demo-1.tar.gz", "url": "demo-1.tar.gz", "yanked": {mark}}}"#);
            assert_eq!(
                page(&format!(r#"{{"files": [{file}]}}"#))[0].yanked,
                yanked,
                "{mark}"
            );
        }
        // In HTML, the attribute alone is the mark (PEP 592).
        let files = page("<a href='demo-1.tar.gz' data-yanked>demo</a>");
        assert_eq!(files[0].yanked, Yanked::Yes("".into()));
    }

    #[test]
    fn a_broken_file_is_skipped_and_not_the_project() {
        let good = r#"{"filename": "demo-2.tar.gz", "url": "demo-2.tar.gz"}"#;
        for broken in [
            r#"{"filename": "demo-1.tar.gz"}"#,
            r#"{"filename": "demo-1.tar.gz", "url": null}"#,
            r#"{"filename": "demo-1.tar.gz", "url": "demo-1.tar.gz", "size": "large"}"#,
            r#"{"url": "demo-1.tar.gz"}"#,
            "null",
            "[]",
        ] {
            let files = page(&format!(
                r#"{{"meta": {{"api-version": "1.9"}}, "files": [{broken}, {good}]}}"#
            ));
            let names: Vec<&str> = files.iter().map(|file| &*file.filename).collect();
            assert_eq!(names, ["demo-2.tar.gz"], "{broken}");
        }
    }

    #[test]
    fn another_major_version_is_refused() {
        let address = "https://index.test/simple/demo/".parse().unwrap();
        for text in [
            r#"{"meta": {"api-version": "2.0"}, "files": []}"#,
            r#"{"meta": {"api-version": "2.0"}, "files": [{"name": "of another form"}]}"#,
            r#"{"meta": {"api-version": "x"}, "files": []}"#,
            "<meta name='pypi:repository-version' content='2.0'><a href='demo-1.tar.gz'>demo</a>",
        ] {
            let reason = parse_page(text.as_bytes(), &address).unwrap_err();
            assert!(reason.contains("of the simple repository API"), "{reason}");
        }
        let root = br#"{"meta": {"api-version": "2.0"}, "projects": []}"#;
        assert!(parse_root(root).is_err());
        assert!(parse_root(b"<meta name='pypi:repository-version' content='2.1'>").is_err());
        let html = "<meta name='pypi:repository-version' content='1.4'><a href='demo-1.tar.gz'>demo</a>";
        assert_eq!(page(html).len(), 1);
        assert_eq!(page(r#"{"meta": {"api-version": "1.9"}, "files": []}"#), []);
    }

    #[test]
    fn what_is_no_page_is_refused() {
        let address = "https://index.test/simple/demo/".parse().unwrap();
        assert!(parse_page(b"try again later", &address).is_err());
        assert!(parse_page(b"{\"files\": 3}", &address).is_err());
    }
}
