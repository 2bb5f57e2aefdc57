//! The identity of a package set, without reading all of it.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use crate::run::run;

/// Timeout of git, which examines every file of a large tree.
const TIMEOUT: Duration = Duration::from_secs(30);

/// An identifier for the content of a package set: the path in the store, or the commit of a clean checkout. Other
/// package sets may change at any time and have none.
pub fn of(package_set: &Path) -> Option<String> {
    of_real_path(&package_set.canonicalize().ok()?)
}

fn of_real_path(path: &Path) -> Option<String> {
    let text = path.to_str()?;
    if path.starts_with("/nix/store") {
        return Some(text.to_owned());
    }
    if !path.join(".git").exists() {
        return None;
    }
    let changes = git(text, &["status", "--porcelain"])?;
    let commit = git(text, &["rev-parse", "HEAD"])?;
    changes
        .trim()
        .is_empty()
        .then(|| format!("git {}", commit.trim()))
}

fn git(folder: &str, command: &[&str]) -> Option<String> {
    let mut arguments = ["--no-optional-locks", "-C", folder].map(OsStr::new).to_vec();
    arguments.extend(command.iter().map(OsStr::new));
    let outcome = run("git", &arguments, Some(TIMEOUT)).ok()?;
    outcome.status.success().then_some(outcome.answer)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails says where")]

    use std::fs;

    use super::*;

    #[test]
    fn a_checkout_is_its_commit_until_it_is_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        assert_eq!(of(folder.path()), None, "a folder that may change");
        fs::write(folder.path().join("default.nix"), "{ }: { }").unwrap();
        git(path, &["init", "--quiet"]).unwrap();
        git(path, &["add", "."]).unwrap();
        let author = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
        let commit = author.iter().chain(&["commit", "--quiet", "-m", "first"]);
        git(path, &commit.copied().collect::<Vec<_>>()).unwrap();
        let first = of(folder.path()).unwrap();
        assert_eq!(first.len(), "git ".len() + 40);
        fs::write(folder.path().join("new.nix"), "{ }").unwrap();
        assert_eq!(
            of(folder.path()),
            None,
            "what git does not know may be imported, too"
        );
        fs::remove_file(folder.path().join("new.nix")).unwrap();
        assert_eq!(of(folder.path()), Some(first));
    }

    #[test]
    fn a_path_in_the_store_never_changes() {
        let path = "/nix/store/00000000000000000000000000000000-nixpkgs/nixpkgs";
        assert_eq!(of_real_path(Path::new(path)).as_deref(), Some(path));
    }
}
