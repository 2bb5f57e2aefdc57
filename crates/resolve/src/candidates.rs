//! What can be chosen for a name, and why the rest cannot.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use mach_nix_model::{
    AllowedHashes, DistributionFile, FileKind, IndexError, NixpkgsPackage, PackageIndex, PackageName,
    Prerelease, Project, Provider, Referenced, Requirement, Target, Timestamp, Version, VersionSpecifiers,
    Yanked, specifier,
};
use mach_nix_tags::CompatibleTags;
use rustc_hash::FxHashSet;

use pubgrub::VersionSet;

use crate::error::ResolveError;
use crate::slots::{Slot, SlotSet};

/// Why a release cannot be used, as far along the way as its best file came.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unusable {
    /// The provider does not have this version; another one has.
    Absent,
    /// The provider has no file of this release: source distributions only, or wheels only.
    NoFile,
    /// Every file was uploaded too late, or at an unknown time while a date limit holds.
    TooNew,
    /// No wheel fits the target.
    Tags,
    /// The files are for other Python versions.
    Python(String),
    /// None of the files is among those that the requirements allow by their hashes.
    Hash,
    /// The files were withdrawn, for this reason.
    Yanked(String),
    /// A pre-release that nothing asks for.
    Prerelease,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("another provider's"),
            Self::TooNew => f.write_str("uploaded after the date limit"),
            Self::NoFile => f.write_str("no file of a kind that can be used"),
            Self::Tags => f.write_str("no wheel for this Python and system"),
            Self::Python(demand) => write!(f, "needs Python {demand}"),
            Self::Hash => f.write_str("none of its files has a hash that the requirements allow"),
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
    /// Pre-releases may be chosen for every package: the second attempt, see [`crate::attempt::resolve`].
    pub prerelease_fallback: bool,
    pub hashes: AllowedHashes,
    /// Packages whose pre-releases the user's own requirements name.
    pub prerelease_named: FxHashSet<PackageName>,
    /// Versions that the user's own requirements pin: these may be yanked (PEP 592).
    pub pinned: FxHashSet<(PackageName, Version)>,
}

/// What a candidate stands for.
#[derive(Debug, Clone)]
pub enum Artifact {
    /// A file of an index.
    File(DistributionFile),
    /// What a direct reference leads to.
    Direct(Arc<Referenced>),
    /// A package of nixpkgs.
    Nixpkgs(Arc<NixpkgsPackage>),
}

impl Artifact {
    /// The file or tree, but for what nixpkgs builds.
    #[must_use]
    pub fn file(&self) -> Option<&DistributionFile> {
        match self {
            Self::File(file) => Some(file),
            Self::Direct(referenced) => Some(&referenced.file),
            Self::Nixpkgs(_) => None,
        }
    }
}

/// What to use, or why there is nothing.
type Verdict = Result<Rc<Artifact>, Unusable>;

/// What decides when nixpkgs is asked about a package, besides the providers.
#[derive(Debug, Clone, Copy)]
pub struct Asking {
    /// Wherever the package's providers name it, and not only where those before it have nothing.
    pub nixpkgs_at_once: bool,
    /// The user asks for it.
    pub is_own: bool,
}

/// What is known under a name.
enum Listing {
    /// Nothing: no index knows the name.
    Unknown,
    /// What an index lists.
    Project(Arc<Project>),
    /// What nixpkgs has, and what an index lists, with all their versions, ascending.
    Nixpkgs(Arc<NixpkgsPackage>, Option<Arc<Project>>, Box<[Version]>),
    /// What a direct reference of the user leads to, with its version; then nothing else counts.
    Direct(Arc<Referenced>, Version),
}

impl Listing {
    fn versions(&self) -> &[Version] {
        match self {
            Self::Unknown => &[],
            Self::Project(project) => project.versions(),
            Self::Nixpkgs(_, _, versions) => versions,
            Self::Direct(_, version) => std::slice::from_ref(version),
        }
    }
}

