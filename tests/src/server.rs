//! A world of packages as a package index over HTTP, with the good and bad manners that indexes have.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use mach_nix_hash::Sha256;
use tiny_http::{Header, Method, Request, Response, Server};

use crate::{Package, sdist, wheel};

/// The behaviour of the server.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a habit of its own")]
pub struct Manners {
    /// Project pages are JSON (PEP 691), else HTML (PEP 503).
    pub json: bool,
    /// The `Content-Type` of pages says JSON whatever they are.
    pub mislabelled: bool,
    /// There are metadata files next to wheels (PEP 658).
    pub metadata_files: bool,
    /// Pages announce the metadata files.
    pub announced: bool,
    /// Parts of files can be asked for.
    pub ranges: bool,
    /// Upload times and sizes are in the pages (PEP 700; HTML has none by the standard).
    pub upload_times: bool,
    /// The version of the simple repository API that pages state.
    pub api_version: &'static str,
    /// The older JSON API exists.
    pub legacy: bool,
    /// The first so many requests are answered with 503.
    pub failures: usize,
    /// Every answer takes so long.
    pub delay: Duration,
    /// The required credentials, as `USER:PASSWORD`.
    pub password: Option<&'static str>,
    /// Files are not here, but on the server at this port.
    pub files_at: Option<u16>,
}

impl Default for Manners {
    /// An index that does everything right.
    fn default() -> Self {
        Self {
            json: true,
            mislabelled: false,
            metadata_files: true,
            announced: true,
            ranges: true,
            upload_times: true,
            api_version: "1.1",
            legacy: true,
            failures: 0,
            delay: Duration::ZERO,
            password: None,
            files_at: None,
        }
    }
}

/// A running server; it stops when dropped.
pub struct IndexServer {
    server: Arc<Server>,
    port: u16,
    requests: Arc<AtomicUsize>,
    world: Arc<World>,
}

struct World {
    manners: Manners,
    /// Number of requests with a password.
    authorized: AtomicUsize,
    /// Files by name.
    files: BTreeMap<String, (Package, Vec<u8>)>,
    failures_left: AtomicUsize,
}

impl IndexServer {
    /// Starts a server for these packages on a free port of the loopback interface.
    ///
    /// # Panics
    /// When there is no free port.
    #[must_use]
    pub fn start(packages: &[Package], manners: Manners) -> Self {
        let server = Arc::new(Server::http("127.0.0.1:0").expect("a free port"));
        let port = server.server_addr().to_ip().expect("an IP address").port();
        let requests = Arc::new(AtomicUsize::new(0));
        let files = packages.iter().flat_map(|package| {
            let content = |file: &str| {
                if file.ends_with(".whl") {
                    wheel::build(package)
                } else {
                    sdist::build(package)
                }
            };
            let named = |file: String| (file.clone(), (package.clone(), content(&file)));
            package.files().into_iter().map(named).collect::<Vec<_>>()
        });
        let world = Arc::new(World {
            manners,
            files: files.collect(),
            authorized: AtomicUsize::new(0),
            failures_left: AtomicUsize::new(manners.failures),
        });
        for _ in 0..4 {
            let (server, world, requests) = (server.clone(), world.clone(), requests.clone());
            thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    requests.fetch_add(1, Ordering::Relaxed);
                    world.answer(request);
                }
            });
        }
        Self {
            server,
            port,
            requests,
            world,
        }
    }

    /// The address of the index.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/simple", self.port)
    }

    /// The address of a file.
    #[must_use]
    pub fn file_url(&self, file: &str) -> String {
        format!("http://127.0.0.1:{}/files/{file}", self.port)
    }

    /// The address of a page with links to all files.
    #[must_use]
    pub fn links_url(&self) -> String {
        format!("http://127.0.0.1:{}/links", self.port)
    }

    /// Where it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Number of requests with a password so far.
    #[must_use]
    pub fn authorized(&self) -> usize {
        self.world.authorized.load(Ordering::Relaxed)
    }

    /// Number of answered requests so far.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

impl Drop for IndexServer {
    fn drop(&mut self) {
        for _ in 0..4 {
            self.server.unblock();
        }
    }
}

