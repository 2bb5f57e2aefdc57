//! Versions, match specs, records and repodata of conda packages (layer 1).
//!
//! ```
//! use std::sync::Arc;
//!
//! use mach_nix_conda::{Channel, CondaSpec, RecordReader, RecordSource, Subdir};
//!
//! let mut reader = RecordReader::new(RecordSource {
//!     channel: Arc::new(Channel::public("conda-forge")),
//!     subdir: Subdir::Linux64,
//!     base_url: "https://conda.example.org/conda-forge/linux-64/".into(),
//! });
//! let record = |build, number| {
//!     format!(
//!         r#"{{"name": "numpy", "version": "1.26.4", "build": "{build}_{number}", "build_number": {number},
//!              "depends": ["python >=3.12,<3.13.0a0", "libblas >=3.9.0,<4.0a0"]}}"#
//!     )
//! };
//! reader.add_json("numpy-1.26.4-py312h_0.conda", record("py312h", 0).as_bytes());
//! reader.add_json("numpy-1.26.4-py312h_1.conda", record("py312h", 1).as_bytes());
//! reader.add_json("numpy-1.26.4-py312h_2.conda", b"{}");
//! let records = reader.finish();
//!
//! let spec: CondaSpec = "numpy >=1.26,<2.0a0 py312*".parse()?;
//! let best = records.usable.iter().rev().find(|record| record.meets(&spec)).expect("two records meet it");
//! assert_eq!(best.to_string(), "numpy 1.26.4 py312h_1 (conda-forge)");
//! assert_eq!(best.depends[0].name().as_str(), "python");
//! // A broken record is skipped with its reason.
//! assert_eq!(&*records.skipped[0].file, "numpy-1.26.4-py312h_2.conda");
//! # Ok::<(), mach_nix_conda::CondaSpecError>(())
//! ```
//!
//! # Map
//!
//! - [`CondaName`], [`CondaVersion`], [`CondaSpec`]: the vocabulary, in conda's order and with conda's meaning.
//! - [`CondaRecord`] is a package file of a [`Channel`], in a [`Subdir`]; [`CondaRecord::preference`] is the order of
//!   choice.
//! - [`RepodataScanner`] finds the records in a `repodata.json` that arrives in pieces; [`ShardIndex`] and [`read_shard`] read
//!   sharded repodata. A [`RecordReader`] turns both into [`CondaRecords`].
//! - [`VirtualPackages`] are the properties of a target; [`Interpreter`] is what conda packages see of its Python.
//! - [`owners`] says which conda packages own which Python projects.
//!
//! # Specifications
//!
//! [CEP 33](https://conda.org/learn/ceps/cep-0033/) (versions), [CEP 29](https://conda.org/learn/ceps/cep-0029/) (match
//! specs), [CEP 26](https://conda.org/learn/ceps/cep-0026/) (names of packages, files and subdirs),
//! [CEP 34](https://conda.org/learn/ceps/cep-0034/) and [CEP 36](https://conda.org/learn/ceps/cep-0036/) (records and
//! repodata), [CEP 15](https://conda.org/learn/ceps/cep-0015/) (`base_url`), [CEP 16](https://conda.org/learn/ceps/cep-0016/)
//! (shards), [CEP 48](https://conda.org/learn/ceps/cep-0048/) (`v3` records), [CEP
//! 30](https://conda.org/learn/ceps/cep-0030/) (virtual packages), [CEP 17](https://conda.org/learn/ceps/cep-0017/) and [CEP
//! 20](https://conda.org/learn/ceps/cep-0020/) (packages for Python).
//!
//! # Rules of this crate
//!
//! - No I/O, and nothing depends on the machine that it runs on.
//! - It is the only crate that uses `rattler_conda_types`, and no type of that crate is part of its interface.
//! - Texts come from servers: each has a maximum length, and one bad record spoils no other.

mod as_text;
mod channel;
mod interpreter;
mod md5;
mod name;
pub mod owners;
mod package_file;
mod raw_record;
mod record;
mod records;
mod scan;
mod shard;
mod skip;
mod spec;
mod subdir;
mod table;
mod version;
mod virtual_package;

pub use channel::Channel;
pub use interpreter::Interpreter;
pub use md5::Md5;
pub use name::{CondaName, CondaNameError};
pub use package_file::{PackageFile, PackageFileError};
pub use record::{CondaRecord, Noarch};
pub use records::{CondaRecords, RecordReader, RecordSource, SkippedRecord};
pub use scan::{RepodataError, RepodataScanner};
pub use shard::{ShardError, ShardIndex, read_shard};
pub use spec::{CondaSpec, CondaSpecError};
pub use subdir::{Subdir, SubdirError};
pub use table::{RecordPlace, RepodataTable};
pub use version::{CondaVersion, CondaVersionError};
pub use virtual_package::{VirtualPackage, VirtualPackageError, VirtualPackages};
