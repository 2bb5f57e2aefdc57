//! Errors of requests.

use std::io;
use std::time::Duration;

use reqwest::StatusCode;

/// A request without a usable answer.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The server refused.
    #[error("the server answered {status}{}", remedy(*status))]
    Status {
        status: StatusCode,
        /// The pause that the server asks for (RFC 9110 §10.2.3).
        retry_after: Option<Duration>,
    },
    /// The server refused for longer than a request waits.
    #[error("the server answered {status} and asks to wait {} s; try again then", pause.as_secs())]
    Busy { status: StatusCode, pause: Duration },
    /// A redirect without a usable address.
    #[error("the server answered {0} without an address to go to")]
    Redirect(StatusCode),
    /// A redirect that was not followed.
    #[error("{0}")]
    NotFollowed(RefusedRedirect),
    /// The server has no such thing.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// A part without a place in its file.
    #[error("the server sent a part of the file and does not say which (`Content-Range`)")]
    UnknownPart,
    /// An answer beyond its limit.
    #[error("the answer has more than {limit} bytes, which is the limit for it")]
    TooLarge { limit: u64 },
    /// No answer, or one without progress.
    #[error("no answer in time; is the index up, and is a proxy needed (HTTPS_PROXY)?")]
    TimedOut,
    /// The answer could not be stored.
    #[error("the answer cannot be stored: {0}")]
    Storage(io::Error),
    /// The connection failed. The innermost cause says what happened; the outer ones only that something did.
    #[error("{}; check the address of the index and the network, or work offline", innermost(.0))]
    Connection(reqwest::Error),
}

/// A redirect that would lead somewhere it must not.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RefusedRedirect {
    #[error(
        "it redirects from https to {0}, which is not encrypted; ask the owner of the server for an address with https"
    )]
    Downgrade(String),
    #[error("it redirects more than {0} times")]
    TooMany(usize),
}

impl RequestError {
    /// The pause before another attempt; `None` where one would not help.
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

impl From<reqwest::Error> for RequestError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_redirect() {
            let mut cause: Option<&dyn std::error::Error> = Some(&error);
            while let Some(inner) = cause {
                if let Some(refused) = inner.downcast_ref::<RefusedRedirect>() {
                    return Self::NotFollowed(refused.clone());
                }
                cause = inner.source();
            }
        }
        if error.is_timeout() {
            Self::TimedOut
        } else {
            Self::Connection(error)
        }
    }
}

/// Clients that failed together do not come back together.
fn jitter(below: u64) -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    RandomState::new().build_hasher().finish() % below
}

fn remedy(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            "; give user name and password in its address, as in https://USER:PASSWORD@HOST/simple, or in .netrc"
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
