//! Locks of other tools as input: their registries, commits, folders, addresses and digests.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;

use mach_nix_hash::Sha256;
use mach_nix_lock::LockedSource;
use mach_nix_tests::{IndexServer, Manners, Package, Scenario, Workdir, wheel};

fn packages(text: &str) -> Vec<Package> {
    let head = "reason = 'locks of other tools'\nask.requirements = []\nexpect.packages = []\n";
    Scenario::read(&format!("{head}{text}")).unwrap().packages
}

fn index(text: &str) -> (Vec<Package>, IndexServer) {
    let packages = packages(text);
    let server = IndexServer::start(&packages, Manners::default());
    (packages, server)
}

/// `sha256:…` of the wheel of a package.
fn digest(package: &Package) -> String {
    format!("sha256:{}", Sha256::of(wheel::build(package)).to_hex())
}

/// A package of `uv.lock` with its wheel.
fn of_registry(package: &Package, registry: &str, marker: &str) -> String {
    let (name, version) = package.name_and_version();
    format!(
        "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = {{ registry = \"{registry}\" }}\n\
         resolution-markers = [\"{marker}\"]\n\
         wheels = [{{ url = \"https://files.test/{}\", hash = \"{}\" }}]\n",
        package.files()[0],
        digest(package)
    )
}

fn pins(workdir: &Workdir) -> String {
    workdir.lock_file().to_requirements()
}

const ALWAYS: &str = "python_full_version >= '3.8'";

#[test]
fn packages_of_uv_lock_come_from_their_registries() {
    // Whoever uploads `secret` to the public index must not be asked for it.
    let workdir = Workdir::new(
        &packages("[[package]]\nrelease = 'secret==9.0'\n[[package]]\nrelease = 'more==9.0'\n"),
        Manners::default(),
    );
    let (ours, private) = index(
        "[[package]]\nrelease = 'secret==1.0'\nrequires = ['more']\n[[package]]\nrelease = 'secret==1.1'\n",
    );
    let (others, second) = index("[[package]]\nrelease = 'more==2.0'\n");
    let lock = [
        "version = 1\n".to_owned(),
        of_registry(&ours[0], &private.url(), ALWAYS),
        of_registry(&others[0], &format!("{}/", second.url()), ALWAYS),
    ]
    .concat();
    workdir.write("uv.lock", &lock);
    workdir.lock("-r uv.lock").ends(0);
    assert_eq!(pins(&workdir), "more==2.0\nsecret==1.0\n");
    assert_eq!(workdir.index.requests(), 0, "the public index was asked");
    let lock = workdir.lock_file();
    let pinned_indexes: Vec<String> = lock
        .request
        .pinned_indexes
        .iter()
        .map(|(name, index)| format!("{name} {index}"))
        .collect();
    assert_eq!(
        pinned_indexes,
        [
            format!("more {}", second.url()),
            format!("secret {}", private.url())
        ]
    );
    // The hashes are those of the lock, which has no say about other packages.
    let (_, third) = index("[[package]]\nrelease = 'free==1.0'\n");
    workdir
        .lock(&format!("-r uv.lock free --index-of free={}", third.url()))
        .ends(0);
    assert_eq!(pins(&workdir), "free==1.0\nmore==2.0\nsecret==1.0\n");
    // The command line has the last word.
    let stderr = workdir
        .lock(&format!("-r uv.lock --index-of more={}", private.url()))
        .ends(1);
    assert!(stderr.contains("`more`"), "{stderr}");
}

