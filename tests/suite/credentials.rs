//! User names and passwords: sent to their own server only.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;
use std::path::Path;

use mach_nix_tests::{IndexServer, Manners, Package, Place, Scenario};

const LOCKED: Manners = Manners {
    json: true,
    mislabelled: false,
    metadata_files: false,
    announced: false,
    ranges: true,
    upload_times: false,
    api_version: "1.1",
    legacy: false,
    failures: 0,
    delay: std::time::Duration::ZERO,
    password: Some("me:s3cret"),
    files_at: None,
};
const APP: &str = "app-1.0-py3-none-any.whl";

fn packages() -> Vec<Package> {
    let world = "reason = 'credentials'\nask.requirements = []\nexpect.packages = []\n\
                 [[package]]\nrelease = 'app==1.0'\n";
    Scenario::read(world).unwrap().packages
}

fn with_password(url: &str) -> String {
    url.replace("://", "://me:s3cret@")
}

/// Nothing that was written or said has the password.
#[track_caller]
fn kept_secret(folder: &Path, said: &[String]) {
    for text in said {
        assert!(!text.contains("s3cret"), "{text}");
    }
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            kept_secret(&path, &[]);
        } else if path
            .file_name()
            .is_some_and(|name| name != ".netrc" && name != "secret.txt")
        {
            let content = fs::read(&path).unwrap();
            assert!(
                !content.windows(6).any(|part| part == b"s3cret"),
                "{}",
                path.display()
            );
        }
    }
}

#[test]
fn an_address_brings_its_password() {
    let place = Place::new(&packages(), LOCKED);
    let index = with_password(&place.index.url());
    let file = with_password(&place.index.file_url(APP));
    let refused = place.lock("app").ends(3);
    assert!(refused.contains("401") && refused.contains(".netrc"), "{refused}");
    let mut said = Vec::new();
    for arguments in [
        vec![
            "lock",
            "app",
            "-v",
            "-v",
            "--index-url",
            &index,
            "--save-problem",
            "saved.json",
        ],
        vec![
            "lock",
            &format!("app @ {file}"),
            "-v",
            "-v",
            "--save-problem",
            "saved.json",
        ],
        vec![
            "lock",
            "app",
            "--no-index",
            "--find-links",
            &with_password(&place.index.links_url()),
        ],
        vec!["lock", "app", "--index-of", &format!("app={index}")],
    ] {
        let ran = place.run(&arguments);
        said.push(ran.ends(0));
    }
    place.write("secret.txt", &format!("--index-url {index}\napp\n"));
    said.push(place.lock("-r secret.txt --save-problem saved.json").ends(0));
    place.write("secret.txt", &format!("--index-url {index} what\napp\n"));
    said.push(place.lock("-r secret.txt").ends(2));
    said.push(place.lock(&format!("absent --index-url {index}")).ends(1));
    said.push(
        place
            .run_in(".", &["lock", "--help"], &[("MACH_NIX_INDEX_URL", &index)])
            .stdout(),
    );
    kept_secret(place.folder.path(), &said);
}

#[test]
fn netrc_knows_passwords_by_host() {
    let place = Place::new(&packages(), LOCKED);
    place.write(".netrc", "machine 127.0.0.1 login me password s3cret\n");
    let netrc = place.path(".netrc").display().to_string();
    let home = place.folder.path().display().to_string();
    for variable in [("NETRC", netrc.as_str()), ("HOME", home.as_str())] {
        let ran = place.run_in(".", &["lock", "app", "-v", "--upgrade"], &[variable]);
        kept_secret(place.folder.path(), &[ran.ends(0)]);
    }
    let file = place.index.file_url(APP);
    place
        .run_in(".", &["lock", &format!("app @ {file}")], &[("NETRC", &netrc)])
        .ends(0);
    let absent = place.run_in(
        ".",
        &["lock", "app", "--index-url", &place.index.url()],
        &[("NETRC", "/nowhere")],
    );
    assert!(absent.stderr().contains("cannot be read"), "{}", absent.stderr());
}

#[test]
fn no_other_server_hears_a_password() {
    let files = IndexServer::start(&packages(), Manners::default());
    let manners = Manners {
        files_at: Some(files.port()),
        ..LOCKED
    };
    let place = Place::new(&packages(), manners);
    let index = with_password(&place.index.url());
    place.lock(&format!("app --index-url {index}")).ends(0);
    let file = with_password(&place.index.file_url(APP));
    place.run(&["lock", &format!("app @ {file}")]).ends(0);
    place
        .lock(&format!(
            "app --index-url {} --extra-index-url {index} --upgrade",
            files.url()
        ))
        .ends(0);
    assert!(files.requests() > 0 && place.index.authorized() > 0);
    assert_eq!(files.authorized(), 0);
}
