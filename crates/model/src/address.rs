//! Addresses: of indexes, as people and locks may see them, and of files.

use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, percent_encode};
use url::Url;

/// The characters that are escaped in a path: those of the URL standard, and those that would end or divide it.
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
/// `Url::from_file_path` does the same, but not on `wasm32-unknown-unknown`.
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

/// The path of a `file:` URL; `None` for any other, and where it is not UTF-8.
#[must_use]
pub fn file_path(url: &Url) -> Option<PathBuf> {
    if url.scheme() != "file" || url.host_str().is_some_and(|host| host != "localhost") {
        return None;
    }
    let path = percent_decode_str(url.path()).decode_utf8().ok()?;
    Some(PathBuf::from(path.into_owned()))
}

/// The package index that is asked when no other is given.
pub const DEFAULT_INDEX: &str = "https://pypi.org/simple";

/// Where the crates of crates.io are: the files `NAME/NAME-VERSION.crate` below it.
pub const CRATE_DOWNLOADS: &str = "https://static.crates.io/crates";

/// An address without user name and password.
#[must_use]
pub fn without_credentials(url: &Url) -> Url {
    let mut url = url.clone();
    // Only addresses that cannot have credentials refuse this.
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
    fn paths_and_urls_are_the_same_places() {
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
