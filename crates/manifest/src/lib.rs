//! Readers of what people write: requirements files, projects, scripts, and other tools' locks (layer 2).
//!
//! Rule of this crate: text in, requirements out, with the place of each kept so that every later complaint can name
//! it. Files are read through [`Surroundings`], so that nothing here touches a disk or an environment.
//!
//! [`parse_manifest`] knows a file by its name ([`ManifestKind`]); everything becomes one [`Requirements`]. What is an
//! address of sources becomes a [`SourceTree`]: its name is known only to who looks there. A project that computes its
//! requirements becomes a [`DynamicProject`]: what it requires is known only to who builds it.
//!
//! Options that mach-nix does not serve are errors: silently skipping `--hash` or `--no-binary` would lock something
//! else than what was asked.

mod address;
mod allowed;
mod checks;
mod document;
mod encoding;
mod environment;
mod error;
mod foreign;
mod formats;
mod groups;
mod line_options;
mod lines;
mod location;
mod manifest;
mod options;
mod package;
mod projects;
mod pyproject;
mod requirements;
mod requirements_file;
mod script;
mod selection;
mod setup_cfg;
mod setup_py;
mod source_tree;
mod specifier;
mod surroundings;
#[cfg(test)]
mod tests;
mod toml_item;
mod unreachable;
mod uv_settings;
mod words;

pub use document::normalized;
pub use environment::parse_environment;
pub use error::ManifestError;
pub use foreign::{
    ForeignDependency, ForeignFile, ForeignLock, ForeignPackage, parse_poetry_lock, parse_pylock,
    parse_uv_lock,
};
pub use formats::FormatControl;
pub use location::Location;
pub use manifest::{ManifestKind, parse_manifest};
pub use options::{FindLinks, Options};
pub use projects::{DynamicProject, Projects};
pub use pyproject::parse_pyproject;
pub use requirements::{Entry, Requirements, RequiresPython};
pub use requirements_file::{parse_requirement, parse_requirements};
pub use script::parse_script;
pub use selection::Selection;
pub use setup_cfg::parse_setup_cfg;
pub use setup_py::parse_setup_py;
pub use source_tree::{SourceKind, SourceTree};
pub use surroundings::Surroundings;
