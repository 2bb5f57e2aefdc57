//! Parts of URLs: the path, the file name and the fragment.

use std::net::Ipv4Addr;

use mach_nix_model::{DistributionFile, IndexError, PackageName, without_credentials};
use url::{Host, Url};

/// The URL without credentials, for messages and locks.
pub fn shown(url: &Url) -> String {
    without_credentials(url).into()
}

/// The URL of a file of an index.
pub fn parse_url(file: &DistributionFile) -> Result<Url, IndexError> {
    Url::parse(&file.url).map_err(|error| IndexError::malformed(&*file.url, error))
}

/// The URL of a project's page: the name in normal form, with the trailing slash of PEP 503.
pub fn page_address(index: &Url, name: &PackageName) -> Option<Url> {
    let mut address = index.clone();
    address
        .path_segments_mut()
        .ok()?
        .pop_if_empty()
        .push(name.as_ref())
        .push("");
    Some(address)
}

/// Whether a URL refers to this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        // Of a scheme that `Url` does not know, such as `git`, an address is a name.
        Some(Host::Domain(name)) => {
            let is_address = || {
                name.parse::<Ipv4Addr>()
                    .is_ok_and(|address| address.is_loopback())
            };
            name == "localhost" || name.ends_with(".localhost") || is_address()
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether a page may link to a URL: remote pages must not link to local files.
pub fn may_name(page: &Url, target: &Url) -> bool {
    let is_remote = |url: &Url| matches!(url.scheme(), "http" | "https");
    is_remote(target) || !is_remote(page)
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn this_machine_is_known_in_every_scheme() {
        for (url, expected) in [
            ("http://127.0.0.1:80/", true),
            ("git://127.0.0.1:9418/x", true),
            ("http://[::1]/", true),
            ("https://a.localhost/", true),
            ("git://127.0.0.1.example.org/x", false),
            ("http://localhost.example.org/", false),
            ("git://10.0.0.1/x", false),
        ] {
            assert_eq!(is_loopback(&url.parse().unwrap()), expected, "{url}");
        }
    }
}
