//! Every option and every environment variable, in one place.

pub mod environment;
pub mod index;
pub mod inspect;
pub mod inventory;
pub mod project;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use mach_nix_fetch::DEFAULT_INDEX;
use mach_nix_model::{PackageName, Prerelease, ProviderPreference, Timestamp};
use mach_nix_nix::DEFAULT_BUILD_LIMIT;
use mach_nix_tags::{NixSystem, PythonVersion};
use url::Url;

use environment::{EnvironmentOptions, ProgramOptions};
use index::IndexCommand;
use inspect::{ExportOptions, TreeOptions, WhyOptions};
use project::ProjectOptions;

use crate::failure::Failure;

/// Python requirements to reproducible Nix environments.
#[derive(Debug, Parser)]
#[command(
    name = "mach-nix",
    version,
    arg_required_else_help = true,
    after_help = "Examples:
  mach-nix lock -r requirements.txt          write mach-nix.lock beside requirements.txt
  mach-nix lock flask 'numpy>=2' -o -        print a lock for two requirements
  mach-nix tree                              show what the lock holds
  mach-nix why markupsafe                    say how a package came into it
  mach-nix export --format pylock            write it for uv and pip
  mach-nix run httpie -- http --version      run a program of a package, and leave no files behind
  mach-nix gen -r requirements.txt -o env.nix   write one file that nix-build and nix-shell take"
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// Print errors only.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Print more about what is done; twice for even more. `RUST_LOG` overrides it.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Choose one version of every package and write them down in a lock file.
    Lock(Box<LockOptions>),
    /// Show what was asked for and what it needs.
    Tree(TreeOptions),
    /// Say how a package came into the lock.
    Why(WhyOptions),
    /// Write a lock in another tool's format.
    Export(ExportOptions),
    /// Make and inspect snapshots of a package index.
    Index {
        /// What to do.
        #[command(subcommand)]
        command: Box<IndexCommand>,
    },
    /// Make a folder that `nix-shell DIR` enters as an environment, on every machine with Nix.
    #[command(
        mut_args(only_inputs),
        after_help = "Examples:
  mach-nix env ./env flask requests
  mach-nix env ./env -r requirements.txt --system x86_64-linux --system aarch64-darwin
  nix-shell ./env"
    )]
    Env(Box<EnvironmentOptions>),
    /// Write a Nix expression that holds all it needs: lock and library in one file, for every machine with Nix.
    #[command(
        mut_arg("format", |argument| argument.hide(true)),
        mut_arg("output", |argument| argument.help("Write to this file; `-` prints, which is the default")),
        mut_arg("check", |argument| argument.help("Write nothing; exit with 1 when the file that --output names is stale")),
        after_help = "Examples:
  mach-nix gen -r requirements.txt -o env.nix
  nix-build env.nix
  nix-shell env.nix
  nix-build env.nix --arg ignoreCollisions true      an argument of mkPython"
    )]
    Gen(Box<LockOptions>),
    /// Build an environment and print where it is; no files are written.
    #[command(
        mut_args(only_inputs),
        after_help = "Examples:
  mach-nix build flask requests
  mach-nix build -r requirements.txt --nixpkgs ./nixpkgs"
    )]
    Build(Box<LockOptions>),
    /// Enter an environment; no files are written.
    #[command(
        mut_args(only_inputs),
        after_help = "Examples:
  mach-nix shell 'numpy>=2' pandas"
    )]
    Shell(Box<LockOptions>),
    /// Run a program in an environment; no files are written.
    #[command(
        mut_args(only_inputs),
        after_help = "Examples:
  mach-nix run httpie -- http --version
  mach-nix run numpy -- python -c 'import numpy; print(numpy.__version__)'"
    )]
    Run(Box<ProgramOptions>),
    /// Print a script that completes commands and options in a shell.
    #[command(after_help = "Examples:
  mach-nix completions bash > ~/.local/share/bash-completion/completions/mach-nix
  mach-nix completions fish > ~/.config/fish/completions/mach-nix.fish
  mach-nix completions zsh > ~/.zfunc/_mach-nix")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Clone, Args)]
#[command(after_help = "Examples:
  mach-nix lock -r requirements.txt
  mach-nix lock -r requirements.txt --python 3.12 --system x86_64-linux --system aarch64-darwin
  mach-nix lock -r requirements.txt --exclude-newer 2026-11-01 --check
  mach-nix lock jupyterlab --format requirements

Environment: options with `[env: …]` above can be set as variables, several values with a space
between them (of MACH_NIX_PYTHON and MACH_NIX_SYSTEM, a comma). Besides those, NETRC (the file
with user names and passwords; ~/.netrc by default), SSL_CERT_FILE, HTTP_PROXY, HTTPS_PROXY,
NO_PROXY, RUST_LOG and NO_COLOR are honoured.

Exit codes: 0 done; 1 the requirements cannot be met, or --check found a stale lock; 2 bad usage
or unreadable input; 3 network, disk or Nix failed; 4 nixpkgs has to be asked
(--nixpkgs-questions).")]
pub struct LockOptions {
    /// Requirements, such as `flask` or 'numpy>=2' (PEP 508).
    #[arg(value_name = "REQ")]
    pub requirements: Vec<String>,

