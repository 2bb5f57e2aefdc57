//! Connections: which ones are allowed, their certificates, and redirects.
//!
//! Redirects are followed here and not by the HTTP library, because each of their servers has its own credentials and
//! its own trust.

use std::path::Path;
use std::sync::OnceLock;
use std::{fs, io};

use reqwest::header::{HeaderMap, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Identity, Method, Response, StatusCode};
use url::Url;

use crate::access::{Access, Authorization};
use crate::address::{is_loopback, shown};
use crate::credentials::Credentials;
use crate::deadline::Deadline;
use crate::limits::{CONNECT_TIMEOUT, MAX_CERTIFICATES, MAX_REDIRECTS, READ_TIMEOUT};
use crate::request_error::{RefusedRedirect, RequestError};

/// The HTTP clients, created for the first request: loading the system's certificates takes longer than many resolutions.
pub struct Transport {
    access: Access,
    verified: OnceLock<reqwest::Client>,
    /// The client for the hosts whose certificates are not verified.
    unverified: OnceLock<reqwest::Client>,
}

impl Transport {
    pub fn new(access: &Access) -> Self {
        Self {
            access: access.clone(),
            verified: OnceLock::new(),
            unverified: OnceLock::new(),
        }
    }

    /// # Errors
    /// When a URL leads to an unencrypted connection that nobody allowed.
    pub fn check(&self, url: &Url) -> Result<(), RequestError> {
        if self.is_allowed(url) {
            return Ok(());
        }
        Err(RequestError::NotEncrypted(
            url.host_str().unwrap_or_default().to_owned(),
        ))
    }

    fn is_allowed(&self, url: &Url) -> bool {
        !matches!(url.scheme(), "http" | "git") || is_loopback(url) || self.is_insecure(url)
    }

    fn is_insecure(&self, url: &Url) -> bool {
        self.access.insecure_hosts.iter().any(|host| host.is_of(url))
    }

    /// Sends a request, and follows redirects. A redirect that has no address is a response.
    pub async fn send(
        &self,
        method: &Method,
        url: &Url,
        headers: &HeaderMap,
        credentials: &Credentials,
        deadline: &Deadline,
    ) -> Result<Response, RequestError> {
        self.check(url)?;
        let mut at = url.clone();
        for _ in 0..=MAX_REDIRECTS {
            let response = self
                .send_once(method, &at, headers, credentials, deadline)
                .await?;
            match target(&response, &at) {
                None => return Ok(response),
                Some(next) if !matches!(next.scheme(), "http" | "https") => {
                    return Err(RefusedRedirect::Scheme(next.scheme().to_owned()).into());
                }
                Some(next) if !self.is_allowed(&next) => {
                    let host = next.host_str().unwrap_or_default().to_owned();
                    return Err(RefusedRedirect::Downgrade(shown(&next), host).into());
                }
                Some(next) => at = next,
            }
        }
        Err(RefusedRedirect::TooMany(MAX_REDIRECTS).into())
    }

    /// Sends a request to one server; again with a password of the keyring if the server demands one.
    async fn send_once(
        &self,
        method: &Method,
        url: &Url,
        headers: &HeaderMap,
        credentials: &Credentials,
        deadline: &Deadline,
    ) -> Result<Response, RequestError> {
        let authorized = credentials.of(url);
        let http = self.client(url)?;
        let request = |authorization: Option<&Authorization>| {
            let request = http
                .request(method.clone(), authorized.url.clone())
                .headers(headers.clone());
            match authorization {
                Some(Authorization::Basic(login)) => request.basic_auth(&login.user, Some(&login.password)),
                Some(Authorization::Bearer(token)) => request.bearer_auth(token),
                None => request,
            }
        };
        let known = authorized.authorization.as_ref();
        let response = deadline.wait(request(known).send()).await??;
        if authorized.lacks_password && demands_password(response.status()) {
            let found = deadline.wait(credentials.of_keyring(url, known)).await?;
            if let Some(found) = found {
                return Ok(deadline.wait(request(Some(&found)).send()).await??);
            }
        }
        Ok(response)
    }

    fn client(&self, url: &Url) -> Result<&reqwest::Client, RequestError> {
        let is_insecure = self.is_insecure(url);
        let cell = if is_insecure {
            &self.unverified
        } else {
            &self.verified
        };
        if let Some(ready) = cell.get() {
            return Ok(ready);
        }
        let made = self.make(is_insecure)?;
        Ok(cell.get_or_init(|| made))
    }

    fn make(&self, is_insecure: bool) -> Result<reqwest::Client, RequestError> {
        // A second installation fails, which is harmless.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("mach-nix/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .redirect(Policy::none())
            .referer(false);
        if is_insecure {
            builder = builder.tls_danger_accept_invalid_certs(true);
        } else if let Some(path) = &self.access.certificates {
            builder = builder.tls_certs_only(certificates(path)?);
        }
        if let Some(path) = &self.access.client_certificate {
            let pem = read(path).map_err(|error| unusable(path, error))?;
            let identity = Identity::from_pem(&pem)
                .map_err(|_| unusable(path, "it does not have a certificate and its private key (PEM)"))?;
            builder = builder.identity(identity);
        }
        Ok(builder.build()?)
    }
}

/// The address that a response redirects to.
fn target(response: &Response, from: &Url) -> Option<Url> {
    let is_redirect = matches!(
        response.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let location = response.headers().get(LOCATION).filter(|_| is_redirect)?;
    from.join(std::str::from_utf8(location.as_bytes()).ok()?).ok()
}

/// Some servers hide what a visitor without a password may not see.
fn demands_password(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND
    )
}

/// The certificates in a file, or in the files of a folder.
fn certificates(path: &Path) -> Result<Vec<Certificate>, RequestError> {
    let failed = |error: io::Error| unusable(path, error);
    let mut files = vec![path.to_owned()];
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(failed)?;
        files = entries
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<_>>()
            .map_err(failed)?;
        files.retain(|file| file.is_file());
        files.sort();
    }
    let mut found = Vec::new();
    for file in files {
        let pem = read(&file).map_err(failed)?;
        match Certificate::from_pem_bundle(&pem) {
            Ok(certificates) => found.extend(certificates),
            Err(error) if !path.is_dir() => return Err(unusable(path, error)),
            // A folder has other files, too.
            Err(_) => {}
        }
    }
    if found.is_empty() {
        return Err(unusable(path, "it has no certificate (PEM)"));
    }
    Ok(found)
}

fn unusable(path: &Path, reason: impl std::fmt::Display) -> RequestError {
    RequestError::Certificates {
        path: path.display().to_string(),
        reason: reason.to_string(),
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    crate::local_file::read_within(path, MAX_CERTIFICATES)
}
