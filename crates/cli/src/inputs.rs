//! The inputs of a request: options, files and the existing lock.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use mach_nix_engine::{Parts, PolicyOptions, RequestOptions, refuse_other_sources};
use mach_nix_fetch::RemoteIndex;
use mach_nix_lock::Lock;
use mach_nix_manifest::{
    ManifestKind, ReadContext, Requirements, Selection, parse_environment, parse_manifest, parse_pyproject,
};
use mach_nix_model::{
    IndexError, Marker, PackageIndex, Requirement, Target, VersionOrUrl, without_credentials,
};
use mach_nix_nix::{DEFAULT_TIMEOUT, Nix, NixError};
use mach_nix_resolve::{Origin, RootRequirement};
use mach_nix_tags::{NixSystem, PythonVersion};
use url::Url;

use crate::args::lock::LockOptions;
use crate::args::project::ProjectOptions;
use crate::failure::Failure;
use crate::sources::{FetchSources, current_folder, refuse_folders};
use crate::{conda, disk, log, preferences, python, requirement_arguments, snapshot};

/// The default Python version without a nixpkgs: that of the current nixpkgs.
const NEWEST_PYTHON: &str = "3.13";

/// The parts of a request, and its index.
pub struct Inputs {
    /// The requirements.
    pub found: Requirements,
    /// The other parts of the request.
    pub options: RequestOptions,
    /// The index.
    pub index: Box<dyn PackageIndex>,
    /// Warnings about the inputs, one sentence each.
    pub warnings: Vec<String>,
}

/// The location of the lock to write.
pub struct Destination<'a> {
    /// The absolute folder.
    pub folder: String,
    /// The existing lock.
    pub existing: Option<&'a Lock>,
}

/// Reads all inputs; `open` opens their indexes.
pub fn inputs(
    options: &LockOptions,
    nix: &Nix,
    destination: Destination<'_>,
    open: impl FnOnce(FetchSources) -> Result<RemoteIndex, Failure>,
) -> Result<Inputs, Failure> {
    let mut found = read(options)?;
    let snapshot = options.pypi_data.as_deref().map(snapshot::open).transpose()?;
    if let Some(snapshot) = &snapshot {
        refuse_other_sources(&found, snapshot.name())?;
    }
    let mut policy = PolicyOptions {
        channels: Vec::new(),
        virtual_packages: options.conda_virtual.clone(),
        providers: options.providers.clone(),
        packages: options.provider.iter().cloned().collect(),
        prerelease: options.prerelease,
        exclude_newer: options.exclude_newer.clone(),
        exclude_newer_package: options.exclude_newer_package.iter().cloned().collect(),
        now: SystemTime::now().try_into().ok(),
    };
    let channels = conda::channels(options, &mut found, &policy, snapshot.as_ref())?;
    policy.channels = channels.iter().map(|(channel, _)| channel.clone()).collect();
    let mut fetched = FetchSources::read(options, &mut found, &policy)?;
    for (channel, url) in channels {
        fetched
            .names
            .push((channel.name().to_owned(), without_credentials(&url)));
        fetched.credentials.push(url.clone());
        fetched.channels.push(url);
    }
    refuse_folders(&fetched.indexes)?;
    let pythons = match found.python {
        Some(python) if options.python.is_empty() => vec![python],
        _ => options.python.clone(),
    };
    let pythons = match first_input(options) {
        Some(input) if pythons.is_empty() => python::of_file(input)?.into_iter().collect(),
        _ => pythons,
    };
    let pythons = if pythons.is_empty() && !found.requires_python.is_empty() {
        vec![fitting_python(&found, nix)?]
    } else {
        pythons
    };
    let targets = targets(&pythons, &systems(options, &found), nix)?;
    let sources = fetched.recorded(snapshot.as_ref())?;
    let live = open(fetched)?;
    name_sources(&mut found, &live)?;
    let project = match found.projects.files.first() {
        Some(file) => project_at(file, &live)?.map(|requirement| RootRequirement {
            requirement,
            origin: Origin::CommandLine,
        }),
        None => None,
    };
    name_projects(&mut found, &live)?;
    // Dynamic requirements are known as a whole only.
    let has_parts = options.project.whole && found.projects.dynamic.is_empty();
    let parts = has_parts.then(|| parts(options, &live)).transpose()?;
    let warnings = std::mem::take(&mut found.warnings);
    let upgrade = options.upgrade.as_deref();
    let existing = destination.existing;
    let options = RequestOptions {
        targets,
        policy,
        sources,
        folder: Some(destination.folder),
        preferences: existing
            .map(|lock| preferences::of_packages(lock, upgrade))
            .unwrap_or_default(),
        build_preferences: existing
            .map(|lock| preferences::of_builds(lock, project.as_ref(), upgrade))
            .unwrap_or_default(),
        project,
        parts,
        conda_preferences: existing
            .map(|lock| preferences::of_conda(lock, upgrade))
            .unwrap_or_default(),
    };
    let index: Box<dyn PackageIndex> = match snapshot {
        Some(snapshot) => Box::new(snapshot),
        None => Box::new(live),
    };
    Ok(Inputs {
        found,
        options,
        index,
        warnings,
    })
}