    /// Read requirements from a file, in pip's format. By their names are known: pyproject.toml, setup.cfg, scripts
    /// (*.py, PEP 723), environments of conda (*.yml), and the locks of other tools: pylock.toml, uv.lock, poetry.lock.
    #[arg(short, long = "requirement", value_name = "FILE")]
    pub requirement_files: Vec<PathBuf>,

    /// A project and its parts.
    #[command(flatten)]
    pub project: ProjectOptions,

    /// Read an environment of conda (environment.yml). Its `pip:` list is read in full; its other entries are taken as
    /// Python packages of the same names, where that is what they mean.
    #[arg(long, value_name = "FILE")]
    pub environment: Option<PathBuf>,

    /// Limit versions as a file says, without asking for the packages.
    #[arg(short, long = "constraint", value_name = "FILE")]
    pub constraint_files: Vec<PathBuf>,

    /// Write to this file; `-` prints. A lock goes to `mach-nix.lock` beside the first input by default, the other
    /// formats are printed.
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,

    /// What to write.
    #[arg(long, value_enum, default_value_t = Format::Lock, env = "MACH_NIX_FORMAT")]
    pub format: Format,

    /// Lock for this Python, such as 3.12 or 3.12.7; may be repeated. Default: python3 of the nixpkgs in use, else
    /// the newest that mach-nix knows well.
    #[arg(long, value_name = "VERSION", env = "MACH_NIX_PYTHON", value_delimiter = ',')]
    pub python: Vec<PythonVersion>,

    /// Lock for this system, such as aarch64-darwin; may be repeated. Default: this machine's.
    #[arg(long, value_name = "SYSTEM", env = "MACH_NIX_SYSTEM", value_delimiter = ',')]
    pub system: Vec<NixSystem>,

    /// The package index: the address of a simple repository API.
    #[arg(long, value_name = "URL", env = "MACH_NIX_INDEX_URL", default_value = DEFAULT_INDEX, hide_default_value = true, hide_env_values = true, value_parser = address)]
    pub index_url: Url,

    /// Further indexes. They are asked before --index-url, in order; the first that knows a name answers for it.
    #[arg(
        long,
        value_name = "URL",
        env = "MACH_NIX_EXTRA_INDEX_URL",
        hide_env_values = true,
        value_delimiter = ' ',
        value_parser = address
    )]
    pub extra_index_url: Vec<Url>,

    /// Ask no index: use only what --find-links and addresses in the requirements lead to.
    #[arg(long, env = "MACH_NIX_NO_INDEX")]
    pub no_index: bool,

    /// Take one package from this index only, as PACKAGE=URL, whatever others have under its name; may be repeated. The
    /// index is not asked for other packages.
    #[arg(
        long,
        value_name = "PKG=URL",
        env = "MACH_NIX_INDEX_OF",
        hide_env_values = true,
        value_delimiter = ' ',
        value_parser = package_index
    )]
    pub index_of: Vec<(PackageName, Url)>,

    /// Look for files in a folder, or behind the links of a page, too; may be repeated. They count beside those of the
    /// indexes.
    #[arg(
        long,
        value_name = "PATH|URL",
        env = "MACH_NIX_FIND_LINKS",
        hide_env_values = true
    )]
    pub find_links: Vec<String>,

    /// Leave out what was uploaded after this date, such as 2026-11-01 (to the end of that day in UTC), or at this instant
    /// and later, such as 2026-11-01T12:00:00Z.
    #[arg(long, value_name = "DATE", env = "MACH_NIX_EXCLUDE_NEWER")]
    pub exclude_newer: Option<Timestamp>,

    /// Resolve from a snapshot, a file that `mach-nix index build` made, instead of from an index. No connection is opened.
    #[arg(long, value_name = "SNAPSHOT", env = "MACH_NIX_PYPI_DATA", conflicts_with_all = ["find_links", "no_index", "index_of"])]
    pub pypi_data: Option<PathBuf>,

    /// Whether pre-releases may be chosen: allow, disallow or if-necessary-or-explicit. Default: the last, unless the
    /// settings of uv in a project say otherwise.
    #[arg(long, value_name = "RULE", env = "MACH_NIX_PRERELEASE")]
    pub prerelease: Option<Prerelease>,

    /// Where packages come from: wheel, sdist, nixpkgs. After a comma, what is taken where the first has nothing; `|` stands
    /// between those of equal rank, of which the newest version is taken. Default: wheel,sdist,nixpkgs.
    #[arg(long, value_name = "LIST", env = "MACH_NIX_PROVIDERS")]
    pub providers: Option<ProviderPreference>,

    /// Where one package comes from, as PACKAGE=LIST; may be repeated.
    #[arg(long, value_name = "PKG=LIST", env = "MACH_NIX_PROVIDER", value_delimiter = ' ', value_parser = package_providers)]
    pub provider: Vec<(PackageName, ProviderPreference)>,

    /// A channel of conda. There is no provider for its packages yet, and who gives one is told so.
    #[arg(long, value_name = "NAME=URL", hide = true)]
    pub conda_channel: Vec<String>,

    /// The nixpkgs that packages come from, and that sources are asked and built with: a file or folder to import. Default:
    /// `<nixpkgs>` (`NIX_PATH`).
    #[arg(long, value_name = "PATH", env = "MACH_NIX_NIXPKGS")]
    pub nixpkgs: Option<PathBuf>,

    /// Take what nixpkgs has from a file that `mach-nix index nixpkgs` wrote, instead of asking Nix.
    #[arg(long, value_name = "FILE", env = "MACH_NIX_NIXPKGS_INVENTORY")]
    pub nixpkgs_inventory: Option<PathBuf>,

    /// The inventory tells about some packages only. When nixpkgs has to be asked about others, write their names to this
    /// file, a list in JSON, and exit with 4.
    #[arg(long, value_name = "FILE", requires = "nixpkgs_inventory", conflicts_with_all = ["check", "save_problem"])]
    pub nixpkgs_questions: Option<PathBuf>,

    /// How long a source may take to say what it needs.
    #[arg(long, value_name = "SECONDS", env = "MACH_NIX_BUILD_TIME_LIMIT", default_value_t = DEFAULT_BUILD_LIMIT.as_secs(), value_parser = clap::value_parser!(u64).range(1..))]
    pub build_time_limit: u64,

    /// Open no connection: use what the cache has.
    #[arg(long, env = "MACH_NIX_OFFLINE")]
    pub offline: bool,

    /// Do not stay with the versions of the existing lock; with names, for these packages only.
    #[arg(long, value_name = "PKG", num_args = 0.., value_delimiter = ',')]
    pub upgrade: Option<Vec<PackageName>>,

    /// Write nothing; exit with 1 when the lock is stale.
    #[arg(long)]
    pub check: bool,

    /// Write the request and everything the index answered to a file, for a report; `--replay` resolves it again.
    #[arg(long, value_name = "FILE")]
    pub save_problem: Option<PathBuf>,

    /// Resolve a saved problem again, without a network, and print the result.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["requirements", "requirement_files", "check"])]
    pub replay: Option<PathBuf>,

    /// How many requests may be under way at once.
    #[arg(long, value_name = "N", env = "MACH_NIX_JOBS", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: u16,

    /// The folder of the cache. Default: `mach-nix` in the user's cache folder (XDG).
    #[arg(long, value_name = "DIR", env = "MACH_NIX_CACHE_DIR")]
    pub cache_dir: Option<PathBuf>,
}

