//! Credentials and certificates of the environment.

use std::env::{self, VarError};
use std::path::{Path, PathBuf};
use std::{fs, io};

use mach_nix_fetch::{Access, Authorization, InsecureHost, Login, Netrc, is_loopback};
use mach_nix_model::without_credentials;
use url::Url;

use crate::args::trust::TrustOptions;
use crate::failure::Failure;

/// The variables with a file or folder of trusted certificates, those of pip, Requests, curl and Nix. `SSL_CERT_FILE` and
/// `SSL_CERT_DIR` go before them, and are read with the certificates of the system.
const CERTIFICATES: [&str; 4] = [
    "PIP_CERT",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NIX_SSL_CERT_FILE",
];

/// The variables with a client certificate, those of uv and pip.
const CLIENT_CERTIFICATES: [&str; 2] = ["SSL_CLIENT_CERT", "PIP_CLIENT_CERT"];

/// The value of `SSL_CERT_FILE` and `NIX_SSL_CERT_FILE` in builds and shells of Nix without certificates.
const NO_CERTIFICATES: &str = "/no-cert-file.crt";

/// The credentials and the trust of this run, for indexes and channels with these names.
pub fn access(trust: &TrustOptions, names: &[(String, Url)], insecure_hosts: &[InsecureHost]) -> Access {
    let mut logins = Vec::new();
    for (name, url) in names {
        logins.extend(login(name, &["MACH_NIX", "UV"]).map(|login| (url.clone(), login)));
    }
    let insecure = trust.allow_insecure_host.iter().chain(insecure_hosts);
    let own = ["SSL_CERT_FILE", "SSL_CERT_DIR"];
    let certificates = if own.iter().any(|name| path_in(name).is_some()) {
        None
    } else {
        CERTIFICATES.iter().find_map(|name| path_in(name))
    };
    Access {
        logins,
        netrc: netrc(),
        keyring: trust.keyring_provider.into(),
        insecure_hosts: insecure.cloned().collect(),
        is_strict: trust.strict_indexes,
        certificates,
        client_certificate: CLIENT_CERTIFICATES.iter().find_map(|name| path_in(name)),
    }
}

/// The names of indexes for variables: the given ones, then the hosts of all.
pub fn with_hosts<'a>(
    named: &[(String, Url)],
    addresses: impl Iterator<Item = &'a Url>,
) -> Vec<(String, Url)> {
    let of_host = |url: &Url| Some((url.host_str()?.to_owned(), without_credentials(url)));
    let hosts = addresses.filter_map(of_host);
    // Of equally close addresses, the last one wins.
    hosts.chain(named.iter().cloned()).collect()
}

/// # Errors
/// When an address leads to an unencrypted connection that nobody allowed.
pub fn refuse_unencrypted<'a>(
    addresses: impl IntoIterator<Item = &'a Url>,
    access: &Access,
) -> Result<(), Failure> {
    let is_refused = |url: &&Url| {
        let is_allowed = || access.insecure_hosts.iter().any(|host| host.is_of(url));
        url.scheme() == "http" && !is_loopback(url) && !is_allowed()
    };
    match addresses.into_iter().find(is_refused) {
        None => Ok(()),
        Some(url) => Err(Failure::usage(format!(
            "{} is not encrypted: use its address with https, or allow it with `--allow-insecure-host {}`",
            without_credentials(url),
            url.host_str().unwrap_or_default()
        ))),
    }
}

/// The credentials of an index in variables, such as `MACH_NIX_INDEX_CORP_USERNAME`, `…_PASSWORD` or `…_TOKEN`.
fn login(name: &str, prefixes: &[&str]) -> Option<Authorization> {
    let name: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    prefixes.iter().find_map(|prefix| {
        let value = |what: &str| variable(&format!("{prefix}_INDEX_{name}_{what}"));
        if let Some(token) = value("TOKEN") {
            return Some(Authorization::Bearer(token));
        }
        let (user, password) = (value("USERNAME"), value("PASSWORD"));
        (user.is_some() || password.is_some()).then(|| {
            Authorization::Basic(Login {
                user: user.unwrap_or_default(),
                password: password.unwrap_or_default(),
            })
        })
    })
}

fn variable(name: &str) -> Option<String> {
    match env::var(name) {
        Ok(value) => Some(value).filter(|value| !value.is_empty()),
        Err(VarError::NotPresent) => None,
        Err(VarError::NotUnicode(_)) => {
            tracing::warn!(variable = name, "is not text: ignored");
            None
        }
    }
}

fn path_in(variable: &str) -> Option<PathBuf> {
    let path = env::var_os(variable).map(PathBuf::from)?;
    (!path.as_os_str().is_empty() && path != Path::new(NO_CERTIFICATES)).then_some(path)
}

/// The file in the variable `NETRC`, or else `~/.netrc`; an unreadable one is ignored.
fn netrc() -> Netrc {
    let path = env::var_os("NETRC")
        .map(PathBuf::from)
        .or_else(|| Some(etcetera::home_dir().ok()?.join(".netrc")));
    let Some(path) = path else {
        return Netrc::default();
    };
    match fs::read_to_string(&path) {
        Ok(text) => Netrc::parse(&text),
        Err(error) => {
            if error.kind() != io::ErrorKind::NotFound || env::var_os("NETRC").is_some() {
                tracing::warn!(path = %path.display(), %error, "cannot be read: its credentials are ignored");
            }
            Netrc::default()
        }
    }
}