/// The systems of the options, else the platforms of an environment file; empty for the system of this machine.
fn systems(options: &LockOptions, found: &Requirements) -> Vec<NixSystem> {
    if options.system.is_empty() {
        let platforms = found.conda.platforms.iter();
        platforms.filter_map(|platform| platform.system()).collect()
    } else {
        options.system.clone()
    }
}

/// Names the sources without names, from their own metadata.
pub fn name_sources(found: &mut Requirements, index: &RemoteIndex) -> Result<(), Failure> {
    for source in found.sources.iter_mut().filter(|source| source.name.is_none()) {
        source.name = index.name_at(&source.url).map_err(|error| match error {
            IndexError::InvalidReference { cause, .. } => Failure::usage(source.error(cause.to_string())),
            other => Failure::external(source.error(other.to_string())),
        })?;
    }
    Ok(())
}

/// Names the projects with dynamic metadata, from their files.
fn name_projects(found: &mut Requirements, index: &RemoteIndex) -> Result<(), Failure> {
    for project in &mut found.projects.dynamic {
        project.reference = project_at(&project.path, index)?;
    }
    Ok(())
}

/// The project in the folder of a file, under its stated name.
fn project_at(file: &Path, index: &RemoteIndex) -> Result<Option<Requirement>, Failure> {
    let file = current_folder()?.join(file);
    let Some(url) = file.parent().and_then(|folder| Url::from_file_path(folder).ok()) else {
        return Ok(None);
    };
    let name = index.name_at(&url).map_err(Failure::external)?;
    Ok(name.map(|name| Requirement {
        name,
        extras: Vec::new(),
        version_or_url: Some(VersionOrUrl::Url(url)),
        marker: Marker::TRUE,
    }))
}

/// The first file with requirements, next to which the lock is written.
pub fn first_input(options: &LockOptions) -> Option<&Path> {
    requirement_files(options).next()
}

fn requirement_files(options: &LockOptions) -> impl Iterator<Item = &Path> {
    let files = options.requirement_files.iter().chain(&options.project.pyproject);
    files.chain(&options.environment).map(PathBuf::as_path)
}

/// Whether files with requirements are named.
pub fn has_files(options: &LockOptions) -> bool {
    first_input(options).is_some()
}

/// The parts of the project, with the requirements of each.
fn parts(options: &LockOptions, index: &RemoteIndex) -> Result<Parts, Failure> {
    let read_part = |selection: ProjectOptions| {
        let mut found = read(&LockOptions {
            project: ProjectOptions {
                pyproject: options.project.pyproject.clone(),
                ..selection
            },
            ..options.clone()
        })?;
        name_sources(&mut found, index)?;
        name_projects(&mut found, index)?;
        Ok::<_, Failure>(found)
    };
    let base = read_part(ProjectOptions::default())?;
    // What a selection adds comes after what the project has without it.
    let rest = |found: Requirements| {
        let entries = found.requirements.into_iter().skip(base.requirements.len());
        let sources = found.sources.iter().skip(base.sources.len());
        let sources = sources.filter_map(|source| Some(source.named(source.name.clone()?)));
        entries
            .chain(sources)
            .map(|entry| entry.requirement)
            .collect::<Vec<_>>()
    };
    let mut parts = Parts::default();
    for extra in &options.project.extra {
        let found = read_part(ProjectOptions {
            extra: vec![extra.clone()],
            ..ProjectOptions::default()
        })?;
        parts.extras.insert(extra.clone(), rest(found));
    }
    for group in &options.project.group {
        let found = read_part(ProjectOptions {
            group: vec![group.clone()],
            ..ProjectOptions::default()
        })?;
        parts.groups.insert(group.clone(), rest(found));
    }
    let sources = base.sources.iter();
    let sources = sources.filter_map(|source| Some(source.named(source.name.clone()?)));
    let own = base.requirements.iter().cloned().chain(sources);
    parts.project = own.map(|entry| entry.requirement).collect();
    Ok(parts)
}

