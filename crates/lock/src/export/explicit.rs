//! Explicit files of conda ([CEP 23](https://conda.org/learn/ceps/cep-0023/)): a list of addresses, for one system.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use mach_nix_model::AnyName;

use crate::export::ExportError;
use crate::{Lock, LockedPackage, LockedSource};

impl Lock {
    /// The conda packages as an explicit file, dependencies first; what does not come from conda is in comments.
    ///
    /// # Errors
    /// When the lock is for several systems, or has no conda packages.
    pub fn to_explicit(&self) -> Result<String, ExportError> {
        let systems: BTreeSet<String> = self
            .targets
            .iter()
            .map(|target| target.system.to_string())
            .collect();
        if systems.len() > 1 {
            return Err(ExportError::SeveralSystems {
                systems: systems.into_iter().collect::<Vec<_>>().join(", "),
            });
        }
        let mut text = String::from("# This file was made by mach-nix, to be installed by conda create.\n");
        for system in &systems {
            let _ = writeln!(text, "# platform: {system}");
        }
        let (conda, others): (Vec<_>, Vec<_>) = self
            .packages
            .iter()
            .partition(|package| matches!(package.source, LockedSource::Conda(_)));
        if conda.is_empty() {
            return Err(ExportError::NothingOfConda);
        }
        for package in others {
            let _ = writeln!(
                text,
                "# not from conda: {} {} ({})",
                package.name, package.version, package.provider
            );
        }
        text += "@EXPLICIT\n";
        for package in dependencies_first(&conda) {
            if let LockedSource::Conda(conda) = &package.source {
                let _ = writeln!(text, "{}#sha256:{}", conda.file.url, conda.file.hash.to_hex());
            }
        }
        Ok(text)
    }
}

/// The packages in topological order, dependencies first; cycles are broken anywhere.
fn dependencies_first<'a>(packages: &[&'a LockedPackage]) -> Vec<&'a LockedPackage> {
    let by_name: BTreeMap<&AnyName, &'a LockedPackage> =
        packages.iter().map(|package| (&package.name, *package)).collect();
    let mut seen = BTreeSet::new();
    let mut order = Vec::new();
    for package in packages {
        // A package stays on the stack until its dependencies are in the list.
        let mut open = vec![(*package, false)];
        while let Some((package, is_done)) = open.pop() {
            if is_done {
                order.push(package);
            } else if seen.insert(&package.name) {
                open.push((package, true));
                let needed = package.dependencies.iter().rev();
                open.extend(
                    needed
                        .filter_map(|name| by_name.get(name))
                        .map(|needed| (*needed, false)),
                );
            }
        }
    }
    order
}
