//! Runs of the command in failing environments: each ends with the right lock, or with a refusal that says what failed.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::faults::{FaultyProxy, Seeded};
use crate::{Manners, Scenario, Workdir};

/// Maximum time of a run: retries are within a minute.
const LIMIT: Duration = Duration::from_secs(100);

const WORLD: &str = r#"
reason = "a small world"
ask.requirements = []
expect.packages = []
[[package]]
release = "app==1.0"
requires = ["lib>=1", "tool"]
[[package]]
release = "app==2.0"
requires = ["lib>=2", "tool"]
[[package]]
release = "lib==1.0"
[[package]]
release = "lib==2.0"
requires = ["deep"]
[[package]]
release = "tool==3.0"
[[package]]
release = "deep==0.1"
"#;

/// A world with its index, and the lock that it has.
pub struct Torture {
    workdir: Workdir,
    expected: String,
}

impl Torture {
    /// Locks once without faults.
    ///
    /// # Panics
    /// When that fails.
    #[must_use]
    pub fn new(delay: Duration) -> Self {
        let packages = Scenario::read(WORLD).expect("written above").packages;
        let manners = Manners {
            delay,
            ..Manners::default()
        };
        let workdir = Workdir::new(&packages, manners);
        workdir.lock("app").ends(0);
        let expected = workdir.lock_text();
        fs::remove_file(workdir.path("mach-nix.lock")).expect("the lock");
        Self { workdir, expected }
    }

    fn folder(&self, what: &str, seed: u64) -> PathBuf {
        let folder = self.workdir.path(&format!("{what}-{seed}"));
        fs::create_dir_all(&folder).expect("a writable folder");
        folder
    }

    /// `mach-nix lock app` with the cache of a folder, over this port.
    fn command(&self, folder: &Path, port: u16) -> Command {
        let url = format!("http://127.0.0.1:{port}/simple");
        // The lock has the address of the index.
        let mut command = self.workdir.command(&["lock", "app", "-o", "mach-nix.lock"]);
        command
            .current_dir(folder)
            .env("MACH_NIX_CACHE_DIR", folder.join("cache"))
            .env("MACH_NIX_INDEX_URL", url)
            .stdin(Stdio::null());
        command
    }

    /// The expected lock over a port.
    fn over(&self, port: u16) -> String {
        self.expected.replace(
            &format!("127.0.0.1:{}/", self.workdir.index.port()),
            &format!("127.0.0.1:{port}/"),
        )
    }

    /// Runs to its end: the exit code, and what was said.
    fn run(mut command: Command) -> Result<(Option<i32>, String), String> {
        let begin = Instant::now();
        let output = command.output().map_err(|error| error.to_string())?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if begin.elapsed() > LIMIT {
            return Err(format!("{:?} are too long: {said}", begin.elapsed()));
        }
        if said.contains("panicked") {
            return Err(said);
        }
        Ok((output.status.code(), said))
    }

    /// A run whose lock has to be right.
    fn succeeds(&self, command: Command, folder: &Path, port: u16) -> Result<(), String> {
        let (code, said) = Self::run(command)?;
        let lock = fs::read_to_string(folder.join("mach-nix.lock")).unwrap_or_default();
        if code != Some(0) || lock != self.over(port) {
            return Err(format!("exit code {code:?}: {said}\n{lock}"));
        }
        Ok(())
    }

    /// A run over an index that breaks some answers, and one over an index that breaks none, with the same cache.
    ///
    /// # Errors
    /// When a lock is wrong, or a refusal does not name the index.
    pub fn faults(&self, seed: u64) -> Result<u64, String> {
        let folder = self.folder("faults", seed);
        let proxy = FaultyProxy::start(self.workdir.index.port(), seed, 3 + seed % 8);
        let port = proxy.port();
        let (code, said) = Self::run(self.command(&folder, port))?;
        let lock = fs::read_to_string(folder.join("mach-nix.lock")).ok();
        match (code, lock) {
            (Some(0), Some(lock)) if lock == self.over(port) => {}
            (Some(3), None) if said.contains("error:") && said.contains(&port.to_string()) => {}
            (code, lock) => return Err(format!("seed {seed}: exit code {code:?}: {said}\n{lock:?}")),
        }
        let injected = proxy.injected();
        drop(proxy);
        // What was cached is right; an index at the other port has nothing in the cache yet.
        let port = self.workdir.index.port();
        self.succeeds(self.command(&folder, port), &folder, port)
            .map_err(|error| format!("seed {seed}, afterwards: {error}"))?;
        Ok(injected)
    }

    /// A run that is killed at some time, and one after it, which removes what was left over.
    ///
    /// # Errors
    /// When a lock is wrong, or something is left over.
    pub fn kill(&self, seed: u64) -> Result<(), String> {
        let folder = self.folder("kill", seed);
        let port = self.workdir.index.port();
        let mut random = Seeded::new(seed);
        for _ in 0..3 {
            let mut child = self
                .command(&folder, port)
                .stderr(Stdio::null())
                .spawn()
                .map_err(|error| error.to_string())?;
            thread::sleep(Duration::from_millis(random.below(120)));
            child
                .kill()
                .and_then(|()| child.wait())
                .map_err(|error| error.to_string())?;
            match fs::read_to_string(folder.join("mach-nix.lock")) {
                Ok(lock) if lock != self.over(port) => return Err(format!("seed {seed}: {lock}")),
                _ => {}
            }
        }
        self.succeeds(self.command(&folder, port), &folder, port)
            .map_err(|error| format!("seed {seed}, after a kill: {error}"))?;
        match leftovers(&folder).as_slice() {
            [] => Ok(()),
            left => Err(format!("seed {seed}: left over: {left:?}")),
        }
    }

    /// A run over a damaged cache.
    ///
    /// # Errors
    /// When the lock is wrong.
    pub fn damage(&self, seed: u64) -> Result<(), String> {
        let folder = self.folder("damage", seed);
        let port = self.workdir.index.port();
        self.succeeds(self.command(&folder, port), &folder, port)?;
        let mut random = Seeded::new(seed);
        for file in files(&folder.join("cache")) {
            damage(&file, &mut random).map_err(|error| error.to_string())?;
        }
        fs::remove_file(folder.join("mach-nix.lock")).map_err(|error| error.to_string())?;
        self.succeeds(self.command(&folder, port), &folder, port)
            .map_err(|error| format!("seed {seed}, over a damaged cache: {error}"))
    }
}

/// Changes a file in one of the ways of disks, people and attackers.
fn damage(file: &Path, random: &mut Seeded) -> std::io::Result<()> {
    let mut content = fs::read(file)?;
    let at = usize::try_from(random.below(content.len() as u64)).unwrap_or(0);
    match random.below(8) {
        0 => content.truncate(at),
        1 => content.clear(),
        2 => content.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 0x10),
        3 => content.extend_from_slice(b"more"),
        4 => {
            fs::remove_file(file)?;
            return symlink("/dev/zero", file);
        }
        5 => {
            fs::remove_file(file)?;
            return fs::create_dir(file);
        }
        6 => return fs::set_permissions(file, Permissions::from_mode(0o000)),
        _ => return Ok(()),
    }
    fs::write(file, content)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries
        .flat_map(|entry| {
            let path = entry.path();
            if path.is_dir() { files(&path) } else { vec![path] }
        })
        .collect();
    found.sort();
    found
}

/// The temporary files in a folder.
fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let mut found = files(folder);
    found.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with('.')
    });
    found
}
