//! Whether a branch or tag contains a commit: the commit of a lock may be that of an attacker under the name of a branch
//! that people trust, and servers give out commits of forks.

use std::fs;

use mach_nix_model::IndexError;
use url::Url;

use super::git::{commit_at, on_thread};
use super::git_program::Git;
use crate::address::shown;
use crate::shared::Shared;

/// What was verified once: rewriting a branch later does not make its earlier commits foreign.
const REACHED: &str = "git-reached-v1";

/// The depths of history that are fetched one after the other: most commits of locks are recent. 0 is the whole history.
const DEPTHS: [u32; 3] = [32, 1024, 0];

impl Shared {
    /// Records that a branch or tag was at a commit.
    pub fn reached(&self, repository: &Url, name: &str, rev: &str) {
        self.cache.put(REACHED, &key(repository, name, rev), &true);
    }

    /// # Errors
    /// When a branch or tag does not contain a commit. Offline, nothing is verified.
    pub async fn check_reached(&self, repository: &Url, name: &str, rev: &str) -> Result<(), IndexError> {
        let key = key(repository, name, rev);
        if self.options.offline || self.cache.get::<bool>(REACHED, &key).is_some() {
            return Ok(());
        }
        let git = self.git(repository).await?;
        let (remote, branch, commit) = (shown(repository), name.to_owned(), rev.to_owned());
        let is_reached = on_thread(move || {
            Ok(commit_at(&git, remote, &branch)? == commit || contains(&git, &branch, &commit)?)
        });
        if !is_reached.await? {
            return Err(IndexError::UnreachedCommit {
                repository: shown(repository),
                name: name.to_owned(),
                rev: rev.to_owned(),
            });
        }
        self.cache.put(REACHED, &key, &true);
        Ok(())
    }
}

fn key(repository: &Url, name: &str, rev: &str) -> String {
    format!("{repository} {name} {rev}")
}

/// Whether a commit is in the history of a branch or tag, of which only the commits are fetched where the server can.
fn contains(git: &Git, name: &str, rev: &str) -> Result<bool, IndexError> {
    let failed = |error: std::io::Error| git.failed(error.to_string());
    let folder = tempfile::Builder::new()
        .prefix("mach-nix-git-")
        .tempdir()
        .map_err(failed)?;
    let bare = folder.path().join("history");
    fs::create_dir(&bare).map_err(failed)?;
    let run = |arguments: &[&str]| git.run(Some(&bare), arguments);
    run(&["init", "--quiet", "--bare"])?;
    for depth in DEPTHS {
        let limit = format!("--depth={depth}");
        let whole = ["fetch", "--progress", "--", &git.address, name];
        let limited = [
            "fetch",
            "--progress",
            &limit,
            "--filter=tree:0",
            "--",
            &git.address,
            name,
        ];
        let all = ["fetch", "--progress", "--unshallow", "--", &git.address, name];
        // Simple servers know neither of both, and give everything.
        let fetched = if depth == 0 {
            run(&all).or_else(|_| run(&whole))
        } else {
            run(&limited)
        };
        if fetched.is_err() && depth != 0 {
            continue;
        }
        fetched?;
        // It fails also for a commit that is not there.
        if run(&["merge-base", "--is-ancestor", rev, "FETCH_HEAD"]).is_ok() {
            return Ok(true);
        }
    }
    Ok(false)
}
