//! What can be chosen for a name, and why the rest cannot.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use mach_nix_model::{
    DistributionFile, FileKind, PackageIndex, PackageName, Prerelease, Project, Provider, Release, Target,
    Timestamp, Version, VersionSpecifiers, Yanked, specifier,
};
use mach_nix_tags::CompatibleTags;
use rustc_hash::FxHashSet;

use crate::search::ResolveError;
use pubgrub::VersionSet;

use crate::slots::{Slot, SlotSet};

/// Why a release cannot be used, as far along the way as its best file came.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unusable {
    /// Every file was uploaded too late, or at an unknown time while a date limit holds.
    TooNew,
    /// The provider has no file of this release: source distributions only, or wheels only.
    NoFile,
    /// No wheel fits the target.
    Tags,
    /// The files are for other Python versions.
    Python(String),
    /// The files were withdrawn, for this reason.
    Yanked(String),
    /// A pre-release that nothing asks for.
    Prerelease,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooNew => f.write_str("uploaded after the date limit"),
            Self::NoFile => f.write_str("no wheel, only a source distribution"),
            Self::Tags => f.write_str("no wheel for this Python and system"),
            Self::Python(demand) => write!(f, "needs Python {demand}"),
            Self::Yanked(reason) if reason.is_empty() => f.write_str("yanked"),
            Self::Yanked(reason) => write!(f, "yanked: {reason}"),
            Self::Prerelease => f.write_str("a pre-release"),
        }
    }
}

/// What the problem says about all candidates alike.
pub struct Rules {
    pub target: Target,
    pub tags: CompatibleTags,
    pub python: Version,
    pub exclude_newer: Option<Timestamp>,
    pub prerelease: Prerelease,
    /// Pre-releases may be chosen for every package: the second attempt, see [`crate::search::resolve`].
    pub prerelease_fallback: bool,
    /// Packages whose pre-releases the user's own requirements name.
    pub prerelease_named: FxHashSet<PackageName>,
    /// Versions that the user's own requirements pin: these may be yanked (PEP 592).
    pub pinned: FxHashSet<(PackageName, Version)>,
}

/// The candidates of one package: a release served by a provider each, ascending by version.
pub struct Candidates {
    name: PackageName,
    project: Option<Arc<Project>>,
    /// Providers with their tiers, most preferred first.
    providers: Vec<(usize, Provider)>,
    /// Whether every release is a pre-release: then they are what the package has.
    only_prereleases: bool,
    /// Per slot, the index of the chosen file in its release; filled in as far as the search looks.
    looked_at: RefCell<Vec<Option<Result<usize, Unusable>>>>,
}

impl Candidates {
    /// Asks the index for a package's releases.
    pub fn load(
        index: &dyn PackageIndex,
        name: &PackageName,
        providers: Vec<(usize, Provider)>,
    ) -> Result<Self, ResolveError> {
        let project = index.project(name)?;
        let releases = project.as_ref().map_or(0, |project| project.releases.len());
        let looked_at = RefCell::new(vec![None; releases * providers.len()]);
        let only_prereleases = project
            .as_ref()
            .is_some_and(|p| p.releases.iter().all(|r| r.version.any_prerelease()));
        Ok(Self {
            name: name.clone(),
            project,
            providers,
            only_prereleases,
            looked_at,
        })
    }

    /// What the index knows; `None` when it does not know the name.
    pub fn project(&self) -> Option<&Arc<Project>> {
        self.project.as_ref()
    }

    /// The releases, ascending.
    pub fn releases(&self) -> &[Release] {
        self.project.as_ref().map_or(&[], |project| &project.releases)
    }

    /// The number of slots.
    pub fn len(&self) -> u32 {
        u32::try_from(self.looked_at.borrow().len()).unwrap_or(u32::MAX)
    }

    fn release_of(&self, slot: Slot) -> &Release {
        &self.releases()[slot as usize / self.providers.len()]
    }

    /// The version in a slot.
    pub fn version(&self, slot: Slot) -> &Version {
        &self.release_of(slot).version
    }

    /// The provider in a slot.
    pub fn provider(&self, slot: Slot) -> &Provider {
        &self.providers[slot as usize % self.providers.len()].1
    }

    /// The slots whose versions satisfy a specifier. Of an unknown package that is every slot: what is wrong with it is
    /// not the specifier.
    pub fn matching(&self, specifiers: &VersionSpecifiers) -> SlotSet {
        if self.project.is_none() {
            return SlotSet::full();
        }
        let width = self.providers.len();
        let matches: Vec<bool> = self
            .releases()
            .iter()
            .map(|release| specifier::matches_all(specifiers, &release.version))
            .collect();
        SlotSet::select(self.len(), |slot| matches[slot as usize / width])
    }

