//! Files that are pinned by SHA-384 and SHA-512, as pip takes them; what is locked is SHA-256.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;

use mach_nix_hash::{Digest, Digests, Sha256};
use mach_nix_lock::LockedSource;
use mach_nix_tests::{Manners, Package, Place, Scenario, wheel};

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

fn place() -> Place {
    Place::new(&packages(), Manners::default())
}

fn sha512(content: &[u8]) -> String {
    Digest::Sha512(Digests::of(content).sha512).to_pip()
}

fn sha384(content: &[u8]) -> String {
    Digest::Sha384(Digests::of(content).sha384).to_pip()
}

/// Name and digest of the file of `app` in the lock.
fn app(place: &Place) -> (String, Sha256) {
    let lock = place.lock_file();
    let app = lock
        .packages
        .iter()
        .find(|package| package.name.as_ref() == "app");
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
    let place = place();
    place.write(
        "requirements.txt",
        &format!(
            "app==1.0 --hash={}\nlib==2.0 --hash={} --hash=sha256:{}\n",
            sha512(&app_wheel),
            sha384(b"another file"),
            Sha256::of(&lib_wheel).to_hex()
        ),
    );
    place.lock("-r requirements.txt").ends(0);
    assert_eq!(app(&place), (APP.to_owned(), Sha256::of(&app_wheel)));
    let (requests, lock) = (place.index.requests(), place.lock_text());
    place.lock("-r requirements.txt --offline --upgrade").ends(0);
    place.lock("-r requirements.txt --check").ends(0);
    assert_eq!((place.index.requests(), place.lock_text()), (requests, lock));
}

#[test]
fn the_file_of_a_release_that_has_the_digest_is_used() {
    // The wheel in the folder is preferred, but for its digest.
    let content = wheel::build(&packages()[0]);
    let mut other = packages().remove(0);
    other.extras = vec!["x".to_owned()];
    for written in [sha384(&content), sha512(&content)] {
        let place = place();
        fs::create_dir(place.path("wheels")).unwrap();
        fs::write(
            place.path("wheels").join("app-1.0-1-py3-none-any.whl"),
            wheel::build(&other),
        )
        .unwrap();
        place.write("requirements.txt", &format!("app==1.0 --hash={written}\n"));
        place.lock("-r requirements.txt --find-links wheels").ends(0);
        assert_eq!(app(&place), (APP.to_owned(), Sha256::of(&content)));
        place.write(
            "requirements.txt",
            &format!("app==1.0 --hash={}\n", sha512(b"neither")),
        );
        let said = place.lock("-r requirements.txt --find-links wheels").ends(1);
        let (_, line) = said.split_once("add the line `").unwrap();
        let (line, _) = line.split_once('`').unwrap();
        place.write("requirements.txt", &format!("{line}\n"));
        place.lock("-r requirements.txt --find-links wheels").ends(0);
    }
}

#[test]
fn a_release_without_an_allowed_file_is_refused_with_the_line_that_allows_it() {
    let place = place();
    let wrong = sha512(b"another file");
    place.write("requirements.txt", &format!("lib==2.0 --hash={wrong}\n"));
    let said = place.lock("-r requirements.txt").ends(1);
    let digest = Sha256::of(wheel::build(&packages()[1])).to_hex();
    let line = format!("lib==2.0 --hash=sha256:{digest}");
    assert!(said.contains(&format!("add the line `{line}`")), "{said}");
    place.write("requirements.txt", &format!("lib==2.0 --hash={wrong}\n{line}\n"));
    place.lock("-r requirements.txt").ends(0);
}

#[test]
fn what_is_not_downloaded_cannot_be_checked() {
    let place = place();
    let content = wheel::build(&packages()[1]);
    place.write(
        "requirements.txt",
        &format!("lib==2.0 --hash={}\n", sha512(&content)),
    );
    place
        .run(&["index", "build", "lib", "-o", "lib.snapshot"])
        .ends(0);
    let said = place.lock("-r requirements.txt --pypi-data lib.snapshot").ends(3);
    let line = format!("add `--hash=sha256:{}`", Sha256::of(&content).to_hex());
    assert!(said.contains(&line), "{said}");
}

#[test]
fn an_address_may_promise_any_of_the_digests() {
    let content = wheel::build(&packages()[0]);
    for (written, wrong) in [(sha512(&content), sha512(b"")), (sha384(&content), sha384(b""))] {
        let place = place();
        fs::write(place.path(APP), &content).unwrap();
        let addresses = [
            place.index.file_url(APP),
            format!("file://{}", place.path(APP).display()),
        ];
        for address in addresses {
            let requirement = |digest: &str| format!("app @ {address}#{}", digest.replace(':', "="));
            place.run(&["lock", &requirement(&written)]).ends(0);
            assert_eq!(app(&place), (APP.to_owned(), Sha256::of(&content)));
            let said = place.run(&["lock", &requirement(&wrong)]).ends(3);
            assert!(said.contains("has the wrong content: sha"), "{said}");
            place.run(&["lock", &requirement(&written), "--offline"]).ends(0);
            // The digest that is locked is the same as without a promise.
            place.write("requirements.txt", &format!("app @ {address} --hash={written}\n"));
            place.lock("-r requirements.txt").ends(0);
            assert_eq!(app(&place).1, Sha256::of(&content));
            place.write("requirements.txt", &format!("app @ {address} --hash={wrong}\n"));
            place.lock("-r requirements.txt").ends(1);
        }
    }
}

#[test]
fn locks_of_other_tools_may_have_any_of_the_digests() {
    let packages = packages();
    let content = wheel::build(&packages[0]);
    let (good, wrong) = (sha512(&content), sha512(b"another file"));
    let locks = |place: &Place, digest: &str| {
        let registry = place.index.url();
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
                    place.index.file_url(APP)
                ),
            ),
        ]
    };
    let place = place();
    for (file, text) in locks(&place, &good) {
        place.write(file, &text);
        place.run(&["lock", "-r", file]).ends(0);
        assert_eq!(app(&place), (APP.to_owned(), Sha256::of(&content)), "{file}");
    }
    for (file, text) in locks(&place, &wrong) {
        place.write(file, &text);
        place.run(&["lock", "-r", file]).ends(1);
    }
}

#[test]
fn weak_hashes_are_refused_with_those_that_are_not() {
    let place = place();
    place.write(
        "requirements.txt",
        "lib==2.0 --hash=md5:d41d8cd98f00b204e9800998ecf8427e\n",
    );
    let said = place.lock("-r requirements.txt").ends(2);
    assert!(
        said.contains("requirements.txt, line 1") && said.contains("use `sha256:`"),
        "{said}"
    );
}

#[test]
fn what_has_no_digest_is_refused_where_hashes_are_checked() {
    let place = place();
    let project = "[project]\nname = 'app'\nversion = '1'\n";
    fs::create_dir(place.path("project")).unwrap();
    place.write("project/pyproject.toml", project);
    let digest = sha512(b"");
    let address = format!("file://{}", place.path("project").display());
    for line in [
        format!("app @ git+https://h.test/r@main --hash={digest}"),
        format!("app @ {address} --hash={digest}"),
        format!("./project --hash={digest}"),
        format!("./project\nlib==2.0 --hash={digest}"),
        format!("git+https://h.test/r#egg=app\nlib==2.0 --hash={digest}"),
    ] {
        place.write("requirements.txt", &format!("{line}\n"));
        let said = place.lock("-r requirements.txt").ends(2);
        assert!(
            said.contains("requirements.txt, line 1") && said.contains("has none"),
            "{line}: {said}"
        );
    }
    assert_eq!(place.index.requests(), 0);
}
