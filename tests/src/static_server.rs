//! Files over HTTP.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use mach_nix_hash::Sha256;
use tiny_http::{Header, Response, Server};

/// A server of files, which remembers what was requested.
pub struct StaticServer {
    port: u16,
    server: Arc<Server>,
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl StaticServer {
    /// Serves files by their path, which begins with a slash; with a password (`USER:PASSWORD`), to those who have it.
    /// Files have entity tags, and requests may be conditional.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn start(files: BTreeMap<String, Vec<u8>>, password: Option<&str>) -> Self {
        let server = Arc::new(Server::http("127.0.0.1:0").expect("a free port"));
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let files = Arc::new(Mutex::new(files));
        let started = Self {
            files: Arc::clone(&files),
            port: server.server_addr().to_ip().expect("an IP address").port(),
            server: Arc::clone(&server),
            requests: Arc::clone(&requests),
        };
        let wanted =
            password.map(|password| format!("Basic {}", data_encoding::BASE64.encode(password.as_bytes())));
        thread::spawn(move || {
            for request in server.incoming_requests() {
                let given = request
                    .headers()
                    .iter()
                    .find(|header| header.field.equiv("Authorization"));
                let allowed = wanted
                    .as_ref()
                    .is_none_or(|wanted| given.is_some_and(|header| header.value == wanted.as_str()));
                let files = files.lock().unwrap_or_else(PoisonError::into_inner);
                let answer = match files.get(request.url()) {
                    _ if !allowed => Response::from_data([]).with_status_code(401),
                    None => Response::from_data([]).with_status_code(404),
                    Some(content) => {
                        let tag = format!("\"{}\"", Sha256::of(content).to_hex());
                        let known = request.headers().iter().any(|header| {
                            header.field.equiv("If-None-Match") && header.value == tag.as_str()
                        });
                        let tag = Header::from_bytes("ETag", tag).expect("a header");
                        if known {
                            Response::from_data([]).with_status_code(304).with_header(tag)
                        } else {
                            Response::from_data(content.clone()).with_header(tag)
                        }
                    }
                };
                drop(files);
                let unchanged = if answer.status_code() == 304 { " (304)" } else { "" };
                let line = format!("{} {}{unchanged}", request.method(), request.url());
                requests.lock().unwrap_or_else(PoisonError::into_inner).push(line);
                // Who went away needs no answer.
                let _ = request.respond(answer);
            }
        });
        started
    }

    /// The address of the server, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Replaces a file.
    ///
    /// # Panics
    /// Never: the lock is not poisoned by anything.
    pub fn replace(&self, path: &str, content: impl Into<Vec<u8>>) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(path.to_owned(), content.into());
    }

    /// What was requested since the last time, such as `GET /file`, sorted.
    ///
    /// # Panics
    /// Never: the lock is not poisoned by anything.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        let mut requests = std::mem::take(&mut *self.requests.lock().unwrap_or_else(PoisonError::into_inner));
        requests.sort();
        requests
    }
}

impl Drop for StaticServer {
    fn drop(&mut self) {
        self.server.unblock();
    }
}
