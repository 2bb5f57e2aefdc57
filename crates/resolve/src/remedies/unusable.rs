//! Remedies for versions that exist but are not usable.

use mach_nix_model::{DistributionFile, PackageName, Provider, ProviderPreference, Target, Version};
use mach_nix_tags::CompatibleTags;

use super::wheels::{elsewhere, fits, has_sdist, has_wheel_for, kind_for, other_machine, other_pythons};
use super::{Finder, MAX_TRIED};
use crate::demands::{Demands, is_limited};
use crate::fact::Fact;
use crate::problem::RootRequirement;
use crate::remedy::{Evidence, PinReason, ProviderGain, Remedy};
use crate::trial::Change;
use crate::unusable::{Group, Unusable, by_reason};

/// Maximum number of remedies, so that the best ones are shown.
const MAX: usize = 4;

impl Finder<'_, '_> {
    /// Remedies for a package whose `versions` are all unusable, although no demand excludes them.
    pub fn unusable(&self, package: &PackageName, versions: &[(Version, Unusable)]) -> Vec<Remedy> {
        let demands = Demands::on(package, self.facts);
        let allowed: Vec<(Version, Unusable)> = versions
            .iter()
            .filter(|(version, _)| demands.allow(version))
            .cloned()
            .collect();
        let mut found = Vec::new();
        if let Some((newest, _)) = allowed.last() {
            found.extend(self.other_version(package, newest, &demands));
        }
        for group in by_reason(&allowed) {
            for remedy in self.of_group(package, &group) {
                // One other Python suffices, that for the newest version.
                let is_python = |known: &Remedy| matches!(known, Remedy::Python { .. });
                let again = is_python(&remedy) && found.iter().any(is_python);
                if !again && !found.contains(&remedy) {
                    found.push(remedy);
                }
            }
        }
        // A yanked version is the last resort.
        found.sort_by_key(is_withdrawn);
        found.truncate(MAX);
        if found.len() < MAX && !found.is_empty() && self.is_led_to(package) {
            found.extend(self.loosen());
        }
        found
    }

    /// Another version, if only the user's own requirement on the package excludes it.
    fn other_version(
        &self,
        package: &PackageName,
        newest: &Version,
        demands: &Demands<'_>,
    ) -> Option<Remedy> {
        let limited = demands.own.iter().any(|root| is_limited(&root.requirement));
        if !limited || !demands.constraints.is_empty() {
            return None;
        }
        let candidates = self.search.candidates(package).ok()?;
        let usable = |slot: &u32| {
            demands.others_allow(candidates.version(*slot)) && candidates.artifact(*slot).is_ok()
        };
        let newer = (0..candidates.len()).filter(|slot| candidates.version(*slot) > newest);
        let older = (0..candidates.len())
            .rev()
            .filter(|slot| candidates.version(*slot) < newest);
        let tried = newer
            .filter(usable)
            .take(MAX_TRIED)
            .chain(older.filter(usable).take(MAX_TRIED))
            .map(|slot| candidates.version(slot));
        self.first_pin(package, tried, |version| {
            if version > newest {
                PinReason::Newer
            } else {
                PinReason::Older
            }
        })
    }

    /// Whether a limit of the user on another package leads to this one: without it, that package may need other
    /// versions of this one.
    fn is_led_to(&self, package: &PackageName) -> bool {
        self.facts.iter().any(|fact| match fact {
            Fact::Asked {
                package: required,
                requirements,
                ..
            } => required != package && requirements.iter().any(|root| is_limited(&root.requirement)),
            Fact::Constrained { .. } => true,
            _ => false,
        })
    }

    /// Remedies that make one of the versions of a group usable.
    fn of_group(&self, package: &PackageName, group: &Group<'_>) -> Vec<Remedy> {
        let versions = &group.versions;
        let (Ok(candidates), Some(newest)) = (self.search.candidates(package), versions.last()) else {
            return Vec::new();
        };
        let files = candidates.files_of(newest);
        let remedy = match group.reason {
            Unusable::Tags | Unusable::Python(_) => self.other_target(package, versions),
            Unusable::Prerelease => self.prereleases(package, versions),
            Unusable::TooNew => self.later_limit(package, versions),
            Unusable::Yanked(_) => {
                let may_help = self.trials.may_help(&Change::Pin(package, newest));
                may_help.then(|| Remedy::Pin {
                    package: package.clone(),
                    version: newest.clone(),
                    reason: PinReason::Withdrawn,
                    evidence: Evidence::Unknown,
                })
            }
            Unusable::Hash => self.hash(package, newest, &files),
            Unusable::NoFile | Unusable::Absent | Unusable::Conda(_) => None,
        };
        let other_provider = self.other_provider(package, files);
        remedy.into_iter().chain(other_provider).collect()
    }

