//! Options and environment variables.

pub mod environment;
mod headings;
pub mod index;
pub mod init;
pub mod inspect;
pub mod inventory;
pub mod lock;
mod other_commands;
pub mod project;
pub mod trust;
pub mod values;

use clap::{Parser, Subcommand};

use environment::{BuildOptions, EnvironmentOptions, ProgramOptions};
use index::IndexCommand;
use init::InitOptions;
use inspect::{ExportOptions, TreeOptions, WhyOptions};
use lock::LockOptions;
use other_commands::{of_project, only_inputs};
use project::optional_folder;

/// Python requirements to reproducible Nix environments.
#[derive(Debug, Parser)]
#[command(
    name = "mach-nix",
    version,
    arg_required_else_help = true,
    after_help = "Examples:
  mach-nix init                              start a project in the current folder
  mach-nix add flask                         add a requirement to the project, and lock it
  mach-nix run pytest -x                     run a program of the project
  mach-nix lock -r requirements.txt          write mach-nix.lock next to requirements.txt
  mach-nix lock flask 'numpy>=2' -o -        print a lock for two requirements
  mach-nix tree                              show the dependency tree of the lock
  mach-nix why markupsafe                    show why a package is in the lock
  mach-nix export --format pylock            convert the lock for uv and pip
  mach-nix run httpie -- http --version      run a program without writing files
  mach-nix gen -r requirements.txt -o env.nix   write one file for nix-build and nix-shell"
)]
pub struct Arguments {
    /// The subcommand.
    #[command(subcommand)]
    pub command: Command,

    /// Print errors only.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Print each decision; twice, each request as well.
    ///
    /// `RUST_LOG` overrides it.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Resolve requirements and write a lock file.
    Lock(Box<LockOptions>),
    /// Start a project: write a manifest, a lock, and files for Nix and direnv.
    #[command(after_help = "Examples:
  mach-nix init                                      in the current folder, with a pyproject.toml
  mach-nix init web --template requirements
  mach-nix init demo --template flask-weather        an example

A file that exists stays as it is.")]
    Init(InitOptions),
    /// Add requirements to the project, and lock it.
    #[command(
        mut_args(only_inputs),
        mut_args(of_project),
        mut_arg("editable", |argument| argument.hide(false).help("Add the project in a folder; may be repeated")),
        after_help = "Examples:
  mach-nix add flask 'numpy>=2'
  mach-nix add --editable ./libs/core
  mach-nix add pytest --group dev

The manifest changes once the lock has succeeded. A requirement of the same name is replaced."
    )]
    Add(Box<LockOptions>),
    /// Remove requirements from the project, and lock it.
    #[command(
        mut_args(only_inputs),
        mut_args(of_project),
        after_help = "Examples:
  mach-nix remove flask
  mach-nix remove pytest --group dev

The manifest changes once the lock has succeeded."
    )]
    Remove(Box<LockOptions>),
    /// Lock the project with the newest versions, of all packages or of some.
    #[command(
        mut_args(only_inputs),
        mut_args(of_project),
        after_help = "Examples:
  mach-nix update                                    all packages
  mach-nix update click werkzeug                     these packages, and what they need"
    )]
    Update(Box<LockOptions>),
    /// Link the environment of the project as `.venv`, for editors and tools.
    #[command(
        mut_args(only_inputs),
        mut_args(of_project),
        mut_arg("requirements", |argument| argument.hide(true)),
        mut_arg("no_default_groups", |argument| argument.hide(false)),
        after_help = "Examples:
  mach-nix sync
  mach-nix sync --group docs && .venv/bin/python

