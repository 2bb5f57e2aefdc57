//! Parts of URLs: the path, the file name and the fragment.

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
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
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
