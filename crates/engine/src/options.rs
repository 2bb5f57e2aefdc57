//! The options of a request, and the request that they make with the requirements.

use std::collections::BTreeMap;

use indexmap::IndexSet;
use mach_nix_manifest::{Entry, Requirements, SourceTree};
use mach_nix_model::{
    DateLimits, ExcludeNewer, ExcludeNewerError, PackageName, Policy, Prerelease, Provider,
    ProviderPreference, Providers, Target, Timestamp, Version, VersionSpecifiers, specifier,
};
use mach_nix_resolve::{Origin, RootRequirement};
use mach_nix_tags::{NixSystem, PythonVersion};

use crate::{EngineError, Parts, Request, Sources};

/// Everything in a request that is not read from requirements.
#[derive(Debug, Clone, Default)]
pub struct RequestOptions {
    /// The targets; not empty.
    pub targets: Vec<Target>,
    /// The policy, as far as it is given.
    pub policy: PolicyOptions,
    /// The sources of packages.
    pub sources: Sources,
    /// The absolute folder of the lock, from which it names the files and folders of this machine.
    pub folder: Option<String>,
    /// The project that the requirements were read from: see [`Request::project`].
    pub project: Option<RootRequirement>,
    /// The parts of the project: see [`Request::parts`].
    pub parts: Option<Parts>,
    /// Versions to prefer.
    pub preferences: BTreeMap<PackageName, Version>,
    /// Versions to prefer in build environments, by the names of the sources.
    pub build_preferences: BTreeMap<PackageName, BTreeMap<PackageName, Version>>,
}

/// The policy of the options. Where they are absent, the settings of the project or the defaults apply.
#[derive(Debug, Clone, Default)]
pub struct PolicyOptions {
    /// The providers of packages without a list of their own.
    pub providers: Option<ProviderPreference>,
    /// The providers of single packages.
    pub packages: BTreeMap<PackageName, ProviderPreference>,
    /// The rule for pre-releases.
    pub prerelease: Option<Prerelease>,
    /// Files uploaded later are skipped.
    pub exclude_newer: Option<ExcludeNewer>,
    /// The same for single packages.
    pub exclude_newer_package: BTreeMap<PackageName, ExcludeNewer>,
    /// The time of locking, from which durations count back; `None` where the time must not decide anything.
    pub now: Option<Timestamp>,
}

impl PolicyOptions {
    /// The date limits for these requirements.
    ///
    /// # Errors
    /// When a limit is a duration and the current time is unknown.
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

    /// The whole policy for these requirements.
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
        check_providers(&providers)?;
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
        })
    }
}

/// One target per Python and system, in the order given.
#[must_use]
pub fn targets(pythons: &[PythonVersion], systems: &[NixSystem]) -> Vec<Target> {
    let of_python = |python| systems.iter().map(move |&system| Target { python, system });
    let targets: IndexSet<Target> = pythons.iter().copied().flat_map(of_python).collect();
    targets.into_iter().collect()
}

impl Request {
    /// The request of these requirements and options.
    ///
    /// # Errors
    /// When something is not available, a project has dynamic metadata, or the requirements are for another Python.
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
            requirements: roots(found.requirements),
            constraints: roots(found.constraints),
        })
    }
}

/// A requirement by an address, under its name.
fn named(source: &SourceTree) -> Result<Entry, EngineError> {
    let name = source.name.clone().ok_or_else(|| {
        source.error(format!(
            "the source does not state its name: write it before the address, as in `NAME @ {}`",
            source.url
        ))
    })?;
    Ok(source.named(name))
}

/// Checks that a project or script is for the Pythons of all targets; `shown` is its location.
pub fn check_python(
    shown: &str,
    specifiers: &VersionSpecifiers,
    targets: &[Target],
) -> Result<(), EngineError> {
    for target in targets {
        let environment = target.marker_environment();
        if !specifier::matches_all(specifiers, &environment.python_full_version().version) {
            return Err(EngineError::Incompatible(format!(
                "{shown} is for Python {specifiers}, and this is to be locked for Python {}: \
                 choose another Python, or change `requires-python`",
                target.python
            )));
        }
    }
    Ok(())
}

fn check_providers(providers: &Providers) -> Result<(), EngineError> {
    let lists = std::iter::once(&providers.default).chain(providers.packages.values());
    for (_, provider) in lists.flat_map(ProviderPreference::ranked) {
        if matches!(provider, Provider::Conda(_)) {
            return Err(EngineError::Usage(format!(
                "the provider `{provider}` is not available in this release: use the providers `wheel,sdist,nixpkgs`"
            )));
        }
    }
    Ok(())
}

/// The entries as roots of the search. Equal requirements in several locations are one root.
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
    let origin = match (entry.location.path, entry.location.line) {
        (Some(path), Some(line)) => Origin::File { path, line },
        _ => Origin::CommandLine,
    };
    RootRequirement {
        requirement: entry.requirement,
        origin,
    }
}
