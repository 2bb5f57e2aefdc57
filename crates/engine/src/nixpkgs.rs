//! The provider nixpkgs: the Python package set in use.
//!
//! An [`Inventory`] is backed by an evaluation, which is as small as possible, or by a file ([`InventoryFile`]), which
//! is complete.

use std::collections::BTreeMap;
use std::sync::Arc;

use mach_nix_model::{
    CoreMetadata, ExtraName, ForwardingIndex, IndexError, NixpkgsPackage, PackageIndex, PackageName,
    Requirement, Target, Version,
};
use serde::{Deserialize, Serialize};

/// The Python packages of a nixpkgs.
///
/// Laws: as for [`PackageIndex`], equal queries get equal results.
pub trait Inventory {
    /// The package with this name.
    ///
    /// # Errors
    /// As for [`PackageIndex::nixpkgs`].
    fn package(&self, name: &PackageName, target: Target) -> Result<Option<Arc<NixpkgsPackage>>, IndexError>;

    /// Hints that these names will be queried.
    fn expect(&self, _names: &[PackageName], _target: Target) {}

    /// As for [`PackageIndex::is_provisional`].
    fn is_provisional(&self) -> bool {
        false
    }
}

/// An index with the packages of nixpkgs.
pub struct WithNixpkgs<'a> {
    index: &'a dyn PackageIndex,
    inventory: &'a dyn Inventory,
}

impl<'a> WithNixpkgs<'a> {
    /// Adds an inventory to an index.
    #[must_use]
    pub fn new(index: &'a dyn PackageIndex, inventory: &'a dyn Inventory) -> Self {
        Self { index, inventory }
    }
}

/// The description of a package from an evaluation of nixpkgs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct InventoryEntry {
    /// The attribute in the Python package set.
    pub attribute: String,
    /// The package's own name in normal form; usually equal to the attribute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called: Option<String>,
    /// The version in nixpkgs; `None` if it cannot be evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The names of the Python packages that it propagates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    /// The extras, each with the additional names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extras: BTreeMap<String, Vec<String>>,
    /// The reason why nixpkgs does not build it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub defect: Option<String>,
}

impl InventoryEntry {
    /// Converts to the package.
    ///
    /// # Errors
    /// [`IndexError::Skipped`]: Python packages have PEP 440 versions, and `unstable-2024-01-01` is not one.
    pub fn package(&self) -> Result<Arc<NixpkgsPackage>, IndexError> {
        let Self {
            attribute, defect, ..
        } = self;
        let skipped = |reason: &str| IndexError::Skipped {
            reason: format!("`{attribute}` of nixpkgs is not usable: {reason}"),
        };
        let Some(text) = &self.version else {
            return Err(skipped(defect.as_deref().unwrap_or("it has no version")));
        };
        let version: Version = text
            .parse()
            .map_err(|_| skipped(&format!("`{text}` is not a version of a Python package")))?;
        let mut metadata = CoreMetadata {
            requires_dist: self
                .requires
                .iter()
                .filter_map(|name| name.parse().ok())
                .collect(),
            defect: defect.clone(),
            ..CoreMetadata::default()
        };
        for (extra, names) in &self.extras {
            // Names of extras in nixpkgs are attributes, which may be invalid extras.
            let Ok(extra) = extra.parse::<ExtraName>() else {
                continue;
            };
            let added = names.iter().filter_map(|name| requirement(name, &extra));
            metadata.requires_dist.extend(added);
            metadata.provides_extra.push(extra);
        }
        Ok(Arc::new(NixpkgsPackage {
            attribute: attribute.as_str().into(),
            version,
            metadata: Arc::new(metadata),
        }))
    }
}

fn requirement(name: &str, extra: &ExtraName) -> Option<Requirement> {
    format!("{name} ; extra == '{extra}'").parse().ok()
}

/// An inventory in a file, by interpreter, such as `python311`, and name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InventoryFile {
    /// The packages of each interpreter; others do not exist.
    pub pythons: BTreeMap<String, BTreeMap<PackageName, InventoryEntry>>,
}

impl InventoryFile {
    /// Parses JSON.
    ///
    /// # Errors
    /// If it is invalid.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// Formats JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("maps and strings");
        text + "\n"
    }
}

/// The attribute of the interpreter for a target.
#[must_use]
pub fn interpreter(target: Target) -> String {
    format!("python3{}", target.python.minor())
}

impl Inventory for InventoryFile {
    fn package(&self, name: &PackageName, target: Target) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        let interpreter = interpreter(target);
        let packages = self
            .pythons
            .get(&interpreter)
            .ok_or_else(|| IndexError::NoNixpkgs {
                reason: format!("the inventory of nixpkgs has no `{interpreter}`"),
            })?;
        packages.get(name).map(InventoryEntry::package).transpose()
    }
}

impl ForwardingIndex for WithNixpkgs<'_> {
    fn inner(&self) -> &dyn PackageIndex {
        self.index
    }

    fn nixpkgs(&self, name: &PackageName, target: Target) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        self.inventory.package(name, target)
    }

    fn is_provisional(&self) -> bool {
        self.inventory.is_provisional() || self.index.is_provisional()
    }

    fn prefetch_nixpkgs(&self, names: &[PackageName], target: Target) {
        self.inventory.expect(names, target);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails says where")]

    use super::*;

    fn target(python: &str) -> Target {
        Target {
            python: python.parse().unwrap(),
            system: "x86_64-linux".parse().unwrap(),
        }
    }

    #[test]
    fn an_inventory_that_was_written_down() {
        let text = r#"{
  "python311": {
    "requests": {
      "attribute": "requests",
      "version": "2.31.0",
      "requires": ["urllib3", "not a name"],
      "extras": { "socks": ["pysocks"], "use_chardet_on_py3": [], "no extra": ["x"] }
    },
    "certifi": { "attribute": "certifi", "version": "2024.02.02" },
    "gone": { "attribute": "gone", "version": "1.0", "defect": "nixpkgs marks it as broken" },
    "unstable": { "attribute": "unstable", "version": "unstable-2024-01-01" }
  }
}"#;
        let inventory = InventoryFile::from_json(text).unwrap();
        assert_eq!(InventoryFile::from_json(&inventory.to_json()).unwrap(), inventory);
        let package = |name: &str| inventory.package(&name.parse().unwrap(), target("3.11")).unwrap();

        let requests = package("requests").unwrap();
        let requires: Vec<String> = requests
            .metadata
            .requires_dist
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(requires, ["urllib3", "pysocks ; extra == 'socks'"]);
        assert_eq!(requests.metadata.provides_extra.len(), 2);
        assert_eq!(package("certifi").unwrap().version.to_string(), "2024.2.2");
        assert_eq!(
            package("gone").unwrap().metadata.defect.as_deref(),
            Some("nixpkgs marks it as broken")
        );
        assert!(package("flask").is_none());
        let unstable = inventory.package(&"unstable".parse().unwrap(), target("3.11"));
        assert_eq!(
            unstable.unwrap_err().to_string(),
            "`unstable` of nixpkgs is not usable: `unstable-2024-01-01` is not a version of a Python package"
        );

        let other = inventory.package(&"requests".parse().unwrap(), target("3.12"));
        assert_eq!(
            other.unwrap_err().to_string(),
            "the inventory of nixpkgs has no `python312`"
        );
    }
}
