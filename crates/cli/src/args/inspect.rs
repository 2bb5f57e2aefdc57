//! Options of the commands that read a lock: `tree`, `why` and `export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use mach_nix_model::PackageName;

/// Where the lock is.
#[derive(Debug, Args)]
pub struct LockSource {
    /// The lock file; `-` reads standard input.
    #[arg(value_name = "LOCK", default_value = crate::lock_file::NAME)]
    pub path: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix tree                                      what was asked for, and what it needs
  mach-nix tree --invert --package markupsafe        what needs markupsafe
  mach-nix tree --format dot | dot -Tsvg -o tree.svg
  mach-nix tree project/mach-nix.lock --format mermaid

(*) stands for a part that is shown above; versions and edges that are not the same for all
targets say where they hold.")]
pub struct TreeOptions {
    #[command(flatten)]
    pub lock: LockSource,

    /// Show for every package what needs it.
    #[arg(long)]
    pub invert: bool,

    /// Begin at this package.
    #[arg(long, value_name = "PKG")]
    pub package: Option<PackageName>,

    /// How to draw it.
    #[arg(long, value_enum, default_value_t = TreeFormat::Text)]
    pub format: TreeFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TreeFormat {
    /// Lines with branches.
    Text,
    /// The language of Graphviz.
    Dot,
    /// A Mermaid flow chart, for Markdown.
    Mermaid,
    /// For programs.
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix why markupsafe
  mach-nix why numpy project/mach-nix.lock

Exit codes: 0 done; 2 the lock has no such package, or cannot be read.")]
pub struct WhyOptions {
    /// The package to explain.
    #[arg(value_name = "PKG")]
    pub package: PackageName,

    #[command(flatten)]
    pub lock: LockSource,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix export --format pylock -o pylock.toml                    then: uv pip sync pylock.toml
  mach-nix export --format requirements --hashes -o hashed.txt      then: pip install -r hashed.txt
  mach-nix export project/mach-nix.lock --format cyclonedx          a bill of materials")]
pub struct ExportOptions {
    #[command(flatten)]
    pub lock: LockSource,

    /// What to write.
    #[arg(long, value_enum)]
    pub format: ExportFormat,

    /// Write to this file; `-` prints.
    #[arg(short, long, value_name = "PATH", default_value = "-")]
    pub output: PathBuf,

    /// With --format requirements: the digests of all files too, so that pip installs nothing else.
    #[arg(long)]
    pub hashes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// The lock file of all Python tools (PEP 751), for uv and pip.
    Pylock,
    /// A requirements file with one `name==version` a line.
    Requirements,
    /// A software bill of materials: CycloneDX 1.6, JSON.
    Cyclonedx,
}
