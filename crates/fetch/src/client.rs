//! HTTP requests with retries and limits, and with actionable errors.

use std::io::Seek as _;
use std::sync::{Arc, OnceLock};

use mach_nix_hash::Digests;
use mach_nix_model::IndexError;
use reqwest::header::{ACCEPT, CONTENT_RANGE, HeaderMap, RANGE};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Method, Response, StatusCode};
use tokio::sync::Semaphore;
use url::Url;

use crate::address::{is_loopback, shown};
use crate::archive_kind::ArchiveKind;
use crate::deadline::Deadline;
use crate::headers;
use crate::limits::{
    CONNECT_TIMEOUT, MAX_ATTEMPTS, MAX_FILE, MAX_PAGE, MAX_REDIRECTS, MAX_WHOLE_WHEEL, READ_TIMEOUT,
};
use crate::local_file::digests_of;
use crate::netrc::Netrc;
use crate::options::FetchOptions;
use crate::request_error::{RefusedRedirect, RequestError};
use crate::responses::{Digest, Page, Part};
use crate::sink::{Digested, Sink, Spooled};
use crate::token::{has_token, with_token, without_token};

/// Prefers JSON (PEP 691).
const ACCEPT_SIMPLE: &str = "application/vnd.pypi.simple.v1+json, \
                             application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01";

/// The HTTP client, with a limit on concurrent requests.
#[derive(Clone)]
pub struct Client {
    /// Created for the first request: loading the system's certificates takes longer than many resolutions.
    http: Arc<OnceLock<reqwest::Client>>,
    permits: Arc<Semaphore>,
    credentials: Arc<[Url]>,
    netrc: Arc<Netrc>,
}

/// The parts of a request that are the same for each attempt.
struct Query<'a> {
    method: Method,
    url: &'a Url,
    headers: HeaderMap,
    /// Maximum size of the response.
    limit: u64,
    /// Maximum size of a partial response.
    part_limit: u64,
}

impl<'a> Query<'a> {
    fn get(url: &'a Url, limit: u64) -> Self {
        Self {
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            limit,
            part_limit: 0,
        }
    }
}

/// A response with its body.
struct Answer<S> {
    status: StatusCode,
    headers: HeaderMap,
    body: S,
}

impl Client {
    /// A client that sends credentials only to their own servers.
    pub fn new(options: &FetchOptions) -> Self {
        let addresses = options
            .indexes
            .iter()
            .chain(options.pinned_indexes.values().flatten());
        let addresses = addresses.chain(&options.find_links).chain(&options.credentials);
        let with_credentials = addresses.filter(|address| {
            !address.username().is_empty() || address.password().is_some() || has_token(address)
        });
        Self {
            http: Arc::default(),
            permits: Arc::new(Semaphore::new(options.jobs.max(1))),
            credentials: with_credentials.cloned().collect(),
            netrc: Arc::new(options.netrc.clone()),
        }
    }

