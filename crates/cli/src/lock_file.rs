//! Reading a lock file.

use std::io::{self, Read};
use std::path::Path;

use mach_nix_lock::Lock;

use crate::args::lock::LockOptions;
use crate::failure::Failure;
use crate::invocation::quoted;

/// The name of a lock file.
pub const NAME: &str = "mach-nix.lock";

/// Reads a lock; `-` is standard input.
pub fn read(path: &Path) -> Result<Lock, Failure> {
    let text = if path == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        crate::disk::read_text(path)
    };
    let text = text.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::usage(format!(
            "there is no lock at {}: name one, or make one with `{}`",
            path.display(),
            command_for(path)
        )),
        io::ErrorKind::InvalidData | io::ErrorKind::IsADirectory => {
            Failure::usage(format!("{} is not a lock: {error}", path.display()))
        }
        _ => Failure::external(format!("cannot read {}: {error}", path.display())),
    })?;
    Lock::from_json(&text).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

/// Whether a file is a lock of mach-nix, by its name or, for other `.lock` files, by its contents.
pub fn is_lock(path: &Path) -> bool {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let is_other = |text: String| Lock::from_json(&text).is_ok();
    name == NAME || (name.ends_with(".lock") && crate::disk::read_text(path).is_ok_and(is_other))
}

/// The lock among the input files, which then is the only one.
pub fn among_inputs(options: &LockOptions) -> Result<Option<&Path>, Failure> {
    let Some(lock) = options.requirement_files.iter().find(|path| is_lock(path)) else {
        return Ok(None);
    };
    let is_alone = options.requirement_files.len() == 1
        && options.requirements.is_empty()
        && options.project.pyproject.is_none()
        && options.environment.is_none()
        && options.constraint_files.is_empty();
    if !is_alone || options.upgrade.is_some() {
        return Err(Failure::usage(format!(
            "{} is a lock, which is used as it is: leave out the other inputs and --upgrade",
            lock.display()
        )));
    }
    Ok(Some(lock))
}

/// The command that creates a lock, with the input files next to it, if any.
fn command_for(path: &Path) -> String {
    const MANIFESTS: [(&str, &str); 3] = [
        ("-r", "requirements.txt"),
        ("--pyproject", "pyproject.toml"),
        ("--environment", "environment.yml"),
    ];
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut found = MANIFESTS.iter().map(|(option, name)| (option, folder.join(name)));
    let Some((option, file)) = found.find(|(_, file)| file.is_file()) else {
        return "mach-nix lock --help".to_owned();
    };
    let output = if path.ends_with(NAME) {
        String::new()
    } else {
        format!(" -o {}", quoted(&path.to_string_lossy()))
    };
    format!(
        "mach-nix lock {option} {}{output}",
        quoted(&file.to_string_lossy())
    )
}
