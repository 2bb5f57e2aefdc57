//! File names of distributions, and their compatibility with targets (layer 0).
//!
//! ```
//! use mach_nix_tags::{CompatibleTags, WheelFilename};
//!
//! let tags = CompatibleTags::for_target("3.11".parse()?, "x86_64-linux".parse()?);
//! let native: WheelFilename = "numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.whl".parse()?;
//! let other: WheelFilename = "numpy-1.26.4-cp312-cp312-manylinux_2_17_x86_64.whl".parse()?;
//! assert!(tags.compatibility(&native).is_some());
//! assert!(tags.compatibility(&other).is_none());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Goals
//!
//! 1. *The name is enough.* An index lists thousands of files for a project; no file is opened to decide whether it
//!    fits. [`WheelFilename`] and [`SdistFilename`] parse names, [`CompatibleTags::compatibility`] looks the tags up
//!    without allocating.
//! 2. *Like Python itself.* The list of tags and its order are those of the reference implementation, Python's
//!    `packaging`, for CPython with its global lock; the choice among wheels is that of pip ([`WheelRank`]). Tests compare
//!    the list, the positions of wheels in it, and file names with `packaging`.
//! 3. *The same on every machine.* A target is a [`PythonVersion`] and a [`NixSystem`]. The running system is not
//!    queried: the properties of nixpkgs are constants ([`GLIBC`], [`MACOS`]).
//! 4. *Errors name the incompatible part*: [`Incompatibility`], [`FilenameError`].
//!
//! # Specifications
//!
//! - [Wheel file
//!   names](https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention)
//! - [Sdist file
//!   names](https://packaging.python.org/en/latest/specifications/source-distribution-format/#source-distribution-file-name)
//!   (PEP 625), and the older, looser ones that indexes still serve
//! - [Platform compatibility
//!   tags](https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/): PEP 425, with
//!   PEP 513, 571 and 599 (manylinux1, 2010, 2014), PEP 600 (`manylinux_2_x`) and PEP 656 (musllinux)
//!
//! # Intentional omissions
//!
//! - **musllinux**: nixpkgs' default package set is built on glibc, and a musl extension module does not load into such
//!   an interpreter. Musllinux wheels are therefore rejected, as in pip on a glibc system.
//! - **Free-threaded CPython** (`cp313t`, `abi3t`) and PyPy: not supported as targets yet.
//!
//! # Rule of the layer
//!
//! This crate depends on no other crate of the project and does no I/O. It compares project names in PEP 503 normal
//! form, but their type belongs to the layer above.

mod build_tag;
mod compatible;
mod filename_error;
mod incompatibility;
mod name;
mod platform;
mod python_version;
mod sdist;
mod sdist_format;
#[cfg(feature = "serde")]
mod serde_impls;
mod system;
mod tag_set;
mod wheel;

pub use build_tag::BuildTag;
pub use compatible::{CompatibleTags, Tag, TagPriority, WheelRank};
pub use filename_error::{FilenameError, FilenameFault};
pub use incompatibility::Incompatibility;
pub use platform::{GLIBC, MACOS};
pub use python_version::{ParsePythonVersionError, PythonVersion};
pub use sdist::SdistFilename;
pub use sdist_format::SdistFormat;
pub use system::{NixSystem, ParseNixSystemError};
pub use tag_set::TagSet;
pub use wheel::WheelFilename;
