//! Shared parts of the whole-command tests: a small world of packages, written in TOML, that is served from memory
//! ([`MemoryIndex`]) or over HTTP ([`IndexServer`]). Worlds can also be generated ([`small_universe`], [`layered_universe`]), and searched
//! without the resolver ([`Exhaustive`]).

mod ask;
mod channel;
mod conda_data;
mod exhaustive;
mod faults;
mod memory;
mod nix;
mod recorded;
mod runner;
mod scripted;
pub mod sdist;
mod server;
mod static_server;
mod texts;
mod torture;
mod universe;
pub mod wheel;
mod workdir;
mod world;

pub use channel::channel;
pub use conda_data::{CondaData, read_repodata};
pub use exhaustive::{Exhaustive, Resort, Solution};
pub use faults::Seeded;
pub use memory::MemoryIndex;
pub use nix::{hostpkgs, nix_settings};
pub use recorded::RecordedIndex;
pub use runner::{Cases, SEED};
pub use scripted::{Asked, Scripted, ScriptedAnswer, missing, ok};
pub use server::{IndexServer, Manners};
pub use static_server::StaticServer;
pub use texts::{marker_text, name_text, near_version, requirement_text, specifiers_text, version_text};
pub use torture::Torture;
pub use universe::{RUNS_HERE, layered_universe, small_universe, small_universe_with_nixpkgs};
pub use workdir::{Ran, Workdir, program};
pub use world::{Ask, Attribute, Expect, Package, Scenario};
