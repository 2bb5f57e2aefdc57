//! One HTTP request, with retries and errors a user can act on.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use mach_nix_hash::{Sha256, Sha256Hasher};
use mach_nix_model::IndexError;
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, LAST_MODIFIED, RANGE};
use reqwest::{Method, Response, StatusCode};
use tokio::sync::Semaphore;
use url::Url;

use crate::address::shown;
use crate::netrc::Netrc;
use crate::options::FetchOptions;

/// JSON where it can be had (PEP 691).
const ACCEPT_SIMPLE: &str = "application/vnd.pypi.simple.v1+json, \
                             application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01";

/// A refused connection may be a restarting server; more attempts only make people wait.
const ATTEMPTS: u32 = 3;

/// The HTTP client, limited to so many requests at once.
#[derive(Clone)]
pub struct Client {
    /// Made at the first request: loading the system's certificates takes longer than many a resolution.
    http: Arc<OnceLock<reqwest::Client>>,
    places: Arc<Semaphore>,
    credentials: Arc<[Url]>,
    netrc: Arc<Netrc>,
}

/// A part of a file.
pub struct Part {
    /// Where in the file it begins.
    pub start: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The size of the whole file.
    pub total: u64,
}

/// What was learned from a file without keeping it.
pub struct Digest {
    /// The digest of its content.
    pub hash: Sha256,
    /// Its size in bytes.
    pub size: u64,
    /// See [`Client::validator`].
    pub validator: Option<String>,
}

impl Client {
    /// A client that gives user names and passwords to their own servers, and to no other.
    pub fn new(options: &FetchOptions) -> Self {
        let addresses = options.indexes.iter().chain(options.bound.values());
        let addresses = addresses.chain(&options.find_links).chain(&options.credentials);
        let with_credentials =
            addresses.filter(|address| !address.username().is_empty() || address.password().is_some());
        Self {
            http: Arc::default(),
            places: Arc::new(Semaphore::new(options.jobs.max(1))),
            credentials: with_credentials.cloned().collect(),
            netrc: Arc::new(options.netrc.clone()),
        }
    }

    /// Files are listed and locked without credentials; their server may want those of its index all the same. Of several
    /// for one server, those of the nearest address count; `.netrc` knows hosts only, and counts last.
    fn authorized(&self, url: &Url) -> Url {
        let mut with = url.clone();
        let same_server = self
            .credentials
            .iter()
            .filter(|known| known.origin() == url.origin());
        // Only addresses that cannot have credentials refuse to be given some.
        if let Some(known) = same_server.rev().max_by_key(|known| common_folders(known, url)) {
            let _ = with.set_username(known.username());
            let _ = with.set_password(known.password());
        } else if url.username().is_empty()
            && let Some(login) = url.host_str().and_then(|host| self.netrc.of(host))
        {
            let _ = with.set_username(&login.user);
            let _ = with.set_password(Some(&login.password));
        }
        with
    }

