//! Options of `mach-nix index`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use mach_nix_fetch::DEFAULT_INDEX;
use mach_nix_model::Timestamp;
use mach_nix_tags::{NixSystem, PythonVersion};
use url::Url;

use super::inventory::InventoryOptions;
use super::trust::TrustOptions;
use super::values::{IndexAddress, conda_channel, index_address};

#[derive(Debug, Subcommand)]
pub enum IndexCommand {
    /// Create a snapshot of everything that some requirements may need.
    Build(Box<BuildOptions>),
    /// Add requirements to a snapshot.
    Add(AddOptions),
    /// Show the contents of a snapshot.
    Info(InfoOptions),
    /// Read a whole snapshot and check its digests.
    Verify(VerifyOptions),
    /// Compare two snapshots.
    Diff(DiffOptions),
    /// List the Python packages of a nixpkgs in a file.
    Nixpkgs(InventoryOptions),
}

/// The requirements.
#[derive(Debug, Args)]
pub struct RequirementOptions {
    /// Requirements, such as `flask` or 'numpy>=2' (PEP 508).
    #[arg(value_name = "REQ")]
    pub requirements: Vec<String>,

    /// Read requirements from a file, of any kind that `mach-nix lock -r` reads.
    #[arg(short, long = "requirement", value_name = "FILE")]
    pub requirement_files: Vec<PathBuf>,
}

/// Access to the index.
#[derive(Debug, Args)]
pub struct AccessOptions {
    /// Work offline, from the cache.
    #[arg(long, env = "MACH_NIX_OFFLINE")]
    pub offline: bool,

    /// Maximum number of concurrent requests.
    #[arg(long, value_name = "N", env = "MACH_NIX_JOBS", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: u16,

    /// Cache folder. Default: `mach-nix` in the user's cache folder (XDG).
    #[arg(long, value_name = "DIR", env = "MACH_NIX_CACHE_DIR")]
    pub cache_dir: Option<PathBuf>,

    #[command(flatten)]
    pub trust: TrustOptions,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix index build flask 'numpy>=2' -o demo.snapshot --exclude-newer 2026-11-01
  mach-nix index build -r requirements.txt -o team.snapshot --python 3.11,3.12
  mach-nix index build --all --index-url http://localhost:3141/team/simple -o team.snapshot
  mach-nix lock flask --pypi-data demo.snapshot

A snapshot holds the newest releases of every reachable project, the releases that the requirements
resolve to, and two releases for every other specifier found on the way. To resume an interrupted
build, run the same command again: the responses of the index are in FILE.part until the snapshot
is complete.

Exit codes: 0 success; 2 bad usage or unreadable input; 3 network or disk failed.")]
pub struct BuildOptions {
    #[command(flatten)]
    pub wanted: RequirementOptions,

    /// Include all projects of the index with all their releases; for an index of your own.
    #[arg(long, conflicts_with_all = ["requirements", "requirement_files", "releases"])]
    pub all: bool,

    /// Write to this file.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,

    /// Python version to support, such as 3.12; may be repeated. Default: as `mach-nix lock`.
    #[arg(long, value_name = "VERSION", env = "MACH_NIX_PYTHON", value_delimiter = ',')]
    pub python: Vec<PythonVersion>,

    /// System to support, such as aarch64-darwin; may be repeated. Default: the system of this machine.
    #[arg(long, value_name = "SYSTEM", env = "MACH_NIX_SYSTEM", value_delimiter = ',')]
    pub system: Vec<NixSystem>,

    /// Ignore files uploaded after this date, as in `mach-nix lock`.
    #[arg(long, value_name = "DATE", env = "MACH_NIX_EXCLUDE_NEWER")]
    pub exclude_newer: Option<Timestamp>,

    /// Minimum number of releases per project, Python and system.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..))]
    pub releases: u32,

    /// Package index: the URL of a simple repository API, or NAME=URL.
    #[arg(long, value_name = "URL", env = "MACH_NIX_INDEX_URL", default_value = DEFAULT_INDEX, hide_default_value = true, hide_env_values = true, value_parser = index_address)]
    pub index_url: IndexAddress,

    /// Extra package index; may be repeated. The first index that has a package is used for it; --index-url comes last.
    #[arg(
        long,
        value_name = "URL",
        env = "MACH_NIX_EXTRA_INDEX_URL",
        hide_env_values = true,
        value_delimiter = ' ',
        value_parser = index_address
    )]
    pub extra_index_url: Vec<IndexAddress>,

    /// A conda channel, as NAME=URL, NAME=FOLDER or the NAME of a public one; may be repeated, most preferred first.
    ///
    /// The snapshot has the records of the conda packages that the requirements lead to, such as `conda:ffmpeg`.
    #[arg(
        long,
        value_name = "NAME=URL",
        env = "MACH_NIX_CONDA_CHANNEL",
        hide_env_values = true,
        value_delimiter = ' ',
        value_parser = conda_channel
    )]
    pub conda_channel: Vec<(String, Url)>,

    #[command(flatten)]
    pub access: AccessOptions,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix index add demo.snapshot django
  mach-nix index add demo.snapshot -r requirements.txt

The result is what `mach-nix index build` creates from all requirements, old and new, with the same
targets, date and indexes. A snapshot without --exclude-newer is updated to the current state.")]
pub struct AddOptions {
    /// The snapshot; it is replaced once the new one is complete.
    #[arg(value_name = "SNAPSHOT")]
    pub snapshot: PathBuf,

    #[command(flatten)]
    pub wanted: RequirementOptions,

    #[command(flatten)]
    pub access: AccessOptions,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix index info demo.snapshot
  mach-nix index info demo.snapshot --format json")]
pub struct InfoOptions {
    /// The snapshot.
    #[arg(value_name = "SNAPSHOT")]
    pub snapshot: PathBuf,

    /// Output format.
    #[arg(long, value_enum, default_value_t = InfoFormat::Text)]
    pub format: InfoFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InfoFormat {
    /// Text.
    Text,
    /// JSON.
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix index verify demo.snapshot

Exit codes: 0 it is intact; 2 it is not a snapshot, or has a newer format; 3 it is damaged.")]
pub struct VerifyOptions {
    /// The snapshot.
    #[arg(value_name = "SNAPSHOT")]
    pub snapshot: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix index diff october.snapshot november.snapshot

One line per difference: `+ flask` and `- flask` for projects, `+ flask 3.1.0` and `- flask 3.1.0` for
releases, and `~ flask 3.1.0` for a release whose files differ.")]
pub struct DiffOptions {
    /// The older snapshot.
    #[arg(value_name = "A")]
    pub before: PathBuf,

    /// The newer snapshot.
    #[arg(value_name = "B")]
    pub after: PathBuf,
}