/// Whether a project that a snapshot lacks is as good as none, because nixpkgs can have the package: what comes first from
/// nixpkgs, and what only a package of nixpkgs can have asked for, the snapshot need not know (docs/decisions/0030).
fn may_be_lacking(providers: &[(usize, Provider)], asking: Asking) -> bool {
    let is_nixpkgs = |(_, provider): &&(usize, Provider)| *provider == Provider::Nixpkgs;
    let nixpkgs_first = providers
        .iter()
        .filter(|(tier, _)| *tier == 0)
        .all(|ranked| is_nixpkgs(&ranked));
    nixpkgs_first || (!asking.is_own && providers.iter().any(|ranked| is_nixpkgs(&ranked)))
}

/// The candidates of one package: a release served by a provider each, ascending by version.
pub struct Candidates {
    name: PackageName,
    listing: Listing,
    /// Providers with their tiers, least preferred first: so what is preferred comes later among the slots, as newer versions do.
    providers: Vec<(usize, Provider)>,
    /// The tier of nixpkgs, where nixpkgs might have the package and was not asked.
    unasked: Option<usize>,
    /// Why there is no nixpkgs that could be asked.
    no_nixpkgs: Option<String>,
    /// Why what nixpkgs has does not count.
    left_out: Option<String>,
    /// Whether every release is a pre-release: then they are what the package has.
    only_prereleases: bool,
    /// Per slot, what was chosen; filled in as far as the search looks.
    looked_at: RefCell<Vec<Option<Verdict>>>,
}

impl Candidates {
    /// Asks the index for a package's releases; `providers` have the most preferred first. Nixpkgs is asked where it has to be: see [`crate::attempt::resolve`].
    pub fn load(
        index: &dyn PackageIndex,
        name: &PackageName,
        mut providers: Vec<(usize, Provider)>,
        preferred: Option<&Version>,
        asking: Asking,
        rules: &Rules,
    ) -> Result<Self, ResolveError> {
        // A page that nothing is taken from is not worth a question, nor is an evaluation.
        let asks_indexes = providers
            .iter()
            .any(|(_, provider)| *provider != Provider::Nixpkgs);
        let nixpkgs = providers
            .iter()
            .find(|(_, provider)| *provider == Provider::Nixpkgs);
        let nixpkgs = nixpkgs.map(|(tier, _)| *tier);
        let (listed, not_held) = match asks_indexes.then(|| index.project(name)).transpose() {
            Ok(listed) => (listed.flatten(), None),
            Err(error @ IndexError::NotInSnapshot { .. }) if may_be_lacking(&providers, asking) => {
                (None, Some(error))
            }
            Err(error) => return Err(error.into()),
        };
        let listing = listed.clone().map_or(Listing::Unknown, Listing::Project);
        providers.reverse();
        let mut candidates = Self::new(name, listing, providers);
        let Some(tier) = nixpkgs else {
            return Ok(candidates);
        };
        if !asking.nixpkgs_at_once && candidates.suffice_before(tier, preferred, rules) {
            candidates.unasked = Some(tier);
            return Ok(candidates);
        }
        let package = match (index.nixpkgs(name, rules.target), not_held) {
            (Ok(Some(package)), _) => package,
            (Ok(None) | Err(IndexError::NoNixpkgs { .. } | IndexError::LeftOut { .. }), Some(error)) => {
                return Err(error.into());
            }
            (Ok(None), None) => return Ok(candidates),
            // Who has other providers before it can do without.
            (Err(IndexError::NoNixpkgs { reason }), None) if tier > 0 => {
                candidates.no_nixpkgs = Some(reason);
                return Ok(candidates);
            }
            (Err(IndexError::LeftOut { reason }), None) => {
                candidates.left_out = Some(reason);
                return Ok(candidates);
            }
            (Err(error), _) => return Err(error.into()),
        };
        let mut versions = candidates.versions().to_vec();
        if let Err(place) = versions.binary_search(&package.version) {
            versions.insert(place, package.version.clone());
        }
        let listing = Listing::Nixpkgs(package, listed, versions.into());
        Ok(Self::new(name, listing, candidates.providers))
    }

