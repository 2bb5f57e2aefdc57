//! `mach-nix build`, `shell` and `run`: temporary environments.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use mach_nix_lock::Lock;
use mach_nix_nix::{DEFAULT_TIMEOUT, Nix, NixError};
use serde_json::json;

use crate::args::environment::ProgramOptions;
use crate::args::lock::LockOptions;
use crate::failure::Failure;
use crate::{lock, lock_file, output};

/// Builds an environment and prints its path.
pub fn build(options: &LockOptions, quiet: bool) -> Result<(), Failure> {
    let environment = environment(options, "build", quiet)?;
    output::write(Path::new("-"), &format!("{}\n", environment.display()))
        .map_err(|error| Failure::external(format!("cannot print: {error}")))
}

/// Starts a shell with the programs of the environment first in PATH.
pub fn shell(options: &LockOptions, quiet: bool) -> Result<(), Failure> {
    let environment = environment(options, "shell", quiet)?;
    let shell = env::var_os("SHELL").unwrap_or_else(|| "/bin/sh".into());
    Err(start(&environment, &shell, &[]))
}

/// Replaces this process by a program in the environment.
pub fn run(options: &ProgramOptions, quiet: bool) -> Result<(), Failure> {
    let [program, arguments @ ..] = &options.program[..] else {
        return Err(Failure::usage(
            "no program is named: write it after `--`, as in `mach-nix run httpie -- http --version`",
        ));
    };
    let environment = environment(&options.lock, "run", quiet)?;
    Err(start(&environment, program, arguments))
}

/// Locks without an existing lock, and builds.
fn environment(options: &LockOptions, command: &str, quiet: bool) -> Result<PathBuf, Failure> {
    let mut options = options.clone();
    options.refuse_other_results(command)?;
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::external(format!("cannot make a temporary folder: {error}")))?;
    let path = folder.path().join(lock_file::NAME);
    options.output = Some(path.clone());
    // The summary would contain the path of a temporary file.
    lock::run(&options, true)?;
    let lock = lock_file::read(&path)?;
    let nix = Nix::new(options.nixpkgs);
    built(&nix, &path, &lock, quiet).map_err(Failure::external)
}

fn built(nix: &Nix, path: &Path, lock: &Lock, quiet: bool) -> Result<PathBuf, NixError> {
    let python = lock.targets.first().map(|target| target.python.to_string());
    let argument = json!({ "lock": path, "python": python });
    let derivations = nix.instantiate("command/environment.nix", &argument, DEFAULT_TIMEOUT)?;
    let outputs = nix.build(&derivations, quiet)?;
    outputs
        .into_iter()
        .next()
        .ok_or_else(|| NixError::System("there is nothing to build".to_owned()))
}

/// Replaces this process; returns only on failure.
fn start(environment: &Path, program: &OsStr, arguments: &[OsString]) -> Failure {
    let mut path = vec![environment.join("bin")];
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
    let error = Command::new(&found).args(arguments).env("PATH", &path).exec();
    match error.kind() {
        io::ErrorKind::PermissionDenied => Failure::usage(format!("{} is not a program", found.display())),
        _ => Failure::external(format!("cannot start {}: {error}", found.display())),
    }
}
