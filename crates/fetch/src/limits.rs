//! Limits on what a server may send and how long it may take.
//!
//! Each limit has a refusal of its own, and leaves honest servers far below it. What archives may unpack to is with their
//! readers, in `source::archive`.

use std::time::Duration;

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
const GIB: u64 = 1024 * MIB;

/// Maximum size of a page of an index. The list of all projects of the largest index has some 30 MiB.
pub const MAX_PAGE: u64 = 256 * MIB;

/// Maximum size of a metadata file. Long descriptions reach some hundred KiB.
pub const MAX_METADATA: u64 = 16 * MIB;

/// Maximum size of a source that is read in memory.
pub const MAX_SOURCE: u64 = 2 * GIB;

/// Maximum size of a file that is read once to its end, for its digest or to verify it.
pub const MAX_FILE: u64 = 64 * GIB;

/// Maximum size of a wheel from a server that answers requests for a part with the whole file.
pub const MAX_WHOLE_WHEEL: u64 = 2 * GIB;

/// Maximum number of parts of a wheel that are fetched to read its metadata.
pub const MAX_PARTS: usize = 512;

/// Maximum size of the repodata of a folder of a channel, unpacked. The largest one has some 400 MiB.
pub const MAX_REPODATA: u64 = 4 * GIB;

/// Maximum size of the repodata of a folder of a channel as it is served.
pub const MAX_PACKED_REPODATA: u64 = MAX_REPODATA;

/// Maximum size of an index of shards, packed or unpacked. The largest one has some 3 MiB.
pub const MAX_SHARD_INDEX: u64 = 128 * MIB;

/// Maximum size of a shard, packed or unpacked. The largest ones have some MiB.
pub const MAX_SHARD: u64 = 128 * MIB;

/// Maximum size of a file of a source tree that is read for metadata, such as `pyproject.toml`.
pub const MAX_TREE_FILE: u64 = 16 * MIB;

/// Maximum size of a cache entry.
pub const MAX_CACHE_ENTRY: u64 = GIB;

/// Maximum number of attempts. A refused connection may be a restarting server; more attempts only make people wait.
pub const MAX_ATTEMPTS: u32 = 3;

/// Maximum number of redirects that a request follows.
pub const MAX_REDIRECTS: usize = 10;

/// Timeout of a connection.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Timeout between two pieces of an answer.
pub const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Maximum time without progress, over all attempts of a request.
pub const MAX_IDLE: Duration = Duration::from_mins(1);

/// Minimum progress: so many bytes are worth a second.
pub const MIN_BYTES_PER_SECOND: u64 = 2 * KIB;
