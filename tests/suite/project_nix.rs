//! Projects whose environments are built: `init`, and then `add`, `build`, `run`, `shell` and `nix-build` over `hostpkgs`.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;
use std::process::{Command, Output};

use mach_nix_tests::{Manners, Scenario, Workdir, hostpkgs, nix_settings};

fn workdir() -> Workdir {
    let text = "reason = 'a project'\nask.requirements = []\nexpect.packages = []\n\
        [[package]]\nrelease = 'app==1.0'\nrequires = ['lib']\n\
        [[package]]\nrelease = 'lib==2.0'\n[[package]]\nrelease = 'tool==1.0'\n";
    Workdir::new(&Scenario::read(text).unwrap().packages, Manners::default())
}

/// A program in a folder, with Nix.
fn output(workdir: &Workdir, folder: &str, words: &[&str]) -> Output {
    let mut command = if words[0] == "mach-nix" {
        let mut command = workdir.command(&words[1..]);
        command
            .env_remove("MACH_NIX_PYTHON")
            .env_remove("MACH_NIX_SYSTEM");
        command
    } else {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]);
        command
    };
    command
        .current_dir(workdir.path(folder))
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", workdir.folder.path())
        .env("NIX_PATH", format!("nixpkgs={}", hostpkgs().display()))
        .env("NIX_CONFIG", nix_settings())
        .output()
        .unwrap()
}

/// The standard output of a program that succeeds.
#[track_caller]
fn ran(workdir: &Workdir, folder: &str, words: &[&str]) -> String {
    let output = output(workdir, folder, words);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

const VERSIONS: &str = "import app, lib; print(app.__version__, lib.__version__)";

#[test]
fn a_new_project_is_entered_and_built_by_the_command_and_by_nix() {
    let workdir = workdir();
    ran(&workdir, ".", &["mach-nix", "init", "Web App"]);
    let read = |name: &str| fs::read_to_string(workdir.path("Web App").join(name)).unwrap();
    assert!(read("pyproject.toml").contains("name = \"web-app\""));
    assert!(
        read("mach-nix.lock").contains("aarch64-darwin"),
        "the systems of the settings"
    );
    let web = |words: &[&str]| ran(&workdir, "Web App", words);
    web(&["nix-build", "--no-out-link"]);
    web(&["mach-nix", "add", "app"]);
    web(&["mach-nix", "add", "tool", "--group", "dev"]);
    assert_eq!(web(&["mach-nix", "run", "python", "-c", VERSIONS]), "1.0 2.0");
    let script = "import os, app, tool; print(os.environ['IN_NIX_SHELL'])";
    assert_eq!(
        web(&["mach-nix", "shell", "--", "python", "-c", script]),
        "impure"
    );
    let built = web(&["mach-nix", "build"]);
    assert_eq!(
        web(&["nix-build", "--no-out-link"]),
        built,
        "the same environment"
    );
    let json: serde_json::Value = serde_json::from_str(&web(&["mach-nix", "build", "--json"])).unwrap();
    assert_eq!(json, serde_json::json!({ "path": built }));
    let command = format!("python -c '{VERSIONS}'");
    assert_eq!(web(&["nix-shell", "--run", &command]), "1.0 2.0");

    // Nothing is overwritten.
    let before = read("pyproject.toml") + &read("mach-nix.lock");
    fs::remove_file(workdir.path("Web App/flake.nix")).unwrap();
    web(&["mach-nix", "init"]);
    assert_eq!(read("pyproject.toml") + &read("mach-nix.lock"), before);
    assert!(read("flake.nix").contains("devShells"));
}

#[test]
fn a_template_that_does_not_fit_the_folder_is_refused() {
    let workdir = workdir();
    let init = |words: &[&str]| {
        let words: Vec<&str> = ["mach-nix", "init"].iter().chain(words).copied().collect();
        let output = output(&workdir, ".", &words);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    workdir.write("requirements.txt", "lib\n");
    let (code, stderr) = init(&["--template", "pyproject"]);
    assert!(
        code == Some(2) && stderr.contains("leave out --template"),
        "{stderr}"
    );
    assert!(!workdir.path("default.nix").exists());
    let (code, stderr) = init(&[]);
    assert!(
        code == Some(0) && stderr.contains("requirements.txt: exists and stays"),
        "{stderr}"
    );
    assert!(
        !workdir.path("mach-nix.lock").exists(),
        "the requirements may need an index"
    );
    ran(&workdir, ".", &["mach-nix", "lock"]);
    let lib = "import lib; print(lib.__version__)";
    assert_eq!(
        ran(&workdir, ".", &["mach-nix", "run", "python", "-c", lib]),
        "2.0"
    );
    ran(&workdir, ".", &["nix-build", "--no-out-link"]);
    let (code, stderr) = init(&["requirements.txt"]);
    assert!(code == Some(2) && stderr.contains("not a folder"), "{stderr}");
}