    fn http(&self) -> reqwest::Result<&reqwest::Client> {
        if let Some(ready) = self.http.get() {
            return Ok(ready);
        }
        // Installing a second time fails, which only means that it is there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let made = reqwest::Client::builder()
            .user_agent(concat!("mach-nix/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(30))
            .build()?;
        Ok(self.http.get_or_init(|| made))
    }

    /// The content of a page of an index; `None` when there is no such page.
    pub async fn page(&self, url: &Url) -> Result<Option<Vec<u8>>, IndexError> {
        let accept = HeaderMap::from_iter([(ACCEPT, ACCEPT_SIMPLE.parse().expect("a constant"))]);
        Ok(self
            .ask(Method::GET, url, accept)
            .await?
            .map(|answer| answer.body))
    }

    /// The content of a file; `None` when there is no such file.
    pub async fn file(&self, url: &Url) -> Result<Option<Vec<u8>>, IndexError> {
        Ok(self
            .ask(Method::GET, url, HeaderMap::new())
            .await?
            .map(|answer| answer.body))
    }

    /// Reads a file to its end, and keeps its digest only: files can be larger than the memory.
    pub async fn digest(&self, url: &Url) -> Result<Digest, IndexError> {
        let answer = self.ask_for(Method::GET, url, HeaderMap::new(), hashed).await?;
        let Some((headers, (hash, size))) = answer else {
            return Err(missing(url, "file"));
        };
        let validator = validator(&headers);
        Ok(Digest {
            hash,
            size,
            validator,
        })
    }

    /// What the server says to tell one content at this address from another (RFC 9110 §8.8); `None` where it says nothing.
    pub async fn validator(&self, url: &Url) -> Result<Option<String>, IndexError> {
        let answer = self.ask(Method::HEAD, url, HeaderMap::new()).await?;
        let answer = answer.ok_or_else(|| missing(url, "file"))?;
        Ok(validator(&answer.headers))
    }

    /// The size of a file, where the server says.
    pub async fn size(&self, url: &Url) -> Result<Option<u64>, IndexError> {
        let answer = self.ask(Method::HEAD, url, HeaderMap::new()).await?;
        Ok(answer.and_then(|answer| answer.headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()))
    }

    /// A part of a file: `range` in the syntax of RFC 9110 §14.1.2, without the unit. From a server that does not know
    /// ranges it is the whole file.
    pub async fn part(&self, url: &Url, range: &str) -> Result<Part, IndexError> {
        let value = format!("bytes={range}").parse().expect("digits and a dash");
        let Some(answer) = self
            .ask(Method::GET, url, HeaderMap::from_iter([(RANGE, value)]))
            .await?
        else {
            return Err(missing(url, "file"));
        };
        let place = answer
            .headers
            .get(CONTENT_RANGE)
            .and_then(|value| content_range(value.to_str().ok()?));
        let (start, total) = place.unwrap_or((0, answer.body.len() as u64));
        Ok(Part {
            start,
            bytes: answer.body,
            total,
        })
    }

    async fn ask(&self, method: Method, url: &Url, headers: HeaderMap) -> Result<Option<Answer>, IndexError> {
        let answer = self.ask_for(method, url, headers, whole).await?;
        Ok(answer.map(|(headers, body)| Answer { headers, body }))
    }

    /// Sends a request, again if that may help, and reads the content of the answer; `None` when the server has no such
    /// thing.
    async fn ask_for<T, F: Future<Output = reqwest::Result<T>>>(
        &self,
        method: Method,
        url: &Url,
        headers: HeaderMap,
        read: impl Fn(Response) -> F,
    ) -> Result<Option<(HeaderMap, T)>, IndexError> {
        let _place = self.places.acquire().await;
        let mut tried = 1;
        loop {
            match self.attempt(&method, url, &headers, &read).await {
                Ok(answer) => return Ok(answer),
                Err(error) if tried < ATTEMPTS && may_pass(&error) => {
                    tracing::debug!(url = shown(url), %error, "trying again");
                    tokio::time::sleep(Duration::from_millis(300 << tried)).await;
                    tried += 1;
                }
                Err(error) => {
                    return Err(IndexError::unreachable(shown(url), reason(&error)));
                }
            }
        }
    }

    async fn attempt<T, F: Future<Output = reqwest::Result<T>>>(
        &self,
        method: &Method,
        url: &Url,
        headers: &HeaderMap,
        read: &impl Fn(Response) -> F,
    ) -> reqwest::Result<Option<(HeaderMap, T)>> {
        let request = self
            .http()?
            .request(method.clone(), self.authorized(url))
            .headers(headers.clone());
        let mut response = request.send().await?;
        if matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Ok(None);
        }
        response = response.error_for_status()?;
        let headers = std::mem::take(response.headers_mut());
        Ok(Some((headers, read(response).await?)))
    }
}

async fn whole(response: Response) -> reqwest::Result<Vec<u8>> {
    Ok(response.bytes().await?.to_vec())
}

async fn hashed(mut response: Response) -> reqwest::Result<(Sha256, u64)> {
    let (mut hasher, mut size) = (Sha256Hasher::new(), 0);
    while let Some(chunk) = response.chunk().await? {
        hasher.update(&chunk);
        size += chunk.len() as u64;
    }
    Ok((hasher.finish(), size))
}

fn validator(headers: &HeaderMap) -> Option<String> {
    let value = |name| Some(headers.get(name)?.to_str().ok()?.to_owned());
    value(ETAG).or_else(|| value(LAST_MODIFIED))
}

/// A server without the page or file that it should have.
pub fn missing(url: &Url, what: &str) -> IndexError {
    IndexError::unreachable(shown(url), format!("there is no such {what}"))
}

/// How many folders two addresses of one server have in common.
fn common_folders(one: &Url, other: &Url) -> usize {
    let folders = |url: &Url| -> Vec<String> { url.path().split('/').map(str::to_owned).collect() };
    let pairs = folders(one).into_iter().zip(folders(other));
    pairs.take_while(|(a, b)| a == b).count()
}

/// What a server said.
struct Answer {
    headers: HeaderMap,
    body: Vec<u8>,
}

/// `bytes FIRST-LAST/TOTAL`
fn content_range(value: &str) -> Option<(u64, u64)> {
    let (span, total) = value.strip_prefix("bytes ")?.split_once('/')?;
    Some((span.split_once('-')?.0.parse().ok()?, total.parse().ok()?))
}

fn may_pass(error: &reqwest::Error) -> bool {
    match error.status() {
        Some(status) => status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS,
        None => !error.is_builder(),
    }
}

/// The innermost cause says what happened; the outer ones only that something did.
fn reason(error: &reqwest::Error) -> String {
    if let Some(status) = error.status() {
        let remedy = match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                "; give user name and password in its address, as in https://USER:PASSWORD@HOST/simple, or in .netrc"
            }
            _ => "",
        };
        return format!("the server answered {status}{remedy}");
    }
    if error.is_timeout() {
        return "no answer in time; is the index up, and is a proxy needed (HTTPS_PROXY)?".to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    format!("{cause}; check the address of the index and the network, or use --offline")
}
