//! `mach-nix sync`: the environment of the project as `.venv`, for editors and tools.

use std::fs;
use std::path::Path;

use mach_nix_nix::Nix;

use crate::args::lock::LockOptions;
use crate::args::project::Editable;
use crate::failure::Failure;
use crate::temporary::built::{Wanted, built};
use crate::{editable, output, project};

/// The name of the environment.
const NAME: &str = ".venv";

pub fn run(options: &LockOptions, quiet: bool) -> Result<(), Failure> {
    options.refuse_other_inputs("sync")?;
    let project = project::required("sync")?;
    let path = project.manifest.with_file_name(NAME);
    check(&path)?;
    let selection = project.selection(&options.project)?;
    let lock = project.fresh_lock(options, quiet)?;
    let nix = Nix::new(options.nixpkgs.clone());
    let environment = built(
        &nix,
        &Wanted {
            selection,
            editable: editable::selected(&project, &lock, &[Editable::Project])?,
            venv: true,
            ..Wanted::whole(&project.lock_path(), &lock)
        },
        quiet,
    )?;
    nix.add_root(&path, &environment.path)
        .map_err(Failure::external)?;
    if !quiet {
        output::note(format_args!(
            "{}: the environment of the project, for editors and tools; `. {}/bin/activate` enters it",
            path.display(),
            path.display()
        ));
    }
    Ok(())
}

/// Refuses to replace what `mach-nix sync` did not write.
fn check(path: &Path) -> Result<(), Failure> {
    let is_own = match fs::symlink_metadata(path) {
        Err(_) => true,
        Ok(found) => found.is_symlink() && fs::read_link(path).is_ok_and(|to| to.starts_with("/nix/store")),
    };
    if is_own {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "{} was not made by `mach-nix sync`: delete it with `rm -r {}`, and sync again",
        path.display(),
        crate::invocation::quoted(&path.to_string_lossy())
    )))
}
