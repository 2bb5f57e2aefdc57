//! The candidates of a package, and the reasons why other releases are not usable.

mod load;
mod places;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use mach_nix_conda::{CondaRecord, CondaSpec, CondaVersion};
use mach_nix_model::{
    DistributionFile, PackageName, Project, Provider, Version, VersionSpecifiers, specifier,
};
use pubgrub::VersionSet;

use crate::artifact::Artifact;
use crate::conda::OwnedRecords;
use crate::listing::Listing;
use crate::rules::{FileRank, Rules};
use crate::slots::{Slot, SlotSet};
use crate::unusable::Unusable;
use places::Places;

/// The artifact of a slot, or the reason why it is not usable.
type Verdict = Result<Rc<Artifact>, Unusable>;

/// The criteria for querying nixpkgs about a package, besides the providers.
#[derive(Debug, Clone, Copy)]
pub struct NixpkgsRules {
    /// Whether to query nixpkgs even if the providers before it have candidates.
    pub nixpkgs_at_once: bool,
    /// Whether the user requires the package.
    pub is_own: bool,
}

/// The candidates of a package: pairs of a release and a provider, ascending by version.
pub struct Candidates {
    name: PackageName,
    rules: Arc<Rules>,
    listing: Listing,
    /// The providers with their tiers, least preferred first, so that preferred candidates have later slots, as newer
    /// versions do.
    providers: Vec<(usize, Provider)>,
    /// The tier of nixpkgs, if it was not queried and might have the package.
    unqueried: Option<usize>,
    /// The reason why nixpkgs cannot be queried.
    no_nixpkgs: Option<String>,
    /// The reason why the package of nixpkgs is skipped.
    skipped: Option<String>,
    /// Whether any release is final: otherwise its pre-releases are allowed.
    has_final_releases: bool,
    /// Where the slots are, if there are conda packages among them; else each release has a slot for each provider.
    places: Option<Places>,
    /// Per slot, what was chosen; filled in as far as the search looks.
    verdicts: RefCell<Vec<Option<Verdict>>>,
}

impl Candidates {
    /// The candidates that are listed under a name; `providers` have the least preferred first.
    pub fn new(
        name: &PackageName,
        listing: Listing,
        providers: Vec<(usize, Provider)>,
        rules: &Arc<Rules>,
        conda: &[OwnedRecords],
    ) -> Self {
        let places = Places::new(listing.versions(), &providers, conda);
        let versions = places.as_ref().map_or(listing.versions(), Places::versions);
        let has_final_releases = !versions.iter().all(Version::any_prerelease);
        let slots = places
            .as_ref()
            .map_or(versions.len() * providers.len(), Places::len);
        let verdicts = RefCell::new(vec![None; slots]);
        Self {
            name: name.clone(),
            rules: rules.clone(),
            listing,
            providers,
            unqueried: None,
            no_nixpkgs: None,
            skipped: None,
            has_final_releases,
            places,
            verdicts,
        }
    }

    /// Whether the package exists anywhere.
    pub fn is_known(&self) -> bool {
        !matches!(self.listing, Listing::Unknown) || self.places.is_some()
    }

    /// The versions of the releases, ascending.
    pub fn versions(&self) -> &[Version] {
        self.places
            .as_ref()
            .map_or(self.listing.versions(), Places::versions)
    }

    /// Whether conda packages are among the candidates.
    pub fn has_conda(&self) -> bool {
        self.places.is_some()
    }

    /// The conda package in a slot.
    pub fn record(&self, slot: Slot) -> Option<&Arc<CondaRecord>> {
        self.places.as_ref()?.record(slot)
    }

    /// The project of an index.
    pub fn project(&self) -> Option<&Project> {
        self.listing.project()
    }

    /// The files of a version.
    pub fn files_of(&self, version: &Version) -> Vec<DistributionFile> {
        self.listing.files_of(version)
    }

    /// The number of slots.
    pub fn len(&self) -> u32 {
        u32::try_from(self.verdicts.borrow().len()).unwrap_or(u32::MAX)
    }

    fn release_of(&self, slot: Slot) -> usize {
        match &self.places {
            Some(places) => places.release(slot),
            None => slot as usize / self.providers.len(),
        }
    }

    fn ranked_provider(&self, slot: Slot) -> &(usize, Provider) {
        let provider = match &self.places {
            Some(places) => places.provider(slot),
            None => slot as usize % self.providers.len(),
        };
        &self.providers[provider]
    }

    /// The version in a slot.
    pub fn version(&self, slot: Slot) -> &Version {
        &self.versions()[self.release_of(slot)]
    }

    fn tier(&self, slot: Slot) -> usize {
        self.ranked_provider(slot).0
    }

    /// The provider in a slot.
    pub fn provider(&self, slot: Slot) -> &Provider {
        &self.ranked_provider(slot).1
    }

