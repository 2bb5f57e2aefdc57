//! Reading the lock that a command is about.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use mach_nix_lock::Lock;

use crate::failure::Failure;

/// The name of a lock file.
pub const NAME: &str = "mach-nix.lock";

/// Reads a lock; `-` is standard input.
pub fn read(path: &Path) -> Result<Lock, Failure> {
    let text = if path == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(path)
    };
    let text = text.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::usage(format!(
            "there is no lock at {}: name one, or make it with `mach-nix lock`",
            path.display()
        )),
        io::ErrorKind::InvalidData | io::ErrorKind::IsADirectory => {
            Failure::usage(format!("{} is no lock: {error}", path.display()))
        }
        _ => Failure::world(format!("cannot read {}: {error}", path.display())),
    })?;
    Lock::from_json(&text).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}
