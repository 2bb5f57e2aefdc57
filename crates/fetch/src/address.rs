//! Parts of addresses: the path, the file name and the fragment of a URL.

use std::path::PathBuf;

use mach_nix_hash::Digest;
use mach_nix_model::{DistributionFile, IndexError, PackageName, without_credentials};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// An address as people and locks may see it, without credentials.
pub fn shown(url: &Url) -> String {
    without_credentials(url).into()
}

/// The address of a file that an index lists.
pub fn parse_url(file: &DistributionFile) -> Result<Url, IndexError> {
    Url::parse(&file.url).map_err(|error| IndexError::malformed(&*file.url, error))
}

/// The address of a project's page: the name in normal form, with the closing slash of PEP 503.
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

/// Whether an address leads to this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The path of a `file:` URL.
pub fn local_path(url: &Url) -> Option<PathBuf> {
    (url.scheme() == "file").then(|| url.to_file_path().ok())?
}

/// The name at the end of an address.
pub fn file_name(url: &Url) -> String {
    let last = url.path_segments().and_then(|mut segments| segments.next_back());
    percent_decode_str(last.unwrap_or_default())
        .decode_utf8_lossy()
        .into_owned()
}

/// `#sha256=HEX`, or one of the other algorithms; alone or among other pairs.
pub fn promised_hash(url: &Url) -> Option<Digest> {
    let mut algorithms = Digest::ALGORITHMS.iter();
    algorithms.find_map(|algorithm| Digest::from_hex(algorithm, &fragment(url, algorithm)?).ok())
}

/// A value of the fragment, as in `#egg=name&subdirectory=folder`.
pub fn fragment(url: &Url, key: &str) -> Option<String> {
    let mut pairs = url.fragment()?.split('&');
    let value = pairs.find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))?;
    Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
}

/// Whether a page may name an address: a page of the network names no file of this machine.
pub fn may_name(page: &Url, target: &Url) -> bool {
    let is_remote = |url: &Url| matches!(url.scheme(), "http" | "https");
    is_remote(target) || !is_remote(page)
}
