//! `--find-links`, `--no-index` and `--index-of`: where packages are looked for besides the indexes, or instead of them.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;

use mach_nix_lock::LockedSource;
use mach_nix_tests::{IndexServer, Manners, Package, Scenario, Workdir, wheel};

fn packages(text: &str) -> Vec<Package> {
    let head = "reason = 'places'\nask.requirements = []\nexpect.packages = []\n";
    Scenario::read(&format!("{head}{text}")).unwrap().packages
}

/// The packages of the public index.
fn public() -> Vec<Package> {
    packages(
        "[[package]]\nrelease = 'app==1.0'\nrequires = ['lib']\nuploaded = '2026-01-01T00:00:00Z'\n\
         [[package]]\nrelease = 'lib==1.0'\nuploaded = '2026-01-01T00:00:00Z'\n\
         [[package]]\nrelease = 'lib==3.0'\nuploaded = '2026-03-01T00:00:00Z'\n",
    )
}

/// The packages of another index next to it.
fn own() -> Vec<Package> {
    packages(
        "[[package]]\nrelease = 'lib==2.0'\nrequires = ['more-of-it']\n\
         [[package]]\nrelease = 'lib==1.0'\nrequires = ['more-of-it']\n\
         [[package]]\nrelease = 'more-of-it==1.0'\n",
    )
}

/// Puts the wheels of packages into a folder.
fn put(workdir: &Workdir, folder: &str, packages: &[Package]) {
    fs::create_dir_all(workdir.path(folder)).unwrap();
    for package in packages {
        fs::write(
            workdir.path(folder).join(&package.files()[0]),
            wheel::build(package),
        )
        .unwrap();
    }
    fs::write(workdir.path(folder).join("notes.txt"), "no distribution").unwrap();
}

fn pins(workdir: &Workdir, words: &str) -> String {
    let ran = workdir.lock(&format!("{words} --format requirements"));
    ran.ends(0);
    ran.stdout()
}

#[test]
fn files_of_a_folder_count_beside_those_of_the_index() {
    let workdir = Workdir::new(&public(), Manners::default());
    put(&workdir, "wheels", &own());
    assert_eq!(pins(&workdir, "app --find-links wheels"), "app==1.0\nlib==3.0\n");
    workdir
        .lock("app lib<3 --find-links wheels --prerelease allow")
        .ends(0);
    let lock = workdir.lock_file();
    assert_eq!(lock.request.find_links, ["./wheels"]);
    assert!(
        !workdir
            .lock_text()
            .contains(workdir.folder.path().to_str().unwrap())
    );
    let names: Vec<String> = lock
        .packages
        .iter()
        .map(|package| package.name.to_string())
        .collect();
    assert_eq!(names, ["app", "lib", "more-of-it"]);
    match &lock.packages[1].source {
        LockedSource::Path {
            path,
            file: Some((name, _)),
        } => {
            assert_eq!(path, "./wheels/lib-2.0-py3-none-any.whl");
            assert_eq!(name, "lib-2.0-py3-none-any.whl");
        }
        other => panic!("{other:?}"),
    }
    // Of two files with one name, that of the folder counts.
    assert!(pins(&workdir, "lib==1.0 --find-links wheels").contains("more_of_it-1.0"));
    assert!(
        workdir
            .lock("app lib<3 --check --prerelease allow")
            .ends(1)
            .contains("the find-links locations changed")
    );
    workdir
        .lock("app lib<3 --check --prerelease allow --find-links ./wheels/")
        .ends(0);
}

#[test]
fn a_file_names_its_own_folder_and_no_index() {
    let workdir = Workdir::new(&public(), Manners::default());
    put(&workdir, "project/wheels", &own());
    workdir.write("project/requirements.txt", "--no-index\n-f wheels\nlib\n");
    workdir.lock("-r project/requirements.txt").ends(0);
    let text = fs::read_to_string(workdir.path("project/mach-nix.lock")).unwrap();
    assert!(
        text.contains("\"./wheels\"") && text.contains("\"indexes\": []"),
        "{text}"
    );
    assert_eq!(workdir.index.requests(), 0);
    let stderr = workdir.lock("app --no-index").ends(1);
    assert!(stderr.contains("knows `app`"), "{stderr}");
    assert!(
        workdir
            .lock("app --find-links nowhere")
            .ends(2)
            .contains("there is no `nowhere`")
    );
}

#[test]
fn a_page_of_links_is_read_and_kept() {
    let workdir = Workdir::new(&public(), Manners::default());
    let others = IndexServer::start(&own(), Manners::default());
    let words = format!("lib --no-index --find-links {}", others.links_url());
    assert!(
        workdir
            .lock(&format!("{words} --offline"))
            .ends(3)
            .contains("the page of links")
    );
    workdir.lock(&words).ends(0);
    let lock = workdir.lock_file();
    assert_eq!(lock.request.find_links, [others.links_url()]);
    assert_eq!(
        lock.packages[0].file().map(|file| file.url.clone()),
        Some(others.file_url("lib-2.0-py3-none-any.whl"))
    );
    let asked = others.requests();
    workdir.lock(&format!("{words} --offline --check")).ends(0);
    assert_eq!(others.requests(), asked);
}

#[test]
fn the_date_limit_leaves_files_of_this_machine_alone() {
    let workdir = Workdir::new(&public(), Manners::default());
    put(&workdir, "wheels", &own());
    let words = "app --find-links wheels --exclude-newer 2026-02-01";
    assert!(pins(&workdir, words).contains("lib-2.0"));
}

#[test]
fn a_bound_package_comes_from_its_index_only() {
    let workdir = Workdir::new(&public(), Manners::default());
    let private = IndexServer::start(&own(), Manners::default());
    let secret = private.url().replace("://", "://me:s3cret@");
    put(
        &workdir,
        "wheels",
        &packages("[[package]]\nrelease = 'lib==9.0'\n"),
    );
    // Its index is not asked for anything else.
    let stderr = workdir
        .lock(&format!("app --index-of lib={secret} --find-links wheels"))
        .ends(1);
    assert!(stderr.contains("knows `more-of-it`"), "{stderr}");
    workdir
        .lock(&format!(
            "app --index-of lib={secret} --index-of More.Of_it={secret} --find-links wheels"
        ))
        .ends(0);
    let lock = workdir.lock_file();
    assert_eq!(lock.to_requirements(), "app==1.0\nlib==2.0\nmore-of-it==1.0\n");
    let pinned_indexes: Vec<String> = lock
        .request
        .pinned_indexes
        .iter()
        .map(|(name, url)| format!("{name} {url}"))
        .collect();
    assert_eq!(
        pinned_indexes,
        [
            format!("lib {}", private.url()),
            format!("more-of-it {}", private.url())
        ]
    );
    assert!(!workdir.lock_text().contains("s3cret"));
    assert!(
        workdir
            .lock("app --find-links wheels --check")
            .ends(1)
            .contains("the pinned indexes changed")
    );
    assert!(
        workdir
            .lock("app --index-of lib")
            .ends(2)
            .contains("write PACKAGE=URL")
    );
}

#[test]
fn a_place_of_links_that_does_not_exist_is_refused_before_anything_is_queried() {
    let workdir = Workdir::new(&public(), Manners::default());
    workdir.write("r.txt", "-f file:///no/such/folder\napp\n");
    for words in [
        "app --find-links ./no-such",
        "app --find-links file:///no/such/folder",
        "-r r.txt",
    ] {
        let stderr = workdir.lock(words).ends(2);
        assert!(stderr.contains("for --find-links: correct the path"), "{stderr}");
    }
    assert_eq!(workdir.index.requests(), 0);
}
