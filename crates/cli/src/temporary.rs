//! `mach-nix build`, `shell` and `run`: temporary environments.

mod built;
mod programs;
mod shell;

use std::env;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use built::Environment;
use mach_nix_lock::Lock;
use mach_nix_model::PackageName;
use mach_nix_nix::{DEFAULT_TIMEOUT, Nix};
use serde_json::json;

use crate::args::environment::{BuildOptions, ProgramOptions};
use crate::args::lock::LockOptions;
use crate::failure::Failure;
use crate::project::{self, Selected};
use crate::sources::current_folder;
use crate::{inputs, lock, lock_file, output};

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
    let nix = Nix::new(options.nixpkgs.clone());
    if let Some(file) = lock_file::among_inputs(&options)? {
        let lock = lock_file::read(file)?;
        return built(&nix, file, &lock, None, quiet);
    }
    if !project::has_input(&options) {
        let project = project::required(command)?;
        let selection = project.selection(&options.project)?;
        let lock = project.fresh_lock(&options, quiet)?;
        return built(&nix, &project.lock_path(), &lock, selection, quiet);
    }
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::external(format!("cannot make a temporary folder: {error}")))?;
    let path = folder.path().join(lock_file::NAME);
    options.output = Some(path.clone());
    // The summary would contain the path of a temporary file.
    lock::run(&options, true)?;
    let lock = lock_file::read(&path)?;
    built(&nix, &path, &lock, None, quiet)
}

/// Builds the environment of a lock.
fn built(
    nix: &Nix,
    path: &Path,
    lock: &Lock,
    selection: Option<Selected>,
    quiet: bool,
) -> Result<Environment, Failure> {
    let system = inputs::this_system()?;
    let here = lock.targets.iter().find(|target| target.system == system);
    let python = here
        .or(lock.targets.first())
        .map(|target| target.python.to_string());
    let selection = selection.filter(|_| lock.parts.is_some());
    let path = mach_nix_manifest::normalized(&current_folder()?.join(path));
    let argument = json!({ "lock": path, "python": python, "selection": selection });
    let derivations = nix
        .instantiate("command/environment.nix", &argument, DEFAULT_TIMEOUT)
        .map_err(Failure::external)?;
    let outputs = nix.build(&derivations, quiet).map_err(Failure::external)?;
    let first = outputs.into_iter().next();
    let path = first.ok_or_else(|| Failure::external("there is nothing to build"))?;
    Ok(Environment {
        path,
        variables: lock.request.variables.clone(),
    })
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
