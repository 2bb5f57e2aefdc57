//! Indexes that lie, break or never end: nothing of theirs is let in, and nothing is lost in silence.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;
use std::io::{Cursor, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mach_nix_hash::Sha256;
use mach_nix_tests::{Manners, Package, Scenario, Scripted, ScriptedAnswer, Workdir, missing, ok, wheel};

fn packages(text: &str) -> Vec<Package> {
    let head = "reason = 'places'\nask.requirements = []\nexpect.packages = []\n";
    Scenario::read(&format!("{head}{text}")).unwrap().packages
}

fn package(release: &str) -> Package {
    packages(&format!("[[package]]\nrelease = '{release}'\n")).remove(0)
}

/// The bytes of a wheel with these members.
fn archive(members: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in members {
        archive
            .start_file(*path, zip::write::SimpleFileOptions::default())
            .unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A file of a JSON page.
fn listed(file: &str, hash: Option<Sha256>, size: Option<usize>) -> String {
    let hash = hash.map_or_else(String::new, |hash| format!(r#""sha256": "{}""#, hash.to_hex()));
    let size = size.map_or_else(String::new, |size| format!(r#", "size": {size}"#));
    format!(r#"{{"filename": "{file}", "url": "/files/{file}", "hashes": {{{hash}}}{size}}}"#)
}

fn page(name: &str, files: &[String]) -> ScriptedAnswer {
    ok(format!(
        r#"{{"meta": {{"api-version": "1.1"}}, "name": "{name}", "files": [{}]}}"#,
        files.join(", ")
    ))
}

/// An index that lists two versions of `app` with these digests and serves these bytes.
fn two_versions(second: Option<Sha256>, size: Option<usize>, served: ScriptedAnswer) -> Scripted {
    let first = wheel::build(&package("app==1.0"));
    Scripted::start(move |path| match path {
        "/simple/app/" => page(
            "app",
            &[
                listed("app-1.0-py3-none-any.whl", Some(Sha256::of(&first)), None),
                listed("app-2.0-py3-none-any.whl", second, size),
            ],
        ),
        "/files/app-1.0-py3-none-any.whl" => ok(first.clone()),
        "/files/app-2.0-py3-none-any.whl" => served.clone(),
        _ => missing(),
    })
}

fn workdir() -> Workdir {
    Workdir::new(&[], Manners::default())
}

#[test]
fn a_digest_that_another_index_lists_does_not_speak_for_its_files() {
    // The honest file depends on nothing, the other on `evil`; the other index lists it under the honest digest.
    let honest = wheel::build(&package("app==1.0"));
    let digest = Sha256::of(&honest);
    let lying = archive(&[(
        "app-1.0.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: app\nVersion: 1.0\nRequires-Dist: evil\n",
    )]);
    let serve = |content: Vec<u8>| {
        Scripted::start(move |path| match path {
            "/simple/app/" => page("app", &[listed("app-1.0-py3-none-any.whl", Some(digest), None)]),
            "/simple/evil/" => page("evil", &[listed("evil-1.0-py3-none-any.whl", Some(digest), None)]),
            "/files/app-1.0-py3-none-any.whl" => ok(content.clone()),
            _ => missing(),
        })
    };
    let (good, bad) = (serve(honest), serve(lying));
    let workdir = workdir();
    let _ = workdir.lock(&format!("app --index-url {} --format requirements", bad.url()));
    let ran = workdir.lock(&format!("app --index-url {} --format requirements", good.url()));
    ran.ends(0);
    assert_eq!(ran.stdout(), "app==1.0\n");
}

#[test]
fn a_page_lists_files_of_its_own_project_only() {
    let evil = wheel::build(&package("evil==9.0"));
    let own = wheel::build(&package("app==1.0"));
    let index = Scripted::start(move |path| match path {
        "/simple/app/" => page(
            "app",
            &[
                listed("evil-9.0-py3-none-any.whl", Some(Sha256::of(&evil)), None),
                listed("app-1.0-py3-none-any.whl", Some(Sha256::of(&own)), None),
            ],
        ),
        "/simple/other/" => page("app", &[]),
        "/files/app-1.0-py3-none-any.whl" => ok(own.clone()),
        "/files/evil-9.0-py3-none-any.whl" => ok(evil.clone()),
        _ => missing(),
    });
    let workdir = workdir();
    let ran = workdir.lock(&format!("app --index-url {} --format requirements", index.url()));
    ran.ends(0);
    assert_eq!(ran.stdout(), "app==1.0\n");
    let error = workdir
        .lock(&format!("other --index-url {}", index.url()))
        .ends(3);
    assert!(
        error.contains("it is the page of `app`, not of `other`"),
        "{error}"
    );
}

#[test]
fn metadata_of_something_else_is_a_reason_against_a_release() {
    let info = "app-2.0.dist-info/METADATA";
    let other_name = archive(&[(info, "Metadata-Version: 2.1\nName: evil\nVersion: 2.0\n")]);
    let other_version = archive(&[(info, "Metadata-Version: 2.1\nName: app\nVersion: 9.0\n")]);
    let several = archive(&[
        (
            "evil-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: app\nVersion: 2.0\n",
        ),
        (info, "Metadata-Version: 2.1\nName: app\nVersion: 2.0\n"),
    ]);
    for (content, reason) in [
        (other_name, "its METADATA is that of `evil 2.0`, not of `app 2.0`"),
        (
            other_version,
            "its METADATA is that of `app 9.0`, not of `app 2.0`",
        ),
        (several, "it has several METADATA"),
    ] {
        let index = two_versions(Some(Sha256::of(&content)), None, ok(content));
        let error = workdir()
            .lock(&format!("app==2.0 --index-url {}", index.url()))
            .ends(1);
        assert!(error.contains(reason), "{error}");
        let ran = workdir().lock(&format!("app --index-url {} --format requirements", index.url()));
        ran.ends(0);
        assert_eq!(ran.stdout(), "app==1.0\n");
    }
}

#[test]
fn a_broken_answer_never_picks_another_version() {
    let whole = wheel::build(&package("app==2.0"));
    let (digest, half) = (Sha256::of(&whole), whole[..whole.len() / 2].to_vec());
    for broken in [Vec::new(), b"<html>log in</html>".to_vec(), b"{}".to_vec(), half] {
        for listed in [Some(digest), None] {
            let index = two_versions(listed, None, ok(broken.clone()));
            let error = workdir()
                .lock(&format!("app --index-url {}", index.url()))
                .ends(3);
            assert!(error.contains("app-2.0-py3-none-any.whl"), "{error}");
        }
    }
}

#[test]
fn without_a_digest_the_size_that_is_listed_has_to_fit() {
    let whole = wheel::build(&package("app==2.0"));
    let index = two_versions(None, Some(whole.len() + 1), ok(whole.clone()));
    let error = workdir()
        .lock(&format!("app --index-url {}", index.url()))
        .ends(3);
    assert!(error.contains("its index lists"), "{error}");
    let index = two_versions(None, Some(whole.len()), ok(whole));
    workdir()
        .lock(&format!("app --index-url {}", index.url()))
        .ends(0);
}

#[test]
fn a_redirect_without_an_address_is_an_error() {
    let index = two_versions(None, None, (302, Vec::new(), b"moved".to_vec()));
    let error = workdir()
        .lock(&format!("app --index-url {}", index.url()))
        .ends(3);
    assert!(error.contains("without a URL to redirect to"), "{error}");
}

#[test]
fn the_lock_does_not_depend_on_what_head_answers() {
    let index = two_versions(Some(Sha256::of(wheel::build(&package("app==2.0")))), None, {
        ok(wheel::build(&package("app==2.0")))
    });
    let workdir = workdir();
    workdir.lock(&format!("app --index-url {}", index.url())).ends(0);
    assert_eq!(index.seen("HEAD"), 0);
    assert!(
        !workdir.lock_text().contains("\"size\""),
        "{}",
        workdir.lock_text()
    );
}

#[test]
fn an_index_that_knows_nothing_for_a_moment_is_queried_again() {
    let own = wheel::build(&package("app==5.0"));
    let queries = Arc::new(AtomicUsize::new(0));
    let private = {
        let queries = queries.clone();
        Scripted::start(move |path| match path {
            "/simple/app/" if queries.fetch_add(1, Ordering::Relaxed) == 0 => missing(),
            "/simple/app/" => page(
                "app",
                &[listed("app-5.0-py3-none-any.whl", Some(Sha256::of(&own)), None)],
            ),
            "/files/app-5.0-py3-none-any.whl" => ok(own.clone()),
            _ => missing(),
        })
    };
    let workdir = Workdir::new(&[package("app==1.0")], Manners::default());
    let words = format!(
        "app --index-url {} --extra-index-url {} --format requirements",
        workdir.index.url(),
        private.url()
    );
    let first = workdir.lock(&words);
    first.ends(0);
    let second = workdir.lock(&words);
    second.ends(0);
    assert_eq!(second.stdout(), "app==5.0\n");
    // Without network, the last answer counts.
    let third = workdir.lock(&format!("{words} --offline"));
    third.ends(0);
    assert_eq!(third.stdout(), "app==5.0\n");
}

#[test]
fn with_strict_indexes_no_other_index_takes_the_place_of_one_without_a_package() {
    let private = Scripted::start(|_| missing());
    let workdir = Workdir::new(&[package("app==1.0")], Manners::default());
    let words = format!("app --extra-index-url {} --strict-indexes", private.url());
    let error = workdir.lock(&words).ends(3);
    assert!(
        error.contains("/simple/app/") && error.contains("pin the package to its index"),
        "{error}"
    );
    let pinned = format!("{words} --index-of app={}", workdir.index.url());
    workdir.lock(&pinned).ends(0);
}

#[test]
fn a_login_page_is_not_a_page_of_an_index() {
    for portal in [
        "<html><body><form action='/login'><input name='user'></form></body></html>",
        "<html><head><title>Welcome</title></head><body><a href='/login'>Log in</a></body></html>",
    ] {
        let index = Scripted::start(move |_| ok(portal));
        let error = workdir()
            .lock(&format!("app --index-url {}", index.url()))
            .ends(3);
        assert!(error.contains("is there a login page in between?"), "{error}");
    }
    // A project without files says whose page it is.
    let index =
        Scripted::start(|_| ok("<html><head><title>Links for app</title></head><body></body></html>"));
    workdir()
        .lock(&format!("app --index-url {}", index.url()))
        .ends(1);
}

#[test]
fn a_page_of_the_network_names_no_files_of_this_machine() {
    let workdir = workdir();
    fs::write(
        workdir.path("app-1.0-py3-none-any.whl"),
        wheel::build(&package("app==1.0")),
    )
    .unwrap();
    let address = format!(
        "file://{}/app-1.0-py3-none-any.whl",
        workdir.folder.path().display()
    );
    let index = Scripted::start(move |_| {
        ok(format!(
            r#"{{"name": "app", "files": [{{"filename": "app-1.0-py3-none-any.whl", "url": "{address}", "hashes": {{}}}}]}}"#
        ))
    });
    workdir.lock(&format!("app --index-url {}", index.url())).ends(1);
}

#[test]
fn the_pause_that_a_server_asks_for_is_respected() {
    let whole = wheel::build(&package("app==1.0"));
    let queries = AtomicUsize::new(0);
    let index = Scripted::start(move |path| match path {
        "/simple/app/" if queries.fetch_add(1, Ordering::Relaxed) == 0 => {
            (429, vec![("Retry-After", "0".to_owned())], Vec::new())
        }
        "/simple/app/" => page(
            "app",
            &[listed("app-1.0-py3-none-any.whl", Some(Sha256::of(&whole)), None)],
        ),
        "/files/app-1.0-py3-none-any.whl" => ok(whole.clone()),
        _ => missing(),
    });
    workdir()
        .lock(&format!("app --index-url {}", index.url()))
        .ends(0);

    let busy = Scripted::start(|_| (429, vec![("Retry-After", "3600".to_owned())], Vec::new()));
    let error = workdir().lock(&format!("app --index-url {}", busy.url())).ends(3);
    assert!(error.contains("requests a delay of 3600 s"), "{error}");
    assert_eq!(busy.seen("GET"), 1);
}

#[test]
fn metadata_without_end_is_refused() {
    let zeros = "0".repeat(17 << 20);
    let content = archive(&[("app-2.0.dist-info/METADATA", &zeros)]);
    let index = two_versions(Some(Sha256::of(&content)), None, ok(content));
    let error = workdir()
        .lock(&format!("app==2.0 --index-url {}", index.url()))
        .ends(1);
    assert!(error.contains("its METADATA is too large"), "{error}");
}
