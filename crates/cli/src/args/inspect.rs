//! Options of the commands that read a lock: `tree`, `why` and `export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use mach_nix_model::AnyName;

/// The lock to read.
#[derive(Debug, Args)]
pub struct LockSource {
    /// The lock file; `-` reads standard input.
    #[arg(value_name = "LOCK", default_value = crate::lock_file::NAME)]
    pub path: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix tree                                      all requirements with their dependencies
  mach-nix tree --depth 1                            the requirements and their direct dependencies
  mach-nix tree --invert --package markupsafe        what needs markupsafe
  mach-nix tree --format dot | dot -Tsvg -o tree.svg
  mach-nix tree project/mach-nix.lock --format mermaid

(*) marks a part that is shown above. Versions and edges that differ between targets name theirs.")]
pub struct TreeOptions {
    #[command(flatten)]
    pub lock: LockSource,

    /// Show dependents instead of dependencies.
    #[arg(long)]
    pub invert: bool,

    /// Start at this package.
    #[arg(long, value_name = "PKG")]
    pub package: Option<AnyName>,

    /// Maximum number of levels below the start; 0 shows the start only.
    #[arg(long, value_name = "N")]
    pub depth: Option<usize>,

    /// Output format.
    #[arg(long, value_enum, default_value_t = TreeFormat::Text)]
    pub format: TreeFormat,

    /// The same as `--format json`.
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TreeFormat {
    /// A tree as text.
    Text,
    /// Graphviz.
    Dot,
    /// A Mermaid flowchart, for Markdown.
    Mermaid,
    /// JSON.
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix why markupsafe
  mach-nix why numpy project/mach-nix.lock

Exit codes: 0 success; 2 the lock has no such package, or cannot be read.")]
pub struct WhyOptions {
    /// The package to explain.
    #[arg(value_name = "PKG")]
    pub package: AnyName,

    #[command(flatten)]
    pub lock: LockSource,

    /// Print the tree of dependents as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix export --format pylock -o pylock.toml                    then: uv pip sync pylock.toml
  mach-nix export --format requirements --hashes -o hashed.txt      then: pip install -r hashed.txt
  mach-nix export project/mach-nix.lock --format cyclonedx          a bill of materials")]
pub struct ExportOptions {
    #[command(flatten)]
    pub lock: LockSource,

    /// Output format.
    #[arg(long, value_enum)]
    pub format: ExportFormat,

    /// Write to this file; `-` prints.
    #[arg(short, long, value_name = "PATH", default_value = "-")]
    pub output: PathBuf,

    /// With --format requirements: add the hashes of all files, for pip's hash-checking mode.
    #[arg(long)]
    pub hashes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// `pylock.toml` (PEP 751), for uv and pip.
    Pylock,
    /// A requirements file: one `name==version` per line.
    Requirements,
    /// A software bill of materials: CycloneDX 1.6, JSON.
    Cyclonedx,
    /// An explicit file of conda packages (`@EXPLICIT`), for one system.
    Explicit,
}