    /// The slots whose versions satisfy a specifier. For an unknown package, every slot, because the specifier is not
    /// its problem.
    pub fn matching(&self, specifiers: &VersionSpecifiers) -> SlotSet {
        if !self.is_known() {
            return SlotSet::full();
        }
        let matches: Vec<bool> = self
            .versions()
            .iter()
            .map(|version| specifier::matches_all(specifiers, version))
            .collect();
        SlotSet::select(self.len(), |slot| matches[self.release_of(slot)])
    }

    /// The slots that meet a match spec: conda packages as it says, others by its part about versions.
    pub fn meeting(&self, spec: &CondaSpec) -> SlotSet {
        if !self.is_known() {
            return SlotSet::full();
        }
        let met = |version: &Version| {
            let version: Result<CondaVersion, _> = version.to_string().parse();
            version.is_ok_and(|version| spec.is_met_outside_conda(&version))
        };
        let matches: Vec<bool> = self.versions().iter().map(met).collect();
        SlotSet::select(self.len(), |slot| match self.record(slot) {
            Some(record) => record.meets(spec),
            None => matches[self.release_of(slot)],
        })
    }
}

/// The choice of a candidate.
impl Candidates {
    /// The best usable candidate in a set, in the order of docs/manual.md, "Providers".
    pub fn best(&self, set: &SlotSet, preferred: Option<&Version>) -> Option<Slot> {
        let usable = |slot: &Slot| self.artifact(*slot).is_ok();
        if let Some(version) = preferred {
            let of_version = || {
                let slots = set.iter(self.len()).rev();
                slots.filter(|slot| self.version(*slot) == version)
            };
            let is_kept = |slot: &Slot| {
                self.record(*slot)
                    .is_some_and(|record| self.rules.stays_with(record))
            };
            if self.places.is_some()
                && let Some(slot) = of_version().filter(is_kept).find(usable)
            {
                return Some(slot);
            }
            let mut kept = of_version();
            if let Some(slot) = kept.find(usable) {
                return Some(slot);
            }
        }
        // If pre-releases are the last resort, this also holds among the versions of a package.
        let welcome = self.prereleases_are_welcome();
        let first = |slot: &Slot| welcome || !self.is_prerelease(*slot);
        let descending = || set.iter(self.len()).rev();
        self.best_by_tier(|| descending().filter(first), usable)
            .or_else(|| self.best_by_tier(|| descending().filter(|slot| !first(slot)), usable))
    }

    /// The newest usable slot of the first tier that has one; the slots are descending.
    fn best_by_tier<I: Iterator<Item = Slot>>(
        &self,
        slots: impl Fn() -> I,
        usable: impl Fn(&Slot) -> bool,
    ) -> Option<Slot> {
        let tiers = self.providers.first().map_or(0, |(tier, _)| tier + 1);
        (0..tiers).find_map(|tier| {
            let of_tier = || slots().filter(|slot| self.tier(*slot) == tier);
            match &self.places {
                None => of_tier().find(&usable),
                // What conda marks as a variant goes after everything else.
                Some(places) => of_tier()
                    .filter(|slot| !places.is_variant(*slot))
                    .find(&usable)
                    .or_else(|| of_tier().filter(|slot| places.is_variant(*slot)).find(&usable)),
            }
        })
    }

    /// Whether a candidate is a pre-release by PEP 440. Conda has no such rule: a channel has what is to be installed.
    pub fn is_prerelease(&self, slot: Slot) -> bool {
        self.version(slot).any_prerelease() && self.record(slot).is_none()
    }

    /// Whether any provider has a version that can be used.
    pub fn is_usable(&self, version: &Version) -> bool {
        (0..self.len()).any(|slot| self.version(slot) == version && self.artifact(slot).is_ok())
    }

    /// The artifact of a slot, or the reason why it is not usable.
    pub fn artifact(&self, slot: Slot) -> Verdict {
        let known = self.verdicts.borrow()[slot as usize].clone();
        known.unwrap_or_else(|| {
            let verdict = self.choose(slot);
            self.verdicts.borrow_mut()[slot as usize] = Some(verdict.clone());
            verdict
        })
    }

    /// The wheel of a slot; `None` where it stands for something else.
    pub fn wheel(&self, slot: Slot) -> Option<DistributionFile> {
        let artifact = self.artifact(slot).ok()?;
        artifact.file().filter(|file| file.is_wheel()).cloned()
    }

