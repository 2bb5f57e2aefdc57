//! Readers of input files: requirements files, projects, scripts, and other tools' locks (layer 3).
//!
//! [`parse_manifest`] detects the format by the file name ([`ManifestKind`]); every format becomes one
//! [`Requirements`]: requirements, [`Options`] and [`Projects`]. Each requirement has its [`Location`] for later
//! errors. Files are read through [`ReadContext`]: this crate does no I/O.
//!
//! ```
//! use std::path::Path;
//!
//! use mach_nix_manifest::{Selection, ReadContext, parse_manifest};
//!
//! let text = "--extra-index-url https://private.example.org/simple\nflask>=2, ; python_version >= '3.10'\n";
//! let context = ReadContext {
//!     read: &|_| Ok(text.as_bytes().to_vec()),
//!     exists: &|_| true,
//!     folders: &|_| Vec::new(),
//!     variable: &|name| std::env::var(name).ok(),
//!     folder: Path::new("/home/me/project"),
//! };
//! let found = parse_manifest(Path::new("requirements.txt"), &Selection::default(), &context)?;
//! let flask = &found.requirements[0];
//! assert_eq!(flask.requirement.to_string(), "flask>=2 ; python_version >= '3.10'");
//! assert_eq!(flask.location.to_string(), "requirements.txt, line 2");
//! assert_eq!(found.options.extra_index_urls.len(), 1);
//!
//! let error = flask.error("this version is too old: write `flask>=3`");
//! assert_eq!(error.to_string().lines().nth(1), Some("  | flask>=2, ; python_version >= '3.10'"));
//! # Ok::<(), mach_nix_manifest::ManifestError>(())
//! ```
//!
//! Two things are unknown after parsing. A requirement by the address of a source becomes a [`SourceTree`], whose name
//! may require access to the address; and a project with dynamic metadata becomes a [`DynamicProject`], whose
//! requirements require a build.
//!
//! Unsupported options are errors: ignoring `--hash` or `--no-binary` would lock something else.

mod address;
mod allowed;
mod checks;
mod conda;
mod context;
mod document;
mod edit;
mod editable;
mod encoding;
mod entry;
mod environment;
mod error;
mod file_line;
mod foreign;
mod formats;
mod groups;
mod included;
mod json;
mod line_options;
mod lines;
mod location;
mod manifest;
mod options;
mod outline;
mod package;
mod pinned;
mod project_table;
mod projects;
mod pyproject;
mod requirements;
mod requirements_file;
mod script;
mod selection;
mod settings;
mod setup_cfg;
mod setup_py;
mod source_tree;
mod specifier;
#[cfg(test)]
mod tests;
mod toml_item;
mod unreachable;
mod uv_settings;
mod words;
mod workspace;

pub use conda::{CondaChannel, CondaEntry, CondaEnvironment};
pub use context::ReadContext;
pub use document::normalized;
pub use edit::{Part, added, removed, with_source};
pub use editable::EditableProject;
pub use entry::{Entry, RequiresPython};
pub use environment::parse_environment;
pub use error::ManifestError;
pub use foreign::{
    ForeignDependency, ForeignFile, ForeignLock, ForeignPackage, parse_pipfile_lock, parse_poetry_lock,
    parse_pylock, parse_uv_lock,
};
pub use formats::{FormatControl, NoProviderLeft};
pub use location::Location;
pub use manifest::{ManifestKind, parse_manifest};
pub use options::{FindLinks, Options, UvSettings};
pub use outline::ProjectOutline;
pub use pinned::{parse_conda_lock, parse_pixi_lock};
pub use projects::{DynamicProject, Projects};
pub use pyproject::parse_pyproject;
pub use requirements::Requirements;
pub use requirements_file::{parse_requirement, parse_requirements};
pub use script::parse_script;
pub use selection::{Selection, known as available_names};
pub use settings::{MACH_NIX_TOML, ProjectSettings};
pub use setup_cfg::parse_setup_cfg;
pub use setup_py::parse_setup_py;
pub use source_tree::{SourceKind, SourceTree};
pub use workspace::Workspace;
