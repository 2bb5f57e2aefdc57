//! From requirements that were read to a request: what every way to ask has in common.

use std::collections::BTreeMap;

use mach_nix_manifest::{Entry, Requirements, SourceTree};
use mach_nix_model::{
    DEFAULT_INDEX, PackageName, Prerelease, Provider, ProviderPreference, Providers, Target, Timestamp,
    VersionSpecifiers, specifier,
};
use mach_nix_resolve::{Origin, RootRequirement};
use mach_nix_tags::{NixSystem, PythonVersion};

use crate::{EngineError, Request};

/// What is asked besides the requirements themselves.
#[derive(Debug, Clone)]
pub struct Terms {
    /// What it is locked for; not empty.
    pub targets: Vec<Target>,
    /// Which providers serve which package, before the requirements have their say.
    pub providers: Providers,
    /// The addresses of the indexes, without credentials, for the record.
    pub indexes: Vec<String>,
    /// The indexes of packages that come from one only, without credentials.
    pub bound: BTreeMap<PackageName, String>,
    /// Folders (`file:`) and pages of links whose files count too, without credentials.
    pub find_links: Vec<String>,
    /// The rule for pre-releases, unless the requirements allow them.
    pub prerelease: Prerelease,
    /// Files uploaded at this instant or later do not count.
    pub exclude_newer: Option<Timestamp>,
}

/// The indexes that a lock over a snapshot names: those that the snapshot was made from, so that the lock is the same as
/// over them.
///
/// # Errors
/// When others are asked for.
pub fn recorded_indexes(
    asked: &[String],
    snapshot: &str,
    held: &[String],
) -> Result<Vec<String>, EngineError> {
    if asked != held && asked != [DEFAULT_INDEX] {
        return Err(EngineError::Usage(format!(
            "{snapshot} was made from {}, and {} is asked for: leave out --index-url and the like, or --pypi-data",
            held.join(" and "),
            asked.join(" and ")
        )));
    }
    Ok(held.to_vec())
}

/// Over a snapshot, its own files are all there is.
///
/// # Errors
/// When other places are named.
pub fn refuse_other_places(found: &Requirements, snapshot: &str) -> Result<(), EngineError> {
    if found.options.no_index || !found.options.find_links.is_empty() || !found.options.index_of.is_empty() {
        return Err(EngineError::Usage(format!(
            "the requirements have --find-links, --no-index or packages of one index, and everything is to come from \
             {snapshot}: take them out, or leave out the snapshot"
        )));
    }
    Ok(())
}

/// One target per Python and system, in the order given.
#[must_use]
pub fn targets(pythons: &[PythonVersion], systems: &[NixSystem]) -> Vec<Target> {
    let mut targets = Vec::new();
    for &python in pythons {
        for &system in systems {
            let target = Target { python, system };
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
    }
    targets
}

impl Request {
    /// Puts together what was read and what else was said.
    ///
    /// # Errors
    /// When something cannot be served, or the requirements are for another Python.
    pub fn new(mut found: Requirements, terms: Terms) -> Result<Self, EngineError> {
        found.check()?;
        if let Some(project) = found.projects.dynamic.first() {
            return Err(project.complaint.clone().into());
        }
        for source in std::mem::take(&mut found.sources) {
            found.requirements.push(named(&source)?);
        }
        for demand in &found.requires_python {
            check_python(
                &format!("{},", demand.location),
                &demand.specifiers,
                &terms.targets,
            )?;
        }
        let mut providers = terms.providers;
        found
            .options
            .formats
            .restrict(&mut providers)
            .map_err(EngineError::Usage)?;
        check_providers(&providers)?;
        Ok(Self {
            lines: found.lines.join("\n"),
            targets: terms.targets,
            providers,
            indexes: terms.indexes,
            bound: terms.bound,
            find_links: terms.find_links,
            prerelease: if found.options.pre {
                Prerelease::Allow
            } else {
                terms.prerelease
            },
            exclude_newer: terms.exclude_newer,
            hashes: found.allowed_hashes(),
            folder: None,
            project: None,
            preferences: BTreeMap::new(),
            build_preferences: BTreeMap::new(),
            requirements: roots(found.requirements),
            constraints: roots(found.constraints),
        })
    }
}

/// What is required by an address, under its name.
fn named(source: &SourceTree) -> Result<Entry, EngineError> {
    let name = source.name.clone().ok_or_else(|| {
        source.error(format!(
            "the source does not state its name: write it before the address, as in `NAME @ {}`",
            source.url
        ))
    })?;
    Ok(source.named(name))
}

/// Whether what is written at `place` is for the Pythons of all targets.
pub fn check_python(
    place: &str,
    specifiers: &VersionSpecifiers,
    targets: &[Target],
) -> Result<(), EngineError> {
    for target in targets {
        let environment = target.marker_environment();
        if !specifier::matches_all(specifiers, &environment.python_full_version().version) {
            return Err(EngineError::Unsuited(format!(
                "{place} is for Python {specifiers}, and this is to be locked for Python {}: \
                 choose another with --python, or change `requires-python`",
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
                "the provider `{provider}` is not available in this release: use --providers wheel,sdist,nixpkgs"
            )));
        }
    }
    Ok(())
}

/// The entries as roots of the search. What is written in several places, in the same words, is one root.
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
