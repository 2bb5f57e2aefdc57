//! Channels of conda packages: what their folders have under a name.
//!
//! The repodata of a folder comes in three forms, which are tried in this order: sharded (CEP 16), of which an index and a
//! file per name are fetched; `repodata.json.zst`; and `repodata.json`. Records do not depend on the form. A whole file is
//! unpacked to disk once, with a table of where its records are; only the records of names in question are read.

mod blocks;
mod folder;
mod kept;
mod opening;
mod unpack;

pub use folder::ChannelFolder;

use mach_nix_conda::Channel;
use mach_nix_model::without_credentials;
use url::Url;

use crate::token::without_token;

/// The channel at an address, which may have a user name, a password or a token (`/t/TOKEN/…`). These are no part of the
/// channel; put the address into [`FetchOptions::credentials`](crate::FetchOptions::credentials).
#[must_use]
pub fn channel_at(name: &str, address: &Url) -> Channel {
    Channel::new(name, without_token(&without_credentials(address)).as_str())
}
