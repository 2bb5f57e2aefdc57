//! The options of a request, and its construction from options and requirements.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexSet;
use mach_nix_conda::{Channel, VirtualPackage, owners};
use mach_nix_manifest::{CondaEntry, Entry, Location, Requirements, SourceTree};
use mach_nix_model::{
    CondaPolicy, CondaRequirement, DateLimits, ExcludeNewer, ExcludeNewerError, PackageName, Policy,
    Prerelease, Provider, ProviderPreference, Providers, Target, Timestamp, Version, VersionSpecifiers,
    specifier,
};
use mach_nix_resolve::{CondaRoot, Origin, RootRequirement};
use mach_nix_tags::{NixSystem, PythonVersion};

use crate::{EngineError, Parts, Request, Sources};

/// The parts of a request that do not come from requirements.
#[derive(Debug, Clone, Default)]
pub struct RequestOptions {
    /// The targets; not empty.
    pub targets: Vec<Target>,
    /// The explicit parts of the policy.
    pub policy: PolicyOptions,
    /// The sources of packages.
    pub sources: Sources,
    /// The absolute folder of the lock, to which paths are relative.
    pub folder: Option<String>,
    /// The project of the requirements: see [`Request::project`].
    pub project: Option<RootRequirement>,
    /// The parts of the project: see [`Request::parts`].
    pub parts: Option<Parts>,
    /// Preferred versions.
    pub preferences: BTreeMap<PackageName, Version>,
    /// Preferred versions in build environments, by the names of the sources.
    pub build_preferences: BTreeMap<PackageName, BTreeMap<PackageName, Version>>,
    /// The names of files of conda packages to prefer.
    pub conda_preferences: BTreeSet<String>,
}

/// The explicit policy. Otherwise, the settings of the project or the defaults apply.
#[derive(Debug, Clone, Default)]
pub struct PolicyOptions {
    /// The providers of packages without their own list.
    pub providers: Option<ProviderPreference>,
    /// The providers of individual packages.
    pub packages: BTreeMap<PackageName, ProviderPreference>,
    /// The rule for pre-releases.
    pub prerelease: Option<Prerelease>,
    /// Files uploaded later are skipped.
    pub exclude_newer: Option<ExcludeNewer>,
    /// The limits of individual packages.
    pub exclude_newer_package: BTreeMap<PackageName, ExcludeNewer>,
    /// The conda channels, most preferred first. Public ones that providers name need not be among them.
    pub channels: Vec<Channel>,
    /// Virtual packages that replace those of the targets.
    pub virtual_packages: Vec<VirtualPackage>,
    /// The time of locking, from which durations count back; `None` where the time must not decide anything.
    pub now: Option<Timestamp>,
}

impl PolicyOptions {
    /// The date limits for these requirements.
    ///
    /// # Errors
    /// If a limit is a duration and the current time is unknown.
    pub fn date_limits(&self, found: &Requirements) -> Result<DateLimits, EngineError> {
        let settings = &found.options.uv;
        let unusable = |error: ExcludeNewerError| EngineError::Usage(error.to_string());
        let limit = |written: &ExcludeNewer| written.limit(self.now).map_err(unusable);
        let all = self.exclude_newer.as_ref().or(settings.exclude_newer.as_ref());
        let all = all.map(limit).transpose()?.flatten();
        let packages = settings.exclude_newer_package.iter();
        let packages = packages.chain(&self.exclude_newer_package);
        let packages = packages.map(|(name, written)| Ok((name.clone(), limit(written)?)));
        Ok(DateLimits {
            exclude_newer: all.as_ref().map(|limit| limit.at),
            exclude_newer_span: all.and_then(|limit| limit.span),
            exclude_newer_package: packages.collect::<Result<_, EngineError>>()?,
        })
    }

    /// The complete policy for these requirements.
    fn policy(self, found: &Requirements) -> Result<Policy, EngineError> {
        let limits = self.date_limits(found)?;
        let is_default_given = self.providers.is_some();
        let mut providers = Providers {
            default: self.providers.unwrap_or_default(),
            packages: self.packages,
        };
        let settings = &found.options.uv.formats;
        settings
            .restrict_defaults(&mut providers, is_default_given)
            .and_then(|()| found.options.formats.restrict(&mut providers))
            .map_err(EngineError::Formats)?;
        let conda = CondaPolicy {
            channels: self.channels,
            virtual_packages: self.virtual_packages,
        };
        let required = found.conda_requirements().next();
        if required.is_some() && !is_default_given {
            prefer_conda(&mut providers, &conda, found);
        }
        let conda = conda.completed(&providers);
        if let (true, Some(entry)) = (conda.channels.is_empty(), required) {
            return Err(no_channel(entry));
        }
        let prerelease = self
            .prerelease
            .or(found.options.uv.prerelease)
            .unwrap_or_default();
        Ok(Policy {
            providers,
            prerelease: if found.options.pre {
                Prerelease::Allow
            } else {
                prerelease
            },
            limits,
            hashes: found.allowed_hashes(),
            conda,
        })
    }
}

