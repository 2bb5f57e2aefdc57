//! The project around the current folder: its manifest, settings and lock.

pub mod edit;

use std::io;
use std::path::{Path, PathBuf};

use mach_nix_lock::Lock;
use mach_nix_manifest::{ManifestKind, ProjectOutline, ProjectSettings, ReadContext, available_names};
use mach_nix_model::ExtraName;

use crate::args::lock::LockOptions;
use crate::args::project::ProjectOptions;
use crate::failure::Failure;
use crate::invocation::quoted;
use crate::settings::{self, outline_and_settings};
use crate::sources::current_folder;
use crate::{disk, inputs, lock, lock_file};

/// The file names of manifests.
const MANIFESTS: [&str; 3] = ["pyproject.toml", "requirements.txt", "environment.yml"];

/// A project: a folder with a manifest.
pub struct Project {
    /// The manifest, relative to the current folder.
    pub manifest: PathBuf,
    /// Its outline, where it is a `pyproject.toml`.
    pub outline: ProjectOutline,
    /// The settings.
    pub settings: ProjectSettings,
}

/// The project of the current folder, or of the nearest folder above that has one.
pub fn find() -> Result<Option<Project>, Failure> {
    let mut folder = PathBuf::new();
    let current = current_folder()?;
    let mut found: Option<(Project, &Path)> = None;
    for absolute in current.ancestors() {
        match &found {
            None => found = in_folder(&folder, absolute)?.map(|project| (project, absolute)),
            Some((_, member)) if is_root_of(absolute, member) => return in_folder(&folder, absolute),
            Some(_) => {}
        }
        folder.push("..");
    }
    Ok(found.map(|(project, _)| project))
}

/// Whether a folder is the root of a workspace with this member.
fn is_root_of(root: &Path, member: &Path) -> bool {
    let relative = member.strip_prefix(root).unwrap_or(member);
    let file = root.join("pyproject.toml");
    // A file that cannot be read has its error where it is the manifest.
    let outline = file
        .is_file()
        .then(|| ProjectOutline::read(&file, &disk::context(root)).ok())
        .flatten();
    outline.is_some_and(|outline| {
        outline.is_project
            && outline
                .workspace
                .is_some_and(|workspace| workspace.contains(relative))
    })
}

/// The project of the current folder, which has to be there.
pub fn required(command: &str) -> Result<Project, Failure> {
    find()?.ok_or_else(|| {
        Failure::usage(format!(
            "there is no project here: neither this folder nor one above has a pyproject.toml, requirements.txt or \
             environment.yml; write one, or name packages as in `mach-nix {command} flask`"
        ))
    })
}

/// The project of a folder, if it has one.
pub fn in_folder(folder: &Path, absolute: &Path) -> Result<Option<Project>, Failure> {
    let (mut outline, settings) = outline_and_settings(folder, absolute)?;
    let mut found: Vec<&str> = MANIFESTS
        .into_iter()
        .filter(|name| absolute.join(name).is_file())
        .filter(|name| *name != "pyproject.toml" || outline.is_project)
        .collect();
    if let Some(named) = &settings.manifest {
        if !absolute.join(named).is_file() {
            return Err(Failure::usage(format!(
                "there is no file `{}`, which the setting `manifest` of mach-nix names: correct it",
                folder.join(named).display()
            )));
        }
        found = vec![named];
    }
    let manifest = match found[..] {
        [] => return Ok(None),
        [name] => folder.join(name),
        [first, second, ..] => {
            let (first, second) = (folder.join(first), folder.join(second));
            return Err(Failure::usage(format!(
                "the project has several manifests, `{}` and `{}`: name one with `-r`, or write `manifest = \"{}\"` into \
                 `[tool.mach-nix]` of pyproject.toml or into mach-nix.toml",
                first.display(),
                second.display(),
                found[0],
            )));
        }
    };
    if ManifestKind::of(&manifest) != ManifestKind::Pyproject {
        outline = ProjectOutline::default();
    }
    Ok(Some(Project {
        manifest,
        outline,
        settings,
    }))
}