    /// The URL with the credentials for its server: files are listed and locked without credentials, but may need those
    /// of their index. Of several credentials for a server, those with the closest path win; `.netrc` is per host, and
    /// has the lowest precedence.
    fn authorized(&self, url: &Url) -> Url {
        let mut with = url.clone();
        let same_server = self
            .credentials
            .iter()
            .filter(|known| known.origin() == url.origin());
        // Only URLs that cannot have credentials fail here.
        if let Some(known) = same_server
            .rev()
            .max_by_key(|known| common_folders(&without_token(known), url))
        {
            let _ = with.set_username(known.username());
            let _ = with.set_password(known.password());
            with_token(&mut with, known);
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
        // A second installation fails, which is harmless.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let made = reqwest::Client::builder()
            .user_agent(concat!("mach-nix/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .redirect(Policy::custom(follow))
            .build()?;
        Ok(self.http.get_or_init(|| made))
    }

    /// The content of a page of an index; `None` if it does not exist.
    pub async fn page(&self, url: &Url) -> Result<Option<Vec<u8>>, IndexError> {
        Ok(match self.page_since(url, None).await? {
            Some(Page::Content { body, .. }) => Some(body),
            Some(Page::Unchanged) | None => None,
        })
    }

    /// The same, unless it is still the page with this validator.
    pub async fn page_since(&self, url: &Url, validator: Option<&str>) -> Result<Option<Page>, IndexError> {
        let mut headers = validator.map(headers::condition).unwrap_or_default();
        headers.insert(ACCEPT, ACCEPT_SIMPLE.parse().expect("a constant"));
        let answer = self.send(Query {
            headers,
            ..Query::get(url, MAX_PAGE)
        });
        Ok(answer.await?.map(|answer| match answer.status {
            StatusCode::NOT_MODIFIED => Page::Unchanged,
            _ => Page::Content {
                validator: headers::validator(&answer.headers),
                body: answer.body,
            },
        }))
    }

    /// The content of a file of at most `limit` bytes; `None` if it does not exist.
    pub async fn file(&self, url: &Url, limit: u64) -> Result<Option<Vec<u8>>, IndexError> {
        let answer = self.send(Query::get(url, limit)).await?;
        Ok(answer.map(|answer| answer.body))
    }

    /// Reads a complete file and computes its digest, without storing it: files can be larger than the memory. A file
    /// named as an archive must be one, because login pages may have status 200.
    pub async fn digest(&self, url: &Url, filename: &str) -> Result<Digest, IndexError> {
        let answer = self.send::<Digested>(Query::get(url, MAX_FILE)).await?;
        let answer = answer.ok_or_else(|| missing(url, "file"))?;
        if let Some(kind) = ArchiveKind::of_distribution(filename)
            && !answer.body.may_be(kind)
        {
            return Err(IndexError::malformed(
                shown(url),
                format!("it is not a {} file", kind.name()),
            ));
        }
        let validator = headers::validator(&answer.headers);
        let (hash, size) = answer.body.finish();
        Ok(Digest {
            hash,
            size,
            validator,
        })
    }

    /// Reads a file of at most `limit` bytes into a temporary file; with its validator, see [`Client::validator`]. `None`
    /// when there is no such file.
    pub async fn spooled(
        &self,
        url: &Url,
        limit: u64,
    ) -> Result<Option<(Spooled, Option<String>)>, IndexError> {
        let answer = self.send::<Spooled>(Query::get(url, limit)).await?;
        Ok(answer.map(|answer| (answer.body, headers::validator(&answer.headers))))
    }

    /// Downloads a complete file into a temporary file.
    pub async fn spool(&self, url: &Url) -> Result<Spooled, IndexError> {
        let answer = self.send(Query::get(url, MAX_FILE)).await?;
        Ok(answer.ok_or_else(|| missing(url, "file"))?.body)
    }

    /// Reads a complete file and computes its size and its digests by all algorithms.
    pub async fn digests(&self, url: &Url) -> Result<(Digests, u64), IndexError> {
        let (_, mut file) = self.spool(url).await?.finish();
        let read = tokio::task::spawn_blocking(move || {
            file.rewind()?;
            digests_of(&mut file)
        });
        let read = read
            .await
            .unwrap_or_else(|error| Err(std::io::Error::other(error)));
        read.map_err(|error| IndexError::unreachable(shown(url), RequestError::Storage(error)))
    }

    /// The validator of the content at this URL (RFC 9110 §8.8); `None` if the server sends none.
    pub async fn validator(&self, url: &Url) -> Result<Option<String>, IndexError> {
        let answer = self.send::<Vec<u8>>(Query {
            method: Method::HEAD,
            ..Query::get(url, 0)
        });
        let answer = answer.await?.ok_or_else(|| missing(url, "file"))?;
        Ok(headers::validator(&answer.headers))
    }

    /// A part of a file: `range` in the syntax of RFC 9110 §14.1.2, without the unit, and its length. Servers without
    /// support for ranges return the whole file.
    pub async fn part(&self, url: &Url, range: &str, length: u64) -> Result<Part, IndexError> {
        let value = format!("bytes={range}").parse().expect("digits and a dash");
        let answer = self.send::<Vec<u8>>(Query {
            headers: HeaderMap::from_iter([(RANGE, value)]),
            part_limit: length,
            ..Query::get(url, MAX_WHOLE_WHEEL)
        });
        let answer = answer.await?.ok_or_else(|| missing(url, "file"))?;
        let size = answer.body.len() as u64;
        let (start, total) = if answer.status == StatusCode::PARTIAL_CONTENT {
            let range = answer.headers.get(CONTENT_RANGE);
            range
                .and_then(|value| headers::content_range(value.to_str().ok()?))
                .filter(|(start, total)| start.checked_add(size).is_some_and(|end| end <= *total))
                .ok_or_else(|| IndexError::unreachable(shown(url), RequestError::UnknownPart))?
        } else {
            (0, size)
        };
        Ok(Part {
            start,
            bytes: answer.body,
            total,
        })
    }

    /// Sends a request with retries, and reads the response; `None` if it does not exist.
    async fn send<S: Sink>(&self, query: Query<'_>) -> Result<Option<Answer<S>>, IndexError> {
        let _permit = self.permits.acquire().await;
        let mut deadline = Deadline::new();
        let mut attempt = 1;
        let failed = loop {
            let error = match self.attempt(&query, &mut deadline).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let Some(pause) = error.pause(attempt).filter(|_| attempt < MAX_ATTEMPTS) else {
                break error;
            };
            if !deadline.allows(pause) {
                break match error {
                    RequestError::Status {
                        status,
                        retry_after: Some(pause),
                    } => RequestError::Busy { status, pause },
                    error => error,
                };
            }
            tracing::debug!(%error, "{} {} failed, trying again", query.method, shown(query.url));
            tokio::time::sleep(pause).await;
            attempt += 1;
        };
        tracing::debug!(error = %failed, "{} {} failed", query.method, shown(query.url));
        Err(IndexError::unreachable(shown(query.url), failed))
    }

    async fn attempt<S: Sink>(
        &self,
        query: &Query<'_>,
        deadline: &mut Deadline,
    ) -> Result<Option<Answer<S>>, RequestError> {
        let request = self
            .http()?
            .request(query.method.clone(), self.authorized(query.url))
            .headers(query.headers.clone());
        let mut response = deadline.wait(request.send()).await??;
        let status = response.status();
        let log = |bytes: u64| {
            tracing::debug!(
                status = status.as_u16(),
                bytes,
                "{} {}",
                query.method,
                shown(query.url)
            );
        };
        if !status.is_success() {
            log(0);
        }
        match status {
            StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(None),
            StatusCode::PARTIAL_CONTENT if query.part_limit == 0 => return Err(RequestError::UnknownPart),
            StatusCode::NOT_MODIFIED if headers::are_conditional(&query.headers) => {}
            _ if status.is_redirection() => return Err(RequestError::Redirect(status)),
            _ if !status.is_success() => {
                let retry_after = headers::retry_after(response.headers());
                return Err(RequestError::Status { status, retry_after });
            }
            _ => {}
        }
        let limit = match status {
            StatusCode::PARTIAL_CONTENT => query.part_limit,
            _ => query.limit,
        };
        let headers = std::mem::take(response.headers_mut());
        let (body, size) = read(response, limit, deadline).await?;
        log(size);
        Ok(Some(Answer {
            status,
            headers,
            body,
        }))
    }
}

/// Reads a body up to its end or limit, and returns its length.
async fn read<S: Sink>(
    mut response: Response,
    limit: u64,
    deadline: &mut Deadline,
) -> Result<(S, u64), RequestError> {
    let mut sink = S::open().map_err(RequestError::Storage)?;
    let mut size = 0;
    while let Some(chunk) = deadline.wait(response.chunk()).await?? {
        size += chunk.len() as u64;
        if size > limit {
            return Err(RequestError::TooLarge { limit });
        }
        deadline.received(chunk.len());
        sink.add(&chunk).map_err(RequestError::Storage)?;
    }
    Ok((sink, size))
}

/// Follows redirects, except from an encrypted connection to an unencrypted one.
fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let from_https = attempt.previous().iter().any(|url| url.scheme() == "https");
    if attempt.previous().len() > MAX_REDIRECTS {
        attempt.error(RefusedRedirect::TooMany(MAX_REDIRECTS))
    } else if from_https && attempt.url().scheme() == "http" && !is_loopback(attempt.url()) {
        let target = shown(attempt.url());
        attempt.error(RefusedRedirect::Downgrade(target))
    } else {
        attempt.follow()
    }
}

/// A page or file that is missing on its server.
pub fn missing(url: &Url, what: &'static str) -> IndexError {
    IndexError::unreachable(shown(url), RequestError::Missing(what))
}

/// The number of common path segments of two URLs on the same server.
fn common_folders(one: &Url, other: &Url) -> usize {
    let folders = |url: &Url| -> Vec<String> { url.path().split('/').map(str::to_owned).collect() };
    let pairs = folders(one).into_iter().zip(folders(other));
    pairs.take_while(|(a, b)| a == b).count()
}
