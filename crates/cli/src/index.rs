//! `mach-nix index`: snapshots of a package index.

mod build;
mod inspect;
mod journal;
mod make;
mod resumed;
mod visited;

use crate::args::index::IndexCommand;
use crate::failure::Failure;
use crate::inventory;

pub fn run(command: &IndexCommand, quiet: bool) -> Result<(), Failure> {
    match command {
        IndexCommand::Build(options) => build::build(options, quiet),
        IndexCommand::Add(options) => build::add(options, quiet),
        IndexCommand::Info(options) => inspect::info(options),
        IndexCommand::Verify(options) => inspect::verify(options),
        IndexCommand::Diff(options) => inspect::diff(options),
        IndexCommand::Nixpkgs(options) => inventory::run(options),
    }
}
