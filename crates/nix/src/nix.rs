//! The local installation of Nix.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::NixError;
use crate::library::Library;
use crate::package_set::PackageSet;
use crate::run::{Outcome, run, run_visibly};

/// The exit code of Nix if a build takes longer than `--timeout` (nix-store(1), "Exit status").
const BUILD_TIMED_OUT: i32 = 101;

/// The local installation of Nix, with its package set.
pub struct Nix {
    package_set: PackageSet,
    offline: bool,
    found: OnceLock<Result<PathBuf, NixError>>,
    library: OnceLock<Result<Library, NixError>>,
}

impl Nix {
    /// Nix with the package set of this name (a path, a name on Nix's search path, the URL of a tarball, or a reference to
    /// a flake), or else with `<nixpkgs>`.
    /// Nothing is started before the first query.
    #[must_use]
    pub fn new(package_set: Option<PathBuf>) -> Self {
        Self {
            package_set: PackageSet::new(package_set),
            offline: false,
            found: OnceLock::new(),
            library: OnceLock::new(),
        }
    }

    /// The same; offline, a package set is not fetched.
    #[must_use]
    pub fn offline(self, offline: bool) -> Self {
        Self { offline, ..self }
    }

    /// Whether the user specified the package set.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.package_set.is_named()
    }

    /// The path of the package set.
    ///
    /// # Errors
    /// If none is found, it is not usable, or Nix is not installed.
    pub fn package_set(&self) -> Result<&Path, NixError> {
        let found = self.found.get_or_init(|| self.package_set.find(self.offline));
        found.as_deref().map_err(Clone::clone)
    }

    /// Evaluates a file of `nixlib`, a function of `{ nixpkgs, argument }`: the path of the package set, and that of a
    /// file with `argument` as JSON. The result must be representable in JSON.
    ///
    /// # Errors
    /// If the evaluation fails or takes longer than `timeout`, or its result is not a `T`.
    pub fn evaluate<T: DeserializeOwned>(
        &self,
        file: &str,
        argument: &impl Serialize,
        timeout: Duration,
    ) -> Result<T, NixError> {
        let outcome = self.call(
            "nix-instantiate",
            &["--eval", "--strict", "--json"],
            file,
            argument,
            Some(timeout),
        )?;
        if !outcome.status.success() {
            return Err(NixError::Failed { log: outcome.log });
        }
        serde_json::from_str(&outcome.answer)
            .map_err(|error| NixError::System(format!("unexpected output of {file}: {error}")))
    }

    /// The derivations of a file of `nixlib`, called as in [`Nix::evaluate`]: a list, in its order.
    ///
    /// # Errors
    /// If the evaluation fails or takes longer than `timeout`.
    pub fn instantiate(
        &self,
        file: &str,
        argument: &impl Serialize,
        timeout: Duration,
    ) -> Result<Vec<PathBuf>, NixError> {
        let outcome = self.call("nix-instantiate", &[], file, argument, Some(timeout))?;
        paths(outcome)
    }

    /// Builds derivations, or fetches them from a binary cache, and returns their output paths. The limit applies to
    /// each build.
    ///
    /// # Errors
    /// If a build fails or takes too long.
    pub fn realise(
        &self,
        derivations: &[PathBuf],
        limit: Option<Duration>,
    ) -> Result<Vec<PathBuf>, NixError> {
        let seconds = limit.map(|limit| limit.as_secs().max(1));
        let timeout = seconds.map(|seconds| seconds.to_string());
        let mut arguments = vec![OsStr::new("--realise")];
        if let Some(seconds) = &timeout {
            arguments.extend([OsStr::new("--timeout"), OsStr::new(seconds)]);
        }
        arguments.extend(derivations.iter().map(|path| path.as_os_str()));
        let outcome = run("nix-store", &arguments, None)?;
        match seconds {
            // With a daemon the exit code is not specific.
            Some(seconds)
                if outcome.status.code() == Some(BUILD_TIMED_OUT)
                    || outcome
                        .log
                        .contains(&format!("timed out after {seconds} seconds")) =>
            {
                Err(NixError::TimedOut {
                    seconds,
                    log: outcome.log,
                })
            }
            _ => paths(outcome),
        }
    }

    /// Builds derivations and returns their output paths. Nix's messages go to standard error, unless `quiet` is set.
    ///
    /// # Errors
    /// If a build fails.
    pub fn build(&self, derivations: &[PathBuf], quiet: bool) -> Result<Vec<PathBuf>, NixError> {
        if quiet {
            return self.realise(derivations, None);
        }
        // It names builds and downloads, and shows the log of a failed build.
        let mut arguments = ["--no-out-link", "--no-build-output"].map(OsStr::new).to_vec();
        arguments.extend(derivations.iter().map(|path| path.as_os_str()));
        paths(run_visibly("nix-build", &arguments)?)
    }

    /// Links a store path from `link`, atomically, and keeps it from being collected as garbage while the link exists.
    ///
    /// # Errors
    /// If the link cannot be written.
    pub fn add_root(&self, link: &Path, store_path: &Path) -> Result<(), NixError> {
        let link = std::path::absolute(link).map_err(|error| NixError::System(error.to_string()))?;
        let options = ["--realise", "--indirect", "--add-root"].map(OsStr::new);
        let arguments: Vec<&OsStr> = options
            .into_iter()
            .chain([link.as_os_str(), store_path.as_os_str()])
            .collect();
        paths(run("nix-store", &arguments, None)?).map(|_| ())
    }

    fn call(
        &self,
        program: &'static str,
        options: &[&str],
        file: &str,
        argument: &impl Serialize,
        limit: Option<Duration>,
    ) -> Result<Outcome, NixError> {
        let package_set = self.package_set()?;
        let library = self.library()?;
        let data = data(library.folder(), argument)?;
        let (name, file) = (file, library.file(file));
        let mut arguments: Vec<&OsStr> = options.iter().map(OsStr::new).collect();
        arguments.push(file.as_os_str());
        for (option, value) in [("nixpkgs", package_set), ("argument", data.path())] {
            arguments.extend([OsStr::new("--argstr"), OsStr::new(option), value.as_os_str()]);
        }
        tracing::info!("evaluating {name} of nixlib over {}", package_set.display());
        run(program, &arguments, limit)
    }

    fn library(&self) -> Result<&Library, NixError> {
        let library = self
            .library
            .get_or_init(|| Library::write().map_err(|error| temporary(&error)));
        library.as_ref().map_err(Clone::clone)
    }
}

/// Parses one path per line. A derivation with several outputs has one path each, with an optional suffix: `PATH!out`.
fn paths(outcome: Outcome) -> Result<Vec<PathBuf>, NixError> {
    if !outcome.status.success() {
        return Err(NixError::Failed { log: outcome.log });
    }
    let lines = outcome.answer.lines();
    Ok(lines
        .map(|line| PathBuf::from(line.split_once('!').map_or(line, |(path, _)| path)))
        .collect())
}

/// A file with the argument.
fn data(folder: &Path, argument: &impl Serialize) -> Result<tempfile::NamedTempFile, NixError> {
    let file = tempfile::NamedTempFile::new_in(folder).map_err(|error| temporary(&error))?;
    let text = serde_json::to_vec(argument).map_err(|error| NixError::System(error.to_string()))?;
    fs::write(file.path(), text).map_err(|error| temporary(&error))?;
    Ok(file)
}

fn temporary(error: &std::io::Error) -> NixError {
    NixError::System(format!(
        "the folder for temporary files cannot be written: {error}"
    ))
}
