//! The journal of a snapshot build, in a file next to the output: after an interruption, the next command resumes from
//! it.
//!
//! The first line has the digest of the request. Each further line is a result: the digest of the rest, a space, and a
//! JSON list of the kind of query, its subject and the result. An incomplete line ends the file.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mach_nix_hash::Sha256;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// Number of hexadecimal digits of a digest.
const DIGEST: usize = 64;

/// A kind of query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// All names of the index.
    Names,
    /// The files of a project.
    Project,
    /// The metadata of a file.
    Metadata,
    /// Digest and size of a file.
    Facts,
    /// The stored part of a project.
    Whole,
}

/// The offsets and lengths of results.
type Offsets = HashMap<(Kind, Box<str>), (u64, usize)>;

/// The file, with the offsets of its results.
pub struct Journal {
    path: PathBuf,
    file: File,
    offsets: RefCell<Offsets>,
    end: Cell<u64>,
    /// The age of the last result when the file was opened.
    age: Duration,
}

impl Journal {
    /// Opens the journal of the snapshot for `output`. The results of other requests are dropped.
    pub fn open(output: &Path, request: &impl Serialize) -> Result<Self, Failure> {
        let path = journal_path(output);
        let opened = open(&path).map_err(|error| failed(&path, &error))?;
        match opened.try_lock() {
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::external(format!(
                    "{} is in use: another mach-nix is creating the same snapshot; wait for it, or name another file with -o",
                    path.display()
                )));
            }
            // Some file systems do not support locks.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let mut journal = Self {
            path,
            // Measured before the first write. A time in the future, after a change of the clock, is treated as now.
            age: opened
                .metadata()
                .and_then(|data| data.modified())
                .ok()
                .and_then(|time| time.elapsed().ok())
                .unwrap_or_default(),
            file: opened,
            offsets: RefCell::default(),
            end: Cell::new(0),
        };
        journal
            .read(request)
            .map_err(|error| failed(&journal.path, &error))?;
        Ok(journal)
    }

    /// Reads the file, and truncates it at the first invalid line.
    fn read(&mut self, request: &impl Serialize) -> io::Result<()> {
        let request = serde_json::to_string(request)?;
        let head = format!(
            "mach-nix {} {}\n",
            env!("CARGO_PKG_VERSION"),
            Sha256::of(request).to_hex()
        );
        let mut lines = BufReader::new(&self.file);
        let mut line = Vec::new();
        lines.read_until(b'\n', &mut line)?;
        let mut offsets = Offsets::new();
        let mut end = 0;
        if line == head.as_bytes() {
            loop {
                end += line.len() as u64;
                line.clear();
                lines.read_until(b'\n', &mut line)?;
                let Some((kind, about)) = query(&line) else {
                    break;
                };
                offsets.insert((kind, about), (end, line.len()));
            }
        }
        self.file.set_len(end)?;
        self.file.seek(SeekFrom::Start(end))?;
        if end == 0 {
            (&self.file).write_all(head.as_bytes())?;
            end = head.len() as u64;
        }
        self.offsets = RefCell::new(offsets);
        self.end = Cell::new(end);
        Ok(())
    }

    /// Number of results.
    pub fn len(&self) -> usize {
        self.offsets.borrow().len()
    }

    /// The age of the last result in whole days, when the file was opened.
    pub fn days(&self) -> u64 {
        self.age.as_secs() / (24 * 60 * 60)
    }

    /// The path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether there is a result.
    pub fn has(&self, kind: Kind, about: &str) -> bool {
        self.offsets.borrow().contains_key(&(kind, about.into()))
    }

    /// The result, if there is one.
    pub fn get<T: DeserializeOwned>(&self, kind: Kind, about: &str) -> Option<T> {
        let (start, length) = *self.offsets.borrow().get(&(kind, about.into()))?;
        let mut line = vec![0; length];
        self.file.read_exact_at(&mut line, start).ok()?;
        let (_, _, answer): (IgnoredAny, IgnoredAny, T) = serde_json::from_slice(&line[DIGEST + 1..]).ok()?;
        Some(answer)
    }

    /// Adds a result.
    pub fn put<T: Serialize>(&self, kind: Kind, about: &str, answer: &T) -> io::Result<()> {
        let entry = serde_json::to_string(&(kind, about, answer))?;
        let line = format!("{} {entry}\n", Sha256::of(&entry).to_hex());
        // Written at once, so that no data is lost if the process is killed.
        (&self.file).write_all(line.as_bytes())?;
        let start = self.end.get();
        self.end.set(start + line.len() as u64);
        self.offsets
            .borrow_mut()
            .insert((kind, about.into()), (start, line.len()));
        Ok(())
    }

    /// Deletes the file.
    pub fn remove(self) -> Result<(), Failure> {
        fs::remove_file(&self.path).map_err(|error| failed(&self.path, &error))
    }
}

/// The query of a line; `None` for an incomplete line.
fn query(line: &[u8]) -> Option<(Kind, Box<str>)> {
    let line = line.strip_suffix(b"\n")?;
    let (digest, rest) = line.split_at_checked(DIGEST)?;
    let entry = rest.strip_prefix(b" ")?;
    if Sha256::of(entry).to_hex().as_bytes() != digest {
        return None;
    }
    let (kind, about, _): (Kind, Box<str>, IgnoredAny) = serde_json::from_slice(entry).ok()?;
    Some((kind, about))
}

fn journal_path(output: &Path) -> PathBuf {
    let mut path = output.as_os_str().to_owned();
    path.push(".part");
    path.into()
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::external(format!("cannot write {}: {error}", path.display()))
}
