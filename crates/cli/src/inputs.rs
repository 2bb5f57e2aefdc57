//! From options to a request.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use mach_nix_engine::Request;
use mach_nix_fetch::without_credentials;
use mach_nix_manifest::{
    Entry, ManifestKind, Requirements, Selection, Surroundings, parse_manifest, parse_pyproject,
};
use mach_nix_model::{Prerelease, Provider, Providers, Target, specifier};
use mach_nix_nix::{DEFAULT_PATIENCE, Nix};
use mach_nix_resolve::{Origin, RootRequirement};
use mach_nix_tags::{NixSystem, PythonVersion};
use url::Url;

use crate::args::LockOptions;
use crate::failure::Failure;

/// The Python that is locked for where no nixpkgs is in use: the default of current nixpkgs.
const NEWEST_PYTHON: &str = "3.13";

/// What the options and files say.
pub struct Inputs {
    /// What is asked.
    pub request: Request,
    /// The indexes to ask, with their credentials, in order.
    pub indexes: Vec<Url>,
}

/// Reads all inputs.
pub fn inputs(options: &LockOptions, nix: &Nix) -> Result<Inputs, Failure> {
    let found = read(options)?;
    found.check().map_err(Failure::usage)?;
    check_indexes(&found)?;
    let targets = targets(options, nix)?;
    check_python(&found, &targets)?;
    let indexes = indexes(options, &found);
    let request = Request {
        lines: found.lines.join("\n"),
        targets,
        providers: providers(options, &found)?,
        indexes: indexes.iter().map(recorded).collect(),
        prerelease: if found.pre {
            Prerelease::Allow
        } else {
            options.prerelease
        },
        exclude_newer: options.exclude_newer,
        hashes: found.allowed_hashes(),
        folder: None,
        preferences: BTreeMap::new(),
        build_preferences: BTreeMap::new(),
        requirements: found.requirements.into_iter().map(root).collect(),
        constraints: found.constraints.into_iter().map(root).collect(),
    };
    Ok(Inputs { request, indexes })
}

/// The first file that requirements are read from: what is written goes beside it.
pub fn first_input(options: &LockOptions) -> Option<&Path> {
    requirement_files(options).next()
}

fn requirement_files(options: &LockOptions) -> impl Iterator<Item = &Path> {
    let files = options.requirement_files.iter().chain(&options.project.pyproject);
    files.map(PathBuf::as_path)
}

fn read(options: &LockOptions) -> Result<Requirements, Failure> {
    let folder = std::env::current_dir()
        .map_err(|error| Failure::world(format!("the current folder cannot be found: {error}")))?;
    let surroundings = Surroundings {
        read: &|path| fs::read(path),
        variable: &|name| std::env::var(name).ok(),
        folder: &folder,
    };
    let selection = Selection {
        extras: options.project.extra.iter().cloned().collect(),
        groups: options.project.group.iter().cloned().collect(),
    };
    check_selection(options, &selection)?;
    let mut found = Requirements::default();
    for text in &options.requirements {
        found.add_argument(text, &surroundings).map_err(Failure::usage)?;
    }
    for path in &options.requirement_files {
        found.append(parse_manifest(path, &selection, &surroundings).map_err(Failure::usage)?);
    }
    if let Some(path) = &options.project.pyproject {
        found.append(parse_pyproject(path, &selection, &surroundings).map_err(Failure::usage)?);
    }
    for path in &options.constraint_files {
        found.append(
            parse_manifest(path, &Selection::default(), &surroundings)
                .and_then(Requirements::into_constraints)
                .map_err(Failure::usage)?,
        );
    }
    if options.requirements.is_empty() && first_input(options).is_none() {
        return Err(Failure::usage(
            "nothing is required: name packages, as in `mach-nix lock flask`, or a file with -r",
        ));
    }
    Ok(found)
}

/// Extras and groups are those of a project: without one they would mean nothing.
fn check_selection(options: &LockOptions, selection: &Selection) -> Result<(), Failure> {
    let has_project = options.project.pyproject.is_some();
    let is_any = |has: fn(ManifestKind) -> bool| {
        let mut kinds = options
            .requirement_files
            .iter()
            .map(|path| ManifestKind::of(path));
        has_project || kinds.any(has)
    };
    if !selection.extras.is_empty() && !is_any(ManifestKind::has_extras) {
        return Err(Failure::usage(
            "--extra names a part of a project, and there is none: add --pyproject FILE, \
             or write the extra of a package as in `flask[async]`",
        ));
    }
    if !selection.groups.is_empty() && !is_any(ManifestKind::has_groups) {
        return Err(Failure::usage(
            "--group names a part of a project, and there is none: add --pyproject FILE",
        ));
    }
    Ok(())
}

