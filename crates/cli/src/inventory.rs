//! The packages of nixpkgs: evaluated, read from a file, or written to one.

use std::path::Path;

use mach_nix_engine::InventoryFile;
use mach_nix_fetch::Cache;
use mach_nix_model::Target;
use mach_nix_nix::{EvaluatedInventory, Nix};

use crate::args::inventory::InventoryOptions;
use crate::failure::Failure;
use crate::inputs::this_system;
use crate::output;

/// `mach-nix index nixpkgs`
pub fn run(options: &InventoryOptions) -> Result<(), Failure> {
    let system = options.system.map_or_else(this_system, Ok)?;
    let targets: Vec<Target> = options
        .python
        .iter()
        .map(|&python| Target { python, system })
        .collect();
    let nix = Nix::new(options.nixpkgs.clone());
    let inventory = EvaluatedInventory::new(&nix, Cache::new(None));
    let file = inventory.full(&targets).map_err(Failure::external)?;
    output::write(&options.output, &file.to_json())
        .map_err(|error| Failure::external(format!("cannot write {}: {error}", options.output.display())))
}

/// Reads an inventory file.
pub fn read(path: &Path) -> Result<InventoryFile, Failure> {
    let text = crate::disk::read_text(path)
        .map_err(|error| Failure::usage(format!("cannot read {}: {error}", path.display())))?;
    InventoryFile::from_json(&text).map_err(|error| {
        Failure::usage(format!(
            "{} is not an inventory of nixpkgs: {error}",
            path.display()
        ))
    })
}