#[test]
fn a_build_with_a_local_version_comes_from_its_own_index() {
    let (mac, main) = index(
        "[[package]]\nrelease = 'torch==2.5.1'\nwheels = ['cp311-cp311-macosx_11_0_arm64']\n\
         [[package]]\nrelease = 'torch==2.5.1+cpu'\nwheels = ['cp311-cp311-macosx_11_0_arm64']\n",
    );
    let (linux, cpu) = index(
        "[[package]]\nrelease = 'torch==2.5.1+cpu'\nwheels = ['cp311-cp311-manylinux_2_17_x86_64']\n\
         [[package]]\nrelease = 'torch==2.5.1'\nwheels = ['cp311-cp311-manylinux_2_17_x86_64']\n",
    );
    let workdir = Workdir::new(&[], Manners::default());
    let lock = [
        "version = 1\n".to_owned(),
        of_registry(&mac[0], &main.url(), "sys_platform == 'darwin'"),
        of_registry(&linux[0], &cpu.url(), "sys_platform == 'linux'"),
    ]
    .concat();
    workdir.write("uv.lock", &lock);
    workdir
        .lock("-r uv.lock --system x86_64-linux --system aarch64-darwin")
        .ends(0);
    let lock = workdir.lock_file();
    let chosen: Vec<(String, Option<Vec<usize>>)> = lock
        .packages
        .iter()
        .map(|package| (package.file().unwrap().url.clone(), package.targets.clone()))
        .collect();
    assert_eq!(
        chosen,
        [
            (main.file_url(&mac[0].files()[0]), Some(vec![1])),
            (cpu.file_url(&linux[0].files()[0]), Some(vec![0])),
        ]
    );
    let recorded: serde_json::Value = serde_json::from_str(&workdir.lock_text()).unwrap();
    assert_eq!(
        recorded["request"]["bound"]["torch"],
        serde_json::json!([main.url(), cpu.url()])
    );
    workdir
        .lock("-r uv.lock --system x86_64-linux --system aarch64-darwin --check")
        .ends(0);
}

#[test]
fn a_registry_may_be_a_folder() {
    let workdir = Workdir::new(
        &packages("[[package]]\nrelease = 'lib==1.0'\n"),
        Manners::default(),
    );
    let lib =
        &packages("[[package]]\nrelease = 'lib==1.0'\nrequires = []\n[[package]]\nrelease = 'lib==2.0'\n")[0];
    fs::create_dir_all(workdir.path("links")).unwrap();
    fs::write(workdir.path("links").join(&lib.files()[0]), wheel::build(lib)).unwrap();
    workdir.write(
        "uv.lock",
        &format!("version = 1\n{}", of_registry(lib, "links", ALWAYS)),
    );
    workdir.lock("-r uv.lock").ends(0);
    assert_eq!(workdir.index.requests(), 0);
    let lock = workdir.lock_file();
    let LockedSource::Path { path, .. } = &lock.packages[0].source else {
        panic!("{lock:?}");
    };
    assert_eq!(path, "./links/lib-1.0-py3-none-any.whl");
    assert_eq!(
        lock.request.pinned_indexes.values().next().unwrap().to_string(),
        "./links"
    );
}

#[test]
fn packages_of_poetry_lock_and_pylock_come_from_their_indexes() {
    let (ours, private) =
        index("[[package]]\nrelease = 'secret==1.0'\n[[package]]\nrelease = 'secret==1.1'\n");
    let hash = digest(&ours[0]);
    let poetry = format!(
        "[[package]]\nname = \"secret\"\nversion = \"1.0\"\noptional = false\ngroups = [\"main\"]\n\
         files = [{{ file = \"secret-1.0-py3-none-any.whl\", hash = \"{hash}\" }}]\n\
         [package.source]\ntype = \"legacy\"\nurl = \"{}\"\nreference = \"ours\"\n\
         [metadata]\nlock-version = \"2.1\"\npython-versions = \">=3.8\"\n",
        private.url()
    );
    let hash = hash.trim_start_matches("sha256:");
    let pylock = |index: &str, url: &str| {
        format!(
            "lock-version = \"1.0\"\n[[packages]]\nname = \"secret\"\nversion = \"1.0\"\n{index}\
             wheels = [{{ url = \"{url}\", hashes = {{ sha256 = \"{hash}\" }} }}]\n"
        )
    };
    let with_index = pylock(
        &format!("index = \"{}\"\n", private.url()),
        "https://files.test/secret-1.0-py3-none-any.whl",
    );
    // Without an index, the addresses say where the files are (PEP 751).
    let with_address = pylock("", &private.file_url("secret-1.0-py3-none-any.whl"));
    for (name, text) in [
        ("poetry.lock", poetry),
        ("pylock.toml", with_index),
        ("pylock.bare.toml", with_address),
    ] {
        let workdir = Workdir::new(
            &packages("[[package]]\nrelease = 'secret==9.0'\n"),
            Manners::default(),
        );
        workdir.write(name, &text);
        workdir.lock(&format!("-r {name}")).ends(0);
        assert_eq!(pins(&workdir), "secret==1.0\n");
        assert_eq!(workdir.index.requests(), 0, "{name}");
        let lock = workdir.lock_file();
        assert_eq!(
            lock.packages[0].file().unwrap().url,
            private.file_url("secret-1.0-py3-none-any.whl")
        );
    }
}