    /// Whether the tiers before `tier` have something to choose, and the version to stay with where there is one.
    fn suffice_before(&self, tier: usize, preferred: Option<&Version>, rules: &Rules) -> bool {
        let mut slots = (0..self.len()).rev().filter(|slot| self.tier(*slot) < tier);
        slots.any(|slot| {
            let version = self.version(slot);
            // Whether pre-releases are all that the package has, nixpkgs has a word in.
            let is_choice = !version.any_prerelease() || self.prerelease_asked_for(rules);
            is_choice
                && preferred.is_none_or(|preferred| version == preferred)
                && self.artifact(slot, rules).is_ok()
        })
    }

    /// Whether nixpkgs was not asked, and might have something that is preferred to what is in this slot.
    pub fn nixpkgs_may_be_better(&self, slot: Slot, rules: &Rules) -> bool {
        self.unasked.is_some_and(|nixpkgs| {
            let last_resort = self.version(slot).any_prerelease() && !self.prerelease_allowed_at_first(rules);
            self.tier(slot) >= nixpkgs || last_resort
        })
    }

    /// Whether nixpkgs might have something and was not asked.
    pub fn is_nixpkgs_unasked(&self) -> bool {
        self.unasked.is_some()
    }

    /// What nixpkgs has, where it was asked.
    pub fn in_nixpkgs(&self) -> Option<&NixpkgsPackage> {
        match &self.listing {
            Listing::Nixpkgs(package, ..) => Some(package),
            _ => None,
        }
    }

    /// Why there is no nixpkgs that could be asked, where it should be.
    pub fn no_nixpkgs(&self) -> Option<&str> {
        self.no_nixpkgs.as_deref()
    }

    /// Why what nixpkgs has does not count.
    pub fn left_out(&self) -> Option<&str> {
        self.left_out.as_deref()
    }

    /// Why nixpkgs' package was skipped although it is preferred to what is in this slot.
    pub fn nixpkgs_skipped(&self, slot: Slot) -> Option<String> {
        let mut providers = self.providers.iter();
        let (tier, _) = providers.find(|(_, provider)| *provider == Provider::Nixpkgs)?;
        if *tier >= self.tier(slot) {
            return None;
        }
        let defect = || {
            let package = self.in_nixpkgs()?;
            let defect = package.metadata.defect.as_deref()?;
            Some(format!(
                "`{}` of nixpkgs is not usable: {defect}",
                package.attribute
            ))
        };
        self.left_out.clone().or_else(defect)
    }

    /// Whether nixpkgs was asked, and answered.
    pub fn is_nixpkgs_asked(&self) -> bool {
        (&self.unasked, &self.no_nixpkgs) == (&None, &None)
            && self.providers.iter().any(|(_, p)| *p == Provider::Nixpkgs)
    }

    /// The one candidate that a direct reference of the user leaves.
    pub fn direct(index: &dyn PackageIndex, reference: &Requirement) -> Result<Self, ResolveError> {
        let referenced = index.direct(reference)?;
        let version = referenced
            .version
            .clone()
            .ok_or_else(|| IndexError::UnknownVersion {
                requirement: reference.to_string(),
            })?;
        let provider = if referenced.file.is_wheel() {
            Provider::Wheel
        } else {
            Provider::Sdist
        };
        Ok(Self::new(
            &reference.name,
            Listing::Direct(referenced, version),
            vec![(0, provider)],
        ))
    }

    fn new(name: &PackageName, listing: Listing, providers: Vec<(usize, Provider)>) -> Self {
        let versions = listing.versions();
        let only_prereleases = versions.iter().all(Version::any_prerelease);
        let looked_at = RefCell::new(vec![None; versions.len() * providers.len()]);
        Self {
            name: name.clone(),
            listing,
            providers,
            unasked: None,
            no_nixpkgs: None,
            left_out: None,
            only_prereleases,
            looked_at,
        }
    }

