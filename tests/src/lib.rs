//! What the tests of the whole share: a small world of packages, written in TOML, that is served from memory
//! ([`MemoryIndex`]) or over HTTP ([`IndexServer`]).

mod memory;
mod server;
mod wheel;
mod world;

pub use memory::MemoryIndex;
pub use server::{IndexServer, Manners};
pub use world::{Ask, Expect, Package, Scenario};
