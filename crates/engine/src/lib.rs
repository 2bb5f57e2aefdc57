//! From a request and a package index to a lock (layer 3).
//!
//! Rule of this crate: no I/O of its own; the caller brings the index and writes the lock. Equal requests over equal
//! indexes give equal locks.
//!
//! A [`Request`] is made of requirements ([`mach_nix_manifest`]) and [`RequestOptions`]. [`lock()`] resolves it for each
//! target in the order given; a later target prefers the versions of the earlier ones. What was chosen for several
//! targets alike becomes one entry of the [lock](mach_nix_lock::Lock).
//!
//! ```
//! use std::sync::Arc;
//!
//! use mach_nix_engine::{Request, RequestOptions, lock, targets};
//! use mach_nix_manifest::{Requirements, parse_requirement};
//! use mach_nix_model::{
//!     CoreMetadata, DistributionFile, FileFacts, IndexError, MetadataFile, PackageIndex, PackageName, Project, Yanked,
//! };
//!
//! /// An index with one wheel, `app 1.0`, which needs nothing.
//! struct OneWheel;
//!
//! impl PackageIndex for OneWheel {
//!     fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
//!         let file = DistributionFile {
//!             filename: "app-1.0-py3-none-any.whl".into(),
//!             url: "https://files.test/app-1.0-py3-none-any.whl".into(),
//!             hash: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".parse().ok(),
//!             size: None,
//!             requires_python: None,
//!             yanked: Yanked::No,
//!             upload_time: None,
//!             metadata_file: MetadataFile::Unannounced,
//!         };
//!         let project = Project::from_files(name.clone(), "https://index.test".into(), vec![file]);
//!         Ok((name.as_ref() == "app").then(|| Arc::new(project)))
//!     }
//!
//!     fn metadata(&self, _: &PackageName, _: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
//!         Ok(Arc::default())
//!     }
//!
//!     fn facts(&self, file: &DistributionFile) -> Result<FileFacts, IndexError> {
//!         let hash = file.hash.expect("announced");
//!         Ok(FileFacts { hash, size: file.size })
//!     }
//! }
//!
//! let mut requirements = Requirements::default();
//! requirements.add(parse_requirement("app>=1")?);
//! let options = RequestOptions {
//!     targets: targets(&["3.12".parse()?], &["x86_64-linux".parse()?]),
//!     ..RequestOptions::default()
//! };
//! let request = Request::new(requirements, options)?;
//! let locked = lock(&request, &OneWheel, None)?;
//! assert_eq!(locked.lock.to_requirements(), "app==1.0\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod ask;
mod backend;
mod build;
mod computed;
mod entries;
mod error;
mod graph;
mod location;
mod lock;
mod nixpkgs;
mod options;
mod partial;
mod project;
mod request;
mod saved;
mod source;
mod sources;

pub use ask::Ask;
pub use backend::{BackendAnswer, BuildError, BuiltMetadata, SourceBuilder, Wish};
pub use error::{EngineError, ErrorClass};
pub use location::relative;
pub use lock::{Locked, lock};
pub use nixpkgs::{Inventory, InventoryEntry, InventoryFile, WithNixpkgs, interpreter};
pub use options::{PolicyOptions, RequestOptions, targets};
pub use partial::PartialInventory;
pub use request::Request;
pub use saved::{RecordingBuilder, RecordingIndex, SavedProblem};
pub use sources::{Sources, recorded_indexes, refuse_other_places};
