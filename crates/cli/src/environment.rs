//! `mach-nix env`: a self-contained folder from which Nix creates an environment.

use std::fs;
use std::io;
use std::path::Path;

use mach_nix_nix::LIBRARY;

use crate::args::environment::EnvironmentOptions;
use crate::failure::Failure;
use crate::{lock, lock_file, output};

/// The Nix expression; the data is in the lock.
const EXPRESSION: &str = include_str!("environment/default.nix");

pub fn run(options: &EnvironmentOptions, quiet: bool) -> Result<(), Failure> {
    let folder = &options.folder;
    let mut lock = options.lock.clone();
    lock.refuse_other_results("env")?;
    lock.output = Some(folder.join(lock_file::NAME));
    lock::run(&lock, quiet)?;
    write(folder)
        .map_err(|error| Failure::external(format!("cannot write {}: {error}", folder.display())))?;
    if !quiet {
        output::note(format_args!(
            "`nix-shell {}` enters the environment",
            folder.display()
        ));
    }
    Ok(())
}

fn write(folder: &Path) -> io::Result<()> {
    output::write(&folder.join("default.nix"), EXPRESSION)?;
    for (name, content) in LIBRARY {
        let path = folder.join("nixlib").join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, content)?;
    }
    Ok(())
}
