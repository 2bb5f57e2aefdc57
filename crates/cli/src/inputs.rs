//! From options to a request.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use mach_nix_engine::{Request, Terms, recorded_indexes, refuse_other_places};
use mach_nix_fetch::{DEFAULT_INDEX, RemoteIndex};
use mach_nix_manifest::{
    DynamicProject, FindLinks, ManifestKind, Requirements, Selection, Surroundings, parse_environment,
    parse_manifest, parse_pyproject,
};
use mach_nix_model::{
    IndexError, Marker, PackageIndex, PackageName, Providers, Requirement, Target, VersionOrUrl,
    recorded_address, without_credentials,
};
use mach_nix_nix::{DEFAULT_PATIENCE, Nix, NixError};
use mach_nix_resolve::{Origin, RootRequirement};
use mach_nix_snapshot::Snapshot;
use mach_nix_tags::{NixSystem, PythonVersion};
use url::Url;

use crate::args::LockOptions;
use crate::failure::Failure;
use crate::{log, requirement_arguments, snapshot};

/// The Python that is locked for where no nixpkgs is in use: the default of current nixpkgs.
const NEWEST_PYTHON: &str = "3.13";

/// What the options and files say.
pub struct Inputs {
    /// What is asked.
    pub request: Request,
    /// What to ask.
    pub index: Box<dyn PackageIndex>,
    /// Projects whose requirements only a build can tell, each as `NAME @ file:///FOLDER`.
    pub computed: Vec<(DynamicProject, Requirement)>,
    /// What people should know about the inputs, a sentence each.
    pub warnings: Vec<String>,
}

/// Where packages are looked for, with the user names and passwords that this takes.
pub struct Sources {
    /// The indexes to ask, in order.
    pub indexes: Vec<Url>,
    /// The indexes of packages that come from one only.
    pub bound: BTreeMap<PackageName, Url>,
    /// Folders and pages of links.
    pub find_links: Vec<Url>,
    /// Addresses of direct references that had user names and passwords.
    pub credentials: Vec<Url>,
}

/// Reads all inputs; `open` opens what they say to look in.
pub fn inputs(
    options: &LockOptions,
    nix: &Nix,
    open: impl FnOnce(Sources) -> RemoteIndex,
) -> Result<Inputs, Failure> {
    if !options.conda_channel.is_empty() {
        return Err(Failure::usage(
            "channels of conda are not available in this release: take out --conda-channel; an environment.yml is read \
             with --environment",
        ));
    }
    let mut found = read(options)?;
    let snapshot = options.pypi_data.as_deref().map(snapshot::open).transpose()?;
    if let Some(snapshot) = &snapshot {
        refuse_other_places(&found, snapshot.name())?;
    }
    let sources = Sources {
        indexes: indexes(
            &options.index_url,
            &options.extra_index_url,
            options.no_index,
            &found,
        ),
        bound: found
            .options
            .index_of
            .iter()
            .chain(&options.index_of)
            .cloned()
            .collect(),
        find_links: find_links(options, &found)?,
        credentials: take_credentials(&mut found),
    };
    refuse_folders(sources.indexes.iter().chain(sources.bound.values()))?;
    let terms = terms(options, nix, &found, &sources, snapshot.as_ref())?;
    let live = open(sources);
    name_sources(&mut found, &live)?;
    let project = match found.projects.files.first() {
        Some(file) => project_at(file, &live)?,
        None => None,
    };
    found.check().map_err(Failure::usage)?;
    let computed = take_computed(&mut found, &live)?;
    let warnings = std::mem::take(&mut found.warnings);
    let mut request = Request::new(found, terms)?;
    request.project = project.map(|requirement| RootRequirement {
        requirement,
        origin: Origin::CommandLine,
    });
    let index: Box<dyn PackageIndex> = match snapshot {
        Some(snapshot) => Box::new(snapshot),
        None => Box::new(live),
    };
    Ok(Inputs {
        request,
        index,
        computed,
        warnings,
    })
}

/// What holds for all requirements.
fn terms(
    options: &LockOptions,
    nix: &Nix,
    found: &Requirements,
    sources: &Sources,
    snapshot: Option<&Snapshot>,
) -> Result<Terms, Failure> {
    let pythons = match found.python {
        Some(python) if options.python.is_empty() => vec![python],
        _ => options.python.clone(),
    };
    Ok(Terms {
        targets: targets(&pythons, &options.system, nix)?,
        providers: Providers {
            default: options.providers.clone(),
            packages: options.provider.iter().cloned().collect(),
        },
        indexes: recorded(&sources.indexes, snapshot)?,
        bound: sources
            .bound
            .iter()
            .map(|(name, index)| (name.clone(), recorded_address(index)))
            .collect(),
        find_links: sources
            .find_links
            .iter()
            .map(|links| without_credentials(links).into())
            .collect(),
        prerelease: options.prerelease,
        exclude_newer: options.exclude_newer,
    })
}

