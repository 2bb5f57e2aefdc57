//! User names and passwords: sent to their own server only.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;
use std::path::Path;

use mach_nix_tests::{IndexServer, Manners, Package, Scenario, Workdir};

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
fn kept_secret(folder: &Path, stderr: &[String]) {
    for text in stderr {
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
    let workdir = Workdir::new(&packages(), LOCKED);
    let index = with_password(&workdir.index.url());
    let file = with_password(&workdir.index.file_url(APP));
    let refused = workdir.lock("app").ends(3);
    assert!(refused.contains("401") && refused.contains(".netrc"), "{refused}");
    let mut stderr = Vec::new();
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
            &with_password(&workdir.index.links_url()),
        ],
        vec!["lock", "app", "--index-of", &format!("app={index}")],
    ] {
        let ran = workdir.run(&arguments);
        stderr.push(ran.ends(0));
    }
    workdir.write("secret.txt", &format!("--index-url {index}\napp\n"));
    stderr.push(workdir.lock("-r secret.txt --save-problem saved.json").ends(0));
    workdir.write("secret.txt", &format!("--index-url {index} what\napp\n"));
    stderr.push(workdir.lock("-r secret.txt").ends(2));
    stderr.push(workdir.lock(&format!("absent --index-url {index}")).ends(1));
    stderr.push(
        workdir
            .run_in(".", &["lock", "--help"], &[("MACH_NIX_INDEX_URL", &index)])
            .stdout(),
    );
    kept_secret(workdir.folder.path(), &stderr);
}

#[test]
fn netrc_knows_passwords_by_host() {
    let workdir = Workdir::new(&packages(), LOCKED);
    workdir.write(".netrc", "machine 127.0.0.1 login me password s3cret\n");
    let netrc = workdir.path(".netrc").display().to_string();
    let home = workdir.folder.path().display().to_string();
    for variable in [("NETRC", netrc.as_str()), ("HOME", home.as_str())] {
        let ran = workdir.run_in(".", &["lock", "app", "-v", "--upgrade"], &[variable]);
        kept_secret(workdir.folder.path(), &[ran.ends(0)]);
    }
    let file = workdir.index.file_url(APP);
    workdir
        .run_in(".", &["lock", &format!("app @ {file}")], &[("NETRC", &netrc)])
        .ends(0);
    let absent = workdir.run_in(
        ".",
        &["lock", "app", "--index-url", &workdir.index.url()],
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
    let workdir = Workdir::new(&packages(), manners);
    let index = with_password(&workdir.index.url());
    workdir.lock(&format!("app --index-url {index}")).ends(0);
    let file = with_password(&workdir.index.file_url(APP));
    workdir.run(&["lock", &format!("app @ {file}")]).ends(0);
    workdir
        .lock(&format!(
            "app --index-url {} --extra-index-url {index} --upgrade",
            files.url()
        ))
        .ends(0);
    assert!(files.requests() > 0 && workdir.index.authorized() > 0);
    assert_eq!(files.authorized(), 0);
}
