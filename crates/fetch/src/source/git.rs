//! Commits of git repositories, by the program `git`, which has the user's settings and proxies.
//!
//! The checkout is that of nixpkgs' `fetchgit`, because the lock contains its digest: with submodules, without `.git`,
//! and independent of the user's settings.

use std::fs;
use std::io;

use mach_nix_hash::Sha256;
use mach_nix_model::{IndexError, fragment};
use serde::{Deserialize, Serialize};
use url::Url;

use super::contents::of_folder;
use super::git_program::{Git, without_prefix};
use super::reading::Reading;
use super::tree;
use super::tree_files::TreeFiles;
use crate::address::shown;
use crate::shared::Shared;

/// Cached data of commits, which never change.
const COMMITS: &str = "git-commits-v3";

/// The commits of branches and tags at the last query, for `--offline`.
const NAMES: &str = "git-names-v1";

/// A commit with its contents.
pub struct Checkout {
    /// The URL of the repository with `git+`, without revision and fragment.
    pub repository: Url,
    /// The commit.
    pub rev: String,
    /// The requested branch or tag; `None` for a commit.
    pub reference: Option<String>,
    /// The digest of its files.
    pub hash: Sha256,
    /// The static metadata of its files.
    pub read: Reading,
}

/// The cached data of a commit.
#[derive(Serialize, Deserialize)]
struct CachedCheckout {
    hash: Sha256,
    read: Reading,
}

impl Checkout {
    /// The URL for git.
    pub fn repository_without_prefix(&self) -> String {
        without_prefix(&self.repository)
    }
}

impl Shared {
    /// Checks out the commit of `git+https://…@NAME#subdirectory=…`.
    pub async fn checkout(&self, url: &Url) -> Result<Checkout, IndexError> {
        let (repository, name) = parts(url);
        let subdirectory = fragment(url, "subdirectory");
        let commit = name.as_deref().filter(|name| is_commit(name));
        let (rev, reference) = if let Some(rev) = commit {
            (rev.to_ascii_lowercase(), None)
        } else {
            let name = name.unwrap_or_else(|| "HEAD".to_owned());
            (self.commit_of(&repository, &name).await?, Some(name))
        };
        let key = format!(
            "{repository} {rev} {}",
            subdirectory.as_deref().unwrap_or_default()
        );
        let cached = match self.cache.get::<CachedCheckout>(COMMITS, &key) {
            Some(cached) => cached,
            None if self.options.offline => {
                return Err(IndexError::Offline {
                    what: format!("commit {rev} of {}", shown(&repository)),
                });
            }
            None => {
                let (git, rev) = (self.git(&repository).await?, rev.clone());
                let cached = on_thread(move || look(&git, &rev, subdirectory.as_deref())).await?;
                self.cache.put(COMMITS, &key, &cached);
                cached
            }
        };
        Ok(Checkout {
            repository,
            rev,
            reference,
            hash: cached.hash,
            read: cached.read,
        })
    }

    /// The commit of a branch, a tag or `HEAD`.
    async fn commit_of(&self, repository: &Url, name: &str) -> Result<String, IndexError> {
        let cached = git_reference(&without_prefix(repository), name);
        if let Some(rev) = self.options.commits.get(&cached) {
            self.check_reached(repository, name, rev).await?;
            return Ok(rev.clone());
        }
        let key = format!("{repository} {name}");
        if self.options.offline {
            let cached = self.cache.get(NAMES, &key);
            return cached.ok_or_else(|| IndexError::Offline {
                what: format!("which commit `{name}` of {} is", shown(repository)),
            });
        }
        let (git, remote, wanted) = (self.git(repository).await?, shown(repository), name.to_owned());
        let rev = on_thread(move || commit_at(&git, remote, &wanted)).await?;
        self.cache.put(NAMES, &key, &rev);
        self.reached(repository, name, &rev);
        Ok(rev)
    }
}

/// Runs git, which blocks, on a blocking thread.
pub async fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, IndexError> + Send + 'static,
) -> Result<T, IndexError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(IndexError::unreachable("git", error)))
}

/// The repository, and the text after the last `@` of the path.
fn parts(url: &Url) -> (Url, Option<String>) {
    let mut repository = url.clone();
    repository.set_fragment(None);
    let path = url.path().to_owned();
    match path.rsplit_once('@') {
        Some((before, name)) if !name.is_empty() => {
            repository.set_path(before);
            let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
            (repository, Some(name.into_owned()))
        }
        _ => (repository, None),
    }
}

/// The key of a branch or tag of a repository in [`FetchOptions::commits`](crate::FetchOptions); the URL is in the form
/// of [`DirectSource::Git`](mach_nix_model::DirectSource).
#[must_use]
pub fn git_reference(repository: &str, name: &str) -> String {
    format!("{repository} {name}")
}

fn is_commit(name: &str) -> bool {
    name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The commit of a branch, a tag or `HEAD` on the server.
pub fn commit_at(git: &Git, repository: String, name: &str) -> Result<String, IndexError> {
    let listed = git.run(None, &["ls-remote", "--", &git.address])?;
    revision_in(&listed, name).ok_or_else(|| IndexError::NoSuchRevision {
        repository,
        name: name.to_owned(),
    })
}

/// The commit of a branch, a tag or `HEAD` in what `git ls-remote` prints.
pub fn revision_in(listed: &str, name: &str) -> Option<String> {
    // As in git, tags precede branches, and the target of an annotated tag precedes the tag itself.
    let candidates = [
        format!("refs/tags/{name}^{{}}"),
        format!("refs/tags/{name}"),
        format!("refs/heads/{name}"),
        name.to_owned(),
    ];
    candidates.iter().find_map(|wanted| {
        let mut lines = listed.lines().filter_map(|line| line.split_once('\t'));
        lines
            .find(|(_, name)| name == wanted)
            .map(|(rev, _)| rev.to_owned())
    })
}

/// Fetches a commit and reads its files.
fn look(git: &Git, rev: &str, subdirectory: Option<&str>) -> Result<CachedCheckout, IndexError> {
    let failed = |error: io::Error| git.failed(error.to_string());
    let folder = tempfile::Builder::new()
        .prefix("mach-nix-git-")
        .tempdir()
        .map_err(failed)?;
    let checkout = folder.path().join("source");
    fs::create_dir(&checkout).map_err(failed)?;
    let run = |arguments: &[&str]| git.run(Some(&checkout), arguments);
    run(&["init", "--quiet"])?;
    run(&["remote", "add", "--", "origin", &git.address])?;
    // Progress is printed because silence means that the server hangs.
    // Some servers do not serve commits without a branch or tag.
    run(&["fetch", "--progress", "--depth", "1", "origin", rev])
        .or_else(|_| run(&["fetch", "--progress", "--tags", "origin"]))?;
    run(&["checkout", "--progress", "--detach", rev])?;
    run(&["submodule", "update", "--progress", "--init", "--recursive"])?;
    let hash = tree::nar_hash(&checkout).map_err(failed)?;
    let outside = || git.failed("it leaves the repository");
    let root = checkout.canonicalize().map_err(failed)?;
    let project = root.join(subdirectory.unwrap_or_default());
    let project = project.canonicalize().map_err(failed)?;
    let project = project.strip_prefix(&root).map_err(|_| outside())?;
    let files = TreeFiles::new(&root, git.shown.clone())?;
    let read = of_folder(&files, project.to_str().ok_or_else(outside)?)?;
    Ok(CachedCheckout { hash, read })
}
