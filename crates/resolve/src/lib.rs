//! Resolution: from requirements and an index to one version per package (layer 3).
//!
//! Rule of this crate: the result is a function of the [`Problem`] and of the results of the
//! [`PackageIndex`](mach_nix_model::PackageIndex), and of nothing else: no clock, no threads, no iteration over hash
//! maps. The index may fetch concurrently; the search queries it in an order that does not depend on its speed.
//!
//! [`resolve`] returns a [`Resolution`], or a [`Refusal`]: the contradictory facts ([`Fact`]) and possible remedies
//! ([`Remedy`]), as data. A [`Surface`](mach_nix_model::Surface) determines the notation of its text.
//!
//! ```
//! use std::{collections::{BTreeMap, BTreeSet}, sync::Arc};
//!
//! use mach_nix_hash::Sha256;
//! use mach_nix_model::*;
//! use mach_nix_resolve::{Origin, Problem, Remedy, ResolveError, RootRequirement, resolve};
//!
//! /// An index of wheels: their names, and their dependencies.
//! struct Wheels(&'static [(&'static str, &'static str)]);
//!
//! impl PackageIndex for Wheels {
//!     fn project(&self, name: &PackageName) -> Result<Option<Arc<Project>>, IndexError> {
//!         let named = |text: &str| text.parse().is_ok_and(|wheel: PackageName| wheel == *name);
//!         let wheels = self.0.iter().filter(|(wheel, _)| named(wheel.split('-').next().unwrap()));
//!         let files: Vec<DistributionFile> = wheels.map(|(wheel, _)| file(wheel)).collect();
//!         let project = Project::from_files(name.clone(), "the shelf".into(), files);
//!         Ok((!project.versions().is_empty()).then(|| Arc::new(project)))
//!     }
//!
//!     fn metadata(&self, _: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
//!         let (_, requires) = self.0.iter().find(|(wheel, _)| *wheel == &*file.filename).unwrap();
//!         let text = format!("Metadata-Version: 2.1\nName: any\n{requires}\n");
//!         CoreMetadata::parse(text.as_bytes()).map(Arc::new).map_err(|error| IndexError::malformed(&*file.url, error))
//!     }
//!
//!     fn file_info(&self, file: &DistributionFile) -> Result<FileInfo, IndexError> {
//!         Ok(FileInfo { hash: Sha256::of(&*file.filename), size: None })
//!     }
//! }
//!
//! fn file(wheel: &str) -> DistributionFile {
//!     DistributionFile {
//!         filename: wheel.into(),
//!         url: format!("https://index.test/{wheel}").into(),
//!         hash: None,
//!         size: None,
//!         requires_python: None,
//!         yanked: Yanked::No,
//!         upload_time: None,
//!         metadata_file: MetadataFile::Announced(None),
//!     }
//! }
//!
//! let index = Wheels(&[
//!     ("flask-2.0-py3-none-any.whl", "Requires-Dist: werkzeug<3"),
//!     ("flask-3.0-py3-none-any.whl", "Requires-Dist: werkzeug>=3"),
//!     ("werkzeug-2.3-py3-none-any.whl", ""),
//! ]);
//! let required = |text: &str| RootRequirement {
//!     requirement: text.parse().unwrap(),
//!     origin: Origin::CommandLine,
//! };
//! let policy = Policy {
//!     providers: Providers { default: "wheel".parse()?, packages: BTreeMap::new() },
//!     prerelease: Prerelease::default(),
//!     limits: DateLimits::default(),
//!     hashes: AllowedHashes::default(),
//!     conda: CondaPolicy::default(),
//! };
//! let problem = Problem {
//!     requirements: &[required("flask")],
//!     conda: &[],
//!     constraints: &[],
//!     target: Target { python: "3.12".parse()?, system: "x86_64-linux".parse()? },
//!     policy: &policy,
//!     preferences: &BTreeMap::new(),
//!     conda_preferences: &BTreeSet::new(),
//! };
//!
//! // The newest flask needs a werkzeug that does not exist, so that an older one is chosen.
//! let resolution = resolve(&problem, &index)?;
//! let chosen: Vec<String> = resolution
//!     .packages
//!     .iter()
//!     .map(|package| format!("{} {}", package.name, package.version))
//!     .collect();
//! assert_eq!(chosen, ["flask 2.0", "werkzeug 2.3"]);
//!
//! // Nothing satisfies `flask>=3`. The refusal has the reason, and a remedy that was tried.
//! let requirements = [required("flask>=3")];
//! let Err(ResolveError::Refused(refusal)) = resolve(&Problem { requirements: &requirements, ..problem }, &index) else {
//!     panic!("resolved");
//! };
//! assert_eq!(
//!     refusal.because(),
//!     ["you require flask>=3 (the command line)", "flask 3.0 needs werkzeug>=3"],
//! );
//! assert!(matches!(&refusal.remedies[..], [Remedy::Loosen { version, .. }] if version.to_string() == "2.0"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! How it works:
//!
//! - [PubGrub](https://nex3.medium.com/pubgrub-2fb6470504f) decides. A target fixes the marker environment, so a
//!   problem is solved for one target at a time and markers are plain truth values.
//! - A package's versions are known as soon as its name is, so sets of versions are sets of *slots*: places in the sorted
//!   list of a project's releases (`slots`, `candidates`). A specifier becomes a set by matching each version, which makes
//!   every rule of PEP 440 hold by construction, also those that are not intervals.
//! - An extra is a node of its own that depends on its package in the same version (`node`).
//! - Whether a release can be used (a wheel for the target, Python, date, yanked) is checked newest first, and only
//!   as far as needed (`rules`); the result is cached for the explanation.
//! - The index is given hints about what comes next, so that it can fetch ahead (`announce`, `forecast`).
//! - Nixpkgs is queried late: only when a search without it has shown that its answer matters (`attempt`).
//! - A refusal is read from PubGrub's derivation (`facts`, `subject`). Its remedies are tried (`remedies`, `trial`), and its
//!   words are made on request (`explain`).

mod ahead;
mod announce;
mod artifact;
mod attempt;
mod candidates;
mod conda;
mod conda_fact;
mod conflicts;
mod demands;
mod dependencies;
mod dependency_provider;
mod derivation;
mod edges;
mod error;
mod explain;
mod fact;
mod facts;
mod forecast;
mod likely;
mod listing;
mod node;
mod platform;
mod priority;
mod problem;
mod references;
mod refusal;
mod refuse;
mod remedies;
mod remedy;
mod resolution;
mod rules;
mod search;
mod slots;
mod solver;
mod subject;
mod trial;
mod unusable;

pub use artifact::Artifact;
pub use attempt::resolve;
pub use conda_fact::{CondaFact, CondaListed};
pub use error::ResolveError;
pub use fact::{Fact, Listed, ReleaseFiles};
pub use problem::{CondaRoot, Origin, Problem, RootRequirement};
pub use refusal::{Refusal, Subject};
pub use remedy::{Demand, Evidence, OtherSystems, PinReason, ProviderGain, Remedy};
pub use resolution::{Need, Resolution, ResolvedPackage};
pub use unusable::Unusable;
