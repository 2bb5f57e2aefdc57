//! Entries of the cache that are read in parts.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use xxhash_rust::xxh3::Xxh3Default;

use crate::limits::{MAX_CACHE_ENTRY, MAX_OPEN_ENTRIES};

/// The part of an entry that is kept in memory. Most entries are not longer.
const START: usize = 64 * 1024;

/// The digest before the payload.
const DIGEST: usize = size_of::<u64>();

/// The number of open files, and one.
static OPEN: LazyLock<Arc<()>> = LazyLock::new(Arc::default);

/// A complete entry with a valid digest.
///
/// Its file is read once for the digest. Of a long one only the start stays in memory, and other parts are read again when
/// they are needed: the file cannot change, because entries are replaced and never written to.
pub struct Entry {
    start: Vec<u8>,
    /// The length of the payload.
    length: usize,
    /// What follows the start, and the mark of an open file.
    rest: Option<(File, Arc<()>)>,
}

impl Entry {
    /// Reads a plain file within the limit: a link to a device would never end.
    ///
    /// # Errors
    /// If the file cannot be read. `InvalidData` is a file that is no entry, or is damaged.
    pub fn read(path: &Path) -> io::Result<Self> {
        let metadata = fs::metadata(path)?;
        let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
        if !metadata.is_file() || metadata.len() > MAX_CACHE_ENTRY || length < DIGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut file = File::open(path)?;
        let mark = OPEN.clone();
        let is_whole = Arc::strong_count(&mark) > MAX_OPEN_ENTRIES;
        let kept = if is_whole { length } else { length.min(START) };
        let mut start = vec![0; kept];
        file.read_exact(&mut start)?;
        let mut digest = Xxh3Default::new();
        digest.update(&start[DIGEST..]);
        if kept < length {
            update(&mut digest, &mut file)?;
        }
        if start[..DIGEST] != digest.digest().to_le_bytes() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(Self {
            start,
            length: length - DIGEST,
            rest: (kept < length).then_some((file, mark)),
        })
    }

    /// The payload; `None` if it cannot be read again.
    #[must_use]
    pub fn payload(&self) -> Option<Cow<'_, [u8]>> {
        self.part(0..self.length)
    }

    /// A part of the payload; `None` if it is not that long, or cannot be read again.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Option<Cow<'_, [u8]>> {
        if range.end > self.length {
            return None;
        }
        let range = DIGEST + range.start..DIGEST + range.end;
        if let Some(part) = self.start.get(range.clone()) {
            return Some(part.into());
        }
        let mut part = vec![0; range.len()];
        self.rest
            .as_ref()?
            .0
            .read_exact_at(&mut part, range.start as u64)
            .ok()?;
        Some(part.into())
    }
}

/// Reads a file to its end, in one small buffer.
fn update(digest: &mut Xxh3Default, file: &mut File) -> io::Result<()> {
    let mut buffer = vec![0; START];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(()),
            read => digest.update(&buffer[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails says where")]

    use super::*;
    use crate::cache::Cache;

    #[test]
    fn parts_of_long_entries_are_read_when_needed() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(Some(folder.path().to_owned()));
        let payload: Vec<u8> = (0..3 * START).map(|at| u8::try_from(at % 251).unwrap()).collect();
        cache.put_bytes("demo", "long", &[&payload]);
        let entry = cache.entry("demo", "long").unwrap();
        for range in [0..0, 5..9, START - 9..START + 9, 2 * START..3 * START] {
            assert_eq!(*entry.part(range.clone()).unwrap(), payload[range]);
        }
        assert_eq!(*entry.payload().unwrap(), payload);
        assert!(entry.part(0..payload.len() + 1).is_none());
        // What replaces an entry does not change the one that is being read.
        cache.put_bytes("demo", "long", &[b"other"]);
        assert_eq!(*entry.payload().unwrap(), payload);
    }

    #[test]
    fn of_many_entries_some_are_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(Some(folder.path().to_owned()));
        cache.put_bytes("demo", "long", &[&vec![7; 2 * START]]);
        let entries: Vec<_> = (0..2 * MAX_OPEN_ENTRIES)
            .map(|_| cache.entry("demo", "long").unwrap())
            .collect();
        assert!(entries.iter().filter(|entry| entry.rest.is_some()).count() <= MAX_OPEN_ENTRIES);
        assert!(
            entries
                .iter()
                .all(|entry| entry.payload().unwrap().len() == 2 * START)
        );
    }
}
