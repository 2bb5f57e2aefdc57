//! The journal of a snapshot build, in a file next to the output: after any interruption, the next command resumes
//! from there.
//!
//! The first line says for what request it is. Each further line is an answer: the digest of the rest, a space, and a list in
//! JSON of the kind of question, what it is about, and the answer. A line that is not whole ends the file.

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

/// Number of digits of a digest.
const DIGEST: usize = 64;

/// A kind of question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// All names that the index lists.
    Names,
    /// The files of a project.
    Project,
    /// The metadata of a file.
    Metadata,
    /// Digest and size of a file.
    Facts,
    /// All that a snapshot holds of a project.
    Whole,
}

/// Where the lines of answers begin, and how long they are.
type Places = HashMap<(Kind, Box<str>), (u64, usize)>;

/// The file, and where in it the answers are.
pub struct Journal {
    path: PathBuf,
    file: File,
    places: RefCell<Places>,
    end: Cell<u64>,
    /// When it was found: how long ago the last answer was noted.
    age: Duration,
}

impl Journal {
    /// Opens the journal of the snapshot that is to be written to `output`. What was noted for another request does not count.
    pub fn open(output: &Path, request: &impl Serialize) -> Result<Self, Failure> {
        let path = beside(output);
        let opened = open(&path).map_err(|error| failed(&path, &error))?;
        match opened.try_lock() {
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::external(format!(
                    "{} is in use: another mach-nix makes the same snapshot; wait for it, or name another file with -o",
                    path.display()
                )));
            }
            // Not every file system has locks.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let mut journal = Self {
            path,
            // Before anything is written to it. A clock that was put back makes it new.
            age: opened
                .metadata()
                .and_then(|data| data.modified())
                .ok()
                .and_then(|time| time.elapsed().ok())
                .unwrap_or_default(),
            file: opened,
            places: RefCell::default(),
            end: Cell::new(0),
        };
        journal
            .read(request)
            .map_err(|error| failed(&journal.path, &error))?;
        Ok(journal)
    }

    /// Reads what is there, and cuts off what does not count.
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
        let mut places = Places::new();
        let mut end = 0;
        if line == head.as_bytes() {
            loop {
                end += line.len() as u64;
                line.clear();
                lines.read_until(b'\n', &mut line)?;
                let Some((kind, about)) = question(&line) else {
                    break;
                };
                places.insert((kind, about), (end, line.len()));
            }
        }
        self.file.set_len(end)?;
        self.file.seek(SeekFrom::Start(end))?;
        if end == 0 {
            (&self.file).write_all(head.as_bytes())?;
            end = head.len() as u64;
        }
        self.places = RefCell::new(places);
        self.end = Cell::new(end);
        Ok(())
    }

    /// Number of answers.
    pub fn len(&self) -> usize {
        self.places.borrow().len()
    }

    /// Age of the last answer in whole days, at the time of opening.
    pub fn days(&self) -> u64 {
        self.age.as_secs() / (24 * 60 * 60)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether there is an answer.
    pub fn has(&self, kind: Kind, about: &str) -> bool {
        self.places.borrow().contains_key(&(kind, about.into()))
    }

    /// The answer, if there is one.
    pub fn get<T: DeserializeOwned>(&self, kind: Kind, about: &str) -> Option<T> {
        let (start, length) = *self.places.borrow().get(&(kind, about.into()))?;
        let mut line = vec![0; length];
        self.file.read_exact_at(&mut line, start).ok()?;
        let (_, _, answer): (IgnoredAny, IgnoredAny, T) = serde_json::from_slice(&line[DIGEST + 1..]).ok()?;
        Some(answer)
    }

    /// Notes an answer.
    pub fn put<T: Serialize>(&self, kind: Kind, about: &str, answer: &T) -> io::Result<()> {
        let entry = serde_json::to_string(&(kind, about, answer))?;
        let line = format!("{} {entry}\n", Sha256::of(&entry).to_hex());
        // In one piece and at once: nothing is left to be written when the process is killed.
        (&self.file).write_all(line.as_bytes())?;
        let start = self.end.get();
        self.end.set(start + line.len() as u64);
        self.places
            .borrow_mut()
            .insert((kind, about.into()), (start, line.len()));
        Ok(())
    }

    /// Takes the file away.
    pub fn remove(self) -> Result<(), Failure> {
        fs::remove_file(&self.path).map_err(|error| failed(&self.path, &error))
    }
}

/// The question that a line answers; `None` when the line is not whole.
fn question(line: &[u8]) -> Option<(Kind, Box<str>)> {
    let line = line.strip_suffix(b"\n")?;
    let (digest, rest) = line.split_at_checked(DIGEST)?;
    let entry = rest.strip_prefix(b" ")?;
    if Sha256::of(entry).to_hex().as_bytes() != digest {
        return None;
    }
    let (kind, about, _): (Kind, Box<str>, IgnoredAny) = serde_json::from_slice(entry).ok()?;
    Some((kind, about))
}

fn beside(output: &Path) -> PathBuf {
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
