//! Cached pages of an index: what is requested again, and when.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::collections::BTreeMap;

use mach_nix_hash::Sha256;
use mach_nix_tests::{Manners, StaticServer, Workdir};

const PAGE: &str = "/simple/app/";

/// A page with wheels of these versions, and the metadata next to them.
fn listed(versions: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut links = Vec::new();
    for version in versions {
        let metadata = format!("Metadata-Version: 2.1\nName: app\nVersion: {version}\n");
        let file = format!("app-{version}-py3-none-any.whl");
        let (hash, known) = (Sha256::of(version).to_hex(), Sha256::of(&metadata).to_hex());
        links.push(format!(
            r#"{{"filename": "{file}", "url": "/files/{file}", "hashes": {{"sha256": "{hash}"}},
                "core-metadata": {{"sha256": "{known}"}}, "size": 9, "upload-time": "2026-01-01T00:00:00Z"}}"#
        ));
        files.insert(format!("/files/{file}.metadata"), metadata.into_bytes());
    }
    let page = format!(
        r#"{{"meta": {{"api-version": "1.1"}}, "name": "app", "files": [{}]}}"#,
        links.join(",")
    );
    files.insert(PAGE.to_owned(), page.into_bytes());
    files
}

#[test]
fn a_page_that_has_not_changed_is_not_sent_again() {
    let server = StaticServer::start(listed(&["1.0", "2.0"]), None);
    let index = format!("{}/simple", server.url());
    let work = Workdir::new(&[], Manners::default());
    let lock = |more: &str| {
        let words = format!("app --index-url {index} --format requirements -o - {more}");
        let ran = work.lock(&words);
        ran.ends(0);
        ran.stdout()
    };
    assert_eq!(lock(""), "app==2.0\n");
    assert_eq!(
        server.requests(),
        ["GET /files/app-2.0-py3-none-any.whl.metadata", "GET /simple/app/"]
    );

    assert_eq!(lock(""), "app==2.0\n");
    assert_eq!(server.requests(), [""; 0]);

    assert_eq!(lock("--refresh"), "app==2.0\n");
    assert_eq!(server.requests(), ["GET /simple/app/ (304)"]);

    for (path, content) in listed(&["1.0", "2.0", "3.0"]) {
        server.replace(&path, content);
    }
    assert_eq!(lock(""), "app==2.0\n");
    assert_eq!(lock("--refresh"), "app==3.0\n");
    assert_eq!(
        server.requests(),
        ["GET /files/app-3.0-py3-none-any.whl.metadata", "GET /simple/app/"]
    );
}
