//! Options of `mach-nix init`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub struct InitOptions {
    /// The folder of the project; created if missing.
    #[arg(value_name = "DIR", default_value = ".", hide_default_value = true)]
    pub folder: PathBuf,

    /// The files to start with. Default: those for the manifest in the folder, else `pyproject`.
    #[arg(long, value_enum, value_name = "NAME")]
    pub template: Option<Template>,
}

/// A set of files to start a project with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Template {
    /// A project with a `pyproject.toml`.
    Pyproject,
    /// A project with a `requirements.txt`.
    Requirements,
    /// An example: a small web application.
    FlaskWeather,
}
