//! Commits of git repositories, by the program `git`, which has the user's credentials and proxies.
//!
//! The checkout is that of nixpkgs' `fetchgit`, because the lock contains its digest: with submodules, without `.git`,
//! and independent of the user's settings.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use mach_nix_hash::Sha256;
use mach_nix_model::{IndexError, fragment, without_credentials};
use serde::{Deserialize, Serialize};
use url::Url;

use super::contents::of_folder;
use super::reading::Reading;
use super::tree;
use super::tree_files::TreeFiles;
use crate::address::shown;
use crate::shared::Shared;

/// Cached data of commits, which never change.
const COMMITS: &str = "git-commits-v3";

/// The commits of branches and tags at the last query, for `--offline`.
const NAMES: &str = "git-names-v1";

/// Settings that a checkout must not depend on; no hooks; and a timeout of 30 s for silent servers.
const SETTINGS: [&str; 8] = [
    "core.autocrlf=false",
    "core.eol=lf",
    "core.attributesFile=/dev/null",
    "core.hooksPath=/dev/null",
    "core.symlinks=true",
    "http.lowSpeedLimit=1",
    "http.lowSpeedTime=30",
    "advice.detachedHead=false",
];

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
                let (repository, rev) = (repository.clone(), rev.clone());
                let cached = blocking(move || look(&repository, &rev, subdirectory.as_deref())).await?;
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
            return Ok(rev.clone());
        }
        let key = format!("{repository} {name}");
        if self.options.offline {
            let cached = self.cache.get(NAMES, &key);
            return cached.ok_or_else(|| IndexError::Offline {
                what: format!("which commit `{name}` of {} is", shown(repository)),
            });
        }
        let (remote, name) = (repository.clone(), name.to_owned());
        let rev = blocking(move || resolve(&remote, &name)).await?;
        self.cache.put(NAMES, &key, &rev);
        Ok(rev)
    }
}

/// Runs git, which blocks, on a blocking thread.
async fn blocking<T: Send + 'static>(
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

/// In `ssh` the user is a part of the address; in other schemes it is a credential.
fn without_prefix(repository: &Url) -> String {
    let address = repository.as_str().trim_start_matches("git+");
    match Url::parse(address) {
        Ok(url) if url.scheme() != "ssh" => without_credentials(&url).into(),
        _ => address.to_owned(),
    }
}

fn is_commit(name: &str) -> bool {
    name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn resolve(repository: &Url, name: &str) -> Result<String, IndexError> {
    let address = repository.as_str().trim_start_matches("git+");
    let listed = git(repository, None, &["ls-remote", "--", address])?;
    // As in git, tags precede branches, and the target of an annotated tag precedes the tag itself.
    let candidates = [
        format!("refs/tags/{name}^{{}}"),
        format!("refs/tags/{name}"),
        format!("refs/heads/{name}"),
        name.to_owned(),
    ];
    let found = candidates.iter().find_map(|wanted| {
        let mut lines = listed.lines().filter_map(|line| line.split_once('\t'));
        lines
            .find(|(_, name)| name == wanted)
            .map(|(rev, _)| rev.to_owned())
    });
    found.ok_or_else(|| IndexError::NoSuchRevision {
        repository: shown(repository),
        name: name.to_owned(),
    })
}

/// Fetches a commit and reads its files.
fn look(repository: &Url, rev: &str, subdirectory: Option<&str>) -> Result<CachedCheckout, IndexError> {
    let failed = |error: io::Error| unreachable(repository, error.to_string());
    let folder = tempfile::Builder::new()
        .prefix("mach-nix-git-")
        .tempdir()
        .map_err(failed)?;
    let checkout = folder.path().join("source");
    fs::create_dir(&checkout).map_err(failed)?;
    let address = repository.as_str().trim_start_matches("git+");
    let run = |arguments: &[&str]| git(repository, Some(&checkout), arguments);
    run(&["init", "--quiet"])?;
    run(&["remote", "add", "--", "origin", address])?;
    // Some servers do not serve commits without a branch or tag.
    run(&["fetch", "--quiet", "--depth", "1", "origin", rev])
        .or_else(|_| run(&["fetch", "--quiet", "--tags", "origin"]))?;
    run(&["checkout", "--quiet", "--detach", rev])?;
    run(&["submodule", "--quiet", "update", "--init", "--recursive"])?;
    let hash = tree::nar_hash(&checkout).map_err(failed)?;
    let outside = || unreachable(repository, "it leaves the repository".to_owned());
    let root = checkout.canonicalize().map_err(failed)?;
    let project = root.join(subdirectory.unwrap_or_default());
    let project = project.canonicalize().map_err(failed)?;
    let project = project.strip_prefix(&root).map_err(|_| outside())?;
    let files = TreeFiles::new(&root, shown(repository))?;
    let read = of_folder(&files, project.to_str().ok_or_else(outside)?)?;
    Ok(CachedCheckout { hash, read })
}

fn unreachable(repository: &Url, reason: String) -> IndexError {
    IndexError::unreachable(shown(repository), reason)
}

fn git(repository: &Url, folder: Option<&Path>, arguments: &[&str]) -> Result<String, IndexError> {
    let mut command = Command::new("git");
    if let Some(folder) = folder {
        command.current_dir(folder);
    }
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    // Variables of a calling git would redirect ours to another repository.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    let output = command
        .args(arguments)
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_LFS_SKIP_SMUDGE", "1")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                unreachable(repository, "`git` is not installed: install it".to_owned())
            }
            _ => unreachable(repository, error.to_string()),
        })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let message = String::from_utf8_lossy(&output.stderr);
    Err(unreachable(repository, format!("git: {}", reason_of(&message))))
}

/// The reason in git's output, without its advice. For SSH it has a remedy: git cannot prompt here.
fn reason_of(message: &str) -> String {
    let lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines = lines.take_while(|line| !line.starts_with("Please make sure"));
    let lines: Vec<&str> = lines.filter(|line| !line.starts_with("Warning:")).collect();
    let reason = match lines.as_slice() {
        [] => return "no reason given".to_owned(),
        [.., before, last] if last.starts_with("fatal: Could not read from remote") => before,
        [.., last] => last,
    };
    let is_ssh = [
        "Permission denied",
        "Host key verification failed",
        "sign_and_send_pubkey",
    ];
    if is_ssh.iter().any(|part| reason.contains(part)) {
        return format!(
            "{reason}; make sure that `ssh` connects to the host without a prompt (`ssh-add`), or write `git+https`"
        );
    }
    (*reason).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_reason_of_git() {
        for (message, expected) in [
            ("", "no reason given"),
            (
                "Cloning…\nfatal: repository 'x' not found\n",
                "fatal: repository 'x' not found",
            ),
            (
                "Warning: Permanently added\ngit@h.test: Permission denied (publickey).\n\
                 fatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\n\
                 and the repository exists.\n",
                "git@h.test: Permission denied (publickey).; make sure that `ssh` connects to the host without a prompt (`ssh-add`), \
                 or write `git+https`",
            ),
        ] {
            assert_eq!(reason_of(message), expected);
        }
    }
}
