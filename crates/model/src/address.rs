//! Addresses of indexes, in the forms for users and for locks, and of files.

use std::path::{Path, PathBuf};

use mach_nix_hash::Digest;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, percent_encode};
use url::Url;

/// The characters to percent-encode in a path: those of the URL standard, and those that would end or divide the path.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// The `file:` URL of an absolute path; `None` for a relative one.
///
/// `Url::from_file_path` is not available on `wasm32-unknown-unknown`.
#[must_use]
pub fn file_url(path: &Path) -> Option<Url> {
    let bytes = path.as_os_str().as_encoded_bytes();
    if !bytes.starts_with(b"/") {
        return None;
    }
    let trimmed = bytes
        .strip_suffix(b"/")
        .filter(|rest| !rest.is_empty())
        .unwrap_or(bytes);
    Url::parse(&format!("file://{}", percent_encode(trimmed, ESCAPED))).ok()
}

/// The path of a `file:` URL; `None` for other schemes.
#[must_use]
pub fn file_path(url: &Url) -> Option<PathBuf> {
    if url.scheme() != "file" || url.host_str().is_some_and(|host| host != "localhost") {
        return None;
    }
    path_of_bytes(percent_decode_str(url.path()).collect())
}

#[cfg(unix)]
#[allow(
    clippy::unnecessary_wraps,
    reason = "on other systems some bytes have no path"
)]
fn path_of_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(std::ffi::OsString::from_vec(bytes).into())
}

#[cfg(not(unix))]
fn path_of_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

/// The decoded last segment of a path or of the path of a URL ([`Url::path`]).
#[must_use]
pub fn file_name(path: &str) -> String {
    let last = path.rsplit('/').next().unwrap_or_default();
    percent_decode_str(last).decode_utf8_lossy().into_owned()
}

/// The value of a key in the fragment, as in `#egg=name&subdirectory=folder`.
#[must_use]
pub fn fragment(url: &Url, key: &str) -> Option<String> {
    let mut pairs = url.fragment()?.split('&');
    let value = pairs.find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))?;
    Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
}

/// The digest in the fragment of an address: `#sha256=…` or another algorithm, alone or among other pairs.
#[must_use]
pub fn promised_digest(url: &Url) -> Option<Digest> {
    let mut algorithms = Digest::ALGORITHMS.iter();
    algorithms.find_map(|algorithm| Digest::from_hex(algorithm, &fragment(url, algorithm)?).ok())
}

/// The default package index.
pub const DEFAULT_INDEX: &str = "https://pypi.org/simple";

/// The base URL of crates.io's downloads: the files are `NAME/NAME-VERSION.crate` below it.
pub const CRATE_DOWNLOADS: &str = "https://static.crates.io/crates";

/// An address without user name and password.
#[must_use]
pub fn without_credentials(url: &Url) -> Url {
    let mut url = url.clone();
    // Only addresses that cannot have credentials fail here.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// The address of an index as a lock records it.
#[must_use]
pub fn recorded_address(index: &Url) -> String {
    without_credentials(index)
        .as_str()
        .trim_end_matches('/')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_and_fragments_are_decoded() {
        let url: Url = "https://x.test/a/b%2B1.whl?c=d/e#egg=n&subdirectory=s%20t"
            .parse()
            .unwrap();
        assert_eq!(file_name(url.path()), "b+1.whl");
        assert_eq!(file_name("./w/a-1.whl"), "a-1.whl");
        assert_eq!(fragment(&url, "subdirectory").as_deref(), Some("s t"));
        assert_eq!(fragment(&url, "sub"), None);
    }

    #[test]
    fn paths_and_urls_round_trip() {
        for (path, address) in [
            ("/a/b c#d?e%20.whl", "file:///a/b%20c%23d%3Fe%2520.whl"),
            ("/é/{x}", "file:///%C3%A9/%7Bx%7D"),
            ("/a/b+c@d:e;f=g&h,[i]", "file:///a/b+c@d:e;f=g&h,[i]"),
            ("/", "file:///"),
        ] {
            let url = file_url(Path::new(path)).unwrap();
            assert_eq!(url.as_str(), address);
            assert_eq!(Some(url.clone()), Url::from_file_path(path).ok());
            assert_eq!(file_path(&url).as_deref(), Some(Path::new(path)));
        }
        assert_eq!(file_url(Path::new("/a/")), file_url(Path::new("/a")));
        assert_eq!(file_url(Path::new("a")), None);
        assert_eq!(file_path(&"https://x.test/a".parse().unwrap()), None);
        assert_eq!(file_path(&"file://x.test/a".parse().unwrap()), None);
    }
}
