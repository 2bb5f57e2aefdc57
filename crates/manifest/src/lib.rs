//! Readers of what people write: requirements files (layer 2).
//!
//! Rule of this crate: text in, requirements out, with the place of each kept so that every later complaint can name
//! it. Files are read through a function the caller gives, so that nothing here touches a disk.
//!
//! The format of requirements files is pip's: <https://pip.pypa.io/en/stable/reference/requirements-file-format/>.
//! Options that mach-nix does not know are errors: silently skipping `--hash` or `--no-binary` would lock something else
//! than what was asked.

mod error;
mod lines;
mod requirements;

pub use error::ManifestError;
pub use requirements::{Entry, Requirements, parse_requirement, parse_requirements};
