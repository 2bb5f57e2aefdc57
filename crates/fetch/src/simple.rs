//! Pages of the simple repository API.
//!
//! Specification: <https://packaging.python.org/en/latest/specifications/simple-repository-api/>.

mod digest;
mod html;
mod json;
mod version;

use mach_nix_model::{DistributionFile, FileKind, PackageName};
use url::Url;

use html::{anchors, parse_html, presents_project};
use json::{parse_json, parse_names};

/// Parses a project page in either format.
///
/// The `Content-Type` is ignored: some servers and proxies declare JSON and send HTML.
pub fn parse_page(content: &[u8], address: &Url) -> Result<Vec<DistributionFile>, String> {
    match content.trim_ascii_start().first() {
        Some(b'{') => parse_json(content, address, None),
        Some(b'<') => parse_html(content, address),
        _ => Err("it is neither JSON nor HTML".to_owned()),
    }
}

/// Parses the page of a project, and rejects other pages: of another project, or the login page of a network. A page
/// without files must identify itself: it names the project or its own format.
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

/// Parses the list of projects at the root of an index. Invalid names are skipped.
pub fn parse_root(content: &[u8], address: &Url) -> Result<Vec<PackageName>, String> {
    // Project pages are below the root.
    let page = address.join("project/").unwrap_or_else(|_| address.clone());
    let names: Vec<String> = match content.trim_ascii_start().first() {
        Some(b'{') => parse_names(content, &page)?,
        Some(b'<') => anchors(content, &page)?,
        _ => return Err("it is neither JSON nor HTML".to_owned()),
    };
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}

#[cfg(test)]
mod tests {
    use mach_nix_hash::Sha256;
    use mach_nix_model::{MetadataFile, Yanked};

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
        // In HTML, the presence of the attribute is the mark (PEP 592).
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
        assert!(parse_root(root, &address).is_err());
        assert!(parse_root(b"<meta name='pypi:repository-version' content='2.1'>", &address).is_err());
        let html = "<meta name='pypi:repository-version' content='1.4'><a href='demo-1.tar.gz'>demo</a>";
        assert_eq!(page(html).len(), 1);
        assert_eq!(page(r#"{"meta": {"api-version": "1.9"}, "files": []}"#), []);
    }

    #[test]
    fn rejects_other_pages() {
        let address = "https://index.test/simple/demo/".parse().unwrap();
        assert!(parse_page(b"try again later", &address).is_err());
        assert!(parse_page(b"{\"files\": 3}", &address).is_err());
    }
}
