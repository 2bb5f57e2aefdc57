//! The commands that read a lock: `tree`, `why`, `export`; and `completions`. None of them needs a network.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use mach_nix_lock::Lock;
use mach_nix_tests::{IndexServer, Manners, Scenario, program};
use tempfile::TempDir;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/locks/several-targets.json")
}

/// Runs `mach-nix` with these words in a folder that has the fixture as its lock.
fn run(words: &str) -> Output {
    let folder = TempDir::new().unwrap();
    fs::copy(fixture(), folder.path().join("mach-nix.lock")).unwrap();
    run_in(folder.path(), words)
}

fn run_in(folder: &Path, words: &str) -> Output {
    let mut command = Command::new(program());
    command
        .args(words.split_whitespace())
        .current_dir(folder)
        .env_clear();
    command.stdin(Stdio::null()).output().unwrap()
}

/// The output of a command that succeeds, with an empty standard error.
#[track_caller]
fn printed(words: &str) -> String {
    let output = run(words);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{words}");
    assert_eq!(output.status.code(), Some(0), "{words}");
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn refused(words: &str, part: &str) {
    let output = run(words);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{words}: {stderr}");
    assert!(
        stderr.starts_with("error: ") && stderr.contains(part),
        "{words}: {stderr}"
    );
    assert!(output.stdout.is_empty());
}

#[test]
fn a_tree_shows_what_was_asked_for_and_what_it_needs() {
    let tree = printed("tree");
    assert!(
        tree.starts_with(
            "app[cli] 1.0\n├── lib 1.1\n│   ├── numpy 2.0.2 (Python 3.9), 2.2.1 (Python 3.12)\n"
        )
    );
    assert!(tree.contains("ring-a 1 (cycle)\n") && tree.contains("lib 1.1 (*)\n"));
    assert_eq!(printed(&format!("tree {}", fixture().display())), tree);
    assert_eq!(printed("tree mach-nix.lock --format text"), tree);
    assert_eq!(
        printed("tree --invert --package importlib-metadata"),
        "importlib-metadata 8.5.0 (Python 3.9)\n\
         └── tool 3.0\n    \
             └── app[cli] 1.0, required as `app[cli]>=1`\n"
    );
    assert_eq!(
        printed("tree --depth 1 --package app"),
        "app[cli] 1.0\n├── lib 1.1\n└── tool 3.0\n"
    );
    assert!(printed("tree --format dot").starts_with("digraph dependencies {\n"));
    assert!(printed("tree --format mermaid").starts_with("flowchart LR\n"));
    let json: serde_json::Value = serde_json::from_str(&printed("tree --format json --invert")).unwrap();
    assert_eq!(json["packages"][2]["dependents"][0]["name"], "tool");
}

#[test]
fn why_says_how_a_package_came_in() {
    assert_eq!(
        printed("why Ring_B"),
        "ring-b 1 is locked because\n  \
           `app[cli]>=1` is required: app[cli] 1.0 needs lib 1.1, which needs ring-a 1, which needs ring-b 1\n\n\
         needed directly by\n  ring-a 1\n"
    );
    refused(
        "why rign-b",
        "mach-nix.lock has no package `rign-b`: did you mean `ring-b`?",
    );
    refused("why zebra", "`mach-nix tree` shows what is in it");
    refused("tree --package rign-b", "did you mean `ring-b`?");
    refused("tree --depth x", "invalid value 'x' for '--depth <N>'");
}

#[test]
fn export_writes_what_other_tools_read() {
    let lock = Lock::from_json(&fs::read_to_string(fixture()).unwrap()).unwrap();
    let pylock = printed("export --format pylock");
    let read: toml::Table = pylock.parse().unwrap();
    assert_eq!(read["lock-version"].as_str(), Some("1.0"));
    assert_eq!(read["packages"].as_array().unwrap().len(), 12);
    assert_eq!(printed("export --format requirements"), lock.to_requirements());
    let hashes = printed("export --format requirements --hashes");
    assert_eq!(hashes.matches("--hash=sha256:").count(), 14);
    let bill: serde_json::Value = serde_json::from_str(&printed("export --format cyclonedx")).unwrap();
    assert_eq!(bill["components"].as_array().unwrap().len(), 11);

    let folder = TempDir::new().unwrap();
    let words = format!("export {} --format pylock -o pylock.toml", fixture().display());
    let output = run_in(folder.path(), &words);
    assert!(output.status.success() && output.stdout.is_empty());
    assert_eq!(
        fs::read_to_string(folder.path().join("pylock.toml")).unwrap(),
        pylock
    );
    refused(
        "export --format pylock --hashes",
        "--hashes is only for --format requirements",
    );
}

#[test]
fn a_lock_comes_from_standard_input_too() {
    let mut command = Command::new(program());
    command.args(["why", "app", "-"]).env_clear();
    let output = command
        .stdin(fs::File::open(fixture()).unwrap())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        text,
        "app[cli] 1.0 is locked because\n  `app[cli]>=1` is required\n"
    );
}

#[test]
fn a_lock_that_is_not_there_or_is_none_is_named() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("notes"), "{\n\"version\": 1, x").unwrap();
    for (words, part) in [
        (
            "tree",
            "there is no lock at mach-nix.lock: name one, or make one with `mach-nix lock --help`",
        ),
        (
            "export --format pylock other.lock",
            "there is no lock at other.lock",
        ),
        ("tree notes", "notes: line 2, column 15: "),
        ("why app .", ". is not a lock: "),
    ] {
        let output = run_in(folder.path(), words);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{words}: {stderr}");
        assert!(stderr.starts_with(&format!("error: {part}")), "{stderr}");
    }
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = printed(&format!("completions {shell}"));
        for command in ["lock", "tree", "why", "export", "completions"] {
            assert!(script.contains(command), "{shell} does not complete {command}");
        }
    }
}

#[test]
fn every_command_has_examples() {
    for command in [
        "",
        "lock",
        "env",
        "gen",
        "build",
        "shell",
        "run",
        "tree",
        "why",
        "export",
        "completions",
    ] {
        assert!(
            printed(&format!("{command} --help")).contains("Examples:\n"),
            "{command}"
        );
    }
}

#[test]
fn a_new_lock_can_be_printed_in_every_format() {
    let world = r#"
        reason = "one package"
        ask.requirements = []
        expect.packages = []
        [[package]]
        release = "lib==1.0"
    "#;
    let index = IndexServer::start(&Scenario::read(world).unwrap().packages, Manners::default());
    let folder = TempDir::new().unwrap();
    let lock = |format: &str| {
        let mut command = Command::new(program());
        command.args([
            "lock",
            "lib",
            "--python",
            "3.11",
            "--system",
            "x86_64-linux",
            "--format",
            format,
        ]);
        command.env_clear().env("MACH_NIX_INDEX_URL", index.url());
        command.env("MACH_NIX_CACHE_DIR", folder.path().join("cache"));
        let output = command.current_dir(&folder).output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    let json = Lock::from_json(&lock("json")).unwrap();
    assert_eq!(lock("pylock"), json.to_pylock().unwrap());
    assert_eq!(lock("requirements"), json.to_requirements());
    assert!(!folder.path().join("mach-nix.lock").exists());
    assert_eq!(lock("lock"), "");
    assert_eq!(
        fs::read_to_string(folder.path().join("mach-nix.lock")).unwrap(),
        json.to_json()
    );
}
