//! Package indexes over HTTP, with a cache on disk (layer 4).
//!
//! Rule of this crate: all network and asynchronous code is here, behind a synchronous interface. [`RemoteIndex`] is a
//! plain [`PackageIndex`](mach_nix_model::PackageIndex): it answers queries in their order, and prefetches according to
//! the hints. The speed of a server never affects a result.
//!
//! Indexes are queried through PyPA's *simple repository API* (PEP 503, 629, 658, 691, 700, 714), with JSON preferred to
//! HTML; the format is detected by content, because some servers mislabel it. Dependencies come from the metadata file
//! next to a wheel, or from range requests, and only if the server supports neither, from the whole wheel.
//! Conda channels are read in all forms of their repodata: sharded, `repodata.json.zst`, `repodata.json`.
//! Source distributions and direct references are read statically; their code is not run.

mod access;
mod address;
mod answers;
mod archive_kind;
mod cache;
mod cached_page;
mod channel;
mod channel_index;
mod client;
mod credentials;
mod deadline;
mod direct;
mod entry;
mod files;
mod find_links;
mod headers;
mod index;
mod json_api;
mod keyring;
mod leftovers;
mod limits;
mod local_file;
mod metadata;
mod netrc;
mod once_map;
mod options;
mod pages;
mod program;
mod ranges;
mod readers;
mod request_error;
mod responses;
mod scout;
mod shared;
mod simple;
mod sink;
mod source;
mod token;
mod transport;

pub use access::{Access, Authorization, InsecureHost, InsecureHostError, Keyring};
pub use address::is_loopback;
pub use cache::Cache;
pub use channel::{ChannelFolder, channel_at};
pub use entry::Entry;
pub use index::RemoteIndex;
pub use leftovers::{remove_leftovers, temporary_prefix};
pub use mach_nix_model::DEFAULT_INDEX;
pub use netrc::{Login, Netrc};
pub use options::{FetchOptions, Progress};
pub use readers::{READERS, Reader};
pub use source::{crates_of_lock, git_reference};
