//! Errors of HTTP requests.

use std::io;
use std::time::Duration;

use mach_nix_conda::Subdir;
use reqwest::StatusCode;

/// A failed request.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// An error status.
    #[error("the server answered {status}{}", remedy(*status))]
    Status {
        status: StatusCode,
        /// The delay requested by the server (RFC 9110 §10.2.3).
        retry_after: Option<Duration>,
    },
    /// An error status with a longer delay than a request waits.
    #[error("the server answered {status} and requests a delay of {} s; try again then", pause.as_secs())]
    Busy { status: StatusCode, pause: Duration },
    /// A redirect without a usable URL.
    #[error("the server answered {0} without a URL to redirect to")]
    Redirect(StatusCode),
    /// A redirect that was not followed.
    #[error("{0}")]
    NotFollowed(RefusedRedirect),
    /// The page or file does not exist.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// An unencrypted connection that nobody allowed.
    #[error(
        "the connection to {0} would not be encrypted; use an address with https, or allow it with `MACH_NIX_ALLOW_INSECURE_HOST={0}`"
    )]
    NotEncrypted(String),
    /// A project that is missing on an index, where every index has to have it.
    #[error(
        "the index does not have this project, and no other one may be queried for it; pin the package to its index"
    )]
    Strict,
    /// Certificates that cannot be used.
    #[error("the certificates in {path} cannot be used: {reason}; correct the variable that names them")]
    Certificates { path: String, reason: String },
    /// A conda channel without any folder for the system.
    #[error("it is not a conda channel: it has neither `{subdir}` nor `noarch`; correct its name or address")]
    NoChannel { subdir: Subdir },
    /// A partial response without its range.
    #[error("the server sent a part of the file without its range (`Content-Range`)")]
    UnknownPart,
    /// A response above its limit.
    #[error("the response exceeds the limit of {limit} bytes")]
    TooLarge { limit: u64 },
    /// No response, or no progress.
    #[error("the request timed out; is the index up, and is a proxy needed (HTTPS_PROXY)?")]
    TimedOut,
    /// The response could not be stored.
    #[error("the response cannot be stored: {0}")]
    Storage(io::Error),
    /// A failed connection. The innermost cause has the reason; the outer ones are generic.
    #[error("{}; check the address of the index and the network, or work offline", innermost(.0))]
    Connection(reqwest::Error),
}

/// A redirect that must not be followed.
#[derive(Debug, thiserror::Error)]
pub enum RefusedRedirect {
    #[error(
        "it redirects to {0}, which is not encrypted; ask the owner of the server for an address with https, or allow it with \
         `MACH_NIX_ALLOW_INSECURE_HOST={1}`"
    )]
    Downgrade(String, String),
    #[error("it redirects to an address with the scheme `{0}`, which is not one of a server")]
    Scheme(String),
    #[error("it redirects more than {0} times")]
    TooMany(usize),
}

impl RequestError {
    /// The delay before the next attempt; `None` if a retry is useless.
    pub fn pause(&self, attempt: u32) -> Option<Duration> {
        let usual = Duration::from_millis((300 << attempt) + jitter(150 << attempt));
        match self {
            Self::Status { status, retry_after } => {
                let may_pass = status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS;
                may_pass.then(|| retry_after.unwrap_or(usual))
            }
            Self::Connection(error) => (!error.is_builder()).then_some(usual),
            Self::TimedOut => Some(usual),
            _ => None,
        }
    }
}

impl From<RefusedRedirect> for RequestError {
    fn from(refused: RefusedRedirect) -> Self {
        Self::NotFollowed(refused)
    }
}

impl From<reqwest::Error> for RequestError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::TimedOut
        } else {
            Self::Connection(error)
        }
    }
}

/// Prevents clients that failed together from retrying together.
fn jitter(below: u64) -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    RandomState::new().build_hasher().finish() % below
}

fn remedy(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            "; add user name and password to its URL, as in https://USER:PASSWORD@HOST/simple, or in .netrc"
        }
        _ => "",
    }
}

fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