    /// Another Python, else another system, else a marker that excludes the target.
    fn other_target(&self, package: &PackageName, versions: &[Version]) -> Option<Remedy> {
        let candidates = self.search.candidates(package).ok()?;
        let here = self.search.rules.target;
        let may_help = |target| self.trials.may_help(&Change::Target(target));
        let kind = |files: &[DistributionFile], target: Target| {
            let tags = CompatibleTags::for_target(target.python, target.system);
            kind_for(files, package, &tags, self.search)
        };
        // The newest version that another Python can use, not only the newest one.
        let pythons = versions.iter().rev().flat_map(|version| {
            let pythons = other_pythons(&candidates.files_of(version), package, self.search);
            pythons.into_iter().map(move |python| (version, python))
        });
        for (version, python) in pythons.take(MAX_TRIED) {
            let target = Target { python, ..here };
            if may_help(target) {
                return Some(Remedy::Python {
                    python,
                    version: version.clone(),
                    kind: kind(&candidates.files_of(version), target),
                });
            }
        }
        let newest = versions.last()?;
        let files = candidates.files_of(newest);
        if let Some(system) = other_machine(&files, package, self.search) {
            let target = Target { system, ..here };
            if may_help(target) {
                return Some(Remedy::System {
                    system,
                    version: newest.clone(),
                    kind: kind(&files, target),
                });
            }
        }
        if has_sdist(&files, package) {
            None
        } else {
            self.marker(package, &files)
        }
    }

    fn prereleases(&self, package: &PackageName, versions: &[Version]) -> Option<Remedy> {
        let candidates = self.search.candidates(package).ok()?;
        let target = self.search.rules.target;
        let mut files = versions.iter().flat_map(|version| candidates.files_of(version));
        let may_help = files.any(|file| fits(&file, package, target, self.search))
            && self.trials.may_help(&Change::Prereleases);
        may_help.then_some(Remedy::Prereleases)
    }

    /// The digest that the index announces for a file of a version.
    fn hash(&self, package: &PackageName, version: &Version, files: &[DistributionFile]) -> Option<Remedy> {
        let target = self.search.rules.target;
        let mut fitting = files
            .iter()
            .filter(|file| fits(file, package, target, self.search));
        Some(Remedy::Hash {
            package: package.clone(),
            version: version.clone(),
            digest: fitting.find_map(|file| self.search.rules.digest_of(file))?,
        })
    }

    /// The other kind of file for the newest of some broken versions.
    pub fn other_file(&self, package: &PackageName, versions: &[Version]) -> Option<Remedy> {
        let candidates = self.search.candidates(package).ok()?;
        self.other_provider(package, candidates.files_of(versions.last()?))
    }

    /// The kind of file that the provider list excludes, if there is one.
    fn other_provider(&self, package: &PackageName, files: Vec<DistributionFile>) -> Option<Remedy> {
        let rules = &self.search.rules;
        let in_time = |file: &DistributionFile| {
            let limit = rules.limits.of(package);
            limit.is_none_or(|limit| file.upload_time.is_some_and(|time| time < limit))
        };
        let files: Vec<DistributionFile> = files.into_iter().filter(in_time).collect();
        let providers = self.search.problem.policy.providers.of(package);
        let (gain, kind) = if has_sdist(&files, package) && !providers.allows(&Provider::Sdist) {
            (ProviderGain::Sdist, Provider::Sdist)
        } else if has_wheel_for(&files, package, &rules.tags) && !providers.allows(&Provider::Wheel) {
            (ProviderGain::Wheel, Provider::Wheel)
        } else {
            return None;
        };
        let list: ProviderPreference = format!("{providers},{kind}").parse().ok()?;
        let change = Change::Providers(package, list.clone());
        self.trials.may_help(&change).then(|| Remedy::Providers {
            package: package.clone(),
            providers: list,
            gain,
        })
    }

    /// The earliest date limit that includes a version.
    fn later_limit(&self, package: &PackageName, versions: &[Version]) -> Option<Remedy> {
        let candidates = self.search.candidates(package).ok()?;
        let target = self.search.rules.target;
        let times = versions
            .iter()
            .flat_map(|version| candidates.files_of(version))
            .filter(|file| fits(file, package, target, self.search));
        let earliest = times.filter_map(|file| file.upload_time).min()?;
        let limit = earliest.day().parse().ok()?;
        let limits = &self.search.rules.limits;
        let package = limits
            .exclude_newer_package
            .contains_key(package)
            .then_some(package);
        let change = Change::ExcludeNewer(limit, package);
        self.trials.may_help(&change).then(|| Remedy::ExcludeNewer {
            limit,
            package: package.cloned(),
        })
    }

    /// A marker for a package of another operating system, on the only requirement of the user that leads to it.
    fn marker(&self, package: &PackageName, files: &[DistributionFile]) -> Option<Remedy> {
        let systems = elsewhere(files, package, self.search.rules.target.system)?;
        let mut own: Vec<&RootRequirement> = Vec::new();
        for fact in self.facts {
            if let Fact::Asked { requirements, .. } = fact {
                own.extend(requirements);
            }
        }
        let [root] = own.as_slice() else {
            return None;
        };
        self.trials.may_help(&Change::Drop(root)).then(|| Remedy::Marker {
            root: (*root).clone(),
            package: package.clone(),
            systems,
        })
    }
}

fn is_withdrawn(remedy: &Remedy) -> bool {
    matches!(
        remedy,
        Remedy::Pin {
            reason: PinReason::Withdrawn,
            ..
        }
    )
}
