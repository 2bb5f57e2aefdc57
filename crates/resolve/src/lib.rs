//! Resolution: from requirements and an index to one version per package (layer 2).
//!
//! Rule of this crate: the answer is a function of the [`Problem`] and of what the
//! [`PackageIndex`](mach_nix_model::PackageIndex) says, and of nothing else: no clock, no threads, no iteration over hash
//! maps. The index may fetch in parallel; the search asks it in an order that does not depend on how fast it answers.
//!
//! How it works:
//!
//! - [PubGrub](https://nex3.medium.com/pubgrub-2fb6470504f) decides. A target fixes the marker environment, so a
//!   problem is solved for one target at a time and markers are plain truth values.
//! - A package's versions are known as soon as its name is, so sets of versions are sets of *slots*: places in the sorted
//!   list of a project's releases (`slots`, `candidates`). A specifier becomes a set by asking each version, which makes
//!   every rule of PEP 440 hold by construction, also those that are no intervals.
//! - An extra is a node of its own that depends on its package in the same version (`node`).
//! - Whether a release can be used (a wheel for the target, Python, date, yanked) is looked at newest first, and only
//!   as far as needed; what was found is kept for the explanation.
//! - Nixpkgs is asked late: only when a search without has shown that its answer matters (`attempt`).
//! - A refusal is PubGrub's derivation ([`Refusal`]), told in the user's words by `explain`. What it suggests was tried
//!   (`trial`).

mod artifact;
mod attempt;
mod candidates;
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
pub use error::ResolveError;
pub use fact::{Fact, Listed, ReleaseFiles};
pub use problem::{Origin, Problem, RootRequirement};
pub use refusal::{Refusal, Subject};
pub use remedy::{Demand, Evidence, OtherSystems, PinReason, ProviderGain, Remedy};
pub use resolution::{Resolution, ResolvedPackage};
pub use unusable::Unusable;