    /// The best usable candidate in a set: see DESIGN §4 for the order.
    pub fn best(&self, set: &SlotSet, preferred: Option<&Version>, rules: &Rules) -> Option<Slot> {
        let slots: Vec<Slot> = set.iter(self.len()).rev().collect();
        let width = u32::try_from(self.providers.len()).unwrap_or(u32::MAX);
        let usable = |slot: &Slot| self.file(*slot, rules).is_ok();
        if let Some(version) = preferred {
            let kept = slots.iter().filter(|slot| self.version(**slot) == version);
            if let Some(slot) = kept.rev().copied().find(usable) {
                return Some(slot);
            }
        }
        let tiers = self.providers.last().map_or(0, |(tier, _)| tier + 1);
        (0..tiers).find_map(|tier| {
            let in_tier = slots
                .iter()
                .copied()
                .filter(|slot| self.providers[(slot % width) as usize].0 == tier);
            // Slots of one version follow each other with the leftmost provider first, so that going down the list the
            // last usable one of the first version wins.
            let mut best: Option<Slot> = None;
            for slot in in_tier {
                if best.is_some_and(|found| found / width != slot / width) {
                    break;
                }
                if usable(&slot) {
                    best = Some(slot);
                }
            }
            best
        })
    }

    /// The file that a slot stands for, or why there is none.
    pub fn file(&self, slot: Slot, rules: &Rules) -> Result<&DistributionFile, Unusable> {
        let release = self.release_of(slot);
        let known = self.looked_at.borrow()[slot as usize].clone();
        let verdict = known.unwrap_or_else(|| {
            let verdict = self.choose_file(release, self.provider(slot), rules);
            self.looked_at.borrow_mut()[slot as usize] = Some(verdict.clone());
            verdict
        });
        verdict.map(|at| &release.files[at])
    }

    fn choose_file(&self, release: &Release, provider: &Provider, rules: &Rules) -> Result<usize, Unusable> {
        if release.version.any_prerelease() && !self.prerelease_allowed(rules) {
            return Err(Unusable::Prerelease);
        }
        // The reason to report is that of the file which came furthest; the variants are in that order.
        let mut reason = Unusable::TooNew;
        let mut best = None;
        for (at, file) in release.files.iter().enumerate() {
            match self.judge(file, &release.version, provider, rules) {
                Ok(rank) => {
                    if best.as_ref().is_none_or(|(best, _)| rank > *best) {
                        best = Some((rank, at));
                    }
                }
                Err(unusable) => reason = reason.max(unusable),
            }
        }
        best.map(|(_, at)| at).ok_or(reason)
    }

    fn prerelease_allowed(&self, rules: &Rules) -> bool {
        match rules.prerelease {
            Prerelease::Allow => true,
            Prerelease::Disallow => false,
            Prerelease::IfNecessaryOrExplicit => {
                rules.prerelease_fallback
                    || self.only_prereleases
                    || rules.prerelease_named.contains(&self.name)
            }
        }
    }

    /// The rank of a file among those of its release, or why it does not count.
    fn judge(
        &self,
        file: &DistributionFile,
        version: &Version,
        provider: &Provider,
        rules: &Rules,
    ) -> Result<FileRank, Unusable> {
        if let Some(limit) = rules.exclude_newer
            && file.upload_time.is_none_or(|time| time >= limit)
        {
            return Err(Unusable::TooNew);
        }
        let rank = match (provider, FileKind::of(&file.filename, &self.name)) {
            (Provider::Wheel, Some(FileKind::Wheel(wheel))) => {
                let priority = rules.tags.compatibility(&wheel).ok_or(Unusable::Tags)?;
                (Some(priority), wheel.build().cloned())
            }
            (Provider::Sdist, Some(FileKind::Sdist(_))) => (None, None),
            _ => return Err(Unusable::NoFile),
        };
        if let Some(demand) = file.python_demand()
            && !specifier::matches_all(&demand, &rules.python)
        {
            return Err(Unusable::Python(demand.to_string()));
        }
        match &file.yanked {
            Yanked::Yes(reason) if !rules.pinned.contains(&(self.name.clone(), version.clone())) => {
                Err(Unusable::Yanked(reason.to_string()))
            }
            _ => Ok(rank),
        }
    }
}

/// How well a wheel fits, then its build number (binary distribution format, "File name convention").
type FileRank = (
    Option<mach_nix_tags::TagPriority>,
    Option<mach_nix_tags::BuildTag>,
);
