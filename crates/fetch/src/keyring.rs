//! Passwords of the program `keyring`, as pip and uv query it.
//!
//! <https://pip.pypa.io/en/stable/topics/authentication/#using-keyring-as-a-command-line-application>

use std::collections::HashMap;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;
use url::Url;

use crate::netrc::Login;
use crate::program::run;

/// A service, with a user name if it is known.
type Key = (String, Option<String>);

/// The answers of the program in this run: each query may unlock a keyring.
#[derive(Default)]
pub struct Answers {
    answers: Mutex<HashMap<Key, Arc<OnceCell<Option<Login>>>>>,
}

impl Answers {
    /// The credentials for a server: under the address of its index, then under its host. Without a user name the
    /// program is queried for both.
    pub async fn of(&self, index: &Url, user: Option<&str>) -> Option<Login> {
        let host = index.host_str()?;
        let host = match index.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        for service in [index.as_str().to_owned(), host] {
            let key = (service, user.map(str::to_owned));
            let cell = {
                let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
                answers.entry(key.clone()).or_default().clone()
            };
            let work = || async {
                let read = spawn_blocking(move || query(&key.0, key.1.as_deref()));
                read.await.ok().flatten()
            };
            if let Some(found) = cell.get_or_init(work).await {
                return Some(found.clone());
            }
        }
        None
    }
}

fn query(service: &str, user: Option<&str>) -> Option<Login> {
    let mut command = Command::new("keyring");
    match user {
        Some(user) => command.args(["get", service, user]),
        None => command.args(["--mode", "creds", "get", service]),
    };
    let outcome = match run(&command) {
        Ok(outcome) if outcome.status.success() => outcome,
        Ok(outcome) => {
            let reason = String::from_utf8_lossy(&outcome.stderr);
            tracing::debug!(service, reason = reason.trim(), "the keyring has no password");
            return None;
        }
        Err(error) => {
            tracing::warn!(%error, "the keyring cannot be queried");
            return None;
        }
    };
    let text = String::from_utf8(outcome.stdout).ok()?;
    let mut lines = text.lines();
    let user = match user {
        Some(user) => user.to_owned(),
        None => lines.next()?.to_owned(),
    };
    let password = lines.next().filter(|password| !password.is_empty())?.to_owned();
    Some(Login { user, password })
}
