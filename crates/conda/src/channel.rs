//! Channels: what packages come from.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The server of most channels; the channel's name follows.
const CHANNELS: &str = "https://conda.anaconda.org/";

/// The server of [`ON_THE_OTHER_SERVER`]; the channel's name follows.
const DEFAULT_CHANNELS: &str = "https://repo.anaconda.com/pkgs/";

/// The channels that make up conda's `defaults`. Their terms of service limit commercial use.
const ON_THE_OTHER_SERVER: [&str; 3] = ["main", "r", "msys2"];

/// A channel: a name, and the address whose folders are its subdirs.
///
/// ```
/// use mach_nix_conda::Channel;
///
/// let channel = Channel::new("ours", "https://conda.example.org/ours/");
/// assert_eq!(channel.url(), "https://conda.example.org/ours");
/// assert!(channel.is_called("ours") && channel.is_called("https://conda.example.org/ours"));
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Channel {
    name: Box<str>,
    url: Box<str>,
}

impl Channel {
    /// A channel at an address, which has no credentials in it.
    #[must_use]
    pub fn new(name: &str, url: &str) -> Self {
        Self {
            name: name.into(),
            url: url.trim_end_matches('/').into(),
        }
    }

    /// A public channel by its name, such as `conda-forge` or `main`.
    #[must_use]
    pub fn public(name: &str) -> Self {
        let server = if ON_THE_OTHER_SERVER.contains(&name) {
            DEFAULT_CHANNELS
        } else {
            CHANNELS
        };
        Self::new(name, &format!("{server}{name}"))
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether this is the channel that a match spec means: by its name or its address.
    #[must_use]
    pub fn is_called(&self, text: &str) -> bool {
        let text = text.trim_end_matches('/');
        text == &*self.name || text == &*self.url
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.url)
    }
}
