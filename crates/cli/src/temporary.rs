//! `mach-nix build`, `shell` and `run`: temporary environments.

pub mod built;
mod programs;
mod shell;

use std::env;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use built::{Environment, Wanted, built};
use mach_nix_model::PackageName;
use mach_nix_nix::Nix;
use serde_json::json;

use crate::args::environment::{BuildOptions, ProgramOptions};
use crate::args::lock::LockOptions;
use crate::failure::Failure;
use crate::{editable, lock, lock_file, output, project};

/// Builds an environment and prints its path.
pub fn build(options: &BuildOptions, quiet: bool) -> Result<(), Failure> {
    let environment = environment(&options.lock, "build", quiet)?.path;
    let text = if options.lock.json {
        format!("{}\n", json!({ "path": environment }))
    } else {
        format!("{}\n", environment.display())
    };
    output::print(&text)
}

/// Starts a shell with the programs of the environment first in PATH, or a program in it.
pub fn shell(options: &ProgramOptions, quiet: bool) -> Result<(), Failure> {
    let environment = environment(&options.lock, "shell", quiet)?;
    match &options.program[..] {
        [] => Err(shell::start(&environment)),
        [program, arguments @ ..] => Err(start(&environment, program, arguments, true)),
    }
}

/// Replaces this process by a program in the environment.
pub fn run(options: &ProgramOptions, quiet: bool) -> Result<(), Failure> {
    let mut lock = options.lock.clone();
    let mut program = options.program.clone();
    if program.is_empty() {
        // Without `--`, the first word is the program, and the rest are its arguments.
        program = lock.requirements.drain(..).map(OsString::from).collect();
        if let ([name, ..], false) = (&program[..], project::has_input(&lock)) {
            let is_package = name
                .to_str()
                .is_some_and(|name| name.parse::<PackageName>().is_ok());
            if is_package && project::find()?.is_none() {
                lock.requirements.push(name.to_string_lossy().into_owned());
            }
        }
    }
    let [name, arguments @ ..] = &program[..] else {
        return Err(Failure::usage(
            "no program is named: write one of the project, as in `mach-nix run pytest`, or one of packages after `--`, as in \
             `mach-nix run httpie -- http --version`",
        ));
    };
    let environment = environment(&lock, "run", quiet)?;
    Err(start(
        &environment,
        &programs::named(&environment.path, name)?,
        arguments,
        false,
    ))
}

/// The environment of a lock, of the project, or of requirements without a lock.
fn environment(options: &LockOptions, command: &str, quiet: bool) -> Result<Environment, Failure> {
    let mut options = options.clone();
    options.refuse_other_results(command)?;
    let nix = Nix::new(options.nixpkgs.clone()).offline(options.offline);
    if let Some(file) = lock_file::among_inputs(&options)? {
        let lock = lock_file::read(file)?;
        return built(&nix, &Wanted::whole(file, &lock), quiet);
    }
    if !project::has_input(&options) {
        let project = project::required(command)?;
        let selection = project.selection(&options.project)?;
        let lock = project.fresh_lock(&options, quiet)?;
        let path = project.lock_path();
        let wanted = Wanted {
            selection,
            editable: editable::selected(&project, &lock, &options.project.editable)?,
            ..Wanted::whole(&path, &lock)
        };
        return built(&nix, &wanted, quiet);
    }
    if !options.project.editable.is_empty() {
        return Err(Failure::usage(
            "--editable is for the project of the current folder: leave out the requirements and input files",
        ));
    }
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::external(format!("cannot make a temporary folder: {error}")))?;
    let path = folder.path().join(lock_file::NAME);
    options.output = Some(path.clone());
    // The summary would contain the path of a temporary file.
    lock::run(&options, true)?;
    let lock = lock_file::read(&path)?;
    built(&nix, &Wanted::whole(&path, &lock), quiet)
}

/// Replaces this process by a program, as one in a shell if it is one of `mach-nix shell`; returns only on failure.
fn start(environment: &Environment, program: &OsStr, arguments: &[OsString], is_in_shell: bool) -> Failure {
    let mut path = environment.programs();
    path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let path = match env::join_paths(path) {
        Ok(path) => path,
        Err(error) => return Failure::external(format!("PATH cannot be extended: {error}")),
    };
    // The program is searched in the PATH of the child.
    let found = env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file());
    let Some(found) = found else {
        return Failure::usage(format!(
            "neither the environment nor PATH has `{}`",
            program.display()
        ));
    };
    let mut command = Command::new(&found);
    command
        .args(arguments)
        .envs(&environment.variables)
        .env("PATH", &path);
    if is_in_shell {
        command.env("IN_NIX_SHELL", "impure");
    }
    let error = command.exec();
    match error.kind() {
        io::ErrorKind::PermissionDenied => Failure::usage(format!("{} is not a program", found.display())),
        _ => Failure::external(format!("cannot start {}: {error}", found.display())),
    }
}
