//! A shell that stays in its environment: start-up files that put other folders first in PATH come before the environment.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use super::built::Environment;
use crate::failure::Failure;
use crate::invocation::quoted;

/// Replaces this process with the shell of the user; returns only on failure.
pub fn start(environment: &Environment) -> Failure {
    let shell = env::var_os("SHELL").filter(|shell| !shell.is_empty());
    let shell = shell.unwrap_or_else(|| "/bin/sh".into());
    let mut command = Command::new(&shell);
    command.envs(&environment.variables);
    let programs = environment.programs();
    let mut path = programs.clone();
    path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    match env::join_paths(path) {
        Ok(path) => command.env("PATH", path),
        Err(error) => return Failure::external(format!("PATH cannot be extended: {error}")),
    };
    command.env("IN_NIX_SHELL", "impure");
    let programs: Vec<String> = programs
        .iter()
        .map(|folder| quoted(&folder.to_string_lossy()))
        .collect();
    let name = Path::new(&shell).file_name().map(std::ffi::OsStr::to_owned);
    let prepared = match name.as_deref().and_then(|name| name.to_str()) {
        Some("bash") => start_up_file(&mut command, &programs.join(":")),
        Some("fish") => {
            let programs = programs.join(" ");
            command.arg("--init-command").arg(format!(
                "set -gx PATH {programs} $PATH; functions -c fish_prompt _mach_nix_prompt; function fish_prompt; echo -n \
                 '(mach-nix) '; _mach_nix_prompt; end"
            ));
            Ok(())
        }
        _ => Ok(()),
    };
    if let Err(error) = prepared {
        return Failure::external(format!("cannot write a temporary file: {error}"));
    }
    let error = command.exec();
    Failure::external(format!("cannot start {}: {error}", shell.display()))
}

/// Has bash read a file that reads the one of the user, and then puts the environment first. It deletes itself.
fn start_up_file(command: &mut Command, programs: &str) -> std::io::Result<()> {
    let file = tempfile::NamedTempFile::new()?;
    let path = quoted(&file.path().to_string_lossy());
    let text = format!(
        "command rm -f {path}\n\
         [ -f ~/.bashrc ] && . ~/.bashrc\n\
         export PATH={programs}:$PATH IN_NIX_SHELL=impure\n\
         PS1=\"(mach-nix) ${{PS1-\\$ }}\"\n"
    );
    fs::write(file.path(), text)?;
    let (_, path) = file.keep().map_err(|error| error.error)?;
    command.arg("--rcfile").arg::<OsString>(path.into());
    Ok(())
}
