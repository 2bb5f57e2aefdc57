//! What was learned, on disk.
//!
//! One file an entry: a SHA-256 digest, then the entry in MessagePack. Files are written beside their place and moved
//! into it, so readers see a whole entry or none; an entry whose digest does not fit (a full disk, a flipped bit) counts
//! as absent. The bucket's name carries the version of its format.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use mach_nix_hash::Sha256;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A folder of entries; or none, which keeps nothing.
#[derive(Debug, Clone)]
pub struct Cache {
    root: Option<PathBuf>,
}

impl Cache {
    /// A cache in this folder, which need not exist yet.
    #[must_use]
    pub fn new(root: Option<PathBuf>) -> Self {
        Self { root }
    }

    fn path(&self, bucket: &str, key: &str) -> Option<PathBuf> {
        let digest = Sha256::of(key).to_hex();
        let (folder, file) = digest.split_at(2);
        Some(self.root.as_ref()?.join(bucket).join(folder).join(file))
    }

    /// The entry, if there is a whole one.
    #[must_use]
    pub fn get<T: DeserializeOwned>(&self, bucket: &str, key: &str) -> Option<T> {
        let content = fs::read(self.path(bucket, key)?).ok()?;
        let (digest, entry) = content.split_first_chunk::<32>()?;
        if Sha256::of(entry).as_bytes() != digest {
            tracing::warn!(bucket, key, "damaged cache entry ignored");
            return None;
        }
        rmp_serde::from_slice(entry).ok()
    }

    /// Keeps an entry. A cache that cannot be written costs time, not the result, so it is only a warning.
    pub fn put<T: Serialize>(&self, bucket: &str, key: &str, value: &T) {
        let Some(path) = self.path(bucket, key) else {
            return;
        };
        let written = rmp_serde::to_vec(value)
            .map_err(std::io::Error::other)
            .and_then(|entry| {
                let folder = path.parent().unwrap_or(&path);
                fs::create_dir_all(folder)?;
                let mut file = tempfile::NamedTempFile::new_in(folder)?;
                file.write_all(Sha256::of(&entry).as_bytes())?;
                file.write_all(&entry)?;
                file.persist(&path).map_err(|error| error.error)?;
                Ok(())
            });
        if let Err(error) = written {
            tracing::warn!(path = %path.display(), %error, "cannot write to the cache");
        }
    }
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
        for damaged in [&whole[..whole.len() - 1], &whole[..10], b""] {
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
