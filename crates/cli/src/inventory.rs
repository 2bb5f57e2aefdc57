//! The packages of nixpkgs: evaluated, read from a file, or written to one.

use std::fs;
use std::path::Path;

use mach_nix_engine::{Inventory, InventoryFile, PartialInventory};
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
    let file = inventory.full(&targets).map_err(Failure::world)?;
    output::write(&options.output, &file.to_json())
        .map_err(|error| Failure::world(format!("cannot write {}: {error}", options.output.display())))
}

/// The packages of nixpkgs, from a file.
pub enum Written {
    /// Complete: other packages are not in nixpkgs.
    Full(InventoryFile),
    /// Partial: nixpkgs must be queried about other packages.
    Partial(PartialInventory),
}

impl Written {
    /// Reads an inventory that was written before.
    pub fn read(path: &Path, partial: bool) -> Result<Self, Failure> {
        let text = fs::read_to_string(path)
            .map_err(|error| Failure::usage(format!("cannot read {}: {error}", path.display())))?;
        let read = if partial {
            PartialInventory::from_json(&text).map(Self::Partial)
        } else {
            InventoryFile::from_json(&text).map(Self::Full)
        };
        read.map_err(|error| {
            Failure::usage(format!(
                "{} is not an inventory of nixpkgs: {error}",
                path.display()
            ))
        })
    }

    pub fn inventory(&self) -> &dyn Inventory {
        match self {
            Self::Full(inventory) => inventory,
            Self::Partial(inventory) => inventory,
        }
    }

    /// Writes the names of missing packages, if there are any: without them there is no lock.
    pub fn check_complete(&self, questions: &Path) -> Result<(), Failure> {
        let Self::Partial(inventory) = self else {
            return Ok(());
        };
        let names = inventory.missing();
        if names.is_empty() {
            return Ok(());
        }
        let text = serde_json::to_string(&names).expect("a list of texts");
        output::write(questions, &(text + "\n"))
            .map_err(|error| Failure::world(format!("cannot write {}: {error}", questions.display())))?;
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        Err(Failure::asks(format!(
            "nixpkgs must be queried about {}: add these packages to the inventory",
            names.join(", ")
        )))
    }
}
