//! Partial inventories of nixpkgs, which the caller extends in rounds.
//!
//! The resolver cannot query Nix from inside Nix: a builder has no Nix, and the evaluator that loaded the plugin waits for it.
//! So the caller passes the packages that it knows. Names of further packages are noted, and the caller tries again with
//! these as well. The resolver queries nixpkgs as late as it can (docs/decisions/0016), so there is seldom a second round.

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
    noted: RefCell<Noted>,
}

#[derive(Debug, Clone, Default)]
struct Noted {
    missing: BTreeSet<PackageName>,
    prefetched: BTreeSet<PackageName>,
}

impl PartialInventory {
    /// Reads it from JSON.
    ///
    /// # Errors
    /// When it is not an inventory.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The missing packages, sorted: while there are some, the answer of the resolver is not valid.
    #[must_use]
    pub fn missing(&self) -> Vec<PackageName> {
        let noted = self.noted.borrow();
        if noted.missing.is_empty() {
            // A prefetched name need not be queried in the end.
            return Vec::new();
        }
        noted.missing.union(&noted.prefetched).cloned().collect()
    }

    fn known(&self, name: &PackageName, target: Target) -> Option<&Option<InventoryEntry>> {
        self.pythons.get(&interpreter(target))?.get(name)
    }
}

impl Inventory for PartialInventory {
    fn package(&self, name: &PackageName, target: Target) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        if let Some(entry) = self.known(name, target) {
            return entry.as_ref().map(InventoryEntry::package).transpose();
        }
        self.noted.borrow_mut().missing.insert(name.clone());
        Err(IndexError::NoNixpkgs {
            reason: format!("the inventory of nixpkgs does not tell about `{name}`"),
        })
    }

    fn expect(&self, names: &[PackageName], target: Target) {
        let unknown = names.iter().filter(|name| self.known(name, target).is_none());
        self.noted.borrow_mut().prefetched.extend(unknown.cloned());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails says where")]

    use super::*;

    #[test]
    fn missing_packages_are_noted() {
        let json = r#"{ "python311": {
            "flask": { "attribute": "flask", "version": "3.0", "defect": null },
            "gone": null
        } }"#;
        let inventory = PartialInventory::from_json(json).unwrap();
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
