//! The rules for the usability of files.

use std::collections::BTreeSet;
use std::sync::Arc;

use mach_nix_conda::CondaRecord;
use mach_nix_hash::Sha256;
use mach_nix_model::{
    AllowedHashes, DateLimits, DistributionFile, FileKind, MarkerEnvironment, PackageName, Prerelease,
    Provider, Target, Timestamp, Version, VersionOrUrl, VersionSpecifier, Yanked, specifier,
};
use mach_nix_tags::{BuildTag, CompatibleTags, TagPriority};
use rustc_hash::FxHashSet;

use crate::conda::Properties;
use crate::problem::Problem;
use crate::unusable::Unusable;

/// The rules of a problem, which are the same for all candidates.
pub struct Rules {
    /// The target.
    pub target: Target,
    /// The wheel tags of the target, in order of preference.
    pub tags: CompatibleTags,
    /// The full version of the target's Python.
    pub python: Version,
    /// The date limits.
    pub limits: DateLimits,
    /// Whether pre-releases are allowed for every package, that is, in the second attempt: see
    /// [`crate::attempt::resolve`].
    pub prerelease_fallback: bool,
    /// The properties of the target for conda packages, where there are channels.
    pub properties: Option<Arc<Properties>>,
    /// The names of files of conda packages to stay with.
    kept_files: BTreeSet<String>,
    prerelease: Prerelease,
    hashes: AllowedHashes,
    /// Packages for which the user's own requirements name a pre-release.
    prerelease_named: FxHashSet<PackageName>,
    /// Versions pinned by the user's own requirements, which may be yanked (PEP 592).
    pinned: FxHashSet<(PackageName, Version)>,
}

/// The fit of a wheel, then its build number (binary distribution format, "File name convention").
pub type FileRank = (Option<TagPriority>, Option<BuildTag>);

impl Rules {
    /// The rules of a problem.
    pub fn new(problem: &Problem<'_>, environment: &MarkerEnvironment, prerelease_fallback: bool) -> Self {
        let Problem { target, policy, .. } = *problem;
        // A line whose marker is false for this target is ignored.
        let own = problem.requirements.iter().chain(problem.constraints);
        let own = own.filter(|root| root.requirement.evaluate_markers(environment, &[]));
        let mut prerelease_named = FxHashSet::default();
        let mut pinned = FxHashSet::default();
        for root in own {
            let name = &root.requirement.name;
            let Some(VersionOrUrl::VersionSpecifier(specifiers)) = &root.requirement.version_or_url else {
                continue;
            };
            if specifiers.iter().any(names_prerelease) {
                prerelease_named.insert(name.clone());
            }
            let exact = specifiers.iter().filter(|one| specifier::pins(one));
            pinned.extend(exact.map(|specifier| (name.clone(), specifier.version().clone())));
        }
        Self {
            target,
            tags: CompatibleTags::for_target(target.python, target.system),
            python: environment.python_full_version().version.clone(),
            limits: policy.limits.clone(),
            prerelease_fallback,
            properties: Properties::new(target, &policy.conda).map(Arc::new),
            kept_files: problem.conda_preferences.clone(),
            prerelease: policy.prerelease,
            hashes: policy.hashes.clone(),
            prerelease_named,
            pinned,
        }
    }

    /// Whether a conda package is to be stayed with where nothing forbids it.
    pub fn stays_with(&self, record: &CondaRecord) -> bool {
        !self.kept_files.is_empty() && self.kept_files.contains(&*record.file)
    }

    /// Why a conda package is unusable, if it is.
    pub fn conda_unusable(&self, record: &CondaRecord, limit: Option<Timestamp>) -> Option<String> {
        self.properties.as_ref()?.unusable(record, limit)
    }

    /// Whether pre-releases of a package may be chosen.
    pub fn allows_prereleases(&self, name: &PackageName, has_others: bool) -> bool {
        self.allows_prereleases_at_first(name, has_others)
            || (self.prerelease_fallback && self.prerelease == Prerelease::IfNecessaryOrExplicit)
    }

    /// Whether pre-releases of a package are treated like any other version, without the last resort.
    pub fn allows_prereleases_at_first(&self, name: &PackageName, has_others: bool) -> bool {
        match self.prerelease {
            Prerelease::Allow => true,
            Prerelease::Disallow => false,
            Prerelease::IfNecessaryOrExplicit => !has_others || self.wants_prereleases(name),
        }
    }

    /// Whether the user wants pre-releases of a package.
    pub fn wants_prereleases(&self, name: &PackageName) -> bool {
        self.prerelease == Prerelease::Allow || self.prerelease_named.contains(name)
    }

    /// Whether some files of a package are not allowed.
    pub fn limits_hashes(&self, name: &PackageName) -> bool {
        self.hashes.is_limited(name)
    }

    /// The digest of a file, if it is known without reading the file.
    pub fn digest_of(&self, file: &DistributionFile) -> Option<Sha256> {
        self.hashes.digest_of(file)
    }

    /// The rank of a file among those of its release, or the reason why it is not usable. For a file of a direct
    /// reference (`direct`) the date limit does not apply, and a source tree may have any name.
    pub fn judge(
        &self,
        file: &DistributionFile,
        name: &PackageName,
        version: &Version,
        provider: &Provider,
        direct: bool,
    ) -> Result<FileRank, Unusable> {
        if let Some(limit) = self.limits.of(name)
            && !direct
            && !file.is_local()
            && file.upload_time.is_none_or(|time| time >= limit)
        {
            return Err(Unusable::TooNew);
        }
        let rank = match (provider, FileKind::of(&file.filename, name)) {
            (Provider::Sdist, _) if direct => (None, None),
            (Provider::Wheel, Some(FileKind::Wheel(wheel))) => {
                let priority = self.tags.compatibility(&wheel).ok_or(Unusable::Tags)?;
                (Some(priority), wheel.build().cloned())
            }
            (Provider::Sdist, Some(FileKind::Sdist(_))) => (None, None),
            _ => return Err(Unusable::NoFile),
        };
        if let Some(demand) = file.python_demand()
            && !specifier::matches_all(&demand, &self.python)
        {
            return Err(Unusable::Python(demand.to_string()));
        }
        if !self.hashes.may_allow(name, file) {
            return Err(Unusable::Hash);
        }
        match &file.yanked {
            Yanked::Yes(reason) if !self.pinned.contains(&(name.clone(), version.clone())) => {
                Err(Unusable::Yanked(reason.to_string()))
            }
            _ => Ok(rank),
        }
    }
}

/// Whether a specifier allows pre-releases by naming one; excluding one does not allow others.
fn names_prerelease(specifier: &VersionSpecifier) -> bool {
    specifier.any_prerelease() && specifier.operator().to_string() != "!="
}