fn read(options: &LockOptions) -> Result<Requirements, Failure> {
    let folder = current_folder()?;
    let context = ReadContext {
        read: &|path| match &options.edited {
            Some((edited, text)) if edited == path => Ok(text.clone().into_bytes()),
            _ => disk::read(path),
        },
        variable: &|name| std::env::var(name).ok(),
        ..disk::context(&folder)
    };
    let selection = Selection {
        extras: options.project.extra.iter().cloned().collect(),
        groups: options.project.group.iter().cloned().collect(),
    };
    check_selection(options, &selection)?;
    let mut found = Requirements::default();
    requirement_arguments::add(&mut found, &options.requirements, &context)?;
    for path in &options.requirement_files {
        found.append(parse_manifest(path, &selection, &context).map_err(Failure::usage)?);
    }
    if let Some(path) = &options.project.pyproject {
        found.append(parse_pyproject(path, &selection, &context).map_err(Failure::usage)?);
    }
    if let Some(path) = &options.environment {
        found.append(parse_environment(path, &context).map_err(Failure::usage)?);
    }
    conda::read_environments(options, &mut found)?;
    for path in &options.constraint_files {
        found.append(
            parse_manifest(path, &Selection::default(), &context)
                .and_then(Requirements::into_constraints)
                .map_err(Failure::usage)?,
        );
    }
    if options.requirements.is_empty() && first_input(options).is_none() {
        if let Some([name, ..]) = options.upgrade.as_deref() {
            return Err(Failure::usage(format!(
                "no requirements: `{name}` after --upgrade is a package to upgrade; write requirements before it, or \
                 `--upgrade={name}` for that package alone"
            )));
        }
        return Err(Failure::usage(
            "no requirements: name packages, as in `mach-nix lock flask`, or a file with -r; there is no project in this folder or above",
        ));
    }
    Ok(found)
}

/// Rejects extras and groups without a project.
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
            "--extra selects a part of a project, and no project is given: add --pyproject FILE, \
             or write the extra of a package as in `flask[async]`",
        ));
    }
    if !selection.groups.is_empty() && !is_any(ManifestKind::has_groups) {
        return Err(Failure::usage(
            "--group selects a part of a project, and no project is given: add --pyproject FILE",
        ));
    }
    Ok(())
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

/// The default Python if it fits the projects, else the newest of the nixpkgs in use that does.
fn fitting_python(found: &Requirements, nix: &Nix) -> Result<PythonVersion, Failure> {
    let fits = |python: &PythonVersion| {
        let mut demands = found.requires_python.iter();
        demands.all(|demand| python::fits(&demand.specifiers, *python))
    };
    let default = default_python(nix)?;
    if fits(&default) {
        return Ok(default);
    }
    let known = nix.evaluate::<Vec<PythonVersion>>("command/pythons.nix", &(), DEFAULT_TIMEOUT);
    let known = known.unwrap_or_else(|_| {
        let minors = (8..=13).map(|minor| format!("3.{minor}").parse().expect("a constant"));
        minors.collect()
    });
    // The default has its own error if none fits.
    Ok(known.into_iter().filter(fits).max().unwrap_or(default))
}

/// The version of `python3` of the nixpkgs in use, without patch number. If the user specified the nixpkgs, its errors
/// are errors.
fn default_python(nix: &Nix) -> Result<PythonVersion, Failure> {
    let found = nix.evaluate::<PythonVersion>("command/python.nix", &(), DEFAULT_TIMEOUT);
    match found {
        Ok(version) => Ok(version),
        Err(error) if nix.is_named() => Err(Failure::external(error)),
        Err(error) => {
            // A missing nixpkgs is common; one that is not usable causes a warning.
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
