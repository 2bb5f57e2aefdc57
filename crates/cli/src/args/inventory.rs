//! Options of `mach-nix index nixpkgs`.

use std::path::PathBuf;

use clap::Args;
use mach_nix_tags::{NixSystem, PythonVersion};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mach-nix index nixpkgs --python 3.12 -o nixpkgs.json
  mach-nix lock -r requirements.txt --python 3.12 --nixpkgs-inventory nixpkgs.json

`mach-nix lock` evaluates only the packages of nixpkgs that it needs. A file is for machines
without Nix. To evaluate all packages takes about a minute.

Exit codes: 0 success; 2 bad usage; 3 Nix failed.")]
pub struct InventoryOptions {
    /// The nixpkgs to use: a path, `<NAME>` on `NIX_PATH`, the URL of a tarball, or a flake. Default: `<nixpkgs>`.
    #[arg(long, value_name = "PATH", env = "MACH_NIX_NIXPKGS")]
    pub nixpkgs: Option<PathBuf>,

    /// Python version, such as 3.12; may be repeated.
    #[arg(
        long,
        value_name = "VERSION",
        env = "MACH_NIX_PYTHON",
        value_delimiter = ',',
        required = true
    )]
    pub python: Vec<PythonVersion>,

    /// System, such as aarch64-darwin. Default: the system of this machine.
    #[arg(long, value_name = "SYSTEM", env = "MACH_NIX_SYSTEM")]
    pub system: Option<NixSystem>,

    /// Write to this file; `-` prints.
    #[arg(short, long, value_name = "PATH", default_value = "-")]
    pub output: PathBuf,
}
