//! Limits on the size and duration of responses.
//!
//! Each limit has its own error, and is far above the needs of ordinary servers. The limits on unpacked archives are
//! next to their readers, in `source::archive`.

use std::time::Duration;

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
const GIB: u64 = 1024 * MIB;

/// Maximum size of a page of an index. The list of all projects on the largest index is about 30 MiB.
pub const MAX_PAGE: u64 = 256 * MIB;

/// Maximum size of a metadata file. Long descriptions reach several hundred KiB.
pub const MAX_METADATA: u64 = 16 * MIB;

/// Maximum size of a source that is read into memory.
pub const MAX_SOURCE: u64 = 2 * GIB;

/// Maximum size of a file that is read once to compute or verify its digest.
pub const MAX_FILE: u64 = 64 * GIB;

/// Maximum size of a wheel from a server that responds to range requests with the whole file.
pub const MAX_WHOLE_WHEEL: u64 = 2 * GIB;

/// Maximum size of the directory of a wheel that is fetched in one request.
pub const MAX_DIRECTORY: u64 = 16 * MIB;

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

/// Maximum number of cache entries whose files stay open. Processes have at least 256 files, and connections need some.
pub const MAX_OPEN_ENTRIES: usize = 128;

/// Maximum number of attempts. A refused connection may be a restarting server; more attempts would only delay the
/// error.
pub const MAX_ATTEMPTS: u32 = 3;

/// Maximum number of redirects of a request.
pub const MAX_REDIRECTS: usize = 10;

/// Timeout of a connection.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Timeout between two chunks of a response.
pub const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Maximum time without progress, over all attempts of a request.
pub const MAX_IDLE: Duration = Duration::from_mins(1);

/// Minimum rate of progress.
pub const MIN_BYTES_PER_SECOND: u64 = 2 * KIB;

/// Maximum time of an external program, such as git.
pub const MAX_PROGRAM_TIME: Duration = Duration::from_hours(1);

/// Maximum size of what an external program prints.
pub const MAX_PROGRAM_OUTPUT: usize = 64 << 20;

/// Maximum size of a file that an external program writes: git stores what a server sends.
pub const MAX_PROGRAM_FILE: u64 = 16 * GIB;

/// Maximum size of a file of certificates.
pub const MAX_CERTIFICATES: u64 = 16 * MIB;
