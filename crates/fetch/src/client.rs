//! HTTP requests with retries and limits, and with actionable errors.

use std::io::Seek as _;
use std::sync::Arc;

use mach_nix_hash::Digests;
use mach_nix_model::IndexError;
use reqwest::header::{ACCEPT, CONTENT_RANGE, HeaderMap, RANGE};
use reqwest::{Method, Response, StatusCode};
use tokio::sync::Semaphore;
use url::Url;

use crate::address::shown;
use crate::archive_kind::ArchiveKind;
use crate::credentials::Credentials;
use crate::deadline::Deadline;
use crate::headers;
use crate::limits::{MAX_ATTEMPTS, MAX_FILE, MAX_PAGE, MAX_WHOLE_WHEEL};
use crate::local_file::digests_of;
use crate::options::FetchOptions;
use crate::request_error::RequestError;
use crate::responses::{Digest, Page, Part};
use crate::sink::{Digested, Sink, Spooled};
use crate::transport::Transport;

/// Prefers JSON (PEP 691).
const ACCEPT_SIMPLE: &str = "application/vnd.pypi.simple.v1+json, \
                             application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01";

/// The HTTP client, with a limit on concurrent requests.
#[derive(Clone)]
pub struct Client {
    transport: Arc<Transport>,
    permits: Arc<Semaphore>,
    credentials: Arc<Credentials>,
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
        Self {
            transport: Arc::new(Transport::new(&options.access)),
            permits: Arc::new(Semaphore::new(options.jobs.max(1))),
            credentials: Arc::new(Credentials::new(addresses, &options.access)),
        }
    }

    /// # Errors
    /// When a URL leads to an unencrypted connection that nobody allowed.
    pub fn check(&self, url: &Url) -> Result<(), IndexError> {
        let checked = self.transport.check(url);
        checked.map_err(|error| IndexError::unreachable(shown(url), error))
    }

    /// All known credentials.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
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
        let sent = self.transport.send(
            &query.method,
            query.url,
            &query.headers,
            &self.credentials,
            deadline,
        );
        let mut response = sent.await?;
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

/// A page or file that is missing on its server.
pub fn missing(url: &Url, what: &'static str) -> IndexError {
    IndexError::unreachable(shown(url), RequestError::Missing(what))
}