    /// Whether anything is known under the name.
    pub fn is_known(&self) -> bool {
        !matches!(self.listing, Listing::Unknown)
    }

    /// The versions of its releases, ascending.
    pub fn versions(&self) -> &[Version] {
        self.listing.versions()
    }

    /// What the index lists under the name.
    pub fn project(&self) -> Option<&Project> {
        match &self.listing {
            Listing::Project(project) | Listing::Nixpkgs(_, Some(project), _) => Some(project),
            Listing::Direct(..) | Listing::Unknown | Listing::Nixpkgs(_, None, _) => None,
        }
    }

    /// The files of a version.
    pub fn files_of(&self, version: &Version) -> Vec<DistributionFile> {
        match &self.listing {
            Listing::Project(project) | Listing::Nixpkgs(_, Some(project), _) => project.files_of(version),
            Listing::Direct(referenced, _) => vec![referenced.file.clone()],
            Listing::Unknown | Listing::Nixpkgs(_, None, _) => Vec::new(),
        }
    }

    /// The number of slots.
    pub fn len(&self) -> u32 {
        u32::try_from(self.looked_at.borrow().len()).unwrap_or(u32::MAX)
    }

    fn release_of(&self, slot: Slot) -> usize {
        slot as usize / self.providers.len()
    }

    /// The version in a slot.
    pub fn version(&self, slot: Slot) -> &Version {
        &self.versions()[self.release_of(slot)]
    }

    fn tier(&self, slot: Slot) -> usize {
        self.providers[slot as usize % self.providers.len()].0
    }

    /// The provider in a slot.
    pub fn provider(&self, slot: Slot) -> &Provider {
        &self.providers[slot as usize % self.providers.len()].1
    }

    /// The slots whose versions satisfy a specifier. Of an unknown package that is every slot: what is wrong with it is
    /// not the specifier.
    pub fn matching(&self, specifiers: &VersionSpecifiers) -> SlotSet {
        if !self.is_known() {
            return SlotSet::full();
        }
        let width = self.providers.len();
        let matches: Vec<bool> = self
            .versions()
            .iter()
            .map(|version| specifier::matches_all(specifiers, version))
            .collect();
        SlotSet::select(self.len(), |slot| matches[slot as usize / width])
    }

    /// The best usable candidate in a set, in the order of docs/manual.md, "Providers".
    pub fn best(&self, set: &SlotSet, preferred: Option<&Version>, rules: &Rules) -> Option<Slot> {
        let usable = |slot: &Slot| self.artifact(*slot, rules).is_ok();
        if let Some(version) = preferred {
            let mut kept = set
                .iter(self.len())
                .rev()
                .filter(|slot| self.version(*slot) == version);
            if let Some(slot) = kept.find(usable) {
                return Some(slot);
            }
        }
        // Where pre-releases are the last resort, they are so among the versions of one package, too.
        let welcome = self.prerelease_allowed_at_first(rules);
        let first = |slot: &Slot| welcome || !self.version(*slot).any_prerelease();
        let descending = || set.iter(self.len()).rev();
        self.best_by_tier(|| descending().filter(first), usable)
            .or_else(|| self.best_by_tier(|| descending().filter(|slot| !first(slot)), usable))
    }

    /// The newest usable slot of the first tier that has one, of slots that are descending.
    fn best_by_tier<I: Iterator<Item = Slot>>(
        &self,
        slots: impl Fn() -> I,
        usable: impl Fn(&Slot) -> bool,
    ) -> Option<Slot> {
        let tiers = self.providers.first().map_or(0, |(tier, _)| tier + 1);
        (0..tiers).find_map(|tier| {
            slots()
                .filter(|slot| self.tier(*slot) == tier)
                .find(|slot| usable(slot))
        })
    }

