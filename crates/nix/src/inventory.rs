//! The Python packages of a package set, evaluated in as few evaluations as possible, each name once.
//!
//! Nix takes a second to start and milliseconds per package. So a query includes the prefetched names, and its result
//! the dependencies in nixpkgs. Results are cached between runs if the package set has an identity.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mach_nix_engine::{Inventory, InventoryEntry, InventoryFile, interpreter};
use mach_nix_fetch::Cache;
use mach_nix_hash::Sha256;
use mach_nix_model::{IndexError, NixpkgsPackage, PackageName, Target};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{DEFAULT_TIMEOUT, Nix, NixError, identity};

/// The cache of results.
const BUCKET: &str = "nixpkgs-v1";

/// The version of the query: results of other versions are ignored.
const EXPRESSIONS: [&str; 2] = [
    include_str!("../../../nixlib/nixpkgs/inventory.nix"),
    include_str!("../../../nixlib/command/inventory.nix"),
];

/// Maximum number of packages per evaluation of a full inventory, so that a package that breaks an evaluation is found
/// among few.
const PART: usize = 500;

/// The package set of a [`Nix`], evaluated on demand.
pub struct EvaluatedInventory<'a> {
    nix: &'a Nix,
    cache: Cache,
    /// The key of the package set in the cache; `None` if nothing is cached.
    identity: OnceCell<Option<String>>,
    known: RefCell<BTreeMap<(Target, PackageName), Option<InventoryEntry>>>,
    expected: RefCell<BTreeSet<(Target, PackageName)>>,
    /// Set after a successful evaluation of the package set.
    evaluates: OnceCell<()>,
    /// Targets without an interpreter in the package set.
    without: RefCell<BTreeSet<Target>>,
}

type Packages = BTreeMap<PackageName, Option<InventoryEntry>>;

/// The argument of `nixlib/command/inventory.nix`.
#[derive(Serialize)]
struct Query<'a> {
    python: String,
    system: String,
    ask: &'static str,
    names: &'a [&'a str],
}

impl<'a> EvaluatedInventory<'a> {
    /// The package set of `nix`, with a cache between runs.
    #[must_use]
    pub fn new(nix: &'a Nix, cache: Cache) -> Self {
        Self {
            nix,
            cache,
            identity: OnceCell::new(),
            known: RefCell::default(),
            expected: RefCell::default(),
            evaluates: OnceCell::new(),
            without: RefCell::default(),
        }
    }

    /// All packages for these targets, which have the same system.
    ///
    /// # Errors
    /// If Nix fails, or the package set lacks one of the interpreters.
    pub fn full(&self, targets: &[Target]) -> Result<InventoryFile, IndexError> {
        let mut file = InventoryFile::default();
        for target in targets {
            let names = self.query::<Vec<PackageName>>(*target, "names", &[]);
            let mut names = names.and_then(|names| names.ok_or_else(|| self.lacks(*target)))?;
            let mut packages = Packages::new();
            while !names.is_empty() {
                for part in names.chunks(PART) {
                    packages.extend(self.evaluate(*target, part)?);
                }
                // Some packages have attributes that differ from their names.
                let called = packages
                    .values()
                    .flatten()
                    .filter_map(|entry| entry.called.as_ref());
                let called: BTreeSet<PackageName> = called.filter_map(|name| name.parse().ok()).collect();
                names = called
                    .into_iter()
                    .filter(|name| !packages.contains_key(name))
                    .collect();
            }
            let found = packages
                .into_iter()
                .filter_map(|(name, entry)| Some((name, entry?)));
            // A package without a version that cannot be evaluated is mostly not a Python package.
            let found = found.filter(|(_, entry)| entry.version.is_some());
            file.pythons.insert(interpreter(*target), found.collect());
        }
        Ok(file)
    }

    fn lacks(&self, target: Target) -> IndexError {
        let place = self.nix.package_set().map(|path| path.display().to_string());
        IndexError::NoNixpkgs {
            reason: format!(
                "the nixpkgs at {} has no `{}`",
                place.unwrap_or_default(),
                interpreter(target)
            ),
        }
    }

    fn query<T: DeserializeOwned>(
        &self,
        target: Target,
        ask: &'static str,
        names: &[&str],
    ) -> Result<Option<T>, IndexError> {
        let query = Query {
            python: interpreter(target),
            system: target.system.to_string(),
            ask,
            names,
        };
        let answer = self
            .nix
            .evaluate("command/inventory.nix", &query, DEFAULT_TIMEOUT);
        answer.map_err(|error| match error {
            NixError::NoNix { .. }
            | NixError::NoPackageSet
            | NixError::UnusablePackageSet { is_named: false, .. } => IndexError::NoNixpkgs {
                reason: error.to_string(),
            },
            error => error.about("the Python packages of nixpkgs"),
        })
    }

