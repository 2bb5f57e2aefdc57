//! Options of `mach-nix index`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use mach_nix_fetch::DEFAULT_INDEX;
use mach_nix_model::Timestamp;
use mach_nix_tags::{NixSystem, PythonVersion};
use url::Url;

use super::inventory::InventoryOptions;

#[derive(Debug, Subcommand)]
pub enum IndexCommand {
    /// Make a snapshot of what some requirements may need.
    Build(BuildOptions),
    /// Put more into a snapshot.
    Add(AddOptions),
    /// Say what a snapshot holds.
    Info(InfoOptions),
    /// Read all of a snapshot, and say whether it is as it was written.
    Verify(VerifyOptions),
    /// Say what two snapshots hold differently.
    Diff(DiffOptions),
    /// Write down all Python packages of a nixpkgs.
    Nixpkgs(InventoryOptions),
}

/// What is wanted.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Requirements, such as `flask` or 'numpy>=2' (PEP 508).
    #[arg(value_name = "REQ")]
    pub requirements: Vec<String>,

    /// Read requirements from a file, of any kind that `mach-nix lock -r` reads.
    #[arg(short, long = "requirement", value_name = "FILE")]
    pub requirement_files: Vec<PathBuf>,
}

/// How the index is asked.
#[derive(Debug, Args)]
pub struct Asking {
    /// Open no connection: use what the cache has.
    #[arg(long, env = "MACH_NIX_OFFLINE")]
    pub offline: bool,

    /// How many requests may be under way at once.
    #[arg(long, value_name = "N", env = "MACH_NIX_JOBS", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: u16,

    /// The folder of the cache. Default: `mach-nix` in the user's cache folder (XDG).
    #[arg(long, value_name = "DIR", env = "MACH_NIX_CACHE_DIR")]
    pub cache_dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix index build flask 'numpy>=2' -o demo.snapshot --exclude-newer 2026-11-01
  mach-nix index build -r requirements.txt -o team.snapshot --python 3.11,3.12
  mach-nix index build --all --index-url http://localhost:3141/team/simple -o team.snapshot
  mach-nix lock flask --pypi-data demo.snapshot

A snapshot holds the newest releases of each project that is reached, those that the requirements'
own resolution chose, and two releases for each further specifier it met. Stopped half-way, the
same command goes on where it was: what the index answered is in FILE.part until the snapshot is
whole.

Exit codes: 0 done; 2 bad usage or unreadable input; 3 network or disk failed.")]
pub struct BuildOptions {
    #[command(flatten)]
    pub wanted: Wanted,

    /// Hold all projects that the index lists, with all their releases: for an index of your own.
    #[arg(long, conflicts_with_all = ["requirements", "requirement_files", "releases"])]
    pub all: bool,

    /// Write to this file.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,

    /// Serve this Python, such as 3.12; may be repeated. Default: as `mach-nix lock`.
    #[arg(long, value_name = "VERSION", env = "MACH_NIX_PYTHON", value_delimiter = ',')]
    pub python: Vec<PythonVersion>,

    /// Serve this system, such as aarch64-darwin; may be repeated. Default: this machine's.
    #[arg(long, value_name = "SYSTEM", env = "MACH_NIX_SYSTEM", value_delimiter = ',')]
    pub system: Vec<NixSystem>,

    /// Leave out what was uploaded after this date: as in `mach-nix lock`.
    #[arg(long, value_name = "DATE", env = "MACH_NIX_EXCLUDE_NEWER")]
    pub exclude_newer: Option<Timestamp>,

    /// How many releases of each project to hold, at the least, for each Python and system.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..))]
    pub releases: u32,

    /// The package index: the address of a simple repository API.
    #[arg(long, value_name = "URL", env = "MACH_NIX_INDEX_URL", default_value = DEFAULT_INDEX, hide_default_value = true)]
    pub index_url: Url,

    /// Further indexes. They are asked before --index-url, in order; the first that knows a name answers for it.
    #[arg(
        long,
        value_name = "URL",
        env = "MACH_NIX_EXTRA_INDEX_URL",
        value_delimiter = ' '
    )]
    pub extra_index_url: Vec<Url>,

    #[command(flatten)]
    pub asking: Asking,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix index add demo.snapshot django
  mach-nix index add demo.snapshot -r requirements.txt

The snapshot is then what `mach-nix index build` makes of all its requirements, old and new, with
the targets, the date and the indexes it was made with. One that was made without --exclude-newer
is brought to the state of today.")]
pub struct AddOptions {
    /// The snapshot; it is replaced when all is there.
    #[arg(value_name = "SNAPSHOT")]
    pub snapshot: PathBuf,

    #[command(flatten)]
    pub wanted: Wanted,

    #[command(flatten)]
    pub asking: Asking,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix index info demo.snapshot
  mach-nix index info demo.snapshot --format json")]
pub struct InfoOptions {
    /// The snapshot.
    #[arg(value_name = "SNAPSHOT")]
    pub snapshot: PathBuf,

    /// How to say it.
    #[arg(long, value_enum, default_value_t = InfoFormat::Text)]
    pub format: InfoFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InfoFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix index verify demo.snapshot

Exit codes: 0 it is whole; 2 it is no snapshot, or of a newer format; 3 it is damaged.")]
pub struct VerifyOptions {
    /// The snapshot.
    #[arg(value_name = "SNAPSHOT")]
    pub snapshot: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix index diff october.snapshot november.snapshot

A line a difference: `+ flask` and `- flask` for projects, `+ flask 3.1.0` and `- flask 3.1.0` for
releases, and `~ flask 3.1.0` for a release whose files differ.")]
pub struct DiffOptions {
    /// The older snapshot.
    #[arg(value_name = "A")]
    pub before: PathBuf,

    /// The newer snapshot.
    #[arg(value_name = "B")]
    pub after: PathBuf,
}
