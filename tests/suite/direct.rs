//! Direct references and local files, on the command line and in files.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;

use mach_nix_hash::Sha256;
use mach_nix_lock::{LockedPackage, LockedSource};
use mach_nix_tests::{Manners, Package, Scenario, Workdir, wheel};
use url::Url;

const WORLD: &str = r#"
    reason = "direct references"
    ask.requirements = []
    expect.packages = []
    [[package]]
    release = "app==1.0"
    requires = ["lib>=1", "tool ; extra == 'cli'"]
    extras = ["cli"]
    uploaded = "2026-01-01T00:00:00Z"
    [[package]]
    release = "app==2.0"
    [[package]]
    release = "lib==1.1"
    uploaded = "2026-03-01T00:00:00Z"
    [[package]]
    release = "tool==3.0"
"#;

const APP: &str = "app-1.0-py3-none-any.whl";

fn packages() -> Vec<Package> {
    Scenario::read(WORLD).unwrap().packages
}

fn workdir(manners: Manners) -> Workdir {
    Workdir::new(&packages(), manners)
}

/// Puts the wheel of the first package, `app`, into a folder.
fn put_app(workdir: &Workdir, folder: &str) -> Sha256 {
    let content = wheel::build(&packages()[0]);
    fs::create_dir_all(workdir.path(folder)).unwrap();
    fs::write(workdir.path(folder).join(APP), &content).unwrap();
    Sha256::of(&content)
}

fn app(workdir: &Workdir) -> LockedPackage {
    let lock = workdir.lock_file();
    assert_eq!(lock.packages.len(), 2);
    lock.packages.into_iter().next().unwrap()
}

