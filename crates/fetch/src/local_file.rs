//! Local files.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use mach_nix_hash::{Digests, DigestsHasher, Sha256, Sha256Hasher};
use mach_nix_model::IndexError;

/// The digest and size of a local file.
pub fn digest_of_path(path: &Path) -> Result<(Sha256, u64), IndexError> {
    let read = || -> io::Result<(Sha256, u64)> {
        let mut hasher = Sha256Hasher::new();
        let size = io::copy(&mut File::open(path)?, &mut hasher)?;
        Ok((hasher.finish(), size))
    };
    read().map_err(|error| unreadable(path, &error))
}

/// The digests and size of a local file.
pub fn digests_of_path(path: &Path) -> Result<(Digests, u64), IndexError> {
    let read = || digests_of(&mut File::open(path)?);
    read().map_err(|error| unreadable(path, &error))
}

/// The content of a file of at most `limit` bytes: a device would never end.
pub fn read_within(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    File::open(path)?.take(limit + 1).read_to_end(&mut content)?;
    if content.len() as u64 > limit {
        return Err(io::Error::other(format!(
            "it is larger than the limit of {} MiB",
            limit >> 20
        )));
    }
    Ok(content)
}

/// The digests and size of a reader's content.
pub fn digests_of(content: &mut impl io::Read) -> io::Result<(Digests, u64)> {
    let mut hasher = DigestsHasher::default();
    let size = io::copy(content, &mut hasher)?;
    Ok((hasher.finish(), size))
}

/// A local file that cannot be read.
pub fn unreadable(path: &Path, error: &io::Error) -> IndexError {
    // `io::Error` cannot be cloned; its kind and text suffice.
    let cause = io::Error::new(error.kind(), error.to_string());
    IndexError::unreachable(path.display().to_string(), cause)
}