impl Project {
    /// The path of the lock.
    pub fn lock_path(&self) -> PathBuf {
        self.manifest.with_file_name(lock_file::NAME)
    }

    /// The lock, where there is one that can be read.
    pub fn lock(&self) -> Option<Lock> {
        Lock::from_json(&crate::disk::read_text(&self.lock_path()).ok()?).ok()
    }

    /// Whether the lock has parts.
    pub fn has_parts(&self) -> bool {
        !self.outline.extras.is_empty() || !self.outline.groups.is_empty()
    }

    /// The options that lock the whole project: all extras and groups.
    pub fn whole(&self, options: &LockOptions) -> LockOptions {
        let mut options = options.clone();
        match ManifestKind::of(&self.manifest) {
            ManifestKind::Pyproject => options.project.pyproject = Some(self.manifest.clone()),
            ManifestKind::Environment => options.environment = Some(self.manifest.clone()),
            _ => options.requirement_files = vec![self.manifest.clone()],
        }
        options.project = ProjectOptions {
            pyproject: options.project.pyproject,
            extra: self.outline.extras.clone(),
            group: self.outline.groups.clone(),
            no_default_groups: false,
            editable: Vec::new(),
            whole: self.has_parts(),
        };
        settings::apply(&mut options, &self.settings);
        options
    }

    /// The same for another text of the manifest, which may have further parts.
    pub fn with_text(&self, options: &LockOptions, text: &str) -> Result<LockOptions, Failure> {
        if ManifestKind::of(&self.manifest) != ManifestKind::Pyproject {
            return self.whole_with_targets(options, self.lock().as_ref());
        }
        let folder = current_folder()?;
        let context = ReadContext {
            read: &|_| Ok(text.as_bytes().to_vec()),
            ..disk::context(&folder)
        };
        let outline = ProjectOutline::read(&self.manifest, &context).map_err(Failure::usage)?;
        let edited = Self {
            manifest: self.manifest.clone(),
            outline,
            settings: self.settings.clone(),
        };
        edited.whole_with_targets(options, self.lock().as_ref())
    }

    /// The options that lock the whole project, for the targets of a lock where nothing says otherwise.
    pub fn whole_with_targets(
        &self,
        options: &LockOptions,
        lock: Option<&Lock>,
    ) -> Result<LockOptions, Failure> {
        let mut whole = self.whole(options);
        if let Some(lock) = lock {
            self.keep_targets(&mut whole, lock)?;
        }
        Ok(whole)
    }

    /// Locks the project if the lock is missing or stale, and reads the lock.
    pub fn fresh_lock(&self, options: &LockOptions, quiet: bool) -> Result<Lock, Failure> {
        let mut whole = self.whole_with_targets(options, self.lock().as_ref())?;
        whole.if_stale = true;
        lock::run(&whole, quiet)?;
        lock_file::read(&self.lock_path())
    }

    /// Keeps the targets of the lock if no option names any and they fit this machine and the project.
    fn keep_targets(&self, options: &mut LockOptions, lock: &Lock) -> Result<(), Failure> {
        let system = inputs::this_system()?;
        if options.system.is_empty() && lock.targets.iter().any(|target| target.system == system) {
            options.system = lock.targets.iter().map(|target| target.system).collect();
        }
        let fits = |python| match &self.outline.requires_python {
            Some(demand) => crate::python::fits(&demand.specifiers, python),
            None => true,
        };
        let is_free = options.python.is_empty() && crate::python::of_file(&self.manifest)?.is_none();
        if is_free && lock.targets.iter().all(|target| fits(target.python)) {
            options.python = lock.targets.iter().map(|target| target.python).collect();
        }
        Ok(())
    }

