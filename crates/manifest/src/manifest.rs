//! Input files of any format, detected by name.

use std::path::Path;

use crate::document::Document;
use crate::foreign::{parse_pipfile_lock, parse_poetry_lock, parse_pylock, parse_uv_lock};
use crate::pinned::{is_explicit, read_explicit};
use crate::script::{self, is_script};
use crate::{
    ForeignLock, Location, ManifestError, ReadContext, Requirements, Selection, parse_conda_lock,
    parse_environment, parse_pixi_lock, parse_pyproject, parse_script, parse_setup_cfg, parse_setup_py,
    requirements_file,
};

/// The format of an input file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManifestKind {
    /// Requirements in pip's format, under any other name.
    Requirements,
    /// `pyproject.toml`
    Pyproject,
    /// `setup.cfg`
    SetupCfg,
    /// `setup.py`
    SetupPy,
    /// A script with inline metadata: `*.py`, or a file without an extension that contains a metadata block.
    Script,
    /// `pylock.toml` and `pylock.NAME.toml`
    Pylock,
    /// `uv.lock`, and `NAME.py.lock` of a script
    UvLock,
    /// `poetry.lock`
    PoetryLock,
    /// `Pipfile.lock`
    PipfileLock,
    /// A conda environment: `*.yml` and `*.yaml`
    Environment,
    /// `conda-lock.yml` and `NAME.conda-lock.yml`
    CondaLock,
    /// `pixi.lock`
    PixiLock,
}

impl ManifestKind {
    /// The format of a file, by its name as in uv.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        match name {
            "pyproject.toml" => Self::Pyproject,
            "setup.cfg" => Self::SetupCfg,
            "setup.py" => Self::SetupPy,
            "pylock.toml" => Self::Pylock,
            "uv.lock" => Self::UvLock,
            "poetry.lock" => Self::PoetryLock,
            "Pipfile.lock" => Self::PipfileLock,
            _ if name
                .strip_prefix("pylock.")
                .and_then(|rest| rest.strip_suffix(".toml"))
                .is_some_and(is_single) =>
            {
                Self::Pylock
            }
            "pixi.lock" => Self::PixiLock,
            _ if name.ends_with("conda-lock.yml") || name.ends_with("conda-lock.yaml") => Self::CondaLock,
            _ if name.ends_with(".yml") || name.ends_with(".yaml") => Self::Environment,
            _ if name.ends_with(".py.lock") => Self::UvLock,
            _ if name.ends_with(".py") || name.ends_with(".pyw") => Self::Script,
            _ => Self::Requirements,
        }
    }

    /// Whether the format has extras.
    #[must_use]
    pub fn has_extras(self) -> bool {
        matches!(
            self,
            Self::Pyproject | Self::SetupCfg | Self::SetupPy | Self::Pylock | Self::UvLock | Self::PoetryLock
        )
    }

    /// Whether the format has dependency groups.
    #[must_use]
    pub fn has_groups(self) -> bool {
        matches!(
            self,
            Self::Pyproject | Self::Pylock | Self::UvLock | Self::PoetryLock | Self::PipfileLock
        )
    }
}

fn is_single(name: &str) -> bool {
    !name.is_empty() && !name.contains('.')
}

/// Reads an input file of any format.
///
/// # Errors
/// If the file cannot be read or does not have the format that its name implies.
pub fn parse_manifest(
    path: &Path,
    selection: &Selection,
    context: &ReadContext<'_>,
) -> Result<Requirements, ManifestError> {
    match ManifestKind::of(path) {
        ManifestKind::Pyproject => parse_pyproject(path, selection, context),
        ManifestKind::SetupCfg => parse_setup_cfg(path, selection, context),
        ManifestKind::SetupPy => parse_setup_py(path, selection, context),
        ManifestKind::Script => parse_script(path, context),
        ManifestKind::Environment => parse_environment(path, context),
        ManifestKind::CondaLock => parse_conda_lock(path, context),
        ManifestKind::PixiLock => parse_pixi_lock(path, context),
        ManifestKind::Pylock => parse_pylock(path, selection, context).map(ForeignLock::into_requirements),
        ManifestKind::UvLock => parse_uv_lock(path, selection, context).map(ForeignLock::into_requirements),
        ManifestKind::PoetryLock => {
            parse_poetry_lock(path, selection, context).map(ForeignLock::into_requirements)
        }
        ManifestKind::PipfileLock => {
            parse_pipfile_lock(path, selection, context).map(ForeignLock::into_requirements)
        }
        ManifestKind::Requirements => {
            refuse_others(path)?;
            // A file without an extension may be a script, but also a pipe, which can be read only once.
            let document = Document::open_requirements(path, context)?;
            if path.extension().is_none() && is_script(&document.text) {
                return script::read(&document, context);
            }
            if is_explicit(&document.text) {
                return read_explicit(&document, context);
            }
            requirements_file::read(path, &document, context)
        }
    }
}

/// Rejects files in unsupported formats, which would only cause puzzling errors.
fn refuse_others(path: &Path) -> Result<(), ManifestError> {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let reason = match name {
        "Pipfile" => "Pipfiles are not supported: lock it with `pipenv lock`, and give `-r Pipfile.lock`",
        "pdm.lock" => "PDM locks are not supported: export it with `pdm export -f pylock -o pylock.toml`",
        _ if name.ends_with(".toml") => {
            "unknown input format: supported TOML files are `pyproject.toml`, `pylock.toml` and `pylock.NAME.toml`"
        }
        _ if name.ends_with(".whl") || name.ends_with(".tar.gz") || name.ends_with(".zip") => {
            "this is a distribution and not a list of requirements: require it by its path, as in `./NAME`"
        }
        _ => return Ok(()),
    };
    Err(Location::file(path.display().to_string()).error(reason))
}
