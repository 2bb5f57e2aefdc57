//! `--find-links`, `--no-index` and `--index-of`: where packages are looked for besides the indexes, or instead of them.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;

use mach_nix_lock::LockedSource;
use mach_nix_tests::{IndexServer, Manners, Package, Place, Scenario, wheel};

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
fn put(place: &Place, folder: &str, packages: &[Package]) {
    fs::create_dir_all(place.path(folder)).unwrap();
    for package in packages {
        fs::write(
            place.path(folder).join(&package.files()[0]),
            wheel::build(package),
        )
        .unwrap();
    }
    fs::write(place.path(folder).join("notes.txt"), "no distribution").unwrap();
}

fn pins(place: &Place, words: &str) -> String {
    let ran = place.lock(&format!("{words} --format requirements"));
    ran.ends(0);
    ran.stdout()
}

#[test]
fn files_of_a_folder_count_beside_those_of_the_index() {
    let place = Place::new(&public(), Manners::default());
    put(&place, "wheels", &own());
    assert_eq!(pins(&place, "app --find-links wheels"), "app==1.0\nlib==3.0\n");
    place
        .lock("app lib<3 --find-links wheels --prerelease allow")
        .ends(0);
    let lock = place.lock_file();
    assert_eq!(lock.request.find_links, ["./wheels"]);
    assert!(!place.lock_text().contains(place.folder.path().to_str().unwrap()));
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
    assert!(pins(&place, "lib==1.0 --find-links wheels").contains("more_of_it-1.0"));
    assert!(
        place
            .lock("app lib<3 --check --prerelease allow")
            .ends(1)
            .contains("the places of find-links changed")
    );
    place
        .lock("app lib<3 --check --prerelease allow --find-links ./wheels/")
        .ends(0);
}

#[test]
fn a_file_names_its_own_folder_and_no_index() {
    let place = Place::new(&public(), Manners::default());
    put(&place, "project/wheels", &own());
    place.write("project/requirements.txt", "--no-index\n-f wheels\nlib\n");
    place.lock("-r project/requirements.txt").ends(0);
    let text = fs::read_to_string(place.path("project/mach-nix.lock")).unwrap();
    assert!(
        text.contains("\"./wheels\"") && text.contains("\"indexes\": []"),
        "{text}"
    );
    assert_eq!(place.index.requests(), 0);
    let said = place.lock("app --no-index").ends(1);
    assert!(said.contains("knows `app`"), "{said}");
    assert!(
        place
            .lock("app --find-links nowhere")
            .ends(2)
            .contains("there is no `nowhere`")
    );
}

#[test]
fn a_page_of_links_is_read_and_kept() {
    let place = Place::new(&public(), Manners::default());
    let others = IndexServer::start(&own(), Manners::default());
    let words = format!("lib --no-index --find-links {}", others.links_url());
    assert!(
        place
            .lock(&format!("{words} --offline"))
            .ends(3)
            .contains("the page of links")
    );
    place.lock(&words).ends(0);
    let lock = place.lock_file();
    assert_eq!(lock.request.find_links, [others.links_url()]);
    assert_eq!(
        lock.packages[0].file().map(|file| file.url.clone()),
        Some(others.file_url("lib-2.0-py3-none-any.whl"))
    );
    let asked = others.requests();
    place.lock(&format!("{words} --offline --check")).ends(0);
    assert_eq!(others.requests(), asked);
}

#[test]
fn the_date_limit_leaves_files_of_this_machine_alone() {
    let place = Place::new(&public(), Manners::default());
    put(&place, "wheels", &own());
    let words = "app --find-links wheels --exclude-newer 2026-02-01";
    assert!(pins(&place, words).contains("lib-2.0"));
}

#[test]
fn a_bound_package_comes_from_its_index_only() {
    let place = Place::new(&public(), Manners::default());
    let private = IndexServer::start(&own(), Manners::default());
    let secret = private.url().replace("://", "://me:s3cret@");
    put(&place, "wheels", &packages("[[package]]\nrelease = 'lib==9.0'\n"));
    // Its index is not asked for anything else.
    let said = place
        .lock(&format!("app --index-of lib={secret} --find-links wheels"))
        .ends(1);
    assert!(said.contains("knows `more-of-it`"), "{said}");
    place
        .lock(&format!(
            "app --index-of lib={secret} --index-of More.Of_it={secret} --find-links wheels"
        ))
        .ends(0);
    let lock = place.lock_file();
    assert_eq!(lock.to_requirements(), "app==1.0\nlib==2.0\nmore-of-it==1.0\n");
    let bound: Vec<String> = lock
        .request
        .bound
        .iter()
        .map(|(name, url)| format!("{name} {url}"))
        .collect();
    assert_eq!(
        bound,
        [
            format!("lib {}", private.url()),
            format!("more-of-it {}", private.url())
        ]
    );
    assert!(!place.lock_text().contains("s3cret"));
    assert!(
        place
            .lock("app --find-links wheels --check")
            .ends(1)
            .contains("the indexes of single packages changed")
    );
    assert!(
        place
            .lock("app --index-of lib")
            .ends(2)
            .contains("write PACKAGE=URL")
    );
}

#[test]
fn a_place_of_links_that_does_not_exist_is_refused_before_anything_is_queried() {
    let place = Place::new(&public(), Manners::default());
    place.write("r.txt", "-f file:///no/such/folder\napp\n");
    for words in [
        "app --find-links ./no-such",
        "app --find-links file:///no/such/folder",
        "-r r.txt",
    ] {
        let said = place.lock(words).ends(2);
        assert!(said.contains("to find links in: correct --find-links"), "{said}");
    }
    assert_eq!(place.index.requests(), 0);
}
