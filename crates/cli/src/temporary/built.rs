//! The result of a build.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use mach_nix_lock::Lock;
use mach_nix_nix::{DEFAULT_TIMEOUT, Nix};
use serde_json::json;

use crate::editable::Imported;
use crate::failure::Failure;
use crate::inputs;
use crate::project::Selected;
use crate::sources::current_folder;

/// An environment that was built.
pub struct Environment {
    /// The output of its derivation.
    pub path: PathBuf,
    /// The variables that an environment file states.
    pub variables: BTreeMap<String, String>,
}

impl Environment {
    /// The folders of programs: of the environment, and of packages that are not projects of Python, such as conda's.
    pub fn programs(&self) -> Vec<PathBuf> {
        let more = fs::read_to_string(self.path.join("nix-support/mach-nix-programs")).unwrap_or_default();
        let own = std::iter::once(self.path.join("bin"));
        own.chain(more.lines().map(PathBuf::from)).collect()
    }
}

/// The environment of a lock, to build.
pub struct Wanted<'a> {
    /// The path of the lock.
    pub path: &'a Path,
    /// The lock.
    pub lock: &'a Lock,
    /// The selected parts, where the lock has parts.
    pub selection: Option<Selected>,
    /// The projects that are imported from their folders.
    pub editable: Vec<Imported>,
    /// Whether it has the form of a virtual environment.
    pub venv: bool,
}

impl<'a> Wanted<'a> {
    /// All packages of a lock.
    pub fn whole(path: &'a Path, lock: &'a Lock) -> Self {
        Self {
            path,
            lock,
            selection: None,
            editable: Vec::new(),
            venv: false,
        }
    }
}

/// Builds an environment.
pub fn built(nix: &Nix, wanted: &Wanted<'_>, quiet: bool) -> Result<Environment, Failure> {
    let Wanted { lock, .. } = wanted;
    let system = inputs::this_system()?;
    let here = lock.targets.iter().find(|target| target.system == system);
    let python = here
        .or(lock.targets.first())
        .map(|target| target.python.to_string());
    let selection = wanted.selection.as_ref().filter(|_| lock.parts.is_some());
    let path = mach_nix_manifest::normalized(&current_folder()?.join(wanted.path));
    let argument = json!({
        "lock": path,
        "python": python,
        "selection": selection,
        "editable": wanted.editable,
        "venv": wanted.venv,
    });
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
