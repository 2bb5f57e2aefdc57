//! The program `git` for one repository: its settings, its credentials, and its messages.

use std::path::Path;
use std::process::Command;

use mach_nix_model::{IndexError, without_credentials};
use url::Url;

use crate::access::Authorization;
use crate::address::{is_loopback, shown};
use crate::program::{ProgramError, run};
use crate::shared::Shared;

/// Settings that a checkout must not depend on; no hooks and no work in the background; and a timeout of 30 s for silent
/// servers.
const SETTINGS: [&str; 11] = [
    "core.autocrlf=false",
    "core.eol=lf",
    "core.attributesFile=/dev/null",
    "core.hooksPath=/dev/null",
    "core.symlinks=true",
    "gc.auto=0",
    "maintenance.auto=false",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=30",
    "advice.detachedHead=false",
    "protocol.ext.allow=never",
];

/// The credential helper: git runs it with a shell, and the secrets are in variables, which other users cannot read.
const HELPER: &str = "!f() { test \"$1\" != get || printf 'username=%s\\npassword=%s\\n' \
                      \"$MACH_NIX_GIT_USER\" \"$MACH_NIX_GIT_PASSWORD\"; }; f";

/// The program `git` for one repository.
#[derive(Clone)]
pub struct Git {
    /// The address for git, without credentials.
    pub address: String,
    /// The address in messages.
    pub shown: String,
    options: Vec<String>,
    variables: Vec<(&'static str, String)>,
}

impl Shared {
    /// The program for a repository, whose URL has the prefix `git+`.
    ///
    /// # Errors
    /// When its connection would not be encrypted, and nobody allowed that.
    pub async fn git(&self, repository: &Url) -> Result<Git, IndexError> {
        let mut git = Git {
            address: without_prefix(repository),
            shown: shown(repository),
            options: Vec::new(),
            variables: Vec::new(),
        };
        for setting in SETTINGS {
            git.set(setting);
        }
        let address = repository.as_str().trim_start_matches("git+");
        let Ok(url) = Url::parse(address) else {
            return Ok(git);
        };
        self.client.check(&url)?;
        git.limit_protocols(&url);
        if matches!(url.scheme(), "http" | "https") {
            git.authorize(&url, self).await;
        }
        Ok(git)
    }
}

impl Git {
    /// What a server says leads to no file of this machine, and from an encrypted connection to no other one.
    fn limit_protocols(&mut self, url: &Url) {
        if url.scheme() == "file" {
            return;
        }
        self.set("protocol.file.allow=never");
        if !matches!(url.scheme(), "http" | "git") && !is_loopback(url) {
            self.set("protocol.http.allow=never");
            self.set("protocol.git.allow=never");
        }
    }

    fn set(&mut self, setting: &str) {
        self.options.extend(["-c".to_owned(), setting.to_owned()]);
    }

    /// Adds the credentials and certificates for the server.
    async fn authorize(&mut self, url: &Url, shared: &Shared) {
        let access = &shared.options.access;
        let server = url.origin().ascii_serialization();
        if access.insecure_hosts.iter().any(|host| host.is_of(url)) {
            self.set(&format!("http.{server}/.sslVerify=false"));
        }
        let mut files = Vec::new();
        if let Some(path) = &access.certificates {
            files.push(("GIT_SSL_CAINFO", path));
        }
        if let Some(path) = &access.client_certificate {
            files.extend([("GIT_SSL_CERT", path), ("GIT_SSL_KEY", path)]);
        }
        for (name, path) in files {
            if std::env::var_os(name).is_none() {
                self.variables.push((name, path.display().to_string()));
            }
        }
        let credentials = shared.client.credentials();
        let authorized = credentials.of(url);
        let mut found = authorized.authorization;
        if authorized.lacks_password
            && let Some(login) = credentials.of_keyring(url, found.as_ref()).await
        {
            found = Some(login);
        }
        match found {
            None => {}
            Some(Authorization::Basic(login)) => {
                // Helpers of the user come first, unless there are credentials for this very run.
                self.set(&format!("credential.{server}.helper="));
                self.set(&format!("credential.{server}.helper={HELPER}"));
                self.variables.push(("MACH_NIX_GIT_USER", login.user));
                self.variables.push(("MACH_NIX_GIT_PASSWORD", login.password));
            }
            Some(Authorization::Bearer(token)) => {
                self.options.push(format!(
                    "--config-env=http.{server}/.extraHeader=MACH_NIX_GIT_HEADER"
                ));
                self.variables
                    .push(("MACH_NIX_GIT_HEADER", format!("Authorization: Bearer {token}")));
            }
        }
    }

    /// Runs git, and returns its output.
    ///
    /// # Errors
    /// When it fails, with its reason.
    pub fn run(&self, folder: Option<&Path>, arguments: &[&str]) -> Result<String, IndexError> {
        let mut command = Command::new("git");
        if let Some(folder) = folder {
            command.current_dir(folder);
        }
        command.args(&self.options).args(arguments);
        // Variables of a calling git would redirect ours to another repository.
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(variable);
        }
        command
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_LFS_SKIP_SMUDGE", "1")
            .env("LC_ALL", "C");
        let outcome = run(&command).map_err(|error| match error {
            ProgramError::Absent(_) => self.failed(error.to_string()),
            _ => self.failed(format!("git {}: {error}", arguments[0])),
        })?;
        if outcome.status.success() {
            return Ok(String::from_utf8_lossy(&outcome.stdout).into_owned());
        }
        let message = String::from_utf8_lossy(&outcome.stderr);
        Err(self.failed(format!("git: {}", reason_of(&message))))
    }

    /// A failure of this repository.
    pub fn failed(&self, reason: impl Into<String>) -> IndexError {
        IndexError::unreachable(self.shown.clone(), reason.into())
    }
}

/// In `ssh` the user is a part of the address; in other schemes it is a credential.
pub fn without_prefix(repository: &Url) -> String {
    let address = repository.as_str().trim_start_matches("git+");
    match Url::parse(address) {
        Ok(mut url) if url.scheme() == "ssh" => {
            let _ = url.set_password(None);
            url.into()
        }
        Ok(url) => without_credentials(&url).into(),
        Err(_) => address.to_owned(),
    }
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
