use std::fmt;
use std::io;

use sha2::Digest as _;

use crate::Sha256;

/// Computes the [`Sha256`] of a byte stream.
///
/// Writing never fails. As an [`io::Write`] it is a target for [`io::copy`].
///
/// ```
/// use mach_nix_hash::{Sha256, Sha256Hasher};
/// use std::io::Write as _;
///
/// let mut hasher = Sha256Hasher::new();
/// hasher.update(b"mach");
/// write!(hasher, "-nix")?;
/// assert_eq!(hasher.finish(), Sha256::of(b"mach-nix"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Sha256Hasher(sha2::Sha256);

impl Sha256Hasher {
    /// A hasher without any bytes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of everything added.
    #[must_use]
    pub fn finish(self) -> Sha256 {
        Sha256::from(<[u8; 32]>::from(self.0.finalize()))
    }
}

impl io::Write for Sha256Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for Sha256Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sha256Hasher").finish_non_exhaustive()
    }
}
