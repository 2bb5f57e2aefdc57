//! The options of `mach-nix lock` that other commands do not have.

use super::lock::{Format, LockOptions};
use crate::failure::Failure;

/// The options of `lock` about its output, which the commands that create environments do not have.
const RESULTS: [&str; 7] = [
    "output",
    "format",
    "check",
    "json",
    "save_problem",
    "replay",
    "query",
];

/// The other commands with `--json`.
const WITH_JSON: [&str; 5] = ["add", "build", "outdated", "remove", "update"];

/// The commands with `--editable`.
const WITH_EDITABLE: [&str; 3] = ["add", "run", "shell"];

/// Hides the options about output.
pub fn only_inputs(argument: clap::Arg) -> clap::Arg {
    let is_result = RESULTS.contains(&argument.get_id().as_str());
    if is_result { argument.hide(true) } else { argument }
}

/// The options about inputs, which the commands that change a project do not have.
const INPUTS: [&str; 7] = [
    "requirement_files",
    "pyproject",
    "environment",
    "constraint_files",
    "upgrade",
    "no_default_groups",
    "nixpkgs_inventory",
];

/// Hides the options about inputs, and requires arguments where the command needs them.
pub fn of_project(argument: clap::Arg) -> clap::Arg {
    match argument.get_id().as_str() {
        "requirements" => argument
            .help("Requirements to add, or names of packages")
            .long_help(None),
        id if INPUTS.contains(&id) => argument.hide(true),
        _ => argument,
    }
}

impl LockOptions {
    /// # Errors
    /// When an input is named, and the command works on the project.
    pub fn refuse_other_inputs(&self, command: &str) -> Result<(), Failure> {
        self.refuse_other_results(command)?;
        let project = &self.project;
        if !self.requirement_files.is_empty()
            || project.pyproject.is_some()
            || self.environment.is_some()
            || self.upgrade.is_some()
        {
            return Err(Failure::usage(format!(
                "`mach-nix {command}` works on the project of the current folder: leave out -r, --pyproject, --environment and \
                 --upgrade"
            )));
        }
        let has_no_arguments = matches!(command, "doctor" | "outdated" | "sync");
        if has_no_arguments && !self.requirements.is_empty() {
            return Err(Failure::usage(format!(
                "`mach-nix {command}` has no arguments: it is about all packages of the project"
            )));
        }
        if self.requirements.is_empty()
            && project.editable.is_empty()
            && !matches!(command, "doctor" | "update" | "outdated" | "sync")
        {
            return Err(Failure::usage(format!(
                "nothing to {command}: name packages, as in `mach-nix {command} flask`"
            )));
        }
        Ok(())
    }

    /// # Errors
    /// When an option about the output of `mach-nix lock` is used with another command.
    pub fn refuse_other_results(&self, command: &str) -> Result<(), Failure> {
        let given = self.output.is_some()
            || self.format != Format::Lock
            || self.check
            || self.save_problem.is_some()
            || self.replay.is_some()
            || self.query.is_some();
        if given {
            return Err(Failure::usage(format!(
                "--output, --format, --check, --save-problem, --replay and --query are for `mach-nix lock`, not for \
                 `mach-nix {command}`"
            )));
        }
        if !self.project.editable.is_empty() && !WITH_EDITABLE.contains(&command) {
            return Err(Failure::usage(format!(
                "`mach-nix {command}` has no option --editable"
            )));
        }
        if self.json && !WITH_JSON.contains(&command) {
            return Err(Failure::usage(format!(
                "`mach-nix {command}` has no option --json"
            )));
        }
        Ok(())
    }
}