    /// Evaluates packages one by one if they cannot be evaluated together: Nix can catch `throw`, but not a missing
    /// argument or a value of the wrong type.
    fn evaluate(&self, target: Target, names: &[PackageName]) -> Result<Packages, IndexError> {
        let error = match self.query::<Packages>(target, "packages", &texts(names)) {
            Ok(found) => return found.ok_or_else(|| self.lacks(target)),
            Err(error @ IndexError::NoNixpkgs { .. }) => return Err(error),
            Err(error) => error,
        };
        match names {
            [] => Err(error),
            [name] => {
                // A package set that cannot be evaluated at all is a separate error.
                if self.evaluates.get().is_none() {
                    self.query::<Vec<PackageName>>(target, "names", &[])?;
                    self.evaluates.get_or_init(|| ());
                }
                tracing::debug!(%name, %error, "cannot be evaluated");
                let entry = self.evaluate_by_extra(target, name);
                Ok([(name.clone(), Some(entry))].into())
            }
            several => {
                let (first, second) = several.split_at(several.len() / 2);
                let mut packages = self.evaluate(target, first)?;
                packages.extend(self.evaluate(target, second)?);
                Ok(packages)
            }
        }
    }

    /// Evaluates a package with each of its extras separately, and skips those that fail.
    fn evaluate_by_extra(&self, target: Target, name: &PackageName) -> InventoryEntry {
        let ask = |function, names: &[&str]| {
            let packages = self.query::<Packages>(target, function, names).ok().flatten();
            packages.and_then(|mut packages| packages.remove(name).flatten())
        };
        let Some(mut entry) = ask("extraNames", &[name.as_ref()]) else {
            return InventoryEntry {
                attribute: name.to_string(),
                defect: Some("nixpkgs cannot evaluate it".to_owned()),
                ..InventoryEntry::default()
            };
        };
        entry.extras = std::mem::take(&mut entry.extras)
            .into_keys()
            .filter_map(|extra| ask("extra", &[name.as_ref(), &extra]))
            .flat_map(|package| package.extras)
            .collect();
        entry
    }

    /// Evaluates names and their dependencies.
    fn evaluate_closure(&self, target: Target, names: &[PackageName]) -> Result<(), IndexError> {
        let packages = match self.query::<Packages>(target, "closure", &texts(names)) {
            Ok(Some(packages)) => packages,
            Ok(None) => {
                self.without.borrow_mut().insert(target);
                return Err(self.lacks(target));
            }
            Err(error @ IndexError::NoNixpkgs { .. }) => return Err(error),
            Err(_) => self.evaluate(target, names)?,
        };
        for (name, entry) in packages {
            if let Some(key) = self.key(target, &name) {
                // As JSON, whose fields are named, so that omitted fields are harmless.
                let text = entry.as_ref().and_then(|entry| serde_json::to_string(entry).ok());
                self.cache.put(BUCKET, &key, &text);
            }
            self.known.borrow_mut().insert((target, name), entry);
        }
        Ok(())
    }

    /// The cached result, of this run or an earlier one.
    #[allow(clippy::option_option, reason = "whether it is known, and whether it exists")]
    fn cached(&self, target: Target, name: &PackageName) -> Option<Option<InventoryEntry>> {
        let key = (target, name.clone());
        if let Some(known) = self.known.borrow().get(&key) {
            return Some(known.clone());
        }
        let cached: Option<String> = self.cache.get(BUCKET, &self.key(target, name)?)?;
        let cached: Option<InventoryEntry> = match cached {
            Some(text) => Some(serde_json::from_str(&text).ok()?),
            None => None,
        };
        self.known.borrow_mut().insert(key, cached.clone());
        Some(cached)
    }

    fn key(&self, target: Target, name: &PackageName) -> Option<String> {
        let identity = self.identity.get_or_init(|| {
            let of_set = identity::of(self.nix.package_set().ok()?)?;
            Some(format!("{} {of_set}", Sha256::of(EXPRESSIONS.concat())))
        });
        let identity = identity.as_ref()?;
        Some(format!(
            "{identity} {} {} {name}",
            target.system,
            interpreter(target)
        ))
    }
}

fn texts(names: &[PackageName]) -> Vec<&str> {
    names.iter().map(AsRef::as_ref).collect()
}

impl Inventory for EvaluatedInventory<'_> {
    fn package(&self, name: &PackageName, target: Target) -> Result<Option<Arc<NixpkgsPackage>>, IndexError> {
        if self.without.borrow().contains(&target) {
            return Err(self.lacks(target));
        }
        let entry = if let Some(known) = self.cached(target, name) {
            known
        } else {
            let mut names = BTreeSet::from([name.clone()]);
            let expected = std::mem::take(&mut *self.expected.borrow_mut());
            let (ours, others) = expected.into_iter().partition(|(other, _)| *other == target);
            *self.expected.borrow_mut() = others;
            let unknown = |name: &PackageName| self.cached(target, name).is_none();
            names.extend(ours.into_iter().map(|(_, name)| name).filter(unknown));
            self.evaluate_closure(target, &names.into_iter().collect::<Vec<_>>())?;
            self.cached(target, name).unwrap_or_default()
        };
        entry.as_ref().map(InventoryEntry::package).transpose()
    }

    fn expect(&self, names: &[PackageName], target: Target) {
        let names = names.iter().map(|name| (target, name.clone()));
        self.expected.borrow_mut().extend(names);
    }
}
