//! Options of the commands that create environments.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::lock::LockOptions;

#[derive(Debug, Args)]
pub struct EnvironmentOptions {
    /// The folder; created if missing. A lock in it is updated.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,

    /// The inputs.
    #[command(flatten)]
    pub lock: LockOptions,
}

#[derive(Debug, Args)]
pub struct BuildOptions {
    /// The inputs.
    #[command(flatten)]
    pub lock: LockOptions,
}

#[derive(Debug, Args)]
pub struct ProgramOptions {
    /// The inputs.
    #[command(flatten)]
    pub lock: LockOptions,

    /// The program, with its arguments.
    #[arg(last = true, value_name = "CMD")]
    pub program: Vec<OsString>,
}
