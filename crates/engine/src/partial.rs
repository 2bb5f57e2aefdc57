//! An inventory of nixpkgs that grows in rounds (docs/decisions/0025).
//!
//! Inside of Nix, the resolver cannot run Nix: a builder has none, and the evaluator that loaded the plugin waits for
//! it. So a query has an inventory of some packages. If the resolver needs others, it records their names, and the
//! caller repeats the query with them. It queries nixpkgs late (docs/decisions/0016), so that most queries need one
//! round.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mach_nix_model::{IndexError, NixpkgsPackage, PackageName, Target};
use serde::Deserialize;

use crate::{Inventory, InventoryEntry, interpreter};

/// An inventory of some packages, by interpreter and name; `null` for packages that nixpkgs does not have.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct PartialInventory {
    pythons: BTreeMap<String, BTreeMap<PackageName, Option<InventoryEntry>>>,
    #[serde(skip)]
    missing: RefCell<Missing>,
}

/// The names of packages that the inventory lacks.
#[derive(Debug, Clone, Default)]
struct Missing {
    needed: BTreeSet<PackageName>,
    announced: BTreeSet<PackageName>,
}

impl PartialInventory {
    /// The names of missing packages, sorted. If there are any, the result of the resolver is invalid.
    #[must_use]
    pub fn missing(&self) -> Vec<PackageName> {
        let missing = self.missing.borrow();
        if missing.needed.is_empty() {
            // A prefetched package may never be needed.
            return Vec::new();
        }
        missing.needed.union(&missing.announced).cloned().collect()
    }

    fn entry(&self, name: &PackageName, target: Target) -> Option<&Option<InventoryEntry>> {
        self.pythons.get(&interpreter(target))?.get(name)
    }
}

impl Inventory for PartialInventory {
    fn package(&self, name: &PackageName, target: Target) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        if let Some(entry) = self.entry(name, target) {
            return entry.as_ref().map(InventoryEntry::package).transpose();
        }
        self.missing.borrow_mut().needed.insert(name.clone());
        Err(IndexError::NoNixpkgs {
            reason: format!("the inventory of nixpkgs lacks `{name}`"),
        })
    }

    fn is_provisional(&self) -> bool {
        !self.missing.borrow().needed.is_empty()
    }

    fn expect(&self, names: &[PackageName], target: Target) {
        let missing = names.iter().filter(|name| self.entry(name, target).is_none());
        self.missing.borrow_mut().announced.extend(missing.cloned());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails says where")]

    use super::*;

    #[test]
    fn missing_packages_are_recorded() {
        let json = r#"{ "python311": {
            "flask": { "attribute": "flask", "version": "3.0", "defect": null },
            "gone": null
        } }"#;
        let inventory = serde_json::from_str::<PartialInventory>(json).unwrap();
        let target = Target {
            python: "3.11".parse().unwrap(),
            system: "x86_64-linux".parse().unwrap(),
        };
        let names: Vec<PackageName> = ["flask", "gone", "click", "numpy"]
            .iter()
            .map(|name| name.parse().unwrap())
            .collect();

        assert_eq!(
            inventory
                .package(&names[0], target)
                .unwrap()
                .unwrap()
                .version
                .to_string(),
            "3.0"
        );
        assert!(inventory.package(&names[1], target).unwrap().is_none());
        inventory.expect(&names[..3], target);
        assert!(inventory.missing().is_empty());
        assert!(inventory.package(&names[3], target).is_err());
        assert_eq!(inventory.missing(), names[2..]);
    }
}