/// A `Pipfile.lock` with these sources and categories.
fn pipfile_lock(sources: &[(&str, String)], categories: &serde_json::Value) -> String {
    let source =
        |(name, url): &(&str, String)| serde_json::json!({ "name": name, "url": url, "verify_ssl": true });
    let mut lock = categories.clone();
    lock["_meta"] = serde_json::json!({
        "hash": { "sha256": "" },
        "pipfile-spec": 6,
        "requires": { "python_version": "3.11" },
        "sources": sources.iter().map(source).collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&lock).unwrap()
}

#[test]
fn packages_of_pipfile_lock_come_from_their_indexes() {
    let workdir = Workdir::new(
        &packages(
            "[[package]]\nrelease = 'secret==9.0'\n[[package]]\nrelease = 'more==9.0'\n\
             [[package]]\nrelease = 'free==1.0'\nrequires = ['rest']\n[[package]]\nrelease = 'free==2.0'\n\
             [[package]]\nrelease = 'rest==1.0'\n[[package]]\nrelease = 'test==1.0'\n",
        ),
        Manners::default(),
    );
    let (ours, private) = index(
        "[[package]]\nrelease = 'secret==1.0'\nrequires = ['more']\n[[package]]\nrelease = 'more==2.0'\n",
    );
    let public = ("pypi", "https://pypi.org/simple".to_owned());
    let categories = serde_json::json!({
        "default": {
            "free": { "version": "==1.0", "index": "pypi", "markers": "python_version >= '3.8'" },
            "rest": { "version": "==1.0" },
            "secret": { "version": "==1.0", "index": "ours", "hashes": [digest(&ours[0])] },
            "more": { "version": "==2.0", "index": "ours", "hashes": [digest(&ours[1])] },
        },
        "develop": { "test": { "version": "==1.0" } },
    });
    let sources = [public, ("ours", private.url())];
    workdir.write("Pipfile.lock", &pipfile_lock(&sources, &categories));
    workdir.lock("-r Pipfile.lock").ends(0);
    assert_eq!(pins(&workdir), "free==1.0\nmore==2.0\nrest==1.0\nsecret==1.0\n");
    let lock = workdir.lock_file();
    let pinned: Vec<&str> = lock.request.pinned_indexes.keys().map(AsRef::as_ref).collect();
    assert_eq!(pinned, ["more", "secret"]);
    assert_eq!(lock.request.indexes, [workdir.index.url()]);
    workdir.lock("-r Pipfile.lock --check").ends(0);
    workdir.lock("-r Pipfile.lock --group dev").ends(0);
    assert!(pins(&workdir).ends_with("test==1.0\n"), "{}", pins(&workdir));
    let stderr = workdir.lock("-r Pipfile.lock --group x").ends(2);
    assert!(
        stderr.contains("there is no group `x`: there are `dev`"),
        "{stderr}"
    );
    let stderr = workdir.lock("-r Pipfile.lock --python 3.12").ends(1);
    assert!(stderr.contains("Pipfile.lock, line 8"), "{stderr}");
}

#[test]
fn the_only_index_of_pipfile_lock_is_that_of_everything() {
    let workdir = Workdir::new(
        &packages("[[package]]\nrelease = 'secret==1.0'\n"),
        Manners::default(),
    );
    let (_, private) = index("[[package]]\nrelease = 'secret==1.0'\n[[package]]\nrelease = 'more==2.0'\n");
    let categories = serde_json::json!({ "default": { "secret": { "version": "==1.0" } }, "develop": {} });
    let sources = [("ours", private.url())];
    workdir.write("Pipfile.lock", &pipfile_lock(&sources, &categories));
    let ran = workdir.run_without(&["lock", "-r", "Pipfile.lock", "more"], "MACH_NIX_INDEX_URL");
    ran.ends(0);
    assert_eq!(pins(&workdir), "more==2.0\nsecret==1.0\n");
    assert_eq!(workdir.lock_file().request.indexes, [private.url()]);
    // The command line has the last word, but not about names that may be private.
    workdir.lock("-r Pipfile.lock").ends(0);
    assert_eq!(workdir.index.requests(), 0);
}

#[test]
fn pipfile_locks_that_cannot_be_read_are_refused_with_a_remedy() {
    let workdir = Workdir::new(&packages(""), Manners::default());
    let spec = pipfile_lock(&[], &serde_json::json!({ "default": {} })).replace(": 6", ": 5");
    let version = pipfile_lock(&[], &serde_json::json!({ "default": { "lib": {} } }));
    for (name, text, expected) in [
        (
            "Pipfile.lock",
            "[packages]\n",
            "Pipfile.lock, line 1, column 2: this is not JSON",
        ),
        (
            "Pipfile.lock",
            &spec,
            "`pipfile-spec`, only 6 is known: regenerate it with a current Pipenv (`pipenv lock`)",
        ),
        (
            "Pipfile.lock",
            &version,
            "the entry has no `version`: regenerate it with a current Pipenv (`pipenv lock`)",
        ),
        (
            "Pipfile",
            "[packages]\n",
            "lock it with `pipenv lock`, and give `-r Pipfile.lock`",
        ),
    ] {
        workdir.write(name, text);
        let stderr = workdir.lock(&format!("-r {name}")).ends(2);
        assert!(stderr.contains(expected), "{stderr}");
    }
    workdir.write(
        "Pipfile.lock",
        &pipfile_lock(&[], &serde_json::json!({ "default": {} })),
    );
    workdir.lock("-r Pipfile.lock").ends(0);
    let stderr = workdir.lock("Pipfile.lock").ends(2);
    assert!(stderr.contains("write `-r Pipfile.lock`"), "{stderr}");
    let stderr = workdir.lock("Pipfile").ends(2);
    assert!(
        stderr.contains("with `pipenv lock`, and write `-r Pipfile.lock`"),
        "{stderr}"
    );
}

#[test]
fn a_file_with_another_content_than_the_lock_says_is_refused() {
    let workdir = Workdir::new(
        &packages("[[package]]\nrelease = 'lib==1.0'\n"),
        Manners::default(),
    );
    let other = &packages("[[package]]\nrelease = 'lib==1.0'\nrequires = ['more']\n")[0];
    workdir.write(
        "uv.lock",
        &format!(
            "version = 1\n{}",
            of_registry(other, "https://pypi.org/simple", ALWAYS)
        ),
    );
    let stderr = workdir.lock("-r uv.lock").ends(1);
    assert!(stderr.contains("lib"), "{stderr}");
}

#[test]
fn a_folder_of_a_lock_that_does_not_exist_is_refused_with_its_package() {
    let workdir = Workdir::new(&packages(""), Manners::default());
    let (ours, _) = index("[[package]]\nrelease = 'secret==1.0'\n");
    workdir.write(
        "uv.lock",
        &format!("version = 1\n{}", of_registry(&ours[0], "wheels", ALWAYS)),
    );
    let stderr = workdir.run(&["lock", "-r", "uv.lock"]).ends(2);
    assert!(
        stderr.contains("/wheels`, the folder of files that the lock names for `secret`"),
        "{stderr}"
    );
    assert_eq!(workdir.index.requests(), 0);
}
