//! The search for remedies. A remedy is suggested only if nothing is known to contradict it: the version or file
//! exists, is usable, and a trial with it does not fail.

mod loosen;
mod names;
mod unusable;
mod wheels;

use mach_nix_model::{PackageName, Provider, ProviderPreference, Version};

use crate::demands::Demands;
use crate::fact::Fact;
use crate::problem::Origin;
use crate::remedy::{Evidence, PinReason, ProviderGain, Remedy};
use crate::search::Search;
use crate::subject::{impossible, stuck};
use crate::trial::{Change, Outcome, Trials};

/// Maximum number of versions or Pythons to try.
const MAX_TRIED: usize = 3;

/// The remedies of a refusal with these facts, the most promising first.
pub fn remedies(facts: &[Fact], search: &Search<'_>) -> Vec<Remedy> {
    let finder = Finder {
        facts,
        search,
        trials: Trials::new(search),
    };
    for fact in facts {
        if let Fact::Unknown { package, .. } = fact {
            return finder.unknown(package);
        }
    }
    let mut found = Vec::new();
    if let Some((package, versions)) = stuck(facts, search) {
        found = finder.unusable(package, versions);
    } else if let Some(package) = impossible(facts) {
        found.extend(finder.existing(package));
        found.extend(finder.elsewhere(package));
    }
    for fact in facts {
        if let Fact::Broken {
            package, versions, ..
        } = fact
        {
            found.extend(finder.elsewhere(package));
            found.extend(finder.other_file(package, versions));
        }
    }
    if found.is_empty() {
        found = finder.loosen();
    }
    if search.index.snapshot().is_some() {
        found.push(Remedy::NoSnapshot);
    }
    found
}

/// The state of the search for remedies.
struct Finder<'s, 'a> {
    facts: &'s [Fact],
    search: &'s Search<'a>,
    trials: Trials<'s, 'a>,
}

impl Finder<'_, '_> {
    /// Remedies for an unknown name.
    fn unknown(&self, package: &PackageName) -> Vec<Remedy> {
        let index = self.search.index;
        // Only nixpkgs was queried; the index may have the package.
        if self.search.only_nixpkgs(package) && matches!(index.project(package), Ok(Some(_))) {
            return match self.elsewhere(package) {
                Some(remedy) => vec![remedy],
                None => self.loosen(),
            };
        }
        let in_snapshot = index.snapshot().is_some();
        // The user cannot correct the spelling in a package or build.
        let demands = Demands::on(package, self.facts);
        let mut own_demands = demands.own.iter();
        let is_own = own_demands.any(|root| !matches!(root.origin, Origin::Build(_)));
        let similar = names::similar_name(package.as_ref()).filter(|_| is_own);
        let similar = similar
            .and_then(|name| name.parse().ok())
            .filter(|name| matches!(index.project(name), Ok(Some(_))));
        let is_misspelt = similar.is_some();
        let mut found: Vec<Remedy> = similar.into_iter().map(Remedy::Spelling).collect();
        if in_snapshot {
            found.push(Remedy::NoSnapshot);
        } else if !is_misspelt {
            found.push(Remedy::Index { is_own });
        }
        found
    }

    /// The newest usable version that is compatible with the rest, for a requirement that no version satisfies.
    fn existing(&self, package: &PackageName) -> Option<Remedy> {
        let demands = Demands::on(package, self.facts);
        let candidates = self.search.candidates(package).ok()?;
        let usable = (0..candidates.len()).rev().filter(|slot| {
            demands.others_allow(candidates.version(*slot)) && candidates.artifact(*slot).is_ok()
        });
        let tried = usable.map(|slot| candidates.version(slot)).take(MAX_TRIED);
        self.first_pin(package, tried, |_| PinReason::Exists)
    }

    /// A pin on the first of some versions of a package for which a trial does not fail.
    fn first_pin<'v>(
        &self,
        package: &PackageName,
        mut versions: impl Iterator<Item = &'v Version>,
        reason: impl Fn(&Version) -> PinReason,
    ) -> Option<Remedy> {
        versions.find_map(|version| {
            let evidence = match self.trials.outcome(&Change::Pin(package, version)) {
                Outcome::Refuted => return None,
                Outcome::Met(chosen) => Evidence::Met(chosen.sources),
                Outcome::Unknown => Evidence::Unknown,
            };
            Some(Remedy::Pin {
                package: package.clone(),
                version: version.clone(),
                reason: reason(version),
                evidence,
            })
        })
    }

    /// Another provider, for a package that nixpkgs has in another version or not at all.
    fn elsewhere(&self, package: &PackageName) -> Option<Remedy> {
        if !self.search.only_nixpkgs(package) {
            return None;
        }
        let demands = Demands::on(package, self.facts);
        let project = self.search.index.project(package).ok()??;
        if !project.versions().iter().any(|version| demands.allow(version)) {
            return None;
        }
        let providers = [Provider::Nixpkgs, Provider::Wheel, Provider::Sdist];
        let providers = ProviderPreference::in_order(providers);
        let change = Change::Providers(package, providers.clone());
        let version = match self.trials.outcome(&change) {
            Outcome::Refuted => return None,
            // Another solution may not need the package.
            Outcome::Met(chosen) => chosen.version(package).cloned(),
            Outcome::Unknown => None,
        };
        Some(Remedy::Providers {
            package: package.clone(),
            providers,
            gain: ProviderGain::Index(version),
        })
    }
}