/// Status, content type, content.
type Answer = (u16, &'static str, Vec<u8>);

impl World {
    fn answer(&self, request: Request) {
        thread::sleep(self.manners.delay);
        let fails = self
            .failures_left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        let (status, kind, content) = match fails {
            Ok(_) => (503, "text/plain", b"come back later".to_vec()),
            Err(_) if !self.lets_in(&request) => (401, "text/plain", b"who are you?".to_vec()),
            Err(_) => self.page(request.url()),
        };
        let range = request
            .headers()
            .iter()
            .find(|header| header.field.equiv("Range"));
        let range = range.and_then(|header| span(header.value.as_str(), content.len()));
        let header = |name: &str, value: &str| Header::from_bytes(name, value).expect("plain ASCII");
        let total = content.len();
        let (status, part, workdir) = match range.filter(|_| self.manners.ranges && status == 200) {
            Some((start, end)) => {
                let workdir = header("Content-Range", &format!("bytes {start}-{}/{total}", end - 1));
                (206, content[start..end].to_vec(), Some(workdir))
            }
            None => (status, content, None),
        };
        let head = *request.method() == Method::Head;
        let mut response = Response::from_data(part)
            .with_status_code(status)
            .with_header(header("Content-Type", kind));
        if let Some(workdir) = workdir {
            response.add_header(workdir);
        }
        if status == 302 {
            let other = self.manners.files_at.unwrap_or_default();
            let there = format!("http://127.0.0.1:{other}{}", request.url());
            response.add_header(header("Location", &there));
        }
        // A client that has gone away is not a failure of the test.
        let _ = if head {
            request.respond(response.with_chunked_threshold(usize::MAX))
        } else {
            request.respond(response)
        };
    }

    /// Whether the request says the password, where there is one (RFC 7617).
    fn lets_in(&self, request: &Request) -> bool {
        let mut headers = request.headers().iter();
        let stderr = headers.find(|header| header.field.equiv("Authorization"));
        if stderr.is_some() {
            self.authorized.fetch_add(1, Ordering::Relaxed);
        }
        self.manners.password.is_none_or(|password| {
            let expected = format!("Basic {}", data_encoding::BASE64.encode(password.as_bytes()));
            stderr.is_some_and(|header| header.value.as_str() == expected)
        })
    }

    fn page(&self, path: &str) -> Answer {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match parts.as_slice() {
            ["simple"] => self.root(),
            ["simple", name] => self.project(name),
            ["files", _] if self.manners.files_at.is_some() => (302, "text/plain", Vec::new()),
            ["files", file] => self.file(file),
            ["links"] => (200, "text/html", self.links().into_bytes()),
            ["pypi", name, "json"] if self.manners.legacy => self.legacy(name),
            _ => (404, "text/plain", Vec::new()),
        }
    }

    fn of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a String, &'a Package, &'a Vec<u8>)> {
        let all = self
            .files
            .iter()
            .map(|(file, (package, content))| (file, package, content));
        all.filter(move |(_, package, _)| package.name_and_version().0 == name)
    }

    /// The list of all projects.
    fn root(&self) -> Answer {
        let names = self
            .files
            .values()
            .map(|(package, _)| package.name_and_version().0);
        let names: BTreeSet<_> = names.collect();
        if self.manners.json {
            let names: Vec<String> = names
                .iter()
                .map(|name| format!(r#"{{"name": "{name}"}}"#))
                .collect();
            let page = format!(
                r#"{{"meta": {{"api-version": "{}"}}, "projects": [{}]}}"#,
                self.manners.api_version,
                names.join(", ")
            );
            return (200, "application/vnd.pypi.simple.v1+json", page.into_bytes());
        }
        let links: Vec<String> = names
            .iter()
            .map(|name| format!("<a href=\"/simple/{name}/\">{name}</a><br/>\n"))
            .collect();
        let links = links.concat();
        let page = format!("<!DOCTYPE html>\n<html><body>\n{links}</body></html>\n");
        (200, "text/html", page.into_bytes())
    }

    fn project(&self, name: &str) -> Answer {
        if self.of(name).next().is_none() {
            return (404, "text/plain", Vec::new());
        }
        let page = if self.manners.json {
            self.json(name)
        } else {
            self.html(name)
        };
        let json = self.manners.json || self.manners.mislabelled;
        let kind = if json {
            "application/vnd.pypi.simple.v1+json"
        } else {
            "text/html"
        };
        (200, kind, page.into_bytes())
    }

    fn json(&self, name: &str) -> String {
        let files: Vec<String> = self
            .of(name)
            .map(|(file, package, content)| {
                let mut fields = vec![
                    format!(r#""filename": "{file}", "url": "/files/{file}""#),
                    format!(r#""hashes": {{"sha256": "{}"}}"#, Sha256::of(content).to_hex()),
                ];
                if let Some(python) = &package.requires_python {
                    fields.push(format!(r#""requires-python": "{python}""#));
                }
                if let Some(reason) = &package.yanked {
                    fields.push(format!(r#""yanked": "{reason}""#));
                }
                if self.manners.announced {
                    let metadata = Sha256::of(package.metadata()).to_hex();
                    fields.push(format!(r#""core-metadata": {{"sha256": "{metadata}"}}"#));
                }
                if self.manners.upload_times {
                    fields.push(format!(r#""size": {}"#, content.len()));
                    fields.extend(
                        package
                            .uploaded
                            .iter()
                            .map(|time| format!(r#""upload-time": "{time}""#)),
                    );
                }
                format!("{{{}}}", fields.join(", "))
            })
            .collect();
        format!(
            r#"{{"meta": {{"api-version": "{}"}}, "name": "{name}", "files": [{}]}}"#,
            self.manners.api_version,
            files.join(",\n")
        )
    }

    fn html(&self, name: &str) -> String {
        let version = self.manners.api_version;
        let head = format!("<head><meta name=\"pypi:repository-version\" content=\"{version}\"></head>");
        let mut page = format!("<!DOCTYPE html>\n<html>{head}<body>\n");
        for (file, package, content) in self.of(name) {
            let mut attributes = format!(
                "href=\"../../files/{file}#sha256={}\"",
                Sha256::of(content).to_hex()
            );
            if let Some(python) = &package.requires_python {
                let escaped = python.replace('<', "&lt;").replace('>', "&gt;");
                attributes += &format!(" data-requires-python=\"{escaped}\"");
            }
            if let Some(reason) = &package.yanked {
                attributes += &format!(" data-yanked=\"{reason}\"");
            }
            if self.manners.announced {
                attributes.push_str(" data-core-metadata=\"true\"");
            }
            page += &format!("<a {attributes}>{file}</a><br/>\n");
        }
        page + "</body></html>\n"
    }

    fn links(&self) -> String {
        let link = |file: &String| format!("<li><a href=\"files/{file}\">{file}</a></li>\n");
        let links: String = self.files.keys().map(link).collect();
        format!("<html><body><a href='/'>up</a><ul>\n{links}</ul></body></html>\n")
    }

    fn legacy(&self, name: &str) -> Answer {
        let files: Vec<String> = self
            .of(name)
            .map(|(_, package, content)| {
                let time = package
                    .uploaded
                    .as_deref()
                    .map_or("null".to_owned(), |time| format!("\"{time}\""));
                let hash = Sha256::of(content).to_hex();
                let size = content.len();
                format!(
                    r#"{{"digests": {{"sha256": "{hash}"}}, "size": {size}, "upload_time_iso_8601": {time}}}"#
                )
            })
            .collect();
        let answer = format!(r#"{{"releases": {{"0": [{}]}}}}"#, files.join(", "));
        (200, "application/json", answer.into_bytes())
    }

    fn file(&self, file: &str) -> Answer {
        let kind = "application/octet-stream";
        if let Some((_, content)) = self.files.get(file) {
            return (200, kind, content.clone());
        }
        match file
            .strip_suffix(".metadata")
            .and_then(|wheel| self.files.get(wheel))
        {
            Some((package, _)) if self.manners.metadata_files => (200, kind, package.metadata().into_bytes()),
            _ => (404, "text/plain", Vec::new()),
        }
    }
}

/// `bytes=FIRST-LAST` or `bytes=-COUNT` as start and end.
fn span(range: &str, total: usize) -> Option<(usize, usize)> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    if first.is_empty() {
        return Some((total.saturating_sub(last.parse().ok()?), total));
    }
    Some((first.parse().ok()?, (last.parse::<usize>().ok()? + 1).min(total)))
}
