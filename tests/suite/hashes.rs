//! Files that are pinned by SHA-384 and SHA-512, as pip takes them; what is locked is SHA-256.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;

use mach_nix_hash::{Digest, Digests, Sha256};
use mach_nix_lock::LockedSource;
use mach_nix_tests::{Manners, Package, Scenario, Workdir, wheel};

const WORLD: &str = r#"
    reason = "hashes"
    ask.requirements = []
    expect.packages = []
    [[package]]
    release = "app==1.0"
    [[package]]
    release = "lib==2.0"
"#;

const APP: &str = "app-1.0-py3-none-any.whl";

fn packages() -> Vec<Package> {
    Scenario::read(WORLD).unwrap().packages
}

fn workdir() -> Workdir {
    Workdir::new(&packages(), Manners::default())
}

fn sha512(content: &[u8]) -> String {
    Digest::Sha512(Digests::of(content).sha512).to_pip()
}

fn sha384(content: &[u8]) -> String {
    Digest::Sha384(Digests::of(content).sha384).to_pip()
}

/// Name and digest of the file of `app` in the lock.
fn app(workdir: &Workdir) -> (String, Sha256) {
    let lock = workdir.lock_file();
    let app = lock
        .packages
        .iter()
        .find(|package| package.name.to_string() == "app");
    match &app.unwrap().source {
        LockedSource::Index(file) | LockedSource::Direct { file, .. } => (file.name.clone(), file.hash),
        LockedSource::Path { file: Some(file), .. } => file.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_is_read_once_and_its_sha256_is_locked() {
    let packages = packages();
    let (app_wheel, lib_wheel) = (wheel::build(&packages[0]), wheel::build(&packages[1]));
    let workdir = workdir();
    workdir.write(
        "requirements.txt",
        &format!(
            "app==1.0 --hash={}\nlib==2.0 --hash={} --hash=sha256:{}\n",
            sha512(&app_wheel),
            sha384(b"another file"),
            Sha256::of(&lib_wheel).to_hex()
        ),
    );
    workdir.lock("-r requirements.txt").ends(0);
    assert_eq!(app(&workdir), (APP.to_owned(), Sha256::of(&app_wheel)));
    let (requests, lock) = (workdir.index.requests(), workdir.lock_text());
    workdir.lock("-r requirements.txt --offline --upgrade").ends(0);
    workdir.lock("-r requirements.txt --check").ends(0);
    assert_eq!((workdir.index.requests(), workdir.lock_text()), (requests, lock));
}

#[test]
fn the_file_of_a_release_that_has_the_digest_is_used() {
    // The wheel in the folder is preferred, but for its digest.
    let content = wheel::build(&packages()[0]);
    let mut other = packages().remove(0);
    other.extras = vec!["x".to_owned()];
    for written in [sha384(&content), sha512(&content)] {
        let workdir = workdir();
        fs::create_dir(workdir.path("wheels")).unwrap();
        fs::write(
            workdir.path("wheels").join("app-1.0-1-py3-none-any.whl"),
            wheel::build(&other),
        )
        .unwrap();
        workdir.write("requirements.txt", &format!("app==1.0 --hash={written}\n"));
        workdir.lock("-r requirements.txt --find-links wheels").ends(0);
        assert_eq!(app(&workdir), (APP.to_owned(), Sha256::of(&content)));
        workdir.write(
            "requirements.txt",
            &format!("app==1.0 --hash={}\n", sha512(b"neither")),
        );
        let stderr = workdir.lock("-r requirements.txt --find-links wheels").ends(1);
        let (_, line) = stderr.split_once("add the line `").unwrap();
        let (line, _) = line.split_once('`').unwrap();
        workdir.write("requirements.txt", &format!("{line}\n"));
        workdir.lock("-r requirements.txt --find-links wheels").ends(0);
    }
}

#[test]
fn a_release_without_an_allowed_file_is_refused_with_the_line_that_allows_it() {
    let workdir = workdir();
    let wrong = sha512(b"another file");
    workdir.write("requirements.txt", &format!("lib==2.0 --hash={wrong}\n"));
    let stderr = workdir.lock("-r requirements.txt").ends(1);
    let digest = Sha256::of(wheel::build(&packages()[1])).to_hex();
    let line = format!("lib==2.0 --hash=sha256:{digest}");
    assert!(stderr.contains(&format!("add the line `{line}`")), "{stderr}");
    workdir.write("requirements.txt", &format!("lib==2.0 --hash={wrong}\n{line}\n"));
    workdir.lock("-r requirements.txt").ends(0);
}

#[test]
fn what_is_not_downloaded_cannot_be_checked() {
    let workdir = workdir();
    let content = wheel::build(&packages()[1]);
    workdir.write(
        "requirements.txt",
        &format!("lib==2.0 --hash={}\n", sha512(&content)),
    );
    workdir
        .run(&["index", "build", "lib", "-o", "lib.snapshot"])
        .ends(0);
    let stderr = workdir
        .lock("-r requirements.txt --pypi-data lib.snapshot")
        .ends(3);
    let line = format!("add `--hash=sha256:{}`", Sha256::of(&content).to_hex());
    assert!(stderr.contains(&line), "{stderr}");
}

#[test]
fn an_address_may_promise_any_of_the_digests() {
    let content = wheel::build(&packages()[0]);
    for (written, wrong) in [(sha512(&content), sha512(b"")), (sha384(&content), sha384(b""))] {
        let workdir = workdir();
        fs::write(workdir.path(APP), &content).unwrap();
        let addresses = [
            workdir.index.file_url(APP),
            format!("file://{}", workdir.path(APP).display()),
        ];
        for address in addresses {
            let requirement = |digest: &str| format!("app @ {address}#{}", digest.replace(':', "="));
            workdir.run(&["lock", &requirement(&written)]).ends(0);
            assert_eq!(app(&workdir), (APP.to_owned(), Sha256::of(&content)));
            let stderr = workdir.run(&["lock", &requirement(&wrong)]).ends(3);
            assert!(stderr.contains("has the wrong content: sha"), "{stderr}");
            workdir
                .run(&["lock", &requirement(&written), "--offline"])
                .ends(0);
            // The digest that is locked is the same as without a promise.
            workdir.write("requirements.txt", &format!("app @ {address} --hash={written}\n"));
            workdir.lock("-r requirements.txt").ends(0);
            assert_eq!(app(&workdir).1, Sha256::of(&content));
            workdir.write("requirements.txt", &format!("app @ {address} --hash={wrong}\n"));
            workdir.lock("-r requirements.txt").ends(1);
        }
    }
}

#[test]
fn locks_of_other_tools_may_have_any_of_the_digests() {
    let packages = packages();
    let content = wheel::build(&packages[0]);
    let (good, wrong) = (sha512(&content), sha512(b"another file"));
    let locks = |workdir: &Workdir, digest: &str| {
        let registry = workdir.index.url();
        let (_, digits) = digest.split_once(':').unwrap();
        [
            (
                "uv.lock",
                format!(
                    "version = 1\n[[package]]\nname = \"app\"\nversion = \"1.0\"\nsource = {{ registry = \"{registry}\" }}\n\
                     wheels = [{{ url = \"https://files.test/{APP}\", hash = \"{digest}\" }}]\n"
                ),
            ),
            (
                "poetry.lock",
                format!(
                    "[[package]]\nname = \"app\"\nversion = \"1.0\"\nfiles = [{{ file = \"{APP}\", hash = \"{digest}\" }}]\n\
                     [metadata]\nlock-version = \"2.0\"\npython-versions = \">=3.8\"\n"
                ),
            ),
            (
                "pylock.toml",
                format!(
                    "lock-version = \"1.0\"\n[[packages]]\nname = \"app\"\nversion = \"1.0\"\n\
                     wheels = [{{ url = \"{}\", hashes = {{ sha512 = \"{digits}\" }} }}]\n",
                    workdir.index.file_url(APP)
                ),
            ),
            (
                "Pipfile.lock",
                format!(
                    "{{\"_meta\": {{\"pipfile-spec\": 6}}, \"default\": {{\"app\": {{\"version\": \"==1.0\", \
                     \"hashes\": [\"{digest}\"]}}}}}}"
                ),
            ),
        ]
    };
    let workdir = workdir();
    for (file, text) in locks(&workdir, &good) {
        workdir.write(file, &text);
        workdir.run(&["lock", "-r", file]).ends(0);
        assert_eq!(app(&workdir), (APP.to_owned(), Sha256::of(&content)), "{file}");
    }
    for (file, text) in locks(&workdir, &wrong) {
        workdir.write(file, &text);
        workdir.run(&["lock", "-r", file]).ends(1);
    }
}

#[test]
fn weak_hashes_are_refused_with_those_that_are_not() {
    let workdir = workdir();
    workdir.write(
        "requirements.txt",
        "lib==2.0 --hash=md5:d41d8cd98f00b204e9800998ecf8427e\n",
    );
    let stderr = workdir.lock("-r requirements.txt").ends(2);
    assert!(
        stderr.contains("requirements.txt, line 1") && stderr.contains("use `sha256:`"),
        "{stderr}"
    );
}

#[test]
fn what_has_no_digest_is_refused_where_hashes_are_checked() {
    let workdir = workdir();
    let project = "[project]\nname = 'app'\nversion = '1'\n";
    fs::create_dir(workdir.path("project")).unwrap();
    workdir.write("project/pyproject.toml", project);
    let digest = sha512(b"");
    let address = format!("file://{}", workdir.path("project").display());
    for line in [
        format!("app @ git+https://h.test/r@main --hash={digest}"),
        format!("app @ {address} --hash={digest}"),
        format!("./project --hash={digest}"),
        format!("./project\nlib==2.0 --hash={digest}"),
        format!("git+https://h.test/r#egg=app\nlib==2.0 --hash={digest}"),
    ] {
        workdir.write("requirements.txt", &format!("{line}\n"));
        let stderr = workdir.lock("-r requirements.txt").ends(2);
        assert!(
            stderr.contains("requirements.txt, line 1") && stderr.contains("has none"),
            "{line}: {stderr}"
        );
    }
    assert_eq!(workdir.index.requests(), 0);
}
