//! What nixpkgs has, told in rounds.
//!
//! Inside of Nix nobody can ask Nix: a builder has none, and the evaluator that loaded us is busy with us. So whoever calls
//! tells what it knows of nixpkgs. Where the resolver wants to know more, the names are noted, and the call is made again
//! with the answers. The resolver asks as late as ever (docs/decisions/0016), so it is seldom called twice.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mach_nix_model::{IndexError, NixpkgsPackage, PackageName, Target};
use serde::Deserialize;

use crate::{Inventory, InventoryEntry, interpreter};

/// An inventory of some packages, by interpreter and name; `null` for what nixpkgs does not have.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct PartialInventory {
    pythons: BTreeMap<String, BTreeMap<PackageName, Option<InventoryEntry>>>,
    #[serde(skip)]
    noted: RefCell<Noted>,
}

#[derive(Debug, Clone, Default)]
struct Noted {
    asked: BTreeSet<PackageName>,
    expected: BTreeSet<PackageName>,
}

impl PartialInventory {
    /// Reads it from JSON.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// What has to be told, sorted: while there is something, the answer of the resolver does not count.
    #[must_use]
    pub fn missing(&self) -> Vec<PackageName> {
        let noted = self.noted.borrow();
        if noted.asked.is_empty() {
            // What is announced need not be asked for in the end.
            return Vec::new();
        }
        noted.asked.union(&noted.expected).cloned().collect()
    }

    fn told(&self, name: &PackageName, target: Target) -> Option<&Option<InventoryEntry>> {
        self.pythons.get(&interpreter(target))?.get(name)
    }
}

impl Inventory for PartialInventory {
    fn package(&self, name: &PackageName, target: Target) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        if let Some(entry) = self.told(name, target) {
            return entry.as_ref().map(InventoryEntry::package).transpose();
        }
        self.noted.borrow_mut().asked.insert(name.clone());
        Err(IndexError::NoNixpkgs {
            reason: format!("the inventory of nixpkgs does not tell about `{name}`"),
        })
    }

    fn is_provisional(&self) -> bool {
        !self.noted.borrow().asked.is_empty()
    }

    fn expect(&self, names: &[PackageName], target: Target) {
        let untold = names.iter().filter(|name| self.told(name, target).is_none());
        self.noted.borrow_mut().expected.extend(untold.cloned());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails says where")]

    use super::*;

    #[test]
    fn what_is_not_told_is_noted() {
        let told = r#"{ "python311": {
            "flask": { "attribute": "flask", "version": "3.0", "defect": null },
            "gone": null
        } }"#;
        let inventory = PartialInventory::from_json(told).unwrap();
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
