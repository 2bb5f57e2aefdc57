//! A server whose answers a test writes by hand.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tiny_http::{Header, Response, Server};

/// Status, headers and content of an answer.
pub type ScriptedAnswer = (u16, Vec<(&'static str, String)>, Vec<u8>);

/// A request as the script sees it.
pub struct Asked {
    /// `GET` or `HEAD`.
    pub method: String,
    /// The path; the whole address where the server is a proxy.
    pub path: String,
    /// The value of `Authorization`.
    pub authorization: Option<String>,
}

/// A server that gives each request what a function says; it stops when dropped.
pub struct Scripted {
    server: Arc<Server>,
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    /// A server whose answers depend on the path.
    #[must_use]
    pub fn start(answer: impl Fn(&str) -> ScriptedAnswer + Send + Sync + 'static) -> Self {
        Self::start_with(move |asked| answer(&asked.path))
    }

    /// A server whose answers depend on the whole request.
    ///
    /// # Panics
    /// When there is no free port.
    #[must_use]
    pub fn start_with(answer: impl Fn(&Asked) -> ScriptedAnswer + Send + Sync + 'static) -> Self {
        let server = Arc::new(Server::http("127.0.0.1:0").expect("a free port"));
        let port = server.server_addr().to_ip().expect("an IP address").port();
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let answer = Arc::new(answer);
        for _ in 0..4 {
            let (server, seen, answer) = (server.clone(), seen.clone(), answer.clone());
            thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    let mut headers = request.headers().iter();
                    let authorization = headers.find(|header| header.field.equiv("Authorization"));
                    let asked = Asked {
                        method: request.method().to_string(),
                        path: request.url().to_owned(),
                        authorization: authorization.map(|header| header.value.to_string()),
                    };
                    let line = format!("{} {}", asked.method, asked.path);
                    seen.lock().unwrap_or_else(PoisonError::into_inner).push(line);
                    let (status, headers, content) = answer(&asked);
                    let mut response = Response::from_data(content).with_status_code(status);
                    for (name, value) in headers {
                        response.add_header(Header::from_bytes(name, value).expect("plain ASCII"));
                    }
                    // A client that has gone away is not a failure of the test.
                    let _ = request.respond(response);
                }
            });
        }
        Self { server, port, seen }
    }

    /// The address of the index.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/simple", self.port)
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Number of requests that begin with this: method, space, path.
    #[must_use]
    pub fn seen(&self, line: &str) -> usize {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().filter(|known| known.starts_with(line)).count()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        for _ in 0..4 {
            self.server.unblock();
        }
    }
}

/// An answer with a content.
#[must_use]
pub fn ok(content: impl Into<Vec<u8>>) -> ScriptedAnswer {
    (200, Vec::new(), content.into())
}

/// The answer for something that is not there.
#[must_use]
pub fn missing() -> ScriptedAnswer {
    (404, Vec::new(), Vec::new())
}