/// Gives sources that came without a name the one that they state themselves.
fn name_sources(found: &mut Requirements, index: &RemoteIndex) -> Result<(), Failure> {
    for source in found.sources.iter_mut().filter(|source| source.name.is_none()) {
        source.name = index.name_at(&source.url).map_err(|error| match error {
            IndexError::InvalidReference { reason, .. } => Failure::usage(source.error(reason)),
            other => Failure::world(source.error(other.to_string())),
        })?;
    }
    Ok(())
}

/// Takes out the projects whose requirements only a build can tell, with the references to their folders.
fn take_computed(
    found: &mut Requirements,
    index: &RemoteIndex,
) -> Result<Vec<(DynamicProject, Requirement)>, Failure> {
    let computed = std::mem::take(&mut found.projects.dynamic).into_iter().map(|computed| {
        let Some(reference) = project_at(&computed.path, index)? else {
            return Err(Failure::usage(computed.error(
                "the name of the project cannot be read from its files: write it as `name = \"…\"` into one of them",
            )));
        };
        Ok((computed, reference))
    });
    computed.collect()
}

/// The project in the folder of a file, under the name that it states.
fn project_at(file: &Path, index: &RemoteIndex) -> Result<Option<Requirement>, Failure> {
    let file = current_folder()?.join(file);
    let Some(url) = file.parent().and_then(|folder| Url::from_file_path(folder).ok()) else {
        return Ok(None);
    };
    let name = index.name_at(&url).map_err(Failure::world)?;
    Ok(name.map(|name| Requirement {
        name,
        extras: Vec::new(),
        version_or_url: Some(VersionOrUrl::Url(url)),
        marker: Marker::TRUE,
    }))
}

/// The first file that requirements are read from: what is written goes beside it.
pub fn first_input(options: &LockOptions) -> Option<&Path> {
    requirement_files(options).next()
}

/// The folder that the command runs in.
pub fn current_folder() -> Result<PathBuf, Failure> {
    std::env::current_dir()
        .map_err(|error| Failure::world(format!("the current folder cannot be found: {error}")))
}

fn requirement_files(options: &LockOptions) -> impl Iterator<Item = &Path> {
    let files = options.requirement_files.iter().chain(&options.project.pyproject);
    files.chain(&options.environment).map(PathBuf::as_path)
}

