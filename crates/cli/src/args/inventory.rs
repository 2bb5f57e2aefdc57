//! Options of `mach-nix index nixpkgs`.

use std::path::PathBuf;

use clap::Args;
use mach_nix_tags::{NixSystem, PythonVersion};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix index nixpkgs --python 3.12 -o nixpkgs.json
  mach-nix lock -r requirements.txt --python 3.12 --nixpkgs-inventory nixpkgs.json

`mach-nix lock` asks nixpkgs itself, for as little as it needs; a file is for where there is no
Nix to ask. All packages of a nixpkgs take Nix about a minute.

Exit codes: 0 done; 2 bad usage; 3 Nix failed.")]
pub struct InventoryOptions {
    /// The nixpkgs: a file or folder to import. Default: `<nixpkgs>` (`NIX_PATH`).
    #[arg(long, value_name = "PATH", env = "MACH_NIX_NIXPKGS")]
    pub nixpkgs: Option<PathBuf>,

    /// The Pythons, such as 3.12; may be repeated.
    #[arg(
        long,
        value_name = "VERSION",
        env = "MACH_NIX_PYTHON",
        value_delimiter = ',',
        required = true
    )]
    pub python: Vec<PythonVersion>,

    /// The system, such as aarch64-darwin. Default: this machine's.
    #[arg(long, value_name = "SYSTEM", env = "MACH_NIX_SYSTEM")]
    pub system: Option<NixSystem>,

    /// Write to this file; `-` prints.
    #[arg(short, long, value_name = "PATH", default_value = "-")]
    pub output: PathBuf,
}