/// The options of `lock` that say what is written are none of the commands that make environments.
const RESULTS: [&str; 5] = ["output", "format", "check", "save_problem", "replay"];

fn only_inputs(argument: clap::Arg) -> clap::Arg {
    let is_result = RESULTS.contains(&argument.get_id().as_str());
    if is_result { argument.hide(true) } else { argument }
}

impl LockOptions {
    /// # Errors
    /// When an option says what `mach-nix lock` should write, and the command is another.
    pub fn refuse_other_results(&self, command: &str) -> Result<(), Failure> {
        let given = self.output.is_some()
            || self.format != Format::Lock
            || self.check
            || self.save_problem.is_some()
            || self.replay.is_some();
        if given {
            return Err(Failure::usage(format!(
                "--output, --format, --check, --save-problem and --replay are for `mach-nix lock`, not for \
                 `mach-nix {command}`"
            )));
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The lock file.
    Lock,
    /// The lock file, printed.
    Json,
    /// The lock file of all Python tools (PEP 751), for uv and pip.
    Pylock,
    /// A requirements file with one `name==version` a line.
    Requirements,
    /// A Nix expression that holds all it needs, as `mach-nix gen` writes it.
    Nix,
}

fn package_index(text: &str) -> Result<(PackageName, Url), String> {
    let (name, url) = text
        .split_once('=')
        .ok_or("write PACKAGE=URL, as in `torch=https://download.pytorch.org/whl/cpu`")?;
    let name = name.parse().map_err(|_| format!("`{name}` is no package name"))?;
    Ok((name, address(url)?))
}

fn address(text: &str) -> Result<Url, String> {
    let wanted = "write one such as https://index.example.org/simple";
    match Url::parse(text) {
        Ok(url) if !url.cannot_be_a_base() => Ok(url),
        Ok(_) => Err(format!("this is no address of an index: {wanted}")),
        Err(error) => Err(format!("this is no address of an index ({error}): {wanted}")),
    }
}

fn package_providers(text: &str) -> Result<(PackageName, ProviderPreference), String> {
    let (name, list) = text
        .split_once('=')
        .ok_or("write PACKAGE=LIST, as in `numpy=wheel`")?;
    let name = name.parse().map_err(|_| format!("`{name}` is no package name"))?;
    let list = list
        .parse()
        .map_err(|error: mach_nix_model::ProviderParseError| error.to_string())?;
    Ok((name, list))
}
