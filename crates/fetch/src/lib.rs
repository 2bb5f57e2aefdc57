//! Package indexes over HTTP, with a cache on disk (layer 4).
//!
//! Rule of this crate: the only home of network code and of anything asynchronous; nothing asynchronous leaves it.
//! [`RemoteIndex`] is a plain [`PackageIndex`](mach_nix_model::PackageIndex): it answers questions in the order they are
//! put, and uses the hints to have the answers ready. How fast a server is never changes an answer.
//!
//! Indexes are asked as PyPA's *simple repository API* says (PEP 503, 629, 658, 691, 700, 714), JSON before HTML; the
//! content decides which of the two it is, because some servers mislabel it. Dependencies come from the metadata file
//! next to a wheel, or from ranged reads of the wheel, and only from a server that can do neither from the whole wheel.
//! Channels of conda packages are read in each of the forms of their repodata: sharded, `repodata.json.zst`, `repodata.json`.
//! Source distributions, and what direct references lead to, are read for what they state; nothing of them is run.

mod address;
mod answers;
mod archive_kind;
mod cache;
mod cached_page;
mod channel;
mod channel_index;
mod client;
mod deadline;
mod direct;
mod files;
mod find_links;
mod index;
mod json_api;
mod limits;
mod local_file;
mod metadata;
mod netrc;
mod once_map;
mod options;
mod pages;
mod ranges;
mod request_error;
mod scout;
mod shared;
mod simple;
mod sink;
mod source;
mod token;

pub use cache::{Cache, Entry};
pub use channel::{ChannelFolder, channel_at};
pub use index::RemoteIndex;
pub use mach_nix_model::DEFAULT_INDEX;
pub use netrc::{Login, Netrc};
pub use options::{FetchOptions, Progress};
pub use source::{crates_of_lock, git_reference};
