//! Options of `mach-nix lock`, which are shared by the commands that create environments.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use mach_nix_conda::VirtualPackage;
use mach_nix_fetch::DEFAULT_INDEX;
use mach_nix_model::{ExcludeNewer, PackageName, Prerelease, ProviderPreference};
use mach_nix_nix::DEFAULT_BUILD_LIMIT;
use mach_nix_tags::{NixSystem, PythonVersion};
use url::Url;

use super::headings::{INPUTS_HEADING, PACKAGES_HEADING, TARGETS_HEADING};
use super::project::ProjectOptions;
use super::trust::TrustOptions;
use super::values::{
    IndexAddress, conda_channel, index_address, limit_of_package, package_index, package_providers,
};

#[derive(Debug, Clone, Args)]
#[command(
    after_help = "`--help` shows all options, with their variables and examples.",
    after_long_help = "Examples:
  mach-nix lock -r requirements.txt
  mach-nix lock -r requirements.txt --python 3.12 --system x86_64-linux --system aarch64-darwin
  mach-nix lock -r requirements.txt --exclude-newer 2026-11-01 --check
  mach-nix lock jupyterlab --format requirements

Environment: options marked `[env: …]` above can be set as variables. Separate several values with
a space, those of MACH_NIX_PYTHON and MACH_NIX_SYSTEM with a comma. NETRC (a file with user names
and passwords, ~/.netrc by default), MACH_NIX_INDEX_<NAME>_USERNAME, …_PASSWORD and …_TOKEN (of an
index with this name or host), SSL_CERT_FILE, SSL_CLIENT_CERT, HTTP_PROXY, HTTPS_PROXY, NO_PROXY,
RUST_LOG and NO_COLOR are honoured, too.

Exit codes: 0 success; 1 the requirements cannot be met, or --check found a stale lock; 2 bad usage
or unreadable input; 3 network, disk or Nix failed."
)]
#[expect(clippy::struct_excessive_bools, reason = "they are flags of the command line")]
pub struct LockOptions {
    /// Requirements, such as `flask` or 'numpy>=2' (PEP 508).
    #[arg(value_name = "REQ")]
    pub requirements: Vec<String>,

    /// Read requirements from a file.
    ///
    /// The file name tells the format: pyproject.toml, setup.cfg, setup.py, scripts (*.py, PEP 723), conda environments
    /// (*.yml), and the lock files pylock.toml, uv.lock, poetry.lock, Pipfile.lock, conda-lock.yml and pixi.lock. A
    /// mach-nix.lock is used as it is. Any other file is in pip's format, or has the addresses of conda packages (`@EXPLICIT`).
    #[arg(help_heading = INPUTS_HEADING, short, long = "requirement", value_name = "FILE")]
    pub requirement_files: Vec<PathBuf>,

    /// A project and its parts.
    #[command(flatten)]
    pub project: ProjectOptions,

    /// Read a conda environment (environment.yml).
    ///
    /// Its conda packages come from its channels, and entries under `pip:` from the package index.
    #[arg(help_heading = INPUTS_HEADING, long, value_name = "FILE")]
    pub environment: Option<PathBuf>,

    /// Read the conda packages of environment files as Python packages of the same names, without channels.
    #[arg(help_heading = INPUTS_HEADING, long, env = "MACH_NIX_NO_CONDA", hide_short_help = true)]
    pub no_conda: bool,

    /// Ignore the builds in environment files: those of an exported environment exist on one platform only.
    #[arg(help_heading = INPUTS_HEADING, long, env = "MACH_NIX_NO_BUILDS", hide_short_help = true)]
    pub no_builds: bool,

    /// Read constraints from a file: they limit versions and require nothing.
    #[arg(help_heading = INPUTS_HEADING, short, long = "constraint", value_name = "FILE")]
    pub constraint_files: Vec<PathBuf>,

