//! Options for parts of a project.

use std::path::PathBuf;

use clap::Args;
use mach_nix_model::ExtraName;

use super::headings::INPUTS_HEADING;

/// A project with its selected extras and groups.
#[derive(Debug, Clone, Default, Args)]
pub struct ProjectOptions {
    /// Read the dependencies of a project (PEP 621).
    #[arg(help_heading = INPUTS_HEADING, long, value_name = "FILE")]
    pub pyproject: Option<PathBuf>,

    /// Include an extra of the project; may be repeated.
    ///
    /// For --pyproject, and for -r with pyproject.toml, setup.cfg and lock files.
    #[arg(help_heading = INPUTS_HEADING, long, value_name = "EXTRA", value_delimiter = ',')]
    pub extra: Vec<ExtraName>,

    /// Include a dependency group of the project (PEP 735); may be repeated.
    ///
    /// For the same files as --extra, except setup.cfg.
    #[arg(help_heading = INPUTS_HEADING, long, value_name = "GROUP", value_delimiter = ',')]
    pub group: Vec<ExtraName>,

    /// Leave out the default groups of the project.
    #[arg(help_heading = INPUTS_HEADING, long, hide_short_help = true)]
    pub no_default_groups: bool,

    /// The folder of a project whose changes take effect without a build; may be repeated.
    #[arg(long, value_name = "PATH", hide = true, value_parser = editable)]
    pub editable: Vec<Editable>,

    /// Whether `extra` and `group` are all of the project.
    #[arg(skip)]
    pub whole: bool,
}

/// A project whose changes take effect without a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Editable {
    /// The project, and the members of its workspace.
    Project,
    /// The project in a folder.
    Folder(PathBuf),
}

/// Parses a folder; without a value, it is the project.
#[expect(clippy::unnecessary_wraps, reason = "the form of a parser")]
fn editable(text: &str) -> Result<Editable, String> {
    Ok(if text.is_empty() {
        Editable::Project
    } else {
        Editable::Folder(text.into())
    })
}

/// `--editable` of the commands for environments: the folder is optional.
pub fn optional_folder(argument: clap::Arg) -> clap::Arg {
    argument
        .hide(false)
        .help("Import the project from its folder, as it is edited; with a folder, the project there")
        .num_args(0..=1)
        .require_equals(true)
        .default_missing_value("")
}
