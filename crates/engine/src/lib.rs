//! From a request and a package index to a lock (layer 4).
//!
//! Rule of this crate: no I/O; the caller provides the index and writes the lock. Equal requests over equal indexes
//! give equal locks.
//!
//! ```
//! use std::sync::Arc;
//!
//! use mach_nix_engine::{Request, RequestOptions, lock, targets};
//! use mach_nix_manifest::{Requirements, parse_requirement};
//! use mach_nix_model::{
//!     CoreMetadata, DistributionFile, FileInfo, IndexError, MetadataFile, PackageIndex, PackageName, Project, Yanked,
//! };
//!
//! /// An index with one wheel of every package.
//! struct Wheels;
//!
//! impl PackageIndex for Wheels {
//!     fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
//!         let filename = format!("{name}-1.0-py3-none-any.whl");
//!         let wheel = DistributionFile {
//!             url: format!("https://files.example.org/{filename}").into(),
//!             filename: filename.into(),
//!             hash: "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=".parse().ok(),
//!             size: Some(0),
//!             requires_python: None,
//!             yanked: Yanked::No,
//!             upload_time: None,
//!             metadata_file: MetadataFile::Absent,
//!         };
//!         let index = "https://index.example.org/simple".into();
//!         Ok(Some(Arc::new(Project::from_files(name.clone(), index, vec![wheel]))))
//!     }
//!
//!     fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
//!         let requires = if name.as_ref() == "app" { "Requires-Dist: library>=1" } else { "" };
//!         let text = format!("Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{requires}\n");
//!         let metadata = CoreMetadata::parse(text.as_bytes());
//!         metadata.map(Arc::new).map_err(|error| IndexError::malformed(&*file.url, error))
//!     }
//!
//!     fn file_info(&self, file: &DistributionFile) -> Result<FileInfo, IndexError> {
//!         Ok(FileInfo { hash: file.hash.expect("listed with its digest"), size: file.size })
//!     }
//! }
//!
//! // A request consists of requirements and options; here, a single target.
//! let mut requirements = Requirements::default();
//! requirements.add(parse_requirement("app")?);
//! let options = RequestOptions {
//!     targets: targets(&["3.12".parse()?], &["x86_64-linux".parse()?]),
//!     ..RequestOptions::default()
//! };
//! let request = Request::new(requirements, options)?;
//!
//! // Without a builder, sources need static metadata.
//! let locked = lock(&request, &Wheels, None)?;
//! let names: Vec<String> = locked.lock.packages.iter().map(|package| package.name.to_string()).collect();
//! assert_eq!(names, ["app", "library"]);
//!
//! // `mach-nix lock --check`: the lock matches this request.
//! assert_eq!(request.difference(&locked.lock), None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`lock()`] resolves a request for each target in order; later targets prefer the versions of earlier ones. Equal
//! choices for several targets become one entry of the [lock](mach_nix_lock::Lock). A [`SourceBuilder`] runs the build
//! backends of sources, and [`WithNixpkgs`] adds the packages of nixpkgs to an index.

mod answer;
mod backend;
mod build;
mod channels;
mod contents;
mod dynamic;
mod entries;
mod error;
mod graph;
mod location;
mod lock;
mod nix_surface;
mod nixpkgs;
mod options;
mod partial;
mod parts;
mod project;
mod query;
mod recording;
mod request;
mod saved;
mod source;
mod sources;

pub use answer::{Answer, AnswerError};
pub use backend::{BackendAnswer, BackendQuery, BuildError, BuiltMetadata, SourceBuilder};
pub use channels::{conda_channels, known_channels};
pub use error::{EngineError, ErrorClass};
pub use location::relative;
pub use lock::{Locked, lock};
pub use nix_surface::NixSurface;
pub use nixpkgs::{Inventory, InventoryEntry, InventoryFile, WithNixpkgs, interpreter};
pub use options::{PolicyOptions, RequestOptions, targets};
pub use partial::PartialInventory;
pub use parts::Parts;
pub use query::Query;
pub use recording::{RecordingBuilder, RecordingIndex};
pub use request::{Adopted, Request};
pub use saved::SavedProblem;
pub use sources::{Sources, recorded_indexes, refuse_other_sources};