/// What files may ask for and this release cannot serve.
fn check_indexes(found: &Requirements) -> Result<(), Failure> {
    if found.no_index || !found.find_links.is_empty() {
        return Err(Failure::usage(
            "--find-links and --no-index in requirements files are not supported yet: \
             take them out, or serve the folder as an index and name it with --index-url",
        ));
    }
    Ok(())
}

fn check_python(found: &Requirements, targets: &[Target]) -> Result<(), Failure> {
    for demand in &found.requires_python {
        for target in targets {
            let environment = target.marker_environment();
            if !specifier::matches_all(&demand.specifiers, &environment.python_full_version().version) {
                return Err(Failure::impossible(format!(
                    "{}, line {}, is for Python {}, and this is to be locked for Python {}: \
                     choose another with --python, or change `requires-python`",
                    demand.path, demand.line, demand.specifiers, target.python
                )));
            }
        }
    }
    Ok(())
}

fn root(entry: Entry) -> RootRequirement {
    let origin = match entry.path {
        Some(path) => Origin::File {
            path,
            line: entry.line,
        },
        None => Origin::CommandLine,
    };
    RootRequirement {
        requirement: entry.requirement,
        origin,
    }
}

/// Extra indexes come first: a private index is meant to win over the public one. An address in a file counts less than
/// one on the command line.
fn indexes(options: &LockOptions, found: &Requirements) -> Vec<Url> {
    let from_file = found
        .index_url
        .as_ref()
        .filter(|_| options.index_url.as_str() == default_index());
    let main = from_file.unwrap_or(&options.index_url);
    let mut indexes: Vec<Url> = Vec::new();
    for url in options
        .extra_index_url
        .iter()
        .chain(&found.extra_index_urls)
        .chain([main])
    {
        if !indexes.contains(url) {
            indexes.push(url.clone());
        }
    }
    indexes
}

fn default_index() -> &'static str {
    mach_nix_fetch::DEFAULT_INDEX
}

/// One target per Python and system, in the order given.
fn targets(options: &LockOptions, nix: &Nix) -> Result<Vec<Target>, Failure> {
    let pythons = if options.python.is_empty() {
        vec![default_python(options, nix)?]
    } else {
        options.python.clone()
    };
    let systems = if options.system.is_empty() {
        vec![this_system()?]
    } else {
        options.system.clone()
    };
    let mut targets = Vec::new();
    for python in pythons {
        for &system in &systems {
            let target = Target { python, system };
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
    }
    Ok(targets)
}

/// The version of `python3` of the nixpkgs in use, without patch number. Who names a nixpkgs wants its Python.
fn default_python(options: &LockOptions, nix: &Nix) -> Result<PythonVersion, Failure> {
    let found = nix.evaluate::<PythonVersion>("command/python.nix", &(), DEFAULT_PATIENCE);
    match found {
        Ok(version) => Ok(version),
        Err(error) if options.nixpkgs.is_some() => Err(Failure::world(error)),
        Err(_) => Ok(NEWEST_PYTHON.parse().expect("a constant")),
    }
}

/// The system of this machine.
pub fn this_system() -> Result<NixSystem, Failure> {
    let os = if std::env::consts::OS == "macos" {
        "darwin"
    } else {
        std::env::consts::OS
    };
    let system = format!("{}-{os}", std::env::consts::ARCH);
    system
        .parse()
        .map_err(|error| Failure::usage(format!("{error}; name one with --system")))
}

fn providers(options: &LockOptions, found: &Requirements) -> Result<Providers, Failure> {
    let mut providers = Providers {
        default: options.providers.clone(),
        packages: options.provider.iter().cloned().collect(),
    };
    found.formats.restrict(&mut providers).map_err(Failure::usage)?;
    let lists = std::iter::once(&providers.default).chain(providers.packages.values());
    for (_, provider) in lists.flat_map(mach_nix_model::ProviderPreference::ranked) {
        if matches!(provider, Provider::Conda(_)) {
            return Err(Failure::usage(format!(
                "the provider `{provider}` is not available in this release: use --providers wheel,sdist,nixpkgs"
            )));
        }
    }
    Ok(providers)
}

/// An index address as the lock records it.
fn recorded(index: &Url) -> String {
    without_credentials(index)
        .as_str()
        .trim_end_matches('/')
        .to_owned()
}