    fn choose(&self, slot: Slot) -> Verdict {
        let version = self.version(slot);
        if let Some(record) = self.record(slot) {
            return self.judge_record(record);
        }
        match (&self.listing, self.provider(slot)) {
            (Listing::Nixpkgs(package, ..), Provider::Nixpkgs) if package.version == *version => {
                // A build requirement is not a file chosen by the user.
                if self.rules.limits_hashes(&self.name) {
                    return Err(Unusable::Hash);
                }
                if version.any_prerelease() && !self.prereleases_are_allowed() {
                    return Err(Unusable::Prerelease);
                }
                Ok(Rc::new(Artifact::Nixpkgs(package.clone())))
            }
            (_, Provider::Nixpkgs) => Err(Unusable::Absent),
            (Listing::Direct(referenced, _), provider) => self
                .judge(&referenced.file, version, provider)
                .map(|_| Rc::new(Artifact::Direct(referenced.clone()))),
            _ if version.any_prerelease() && !self.prereleases_are_allowed() => Err(Unusable::Prerelease),
            (Listing::Project(project), provider) if self.places.is_none() => {
                self.best_file(project.files(self.release_of(slot)), version, provider)
            }
            (_, provider) => {
                let files = self.files_of(version);
                if files.is_empty() {
                    return Err(Unusable::Absent);
                }
                self.best_file(files, version, provider)
            }
        }
    }

    fn judge_record(&self, record: &Arc<CondaRecord>) -> Verdict {
        if self.rules.limits_hashes(&self.name) {
            return Err(Unusable::Hash);
        }
        match self
            .rules
            .conda_unusable(record, self.rules.limits.of(&self.name))
        {
            Some(reason) => Err(Unusable::Conda(reason)),
            None => Ok(Rc::new(Artifact::Conda(record.clone()))),
        }
    }

    fn best_file(&self, files: Vec<DistributionFile>, version: &Version, provider: &Provider) -> Verdict {
        // The reported reason is that of the closest file; the variants are ordered accordingly.
        let mut reason = Unusable::NoFile;
        let mut best = None;
        for file in files {
            match self.judge(&file, version, provider) {
                Ok(rank) => {
                    if best.as_ref().is_none_or(|(best, _)| rank > *best) {
                        best = Some((rank, file));
                    }
                }
                Err(unusable) => reason = reason.max(unusable),
            }
        }
        best.map(|(_, file)| Rc::new(Artifact::File(file))).ok_or(reason)
    }

    fn judge(
        &self,
        file: &DistributionFile,
        version: &Version,
        provider: &Provider,
    ) -> Result<FileRank, Unusable> {
        let direct = matches!(self.listing, Listing::Direct(..));
        self.rules.judge(file, &self.name, version, provider, direct)
    }

    fn prereleases_are_allowed(&self) -> bool {
        self.rules.allows_prereleases(&self.name, self.has_final_releases)
    }

    /// Whether pre-releases are treated like any other version, without the last resort.
    fn prereleases_are_welcome(&self) -> bool {
        self.rules
            .allows_prereleases_at_first(&self.name, self.has_final_releases)
    }
}

/// Nixpkgs.
impl Candidates {
    /// Whether nixpkgs was not queried and may have a preferred candidate.
    pub fn nixpkgs_may_be_better(&self, slot: Slot) -> bool {
        self.unqueried.is_some_and(|nixpkgs| {
            let last_resort = self.is_prerelease(slot) && !self.prereleases_are_welcome();
            self.tier(slot) >= nixpkgs || last_resort
        })
    }

    /// Whether nixpkgs was not queried and might have the package.
    pub fn may_have_nixpkgs(&self) -> bool {
        self.unqueried.is_some()
    }

    /// The version in nixpkgs, if it was queried.
    pub fn version_in_nixpkgs(&self) -> Option<&Version> {
        self.listing.nixpkgs().map(|package| &package.version)
    }

    /// The reason why a necessary query to nixpkgs is impossible.
    pub fn no_nixpkgs(&self) -> Option<&str> {
        self.no_nixpkgs.as_deref()
    }

    /// The reason why the package of nixpkgs is skipped.
    pub fn skipped(&self) -> Option<&str> {
        self.skipped.as_deref()
    }

    /// The reason why nixpkgs' package was skipped although it is preferred to this slot.
    pub fn nixpkgs_skipped(&self, slot: Slot) -> Option<String> {
        let mut providers = self.providers.iter();
        let (tier, _) = providers.find(|(_, provider)| *provider == Provider::Nixpkgs)?;
        if *tier >= self.tier(slot) {
            return None;
        }
        let defect = || {
            let package = self.listing.nixpkgs()?;
            let (attribute, defect) = (&package.attribute, package.metadata.defect.as_deref()?);
            Some(format!("`{attribute}` of nixpkgs is not usable: {defect}"))
        };
        self.skipped.clone().or_else(defect)
    }

    /// Whether nixpkgs was queried successfully.
    pub fn has_queried_nixpkgs(&self) -> bool {
        (&self.unqueried, &self.no_nixpkgs) == (&None, &None)
            && self.providers.iter().any(|(_, p)| *p == Provider::Nixpkgs)
    }
}