fn read(options: &LockOptions) -> Result<Requirements, Failure> {
    let folder = current_folder()?;
    let surroundings = Surroundings {
        read: &|path| fs::read(path),
        exists: &|path| path.exists(),
        variable: &|name| std::env::var(name).ok(),
        folder: &folder,
    };
    let selection = Selection {
        extras: options.project.extra.iter().cloned().collect(),
        groups: options.project.group.iter().cloned().collect(),
    };
    check_selection(options, &selection)?;
    let mut found = Requirements::default();
    requirement_arguments::add(&mut found, &options.requirements, &surroundings)?;
    for path in &options.requirement_files {
        found.append(parse_manifest(path, &selection, &surroundings).map_err(Failure::usage)?);
    }
    if let Some(path) = &options.project.pyproject {
        found.append(parse_pyproject(path, &selection, &surroundings).map_err(Failure::usage)?);
    }
    if let Some(path) = &options.environment {
        found.append(parse_environment(path, &surroundings).map_err(Failure::usage)?);
    }
    for path in &options.constraint_files {
        found.append(
            parse_manifest(path, &Selection::default(), &surroundings)
                .and_then(Requirements::into_constraints)
                .map_err(Failure::usage)?,
        );
    }
    if options.requirements.is_empty() && first_input(options).is_none() {
        if let Some([name, ..]) = options.upgrade.as_deref() {
            return Err(Failure::usage(format!(
                "nothing is required: `{name}` behind --upgrade is what to upgrade; write requirements before it, or \
                 `--upgrade={name}` for that package alone"
            )));
        }
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

/// Extra indexes come first: a private index is meant to win over the public one. An address in a file counts less than
/// one on the command line.
pub fn indexes(index: &Url, extra: &[Url], no_index: bool, found: &Requirements) -> Vec<Url> {
    let from_file = found
        .options
        .index_url
        .as_ref()
        .filter(|_| index.as_str() == DEFAULT_INDEX);
    if no_index || found.options.no_index {
        return Vec::new();
    }
    let main = from_file.unwrap_or(index);
    let mut indexes: Vec<Url> = Vec::new();
    for url in extra.iter().chain(&found.options.extra_index_urls).chain([main]) {
        if !indexes.contains(url) {
            indexes.push(url.clone());
        }
    }
    indexes
}

/// Refuses indexes that are not asked over HTTP.
pub fn refuse_folders<'a>(indexes: impl IntoIterator<Item = &'a Url>) -> Result<(), Failure> {
    let served = |index: &&Url| matches!(index.scheme(), "http" | "https");
    match indexes.into_iter().find(|index| !served(index)) {
        None => Ok(()),
        Some(index) => Err(Failure::usage(format!(
            "{} is no address of an index: one is asked over http or https; serve a folder of pages with `python3 -m \
             http.server --directory FOLDER`, and lock files of a folder with --find-links",
            without_credentials(index)
        ))),
    }
}

/// The places of `--find-links`, those of the command line first. A path is seen from the file that names it, or, where
/// there is nothing, from the current folder, as pip sees it.
fn find_links(options: &LockOptions, found: &Requirements) -> Result<Vec<Url>, Failure> {
    let folder = current_folder()?;
    let of_command_line = options
        .find_links
        .iter()
        .map(|value| FindLinks::read(value, None));
    let mut places: Vec<Url> = Vec::new();
    for links in of_command_line.chain(found.options.find_links.iter().cloned()) {
        let place = match links {
            FindLinks::Url(url) => url,
            FindLinks::Path { beside, written } => {
                let paths = [folder.join(beside), folder.join(&written)];
                let path = paths.iter().find(|path| path.exists()).ok_or_else(|| {
                    let written = written.display();
                    Failure::usage(format!(
                        "there is no `{written}` to find links in: correct --find-links"
                    ))
                })?;
                Url::from_file_path(mach_nix_manifest::normalized(path))
                    .map_err(|()| Failure::usage(format!("`{}` is no path", path.display())))?
            }
        };
        if !places.contains(&place) {
            places.push(place);
        }
    }
    Ok(places)
}

/// Addresses go into locks and messages without user names and passwords.
fn take_credentials(found: &mut Requirements) -> Vec<Url> {
    let entries = found.requirements.iter_mut().chain(&mut found.constraints);
    entries
        .filter_map(|entry| mach_nix_model::take_credentials(&mut entry.requirement))
        .collect()
}

/// One target per Python and system, in the order given.
pub fn targets(pythons: &[PythonVersion], systems: &[NixSystem], nix: &Nix) -> Result<Vec<Target>, Failure> {
    let pythons = if pythons.is_empty() {
        vec![default_python(nix)?]
    } else {
        pythons.to_vec()
    };
    let systems = if systems.is_empty() {
        vec![this_system()?]
    } else {
        systems.to_vec()
    };
    Ok(mach_nix_engine::targets(&pythons, &systems))
}

/// The version of `python3` of the nixpkgs in use, without patch number. Who names a nixpkgs wants its Python.
fn default_python(nix: &Nix) -> Result<PythonVersion, Failure> {
    let found = nix.evaluate::<PythonVersion>("command/python.nix", &(), DEFAULT_PATIENCE);
    match found {
        Ok(version) => Ok(version),
        Err(error) if nix.is_named() => Err(Failure::world(error)),
        Err(error) => {
            // Without a nixpkgs there is nothing to say; one that is there and cannot be used is worth a word.
            if !matches!(error, NixError::NoNix { .. } | NixError::NoPackageSet) {
                log::warn(format_args!("{error}\n  locking for Python {NEWEST_PYTHON}"));
            }
            Ok(NEWEST_PYTHON.parse().expect("a constant"))
        }
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

/// The indexes that the lock names.
fn recorded(indexes: &[Url], snapshot: Option<&Snapshot>) -> Result<Vec<String>, Failure> {
    let asked: Vec<String> = indexes.iter().map(recorded_address).collect();
    match snapshot {
        None => Ok(asked),
        Some(snapshot) => Ok(recorded_indexes(
            &asked,
            snapshot.name(),
            &snapshot.origin().indexes,
        )?),
    }
}