fn no_channel(entry: &CondaEntry) -> EngineError {
    if entry.location.path.is_some() {
        return entry
            .location
            .error("there is no conda channel to take this from: name one, as in `channels: [conda-forge]`")
            .into();
    }
    EngineError::Usage(format!(
        "`conda:{}` is a requirement for a conda package, and there is no conda channel: name one, such as the provider \
         `conda/conda-forge`",
        entry.spec
    ))
}

/// One target per Python and system, in the order given.
#[must_use]
pub fn targets(pythons: &[PythonVersion], systems: &[NixSystem]) -> Vec<Target> {
    let of_python = |python| systems.iter().map(move |&system| Target { python, system });
    let targets: IndexSet<Target> = pythons.iter().copied().flat_map(of_python).collect();
    targets.into_iter().collect()
}

impl Request {
    /// Builds the request from requirements and options.
    ///
    /// # Errors
    /// If something is not available, a project has dynamic metadata, or the requirements do not support a Python.
    pub fn new(mut found: Requirements, options: RequestOptions) -> Result<Self, EngineError> {
        found.check()?;
        if let Some(project) = found.projects.dynamic.first() {
            return Err(project.unbuilt.clone().into());
        }
        for source in std::mem::take(&mut found.sources) {
            found.requirements.push(named(&source)?);
        }
        for demand in &found.requires_python {
            let shown = format!("{},", demand.location);
            check_python(&shown, &demand.specifiers, &options.targets)?;
        }
        Ok(Self {
            lines: found.lines.join("\n"),
            targets: options.targets,
            policy: options.policy.policy(&found)?,
            sources: options.sources,
            folder: options.folder,
            project: options.project,
            parts: options.parts,
            preferences: options.preferences,
            build_preferences: options.build_preferences,
            conda_preferences: options.conda_preferences,
            conda: conda_roots(found.conda.requirements.into_iter().chain(found.conda_arguments)),
            variables: found.conda.variables,
            requirements: roots(found.requirements),
            constraints: roots(found.constraints),
        })
    }
}

/// The requirement of a source with a known name.
fn named(source: &SourceTree) -> Result<Entry, EngineError> {
    let name = source.name.clone().ok_or_else(|| {
        source.error(format!(
            "the source does not state its name: write it before the address, as in `NAME @ {}`",
            source.url
        ))
    })?;
    Ok(source.named(name))
}

/// Checks that a project or script supports the Pythons of all targets; `shown` is its location.
pub fn check_python(
    shown: &str,
    specifiers: &VersionSpecifiers,
    targets: &[Target],
) -> Result<(), EngineError> {
    for target in targets {
        let environment = target.marker_environment();
        if !specifier::matches_all(specifiers, &environment.python_full_version().version) {
            return Err(EngineError::Incompatible(format!(
                "{shown} requires Python {specifiers}, and the lock is for Python {}: \
                 choose another Python, or change `requires-python`",
                target.python
            )));
        }
    }
    Ok(())
}

/// Puts the conda channels before the default providers, as requirements for conda packages mean it. Packages that the user
/// requires by the names of a package index stay with the default providers.
fn prefer_conda(providers: &mut Providers, conda: &CondaPolicy, found: &Requirements) {
    let channels = conda.channels.iter();
    let channels: Vec<Provider> = channels
        .map(|channel| Provider::Conda(channel.name().into()))
        .collect();
    let by_conda = |name: &PackageName| {
        let mut own = found.conda_requirements().map(|entry| entry.spec.name());
        own.any(|conda| {
            conda.as_str().parse().as_ref() == Ok(name)
                || owners::project(conda, |_| true).as_deref() == Some(name.as_ref())
        })
    };
    for entry in &found.requirements {
        let name = &entry.requirement.name;
        if !by_conda(name) && !providers.packages.contains_key(name) {
            providers.packages.insert(name.clone(), providers.default.clone());
        }
    }
    providers.default = providers.default.preceded_by(channels);
}

/// The entries as roots of the search. Equal requirements in several locations are merged.
fn roots(entries: Vec<Entry>) -> Vec<RootRequirement> {
    let mut roots: Vec<RootRequirement> = Vec::new();
    for new in entries.into_iter().map(root) {
        match roots
            .iter_mut()
            .find(|known| known.requirement == new.requirement)
        {
            Some(known) => known.origin.add(new.origin),
            None => roots.push(new),
        }
    }
    roots
}

fn root(entry: Entry) -> RootRequirement {
    RootRequirement {
        requirement: entry.requirement,
        origin: origin(entry.location),
    }
}

/// The entries as roots of the search. An environment file may have an entry twice.
fn conda_roots(entries: impl Iterator<Item = CondaEntry>) -> Vec<CondaRoot> {
    let mut roots: Vec<CondaRoot> = Vec::new();
    for entry in entries {
        let root = CondaRoot {
            requirement: CondaRequirement {
                spec: entry.spec,
                marker: entry.marker,
            },
            origin: origin(entry.location),
        };
        match roots
            .iter_mut()
            .find(|known| known.requirement == root.requirement)
        {
            Some(known) => known.origin.add(root.origin),
            None => roots.push(root),
        }
    }
    roots
}

fn origin(location: Location) -> Origin {
    match (location.path, location.line) {
        (Some(path), Some(line)) => Origin::File { path, line },
        _ => Origin::CommandLine,
    }
}