    /// Whether any provider has a version that can be used.
    pub fn is_usable(&self, version: &Version, rules: &Rules) -> bool {
        (0..self.len()).any(|slot| self.version(slot) == version && self.artifact(slot, rules).is_ok())
    }

    /// What a slot stands for, or why there is nothing.
    pub fn artifact(&self, slot: Slot, rules: &Rules) -> Verdict {
        let known = self.looked_at.borrow()[slot as usize].clone();
        known.unwrap_or_else(|| {
            let verdict = self.choose(slot, rules);
            self.looked_at.borrow_mut()[slot as usize] = Some(verdict.clone());
            verdict
        })
    }

    fn choose(&self, slot: Slot, rules: &Rules) -> Verdict {
        let version = self.version(slot);
        match (&self.listing, self.provider(slot)) {
            (Listing::Nixpkgs(package, ..), Provider::Nixpkgs) if package.version == *version => {
                // What is built is not a file that the user named.
                if rules.hashes.is_limited(&self.name) {
                    return Err(Unusable::Hash);
                }
                if version.any_prerelease() && !self.prerelease_allowed(rules) {
                    return Err(Unusable::Prerelease);
                }
                Ok(Rc::new(Artifact::Nixpkgs(package.clone())))
            }
            (_, Provider::Nixpkgs) => Err(Unusable::Absent),
            (Listing::Direct(referenced, _), provider) => self
                .judge(&referenced.file, version, provider, rules)
                .map(|_| Rc::new(Artifact::Direct(referenced.clone()))),
            _ if version.any_prerelease() && !self.prerelease_allowed(rules) => Err(Unusable::Prerelease),
            (Listing::Project(project), provider) => {
                self.best_file(project.files(self.release_of(slot)), version, provider, rules)
            }
            (_, provider) => {
                let files = self.files_of(version);
                if files.is_empty() {
                    return Err(Unusable::Absent);
                }
                self.best_file(files, version, provider, rules)
            }
        }
    }

    fn best_file(
        &self,
        files: Vec<DistributionFile>,
        version: &Version,
        provider: &Provider,
        rules: &Rules,
    ) -> Verdict {
        // The reason to report is that of the file which came furthest; the variants are in that order.
        let mut reason = Unusable::NoFile;
        let mut best = None;
        for file in files {
            match self.judge(&file, version, provider, rules) {
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

    fn prerelease_allowed(&self, rules: &Rules) -> bool {
        self.prerelease_allowed_at_first(rules)
            || (rules.prerelease_fallback && rules.prerelease == Prerelease::IfNecessaryOrExplicit)
    }

    /// Whether pre-releases of this package count like any other version, without the last resort.
    fn prerelease_allowed_at_first(&self, rules: &Rules) -> bool {
        match rules.prerelease {
            Prerelease::Allow => true,
            Prerelease::Disallow => false,
            Prerelease::IfNecessaryOrExplicit => self.only_prereleases || self.prerelease_asked_for(rules),
        }
    }

    fn prerelease_asked_for(&self, rules: &Rules) -> bool {
        rules.prerelease == Prerelease::Allow || rules.prerelease_named.contains(&self.name)
    }

    /// The rank of a file among those of its release, or why it does not count.
    fn judge(
        &self,
        file: &DistributionFile,
        version: &Version,
        provider: &Provider,
        rules: &Rules,
    ) -> Result<FileRank, Unusable> {
        // The date limit is one on indexes; what the user points to is what is there.
        if let Some(limit) = rules.exclude_newer
            && !matches!(self.listing, Listing::Direct(..))
            && !file.is_local()
            && file.upload_time.is_none_or(|time| time >= limit)
        {
            return Err(Unusable::TooNew);
        }
        let rank = match (provider, FileKind::of(&file.filename, &self.name)) {
            // A tree or an archive of the user's own need not be called after the package.
            (Provider::Sdist, _) if matches!(self.listing, Listing::Direct(..)) => (None, None),
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
        if !rules.hashes.may_allow(&self.name, file) {
            return Err(Unusable::Hash);
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