#[test]
fn a_wheel_at_an_address_is_locked_with_what_it_needs() {
    for manners in [
        Manners::default(),
        Manners {
            ranges: false,
            metadata_files: false,
            ..Manners::default()
        },
    ] {
        let workdir = workdir(manners);
        let url = workdir.index.file_url(APP);
        workdir.run(&["lock", &format!("app[cli] @ {url}")]).ends(0);
        let lock = workdir.lock_file();
        assert_eq!(lock.request.requirements, [format!("app[cli] @ {url}")]);
        assert_eq!(lock.packages.len(), 3);
        let content = wheel::build(&packages()[0]);
        match &lock.packages[0].source {
            LockedSource::Direct {
                file,
                subdirectory: None,
            } => {
                assert_eq!((file.name.as_str(), &file.url), (APP, &url));
                assert_eq!(
                    (file.hash, file.size),
                    (Sha256::of(&content), Some(content.len() as u64))
                );
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(lock.packages[0].version.to_string(), "1.0");
    }
}

#[test]
fn an_address_is_read_once_and_then_offline() {
    let workdir = workdir(Manners::default());
    let requirement = format!("app @ {}", workdir.index.file_url(APP));
    let offline = workdir.run(&["lock", &requirement, "--offline"]).ends(3);
    assert!(
        offline.contains("the content of `app-1.0-py3-none-any.whl` is not in the cache"),
        "{offline}"
    );
    assert_eq!(workdir.index.requests(), 0);
    workdir.run(&["lock", &requirement]).ends(0);
    let (asked, online) = (workdir.index.requests(), workdir.lock_text());
    workdir
        .run(&["lock", &requirement, "--offline", "--upgrade"])
        .ends(0);
    workdir.run(&["lock", &requirement, "--check"]).ends(0);
    assert_eq!((workdir.index.requests(), workdir.lock_text()), (asked, online));
}

#[test]
fn a_promised_digest_is_checked() {
    let workdir = workdir(Manners::default());
    let good = Sha256::of(wheel::build(&packages()[0]));
    let url = workdir.index.file_url(APP);
    workdir
        .run(&["lock", &format!("app @ {url}#sha256={}", good.to_hex())])
        .ends(0);
    assert_eq!(app(&workdir).file().unwrap().url, url);
    let bad = Sha256::of("bad");
    let stderr = workdir
        .run(&["lock", &format!("app @ {url}#sha256={}", bad.to_hex())])
        .ends(3);
    assert!(stderr.contains("has the wrong content"), "{stderr}");
    assert_eq!(put_app(&workdir, "wheels"), good);
    let local = Url::from_file_path(workdir.path("wheels").join(APP)).unwrap();
    workdir.write("bad.txt", &format!("app @ {local}#sha256={}\n", bad.to_hex()));
    assert!(
        workdir
            .lock("-r bad.txt")
            .ends(3)
            .contains("has the wrong content")
    );
}

#[test]
fn hashes_are_checked_when_asked_for() {
    let workdir = workdir(Manners::default());
    let hash = put_app(&workdir, "wheels").to_hex();
    let lib = Sha256::of(wheel::build(&packages()[2])).to_hex();
    let other = Sha256::of("other").to_hex();
    workdir.write(
        "good.txt",
        &format!("./wheels/{APP} --hash=sha256:{hash}\nlib==1.1 --hash=sha256:{lib}\n"),
    );
    workdir.lock("-r good.txt").ends(0);
    workdir.write(
        "bad.txt",
        &format!("./wheels/{APP} --hash=sha256:{other}\nlib==1.1 --hash=sha256:{lib}\n"),
    );
    let stderr = workdir.lock("-r bad.txt").ends(1);
    assert!(stderr.contains("hash"), "{stderr}");
}

#[test]
fn a_local_wheel_is_named_relative_to_the_lock() {
    let workdir = workdir(Manners::default());
    let hash = put_app(&workdir, "project/wheels");
    workdir.write(
        "project/requirements.txt",
        &format!("./wheels/{APP} ; python_version > '3'\n"),
    );
    workdir
        .lock("-r project/requirements.txt -o project/locks/mach-nix.lock")
        .ends(0);
    let text = fs::read_to_string(workdir.path("project/locks/mach-nix.lock")).unwrap();
    assert!(!text.contains(workdir.folder.path().to_str().unwrap()), "{text}");
    let lock = mach_nix_lock::Lock::from_json(&text).unwrap();
    assert_eq!(
        lock.request.requirements,
        [format!("app @ ../wheels/{APP} ; python_version > '3'")]
    );
    assert_eq!(
        lock.packages[0].source,
        LockedSource::Path {
            path: format!("../wheels/{APP}"),
            file: Some((APP.to_owned(), hash)),
        }
    );
    let tree = workdir.run(&["tree", "project/locks/mach-nix.lock"]);
    tree.ends(0);
    assert_eq!(tree.stdout(), "app 1.0\n└── lib 1.1\n");
    // The same, wherever it is called from.
    let printed = workdir.run_in(
        "project/wheels",
        &[
            "lock",
            "-r",
            "../requirements.txt",
            "-o",
            "../locks/mach-nix.lock",
        ],
        &[],
    );
    printed.ends(0);
    assert_eq!(
        fs::read_to_string(workdir.path("project/locks/mach-nix.lock")).unwrap(),
        text
    );
}

#[test]
fn a_changed_local_wheel_is_seen() {
    let workdir = workdir(Manners::default());
    put_app(&workdir, ".");
    workdir.write("requirements.txt", APP);
    workdir.lock("-r requirements.txt").ends(0);
    workdir.lock("-r requirements.txt --check --offline").ends(0);
    let mut changed = packages()[0].clone();
    changed.requires = vec!["lib>=1".to_owned(), "tool".to_owned()];
    fs::write(workdir.path(APP), wheel::build(&changed)).unwrap();
    assert!(
        workdir
            .lock("-r requirements.txt --check")
            .ends(1)
            .contains("stale")
    );
    workdir.lock("-r requirements.txt").ends(0);
    assert_eq!(workdir.lock_file().packages.len(), 3);
}

#[test]
fn the_date_limit_is_one_on_indexes() {
    let workdir = workdir(Manners::default());
    let url = workdir.index.file_url("lib-1.1-py3-none-any.whl");
    let requirement = format!("lib @ {url}");
    workdir
        .run(&["lock", "app", &requirement, "--exclude-newer", "2026-02-01"])
        .ends(0);
    let versions: Vec<String> = workdir
        .lock_file()
        .packages
        .iter()
        .map(|package| package.version.to_string())
        .collect();
    assert_eq!(versions, ["1.0", "1.1"]);
}

#[test]
fn what_cannot_be_followed_is_said() {
    let workdir = workdir(Manners::default());
    for (requirement, code, part) in [
        (
            format!("tool @ {}", workdir.index.file_url(APP)),
            2,
            "is a wheel of `app`, not of `tool`",
        ),
        (
            format!("app @ {}", workdir.index.file_url("app-9-py3-none-any.whl")),
            3,
            "there is no such file",
        ),
        (
            "app @ file:///nowhere/app-9-py3-none-any.whl".to_owned(),
            2,
            "there is no `/nowhere/app-9-py3-none-any.whl`",
        ),
        ("./app-9-py3-none-any.whl".to_owned(), 2, "there is no `"),
        (
            format!(
                "app @ {}",
                workdir.index.file_url("app-1.0-cp39-cp39-win_amd64.whl")
            ),
            3,
            "there is no such file",
        ),
    ] {
        let stderr = workdir.run(&["lock", &requirement]).ends(code);
        assert!(stderr.contains(part), "{requirement}: {stderr}");
    }
}

#[test]
fn other_formats_name_the_address_or_the_path() {
    let workdir = workdir(Manners::default());
    let hash = put_app(&workdir, "wheels").to_hex();
    let lib = workdir.index.file_url("lib-1.1-py3-none-any.whl");
    workdir.write("requirements.txt", &format!("./wheels/{APP}\nlib @ {lib}\n"));
    workdir.lock("-r requirements.txt").ends(0);
    let export = |words: &[&str]| {
        let ran = workdir.run(&[&["export", "--format"], words].concat());
        ran.ends(0);
        ran.stdout()
    };
    assert_eq!(
        export(&["requirements"]),
        format!("./wheels/{APP}\nlib @ {lib}\n")
    );
    assert!(export(&["requirements", "--hashes"]).contains(&hash));
    let pylock: toml::Table = export(&["pylock"]).parse().unwrap();
    let packages = pylock["packages"].as_array().unwrap();
    let archive = |at: usize, key: &str| packages[at]["archive"][key].as_str().map(str::to_owned);
    assert_eq!(archive(0, "path"), Some(format!("./wheels/{APP}")));
    assert_eq!(
        packages[0]["archive"]["hashes"]["sha256"].as_str(),
        Some(hash.as_str())
    );
    assert_eq!(archive(1, "url"), Some(lib.clone()));
    assert!(
        packages
            .iter()
            .all(|package| package.get("index").is_none() && package.get("wheels").is_none())
    );
    export(&["pylock", "-o", "out/pylock.toml"]);
    let moved = fs::read_to_string(workdir.path("out/pylock.toml")).unwrap();
    assert!(moved.contains(&format!("path = \"../wheels/{APP}\"")), "{moved}");
    let bill: serde_json::Value = serde_json::from_str(&export(&["cyclonedx"])).unwrap();
    assert_eq!(
        bill["components"][0]["externalReferences"][0]["url"],
        format!("./wheels/{APP}")
    );
    let purl = bill["components"][1]["purl"].as_str().unwrap();
    assert!(
        purl.starts_with("pkg:pypi/lib@1.1?download_url=http://127.0.0.1:"),
        "{purl}"
    );
}