The project itself, the members of its workspace and editable dependencies are imported from their folders. The environment
is replaced as a whole, and is read-only: `mach-nix add` changes it."
    )]
    Sync(Box<LockOptions>),
    /// List the packages of the lock that have newer versions.
    #[command(
        mut_args(only_inputs),
        mut_args(of_project),
        mut_arg("requirements", |argument| argument.hide(true)),
        mut_arg("json", |argument| argument.hide(false).help("Print an object of JSON: `packages`, with the versions of each")),
        after_help = "Examples:
  mach-nix outdated
  mach-nix outdated --json | jq -r '.packages[].name'

`Compatible` is the version that `mach-nix update` locks, `Newest` the newest of all. Nothing is written."
    )]
    Outdated(Box<LockOptions>),
    /// Check that the lock of the project and the nixpkgs in use go together.
    #[command(
        mut_args(only_inputs),
        mut_args(of_project),
        mut_arg("requirements", |argument| argument.hide(true)),
        after_help = "Examples:
  mach-nix doctor
  mach-nix doctor --nixpkgs ./nixpkgs

It looks at the state of the lock, the Python, and the packages that nixpkgs has in the same version, and writes nothing.
Exit codes: 0 nothing needs attention; 1 a line with `!` does."
    )]
    Doctor(Box<LockOptions>),
    /// Show the dependency tree of a lock.
    Tree(TreeOptions),
    /// Show why a package is in the lock.
    Why(WhyOptions),
    /// Convert a lock to another tool's format.
    Export(ExportOptions),
    /// Create and inspect snapshots of a package index.
    Index {
        /// The subcommand.
        #[command(subcommand)]
        command: Box<IndexCommand>,
    },
    /// Write an environment folder for `nix-shell DIR`.
    #[command(
        mut_args(only_inputs),
        after_help = "Examples:
  mach-nix env ./env flask requests
  mach-nix env ./env -r requirements.txt --system x86_64-linux --system aarch64-darwin
  nix-shell ./env"
    )]
    Env(Box<EnvironmentOptions>),
    /// Write a self-contained Nix expression: lock and library in one file.
    #[command(
        mut_arg("format", |argument| argument.hide(true)),
        mut_arg("output", |argument| argument.help("Write to this file; `-` prints, which is the default")),
        mut_arg("check", |argument| argument.help("Write nothing; exit with code 1 if the file given with --output is stale")),
        after_help = "Examples:
  mach-nix gen -r requirements.txt -o env.nix
  nix-build env.nix
  nix-shell env.nix
  nix-build env.nix --arg ignoreCollisions true      an argument of mkPython"
    )]
    Gen(Box<LockOptions>),
    /// Build the environment of the project, or of packages, and print its path.
    #[command(
        mut_args(only_inputs),
        mut_arg("json", |argument| argument.hide(false).help("Print an object of JSON with the path")),
        after_help = "Examples:
  mach-nix build --no-default-groups                 the project, from its lock
  mach-nix build flask requests
  mach-nix build -r requirements.txt --nixpkgs ./nixpkgs"
    )]
    Build(Box<BuildOptions>),
    /// Start a shell in the environment of the project, or of packages.
    #[command(
        mut_args(only_inputs),
        mut_arg("editable", optional_folder),
        after_help = "Examples:
  mach-nix shell --group docs                        the project, from its lock
  mach-nix shell 'numpy>=2' pandas"
    )]
    Shell(Box<ProgramOptions>),
    /// Run a program of the project, or of packages.
    #[command(
        mut_args(only_inputs),
        mut_arg("editable", optional_folder),
        after_help = "Examples:
  mach-nix run pytest -x                             a program of the project, from its lock
  mach-nix run httpie -- http --version
  mach-nix run numpy -- python -c 'import numpy; print(numpy.__version__)'"
    )]
    Run(Box<ProgramOptions>),
    /// Print a completion script for a shell.
    #[command(after_help = "Examples:
  mach-nix completions bash > ~/.local/share/bash-completion/completions/mach-nix
  mach-nix completions fish > ~/.config/fish/completions/mach-nix.fish
  mach-nix completions zsh > ~/.zfunc/_mach-nix")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}
