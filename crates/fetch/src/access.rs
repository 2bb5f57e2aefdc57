//! Access to servers: credentials, and which connections are trusted.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use url::Url;

use crate::netrc::{Login, Netrc};

/// The credentials for servers, and the trust in their connections.
#[derive(Clone, Default)]
pub struct Access {
    /// The credentials of addresses that are not in the addresses themselves. Each is sent only to its own server
    /// (scheme, host and port).
    pub logins: Vec<(Url, Authorization)>,
    /// The credentials for hosts without other ones.
    pub netrc: Netrc,
    /// The source of passwords that nothing else has.
    pub keyring: Keyring,
    /// The hosts that may be connected to without encryption, and whose certificates are not verified.
    pub insecure_hosts: Vec<InsecureHost>,
    /// Whether an index without a project is an error, instead of a reason to query the next one.
    pub is_strict: bool,
    /// A file or folder of the certificates to trust, instead of those of the system.
    pub certificates: Option<PathBuf>,
    /// A file with a certificate and its private key (PEM), for servers that request one.
    pub client_certificate: Option<PathBuf>,
}

/// The credentials of a request.
#[derive(Clone, PartialEq, Eq)]
pub enum Authorization {
    /// A user name and a password (RFC 7617).
    Basic(Login),
    /// A token (RFC 6750).
    Bearer(String),
}

/// Shows no secret.
impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Basic(_) => "Basic",
            Self::Bearer(_) => "Bearer",
        })
    }
}

/// A source of passwords.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Keyring {
    /// None.
    #[default]
    Disabled,
    /// The program `keyring`, as in pip and uv.
    Subprocess,
}

/// A host whose connections need not be secure: `HOST` or `HOST:PORT`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsecureHost {
    host: String,
    port: Option<u16>,
}

/// A text that is not a host.
#[derive(Debug, thiserror::Error)]
#[error("this is not a host: write HOST or HOST:PORT, as in index.example.org:8080")]
pub struct InsecureHostError;

impl FromStr for InsecureHost {
    type Err = InsecureHostError;

    /// Parses a host with an optional port. As in uv, a URL stands for its host.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let authority = if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        };
        let url = Url::parse(&authority).map_err(|_| InsecureHostError)?;
        let host = url
            .host_str()
            .filter(|host| !host.is_empty())
            .ok_or(InsecureHostError)?;
        if text.contains('@') {
            return Err(InsecureHostError);
        }
        Ok(Self {
            host: host.to_ascii_lowercase(),
            // Url::port is none for the default port of the scheme.
            port: url.port(),
        })
    }
}

impl InsecureHost {
    /// Whether this is the host of an address.
    #[must_use]
    pub fn is_of(&self, url: &Url) -> bool {
        let same_host = url
            .host_str()
            .is_some_and(|host| host.eq_ignore_ascii_case(&self.host));
        same_host
            && self
                .port
                .is_none_or(|port| url.port_or_known_default() == Some(port))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn insecure_hosts_are_hosts_with_or_without_a_port() {
        let of = |host: &str, url: &str| {
            let host: InsecureHost = host.parse().unwrap();
            host.is_of(&url.parse().unwrap())
        };
        assert!(of("index.test", "http://INDEX.test:8080/simple"));
        assert!(of("index.test:8080", "http://index.test:8080/simple"));
        assert!(of("http://index.test:8080", "http://index.test:8080/simple"));
        assert!(!of("index.test:8080", "http://index.test/simple"));
        assert!(!of("index.test", "http://other.index.test/simple"));
        assert!(of("[::2]:80", "http://[::2]:80/"));
        for text in [
            "",
            "a b",
            "https://",
            "user:password@index.test",
            "index.test:port",
        ] {
            assert!(text.parse::<InsecureHost>().is_err(), "{text}");
        }
    }
}
