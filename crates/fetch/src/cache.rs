//! The cache on disk.
//!
//! Each entry is a file: a digest, followed by the payload. Files are written under a temporary name and renamed, so
//! that readers see complete entries only; an entry with a wrong digest (a full disk, a flipped bit) is a miss. The
//! digest is XXH3, which detects damage but not attackers, who could write any digest here; SHA-256 took a tenth of the
//! time of a warm resolution. The name of a bucket contains the version of its format.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Once;

use mach_nix_hash::Sha256;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::NamedTempFile;
use xxhash_rust::xxh3::Xxh3Default;

use crate::entry::Entry;
use crate::leftovers::{remove_leftovers, temporary_prefix};

/// The folder of entries that are being written.
const PARTIAL: &str = "partial";

/// A folder of entries, or no folder, which caches nothing.
#[derive(Debug, Clone)]
pub struct Cache {
    root: Option<PathBuf>,
}

impl Cache {
    /// A cache in this folder, which is created if needed.
    #[must_use]
    pub fn new(root: Option<PathBuf>) -> Self {
        Self { root }
    }

    fn path(&self, bucket: &str, key: &str) -> Option<PathBuf> {
        let digest = Sha256::of(key).to_hex();
        let (folder, file) = digest.split_at(2);
        Some(self.root.as_ref()?.join(bucket).join(folder).join(file))
    }

    /// The entry, if it is present and complete.
    #[must_use]
    pub fn get<T: DeserializeOwned>(&self, bucket: &str, key: &str) -> Option<T> {
        rmp_serde::from_slice(&self.entry(bucket, key)?.payload()?).ok()
    }

    /// The entry for reading its parts, if it is present and complete.
    #[must_use]
    pub fn entry(&self, bucket: &str, key: &str) -> Option<Entry> {
        match Entry::read(&self.path(bucket, key)?) {
            Ok(entry) => Some(entry),
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::warn!(bucket, key, "damaged cache entry ignored");
                }
                None
            }
        }
    }

    /// Stores an entry. A failure is only a warning, because the cache affects the time and not the result.
    pub fn put<T: Serialize>(&self, bucket: &str, key: &str, value: &T) {
        match rmp_serde::to_vec(value) {
            Ok(payload) => self.put_bytes(bucket, key, &[&payload]),
            Err(error) => tracing::warn!(bucket, key, %error, "cannot be cached"),
        }
    }

    /// A new file for an entry that is too large for the memory. Whoever reads it verifies its parts.
    pub(crate) fn large(&self, bucket: &str) -> io::Result<NamedTempFile> {
        let Some(root) = &self.root else {
            return NamedTempFile::new();
        };
        let folder = root.join(bucket);
        fs::create_dir_all(&folder)
            .and_then(|()| temporary(root))
            .or_else(|_| NamedTempFile::new())
    }

    /// Keeps a file of [`Cache::large`]. One that cannot be kept is lost at the end.
    pub(crate) fn keep(&self, file: NamedTempFile, bucket: &str, key: &str) -> io::Result<File> {
        let Some(path) = self.path(bucket, key) else {
            return Ok(file.into_file());
        };
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        match file.persist(&path) {
            Ok(file) => Ok(file),
            Err(failed) => {
                tracing::warn!(path = %path.display(), error = %failed.error, "cannot be cached");
                Ok(failed.file.into_file())
            }
        }
    }

    /// Removes an entry.
    pub(crate) fn remove(&self, bucket: &str, key: &str) {
        if let Some(path) = self.path(bucket, key) {
            // What is not there is as good as removed.
            let _ = fs::remove_file(path);
        }
    }

    /// The file of [`Cache::keep`].
    pub(crate) fn open(&self, bucket: &str, key: &str) -> Option<File> {
        let path = self.path(bucket, key)?;
        // A device would never end.
        let is_file = fs::metadata(&path).is_ok_and(|metadata| metadata.is_file());
        is_file.then(|| File::open(path).ok()).flatten()
    }

    /// Stores an entry consisting of these parts.
    pub fn put_bytes(&self, bucket: &str, key: &str, parts: &[&[u8]]) {
        let Some(path) = self.path(bucket, key) else {
            return;
        };
        let Some(root) = &self.root else { return };
        if let Err(error) = write(root, &path, parts) {
            // A failure to write one entry affects all of them.
            static TOLD: Once = Once::new();
            TOLD.call_once(|| {
                tracing::warn!(path = %path.display(), %error, "cannot write to the cache, so nothing is cached");
            });
        }
    }
}

/// A temporary file, next to the buckets. The first one of a run removes those of killed runs.
fn temporary(root: &Path) -> io::Result<NamedTempFile> {
    static CLEAN: Once = Once::new();
    let folder = root.join(PARTIAL);
    CLEAN.call_once(|| {
        // Without the folder, the file cannot be created, which is reported.
        let _ = fs::create_dir_all(&folder);
        remove_leftovers(&folder);
    });
    let create = || {
        tempfile::Builder::new()
            .prefix(&temporary_prefix())
            .tempfile_in(&folder)
    };
    create().or_else(|_| {
        fs::create_dir_all(&folder)?;
        create()
    })
}

fn write(root: &Path, path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)?;
    let mut digest = Xxh3Default::new();
    for part in parts {
        digest.update(part);
    }
    let mut file = temporary(root)?;
    file.write_all(&digest.digest().to_le_bytes())?;
    for part in parts {
        file.write_all(part)?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_entries_count_as_absent() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(Some(folder.path().to_owned()));
        cache.put("demo", "key", &"value".to_owned());
        assert_eq!(cache.get::<String>("demo", "key").as_deref(), Some("value"));

        let path = cache.path("demo", "key").unwrap();
        let whole = fs::read(&path).unwrap();
        for damaged in [&whole[..whole.len() - 1], &whole[..5], b""] {
            fs::write(&path, damaged).unwrap();
            assert_eq!(cache.get::<String>("demo", "key"), None);
        }
        let mut flipped = whole.clone();
        *flipped.last_mut().unwrap() ^= 1;
        fs::write(&path, flipped).unwrap();
        assert_eq!(cache.get::<String>("demo", "key"), None);
    }

    #[test]
    fn no_folder_keeps_nothing() {
        let cache = Cache::new(None);
        cache.put("demo", "key", &1);
        assert_eq!(cache.get::<i32>("demo", "key"), None);
    }
}
