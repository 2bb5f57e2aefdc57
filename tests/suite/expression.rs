//! `mach-nix gen`: one Nix expression that has everything in it.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mach_nix_tests::{Manners, Package, Ran, Scenario, Workdir, hostpkgs, nix_settings, wheel};

fn packages() -> Vec<Package> {
    let world = r#"
        reason = "expressions"
        ask.requirements = []
        expect.packages = []
        [[package]]
        release = "app==1.0"
        requires = ["lib>=1"]
        [[package]]
        release = "lib==1.0"
        [[package]]
        release = "lib==1.1"
        [[package]]
        release = "tool==3.0"
        wheels = []
        sdist = true
    "#;
    let mut packages = Scenario::read(world).unwrap().packages;
    let files = [
        (
            "backend.py",
            "def get_requires_for_build_wheel(config_settings=None):\n    return []\n",
        ),
        (
            "pyproject.toml",
            "[project]\nname = 'tool'\nversion = '3.0'\n\
             [build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n",
        ),
    ];
    packages[3].source = files
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .into();
    packages
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

/// The evaluation of an expression by Nix.
fn instantiate(folder: &Path, words: &[&str]) -> String {
    let nixpkgs = format!("nixpkgs={}", hostpkgs().display());
    let output = Command::new("nix-instantiate")
        .args(words)
        .current_dir(folder)
        .env("NIX_PATH", nixpkgs)
        .env("NIX_CONFIG", nix_settings())
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn run(workdir: &Workdir, words: &str) -> Ran {
    let words: Vec<&str> = words.split(' ').collect();
    workdir.run(&words)
}

#[test]
fn alone_in_a_folder_it_is_the_environment_of_the_lock() {
    let workdir = Workdir::new(&packages(), Manners::default());
    // With all that would mean something in a string of Nix.
    workdir.write(
        "requirements.txt",
        "app ; platform_version != '' and platform_release != '${abort \"evaluated\"}'\ntool\n",
    );
    let nixpkgs = hostpkgs();
    let (path, settings) = (env::var("PATH").unwrap(), nix_settings());
    let variables = [
        ("PATH", path.as_str()),
        ("NIX_CONFIG", &settings),
        ("MACH_NIX_NIXPKGS", nixpkgs.to_str().unwrap()),
    ];
    for words in ["gen -r requirements.txt -o env.nix", "lock -r requirements.txt"] {
        let words: Vec<&str> = words.split(' ').collect();
        workdir.run_in(".", &words, &variables).ends(0);
    }
    // Folders with names that the library's have, too.
    for name in ["elsewhere", "internal"] {
        let folder = workdir.path(name);
        fs::create_dir(&folder).unwrap();
        fs::copy(workdir.path("env.nix"), folder.join("env.nix")).unwrap();
        let of_lock = format!(
            "((import {} {{ }}).mkPython {{ lock = ../mach-nix.lock; python = \"python311\"; }}).drvPath",
            repository().display()
        );
        let expected = instantiate(&folder, &["--eval", "--expr", &of_lock]);
        // As values only, without writing anything to the store.
        assert_eq!(
            instantiate(&folder, &["--eval", "env.nix", "-A", "drvPath"]),
            expected
        );
    }
}

#[test]
fn local_files_are_seen_from_the_expression() {
    let workdir = Workdir::new(&[], Manners::default());
    let packages = packages();
    fs::create_dir_all(workdir.path("there/wheels")).unwrap();
    fs::write(
        workdir.path("there/wheels/lib-1.0-py3-none-any.whl"),
        wheel::build(&packages[1]),
    )
    .unwrap();
    run(
        &workdir,
        "gen ./there/wheels/lib-1.0-py3-none-any.whl --python 3.11 -o there/env.nix",
    )
    .ends(0);
    fs::rename(workdir.path("there"), workdir.path("here")).unwrap();
    let derivation = instantiate(&workdir.path("here"), &["env.nix"]);
    assert!(derivation.ends_with("-env.drv"), "{derivation}");
}

#[test]
fn versions_stay_until_they_are_given_up() {
    let workdir = Workdir::new(&packages(), Manners::default());
    let version = || {
        let text = fs::read_to_string(workdir.path("env.nix")).unwrap();
        ["1.0", "1.1"]
            .into_iter()
            .find(|version| text.contains(&format!("lib-{version}-")))
            .unwrap()
    };
    run(&workdir, "gen lib==1.0 -o env.nix").ends(0);
    run(&workdir, "gen lib -o env.nix").ends(0);
    assert_eq!(version(), "1.0");
    run(&workdir, "gen lib -o env.nix --check").ends(0);
    let stale = run(&workdir, "gen app -o env.nix --check").ends(1);
    assert!(
        stale.starts_with("ResolutionImpossible: env.nix is stale"),
        "{stale}"
    );
    run(&workdir, "gen lib -o env.nix --upgrade").ends(0);
    assert_eq!(version(), "1.1");
}

#[test]
fn only_what_it_wrote_is_replaced() {
    let workdir = Workdir::new(&packages(), Manners::default());
    workdir.write("shell.nix", "{ }\n");
    let refused = run(&workdir, "gen lib -o shell.nix").ends(2);
    assert!(
        refused.starts_with("error: shell.nix: this was not written by `mach-nix gen`"),
        "{refused}"
    );
    assert_eq!(fs::read_to_string(workdir.path("shell.nix")).unwrap(), "{ }\n");
    let refused = run(&workdir, "gen lib --format pylock").ends(2);
    assert!(refused.contains("--format is for `mach-nix lock`"), "{refused}");
    let printed = run(&workdir, "gen lib");
    printed.ends(0);
    assert!(printed.stdout().contains("builtins.fromJSON"));
}
