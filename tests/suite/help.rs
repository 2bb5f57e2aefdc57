//! The help texts of the command.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::process::Command;

use mach_nix_tests::program;

const COMMANDS: [&str; 17] = [
    "",
    "lock",
    "tree",
    "why",
    "export",
    "index",
    "index build",
    "index add",
    "index info",
    "index verify",
    "index diff",
    "index nixpkgs",
    "env",
    "gen",
    "build",
    "shell",
    "run",
];

fn help(command: &str, option: &str) -> String {
    let output = Command::new(program())
        .args(command.split_whitespace())
        .arg(option)
        .output()
        .unwrap();
    assert!(output.status.success(), "{command} {option}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn short_help_fits_a_screen() {
    for command in COMMANDS {
        let lines = help(command, "-h").lines().count();
        assert!(
            (5..=50).contains(&lines),
            "mach-nix {command} -h has {lines} lines"
        );
    }
}

#[test]
fn long_help_has_examples_and_variables() {
    for command in COMMANDS {
        let text = help(command, "--help");
        assert!(
            text.contains("Examples:") || command == "index",
            "mach-nix {command} --help has no examples"
        );
    }
    assert!(help("lock", "--help").contains("[env: MACH_NIX_EXCLUDE_NEWER"));
}
