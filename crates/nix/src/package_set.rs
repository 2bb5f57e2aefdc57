//! The package set, from its name to its path.
//!
//! A new kind of name is a new variant of [`PackageSet`], parsed in [`PackageSet::new`] and resolved in
//! [`PackageSet::find`].

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use crate::NixError;
use crate::fetched_set::FetchedSet;
use crate::run::{DEFAULT_TIMEOUT, run};

/// The name of a package set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackageSet {
    /// The default: `<nixpkgs>`.
    Default,
    /// An entry of Nix's search path: `<NAME>`.
    SearchPath(String),
    /// A file or folder to import.
    Path(PathBuf),
    /// A tarball or a flake.
    Fetched(FetchedSet),
}

impl PackageSet {
    /// Parses a name: `<NAME>`, a path, the URL of a tarball, or a reference to a flake.
    pub fn new(name: Option<PathBuf>) -> Self {
        let Some(path) = name else {
            return Self::Default;
        };
        let text = path.to_str().unwrap_or_default();
        match text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
            Some(name) => Self::SearchPath(name.to_owned()),
            None => FetchedSet::parse(text).map_or(Self::Path(path), Self::Fetched),
        }
    }

    /// Whether the user specified it.
    pub fn is_named(&self) -> bool {
        *self != Self::Default
    }

    /// The path. Looking up an entry of the search path may download it; offline, nothing else is.
    pub fn find(&self, offline: bool) -> Result<PathBuf, NixError> {
        let unusable = |reason| NixError::UnusablePackageSet {
            what: self.shown(),
            reason,
            is_named: self.is_named(),
        };
        let path = match self {
            Self::Path(path) => path
                .canonicalize()
                .map_err(|error| unusable(path_error(path, &error)))?,
            Self::Default => match in_search_path("nixpkgs")? {
                Ok(path) => path,
                Err(None) => return Err(NixError::NoPackageSet),
                Err(Some(reason)) => return Err(unusable(reason)),
            },
            Self::Fetched(set) if offline && !set.is_local() => {
                return Err(unusable(
                    "nothing is fetched offline: name the folder of a nixpkgs on this machine".to_owned(),
                ));
            }
            Self::Fetched(set) => set.fetch()?.map_err(unusable)?,
            Self::SearchPath(name) => in_search_path(name)?.map_err(|reason| {
                unusable(reason.unwrap_or_else(|| format!("NIX_PATH has no entry `{name}`")))
            })?,
        };
        check(&path).map_err(unusable)?;
        Ok(path)
    }

    fn shown(&self) -> String {
        match self {
            Self::Default => "the nixpkgs of NIX_PATH".to_owned(),
            Self::SearchPath(name) => format!("the nixpkgs `<{name}>`"),
            Self::Path(path) => format!("the nixpkgs `{}`", path.display()),
            Self::Fetched(set) => format!("the nixpkgs `{}`", set.as_str()),
        }
    }
}

/// The path of an entry of Nix's search path; or else Nix's reasons for skipping entries of that name, if any.
fn in_search_path(name: &str) -> Result<Result<PathBuf, Option<String>>, NixError> {
    let arguments = ["--find-file", name].map(OsStr::new);
    let outcome = run("nix-instantiate", &arguments, Some(DEFAULT_TIMEOUT))?;
    if outcome.status.success() {
        return Ok(Ok(PathBuf::from(outcome.answer.trim())));
    }
    Ok(Err(skipped_entries(&outcome.log).or_else(|| {
        let not_found = outcome.log.contains("was not found in the Nix search path");
        (!not_found).then(|| outcome.log.trim().to_owned())
    })))
}

/// The warning of Nix about skipped entries: `warning: Nix search path entry '/x' does not exist, ignoring`.
fn skipped_entries(log: &str) -> Option<String> {
    let warnings = log.lines().filter(|line| line.contains("search path entry"));
    let reasons: Vec<&str> = warnings
        .map(|line| {
            let line = line.strip_prefix("warning: ").unwrap_or(line);
            line.strip_suffix(", ignoring").unwrap_or(line)
        })
        .collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// Checks that a path can be imported; only an evaluation shows whether it is a package set.
fn check(path: &Path) -> Result<(), String> {
    let metadata = path.metadata().map_err(|error| path_error(path, &error))?;
    if !metadata.is_dir() {
        return std::fs::File::open(path)
            .map(drop)
            .map_err(|error| path_error(path, &error));
    }
    let file = path.join("default.nix");
    match std::fs::File::open(&file) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(format!(
            "`{}` has no default.nix, so it is not a nixpkgs",
            path.display()
        )),
        Err(error) => Err(path_error(&file, &error)),
    }
}

fn path_error(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => format!("there is no file or folder `{}`", path.display()),
        _ => format!("`{}`: {error}", path.display()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails says where")]

    use super::*;

    #[test]
    fn a_name_in_angle_brackets_is_an_entry_of_the_search_path() {
        let read = |name: &str| PackageSet::new(Some(PathBuf::from(name)));
        assert_eq!(read("<unstable>"), PackageSet::SearchPath("unstable".to_owned()));
        assert_eq!(read("./nixpkgs"), PackageSet::Path(PathBuf::from("./nixpkgs")));
        assert_eq!(PackageSet::new(None), PackageSet::Default);
    }

    #[test]
    fn a_path_that_cannot_be_imported_is_refused_with_the_cause() {
        let folder = tempfile::tempdir().unwrap();
        let find = |path: &Path| PackageSet::Path(path.to_owned()).find(false);
        let error = find(&folder.path().join("none")).unwrap_err().to_string();
        assert!(
            error.contains("none` cannot be used: there is no file or folder `"),
            "{error}"
        );
        let error = find(folder.path()).unwrap_err().to_string();
        assert!(
            error.ends_with("has no default.nix, so it is not a nixpkgs"),
            "{error}"
        );
        std::fs::write(folder.path().join("default.nix"), "{ }: { }").unwrap();
        find(folder.path()).unwrap();
    }

    #[test]
    fn skipped_entries_are_reported() {
        let log = "warning: Nix search path entry '/missing' does not exist, ignoring\n\
                   error: file 'nixpkgs' was not found in the Nix search path (add it using $NIX_PATH or -I)\n";
        assert_eq!(
            skipped_entries(log).unwrap(),
            "Nix search path entry '/missing' does not exist"
        );
        assert_eq!(skipped_entries("error: no"), None);
    }
}
