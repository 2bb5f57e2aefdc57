//! A folder to call the command in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use mach_nix_lock::Lock;
use tempfile::TempDir;

use crate::{IndexServer, Manners, Package};

/// A folder to work in, with a cache of its own, and an index.
pub struct Workdir {
    /// The folder.
    pub folder: TempDir,
    /// The index that is asked by default.
    pub index: IndexServer,
}

impl Workdir {
    /// An empty folder, and an index that has these packages.
    ///
    /// # Panics
    /// When there is no room for a folder.
    #[must_use]
    pub fn new(packages: &[Package], manners: Manners) -> Self {
        Self {
            folder: TempDir::new().expect("a temporary folder"),
            index: IndexServer::start(packages, manners),
        }
    }

    /// A path in the folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("a writable folder");
    }

    /// The text of `mach-nix.lock`.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn lock_text(&self) -> String {
        fs::read_to_string(self.path("mach-nix.lock")).expect("a lock")
    }

    /// `mach-nix.lock`
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn lock_file(&self) -> Lock {
        Lock::from_json(&self.lock_text()).expect("a readable lock")
    }

    /// Runs `mach-nix lock` with these words.
    #[must_use]
    pub fn lock(&self, words: &str) -> Ran {
        let words: Vec<&str> = std::iter::once("lock").chain(words.split_whitespace()).collect();
        self.run(&words)
    }

    /// Runs `mach-nix` with these arguments.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_in(".", arguments, &[])
    }

    /// Runs `mach-nix` with these arguments and variables in a folder of the folder.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn run_in(&self, folder: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let mut command = self.command(arguments);
        command
            .current_dir(self.path(folder))
            .envs(variables.iter().copied());
        Ran(command.output().expect("a program"))
    }

    /// Runs `mach-nix` with these arguments and without one of the variables that are set otherwise.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn run_without(&self, arguments: &[&str], variable: &str) -> Ran {
        let mut command = self.command(arguments);
        Ran(command.env_remove(variable).output().expect("a program"))
    }

    /// `mach-nix` with these arguments, to be run.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(arguments).current_dir(&self.folder);
        command
            .env_clear()
            .env("MACH_NIX_CACHE_DIR", self.path("cache"))
            .env("MACH_NIX_INDEX_URL", self.index.url())
            // The server of the tests may leave a request on a fifth connection until another one closes.
            .env("MACH_NIX_JOBS", "4")
            .env("MACH_NIX_PYTHON", "3.11")
            .env("MACH_NIX_SYSTEM", "x86_64-linux");
        command
    }
}

/// The command under test, which lies where the tests were built.
///
/// # Panics
/// When it is not built.
#[must_use]
pub fn program() -> PathBuf {
    let test = std::env::current_exe().expect("a test is a file");
    let folder = test.parent().and_then(Path::parent).expect("a folder");
    let program = folder.join("mach-nix");
    assert!(
        program.exists(),
        "{} is not built: run `cargo build` first, as ./dev test does",
        program.display()
    );
    program
}

/// The result of a command.
pub struct Ran(Output);

impl Ran {
    /// Its standard output.
    ///
    /// # Panics
    /// When that is not a text.
    #[must_use]
    pub fn stdout(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).expect("text")
    }

    /// Its exit code.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        self.0.status.code()
    }

    /// Its standard error.
    ///
    /// # Panics
    /// When that is not a text.
    #[must_use]
    pub fn stderr(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).expect("text")
    }

    /// Asserts the exit code; gives standard error.
    ///
    /// # Panics
    /// When it is another.
    #[track_caller]
    #[expect(clippy::must_use_candidate, reason = "it asserts")]
    pub fn ends(&self, code: i32) -> String {
        assert_eq!(
            self.0.status.code(),
            Some(code),
            "stdout: {}\nstderr: {}",
            self.stdout(),
            self.stderr()
        );
        self.stderr()
    }
}