    /// The selected groups: those by default and the named ones.
    fn groups(&self, options: &ProjectOptions) -> Result<Vec<ExtraName>, Failure> {
        let known = &self.outline.groups;
        let is_known = |name: &&ExtraName| known.contains(name);
        let dev = || {
            known
                .iter()
                .filter(|name| name.as_ref() == "dev")
                .cloned()
                .collect()
        };
        let mut groups = match (&self.settings.default_groups, &self.outline.default_groups) {
            _ if options.no_default_groups => Vec::new(),
            (Some(groups), _) | (None, Some(groups)) => groups.clone(),
            (None, None) => dev(),
        };
        groups.extend(options.group.iter().cloned());
        match groups.iter().find(|name| !is_known(name)) {
            Some(name) => Err(no_part(&self.manifest, "group", name, known)),
            None => Ok(groups),
        }
    }

    /// The parts that an environment has, where the lock has parts.
    pub fn selection(&self, options: &ProjectOptions) -> Result<Option<Selected>, Failure> {
        let groups = self.groups(options)?;
        let known = &self.outline.extras;
        if let Some(name) = options.extra.iter().find(|name| !known.contains(name)) {
            return Err(no_part(&self.manifest, "extra", name, known));
        }
        Ok(self.has_parts().then(|| Selected {
            extras: options.extra.clone(),
            groups,
        }))
    }
}

/// The selected parts of a project, for Nix.
#[derive(Debug, serde::Serialize)]
pub struct Selected {
    extras: Vec<ExtraName>,
    groups: Vec<ExtraName>,
}

fn no_part(manifest: &Path, what: &str, name: &ExtraName, known: &[ExtraName]) -> Failure {
    let known = available_names(known);
    Failure::usage(format!("{} has no {what} `{name}`: {known}", manifest.display()))
}

/// Whether options name an input.
pub fn has_input(options: &LockOptions) -> bool {
    !options.requirements.is_empty() || inputs::has_files(options)
}

/// The lock that a reading command means: the one of the project, where the current folder has none.
pub fn lock_path(path: &Path) -> Result<PathBuf, Failure> {
    if path != Path::new(lock_file::NAME) || path.exists() {
        return Ok(path.to_owned());
    }
    Ok(find()?.map_or_else(|| path.to_owned(), |project| project.lock_path()))
}

/// `mach-nix lock`, of the project where no input is named.
pub fn lock(options: &LockOptions, quiet: bool) -> Result<(), Failure> {
    if options.replay.is_some() || has_input(options) {
        return lock::run(options, quiet);
    }
    if !options.project.extra.is_empty() || !options.project.group.is_empty() {
        return Err(Failure::usage(
            "`mach-nix lock` locks all extras and groups of the project: leave out --extra and --group, or name the file \
             with --pyproject for a lock of these alone",
        ));
    }
    match find()? {
        Some(project) => lock::run(&project.whole(options), quiet),
        None => lock::run(options, quiet),
    }
}

/// `mach-nix update`
pub fn update(options: &LockOptions, quiet: bool) -> Result<(), Failure> {
    options.refuse_other_inputs("update")?;
    let project = required("lock")?;
    let mut options = options.clone();
    let names = std::mem::take(&mut options.requirements);
    let names = names.iter().map(|name| {
        name.parse().map_err(|_| {
            Failure::usage(format!(
                "`{name}` is not the name of a package: write it without a version"
            ))
        })
    });
    options.upgrade = Some(names.collect::<Result<_, _>>()?);
    lock::run(
        &project.whole_with_targets(&options, project.lock().as_ref())?,
        quiet,
    )
}

/// A file of the project as text.
fn text_of(path: &Path) -> Result<String, Failure> {
    crate::disk::read_text(path).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => Failure::usage(format!(
            "{} is not UTF-8: convert it first",
            quoted(&path.to_string_lossy())
        )),
        _ => Failure::external(format!("cannot read {}: {error}", path.display())),
    })
}
