//! Locks of other tools: pylock.toml (PEP 751), uv.lock, poetry.lock and Pipfile.lock.
//!
//! Each parser applies a selection (extras, groups) and returns a [`ForeignLock`].

mod address;
mod fields;
mod file;
mod lock;
mod pipfile;
mod poetry;
mod pylock;
mod uv;

pub use file::ForeignFile;
pub use lock::{ForeignDependency, ForeignLock, ForeignPackage};
pub use pipfile::parse_pipfile_lock;
pub use poetry::parse_poetry_lock;
pub use pylock::parse_pylock;
pub use uv::parse_uv_lock;