    /// Write to this file; `-` prints.
    ///
    /// By default, a lock is written to `mach-nix.lock` next to the first input, and other formats are printed.
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,

    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Lock, env = "MACH_NIX_FORMAT")]
    pub format: Format,

    /// Lock for this Python, such as 3.12 or 3.12.7; may be repeated.
    ///
    /// Default: `python3` of the nixpkgs in use, else the newest supported version.
    #[arg(help_heading = TARGETS_HEADING, long, value_name = "VERSION", env = "MACH_NIX_PYTHON", value_delimiter = ',')]
    pub python: Vec<PythonVersion>,

    /// Lock for this system, such as aarch64-darwin; may be repeated.
    ///
    /// Default: the system of this machine.
    #[arg(help_heading = TARGETS_HEADING, long, value_name = "SYSTEM", env = "MACH_NIX_SYSTEM", value_delimiter = ',')]
    pub system: Vec<NixSystem>,

    /// Package index: the URL of a simple repository API, or NAME=URL.
    #[arg(help_heading = PACKAGES_HEADING, long, value_name = "URL", env = "MACH_NIX_INDEX_URL", default_value = DEFAULT_INDEX, hide_default_value = true, hide_env_values = true, value_parser = index_address)]
    pub index_url: IndexAddress,

    /// Extra package index, as URL or NAME=URL; may be repeated.
    ///
    /// Extra indexes come before --index-url, in order. The first index that has a package is used for it.
    #[arg(help_heading = PACKAGES_HEADING,
        long,
        value_name = "URL",
        env = "MACH_NIX_EXTRA_INDEX_URL",
        hide_env_values = true,
        value_delimiter = ' ',
        value_parser = index_address
    )]
    pub extra_index_url: Vec<IndexAddress>,

    /// Use no index, only --find-links and URLs in the requirements.
    #[arg(help_heading = PACKAGES_HEADING, long, env = "MACH_NIX_NO_INDEX", hide_short_help = true)]
    pub no_index: bool,

    /// Pin one package to an index, as PACKAGE=URL; may be repeated.
    ///
    /// The package comes from this index only, and the index is used for no other package.
    #[arg(help_heading = PACKAGES_HEADING,
        long,
        hide_short_help = true,
        value_name = "PKG=URL",
        env = "MACH_NIX_INDEX_OF",
        hide_env_values = true,
        value_delimiter = ' ',
        value_parser = package_index
    )]
    pub index_of: Vec<(PackageName, Url)>,

    /// Also use the files in a folder or linked from a page; may be repeated.
    #[arg(help_heading = PACKAGES_HEADING,
        long,
        value_name = "PATH|URL",
        env = "MACH_NIX_FIND_LINKS",
        hide_env_values = true
    )]
    pub find_links: Vec<String>,

    /// Ignore files uploaded after this date, such as 2026-11-01.
    ///
    /// A date includes the whole day, in UTC. An instant such as 2026-11-01T12:00:00Z is excluded itself. A duration such as
    /// `7 days` or `P7D` counts back from now; the lock records the instant, which stays until `--upgrade` or another change.
    /// `false` removes the limit of a project.
    #[arg(help_heading = PACKAGES_HEADING, long, value_name = "DATE", env = "MACH_NIX_EXCLUDE_NEWER")]
    pub exclude_newer: Option<ExcludeNewer>,

    /// A date limit for one package, or `false` for none; may be repeated.
    #[arg(help_heading = PACKAGES_HEADING, long, hide_short_help = true, value_name = "PACKAGE=DATE", env = "MACH_NIX_EXCLUDE_NEWER_PACKAGE", value_delimiter = ',', value_parser = limit_of_package)]
    pub exclude_newer_package: Vec<(PackageName, ExcludeNewer)>,

    /// Resolve from a snapshot file, without a connection.
    ///
    /// `mach-nix index build` creates snapshots.
    #[arg(help_heading = PACKAGES_HEADING, long, value_name = "SNAPSHOT", env = "MACH_NIX_PYPI_DATA", conflicts_with_all = ["find_links", "no_index", "index_of"])]
    pub pypi_data: Option<PathBuf>,

    /// Pre-releases: allow, disallow or if-necessary-or-explicit.
    ///
    /// Default: the last, unless settings of a project say otherwise.
    #[arg(help_heading = PACKAGES_HEADING, long, value_name = "RULE", env = "MACH_NIX_PRERELEASE")]
    pub prerelease: Option<Prerelease>,

    /// Providers of packages: wheel, sdist, nixpkgs, conda/CHANNEL.
    ///
    /// Default: wheel,sdist,nixpkgs.
    /// A comma separates preferences: the second provider is used where the first has nothing. `|` separates providers of
    /// equal rank: the newest version is used.
    #[arg(help_heading = PACKAGES_HEADING, long, value_name = "LIST", env = "MACH_NIX_PROVIDERS")]
    pub providers: Option<ProviderPreference>,

    /// Providers of one package, as PACKAGE=LIST; may be repeated.
    #[arg(help_heading = PACKAGES_HEADING, long, value_name = "PKG=LIST", env = "MACH_NIX_PROVIDER", value_delimiter = ' ', value_parser = package_providers)]
    pub provider: Vec<(PackageName, ProviderPreference)>,

    /// A conda channel, as NAME=URL, NAME=FOLDER or the NAME of a public one; may be repeated, most preferred first.
    ///
    /// Packages that only conda has come from the first channel with their name. Python packages come from a channel where
    /// their providers name it, as `conda/NAME`.
    #[arg(help_heading = PACKAGES_HEADING,
        long,
        value_name = "NAME=URL",
        env = "MACH_NIX_CONDA_CHANNEL",
        hide_env_values = true,
        hide_short_help = true,
        value_delimiter = ' ',
        value_parser = conda_channel
    )]
    pub conda_channel: Vec<(String, Url)>,

    /// A virtual package of the targets for conda packages, such as `__cuda=12.4`; may be repeated.
    ///
    /// It replaces the one that every target has. The machine that locks has no influence.
    #[arg(help_heading = PACKAGES_HEADING,
        long,
        value_name = "NAME=VERSION",
        env = "MACH_NIX_CONDA_VIRTUAL",
        hide_short_help = true,
        value_delimiter = ' '
    )]
    pub conda_virtual: Vec<VirtualPackage>,

    /// The nixpkgs to use: a path, `<NAME>` on `NIX_PATH`, the URL of a tarball, or a flake.
    ///
    /// Packages of the provider `nixpkgs` come from it, and sources are built with it. Default: `<nixpkgs>`.
    #[arg(help_heading = TARGETS_HEADING, long, value_name = "PATH", env = "MACH_NIX_NIXPKGS")]
    pub nixpkgs: Option<PathBuf>,

    /// Read the packages of nixpkgs from a file, instead of running Nix.
    ///
    /// `mach-nix index nixpkgs` writes such a file.
    #[arg(help_heading = PACKAGES_HEADING,
        long,
        hide_short_help = true,
        value_name = "FILE",
        env = "MACH_NIX_NIXPKGS_INVENTORY"
    )]
    pub nixpkgs_inventory: Option<PathBuf>,

    /// Timeout of a build backend, in seconds.
    #[arg(long, hide_short_help = true, value_name = "SECONDS", env = "MACH_NIX_BUILD_TIME_LIMIT", default_value_t = DEFAULT_BUILD_LIMIT.as_secs(), value_parser = clap::value_parser!(u64).range(1..))]
    pub build_time_limit: u64,

    /// Work offline, from the cache.
    #[arg(long, env = "MACH_NIX_OFFLINE")]
    pub offline: bool,

    /// Check cached responses of indexes again. Default: after ten minutes.
    #[arg(
        long,
        hide_short_help = true,
        env = "MACH_NIX_REFRESH",
        conflicts_with = "offline"
    )]
    pub refresh: bool,

    /// Ignore the versions in the existing lock; with names, of these packages only.
    #[arg(long, value_name = "PKG", num_args = 0.., value_delimiter = ',')]
    pub upgrade: Option<Vec<PackageName>>,

    /// Write nothing; exit with code 1 if the lock is stale.
    #[arg(long)]
    pub check: bool,

    /// Print an object of JSON: the packages of the new lock, and the changes.
    #[arg(long)]
    pub json: bool,

    /// Write the request and all responses of the index to a file, for a bug report.
    #[arg(long, hide_short_help = true, value_name = "FILE")]
    pub save_problem: Option<PathBuf>,

    /// Resolve a file of --save-problem again, offline, and print the result.
    #[arg(long, hide_short_help = true, value_name = "FILE", conflicts_with_all = ["requirements", "requirement_files", "check"])]
    pub replay: Option<PathBuf>,

    /// Answer a query in JSON from a file (`-` for standard input).
    ///
    /// The answer on standard output is an object with `lock`, `nixpkgs` or `error`; the lock is also written to the file
    /// of --output. All inputs come from the query. docs/protocol.md describes the fields.
    #[arg(long, hide_short_help = true, value_name = "FILE")]
    pub query: Option<PathBuf>,

    /// The trust in servers.
    #[command(flatten)]
    pub trust: TrustOptions,

    /// Maximum number of concurrent requests.
    #[arg(long, hide_short_help = true, value_name = "N", env = "MACH_NIX_JOBS", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: u16,

    /// Cache folder.
    ///
    /// Default: `mach-nix` in the user's cache folder (XDG).
    #[arg(long, hide_short_help = true, value_name = "DIR", env = "MACH_NIX_CACHE_DIR")]
    pub cache_dir: Option<PathBuf>,

    /// Do nothing if the lock is not stale.
    #[arg(skip)]
    pub if_stale: bool,

    /// The text that a file is about to have.
    #[arg(skip)]
    pub edited: Option<(PathBuf, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The lock file.
    Lock,
    /// The lock file, printed.
    Json,
    /// `pylock.toml` (PEP 751), for uv and pip.
    Pylock,
    /// A requirements file: one `name==version` per line.
    Requirements,
    /// A self-contained Nix expression, as of `mach-nix gen`.
    Nix,
}
