//! Addresses of indexes as people and locks may see them.

use url::Url;

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
