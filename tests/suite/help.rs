//! The help texts of the command.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::process::Command;

use mach_nix_tests::program;

/// All commands, as their help texts list them.
fn commands() -> Vec<String> {
    let mut commands = vec![String::new()];
    let mut next = 0;
    while let Some(command) = commands.get(next).cloned() {
        let text = help(&command, "-h");
        let lines = text.lines().skip_while(|line| *line != "Commands:").skip(1);
        for line in lines.take_while(|line| !line.is_empty()) {
            let name = line.strip_prefix("  ").unwrap().split(' ').next().unwrap();
            // Explanations that do not fit their line go on below.
            if !name.is_empty() && name != "help" {
                commands.push(format!("{command} {name}").trim().to_owned());
            }
        }
        next += 1;
    }
    commands
}

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
    let commands = commands();
    for known in ["lock", "index nixpkgs", "completions"] {
        assert!(commands.iter().any(|command| command == known), "{commands:?}");
    }
    for command in commands {
        let lines = help(&command, "-h").lines().count();
        assert!(
            (5..=50).contains(&lines),
            "mach-nix {command} -h has {lines} lines"
        );
    }
}

#[test]
fn long_help_has_examples_and_variables() {
    for command in &commands() {
        let text = help(command, "--help");
        assert!(
            text.contains("Examples:") || command.is_empty() || command == "index",
            "mach-nix {command} --help has no examples"
        );
    }
    assert!(help("lock", "--help").contains("[env: MACH_NIX_EXCLUDE_NEWER"));
}
