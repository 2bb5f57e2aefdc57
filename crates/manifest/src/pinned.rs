//! Files that pin conda packages by the addresses of their files: `@EXPLICIT`, `conda-lock.yml` and `pixi.lock`.
//!
//! Each pin becomes a match spec of channel, subdir, version, build and digest, which a single package meets; pins of wheels become
//! versions with digests. So the result has the same packages, and the channels' metadata about them.

mod conda_lock;
mod explicit;
mod pins;
mod pixi_lock;

pub use conda_lock::parse_conda_lock;
pub use explicit::{is_explicit, read as read_explicit};
pub use pixi_lock::parse_pixi_lock;
