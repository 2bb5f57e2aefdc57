use std::io::{self, Read};

use crate::{Sha256, Sha256Hasher};

/// Computes the [`Sha256`] of files and folders in Nix's archive format (NAR), that is, Nix's hash of a path: it covers
/// names, contents, symbolic links and executable bits; not times, owners and other permissions.
///
/// The format: Eelco Dolstra, *The Purely Functional Software Deployment Model*, figure 5.2. The caller walks the tree,
/// and adds the entries of a folder sorted by the bytes of their names.
///
/// ```
/// use mach_nix_hash::NarHasher;
///
/// let mut nar = NarHasher::new();
/// nar.begin_folder();
/// nar.begin_entry(b"greeting");
/// nar.file(false, 6, &b"hello\n"[..])?;
/// nar.end_entry();
/// nar.end_folder();
/// assert_eq!(
///     nar.finish().to_sri(),
///     "sha256-5rQ+es+3XfIJUBGIukwKRLeXWu0BybUjJ/FnlACvPNA="
/// );
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct NarHasher(Sha256Hasher);

impl Default for NarHasher {
    fn default() -> Self {
        Self::new()
    }
}

impl NarHasher {
    /// Starts an archive; one file, link or folder follows.
    #[must_use]
    pub fn new() -> Self {
        let mut nar = Self(Sha256Hasher::new());
        nar.string(b"nix-archive-1");
        nar
    }

    /// Adds the length, the bytes, and zeros up to a multiple of eight.
    fn string(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self.padding(bytes.len() as u64);
    }

    fn padding(&mut self, length: u64) {
        let rest = usize::try_from(length % 8).unwrap_or_default();
        if rest > 0 {
            self.0.update(&[0; 8][rest..]);
        }
    }

    fn strings(&mut self, strings: &[&[u8]]) {
        for string in strings {
            self.string(string);
        }
    }

    /// Adds a file of `size` bytes.
    ///
    /// # Errors
    /// If it cannot be read, or has another size.
    pub fn file(&mut self, is_executable: bool, size: u64, content: impl Read) -> io::Result<()> {
        self.strings(&[b"(", b"type", b"regular"]);
        if is_executable {
            self.strings(&[b"executable", b""]);
        }
        self.string(b"contents");
        self.0.update(&size.to_le_bytes());
        // One byte beyond the expected size reveals a file that has grown.
        let read = io::copy(&mut content.take(size.saturating_add(1)), &mut self.0)?;
        if read != size {
            return Err(io::Error::other("a file changed while it was read"));
        }
        self.padding(size);
        self.string(b")");
        Ok(())
    }

    /// Adds a symbolic link.
    pub fn symlink(&mut self, target: &[u8]) {
        self.strings(&[b"(", b"type", b"symlink", b"target", target, b")"]);
    }

    /// Starts a folder; its entries follow.
    pub fn begin_folder(&mut self) {
        self.strings(&[b"(", b"type", b"directory"]);
    }

    /// Starts an entry of a folder; one file, link or folder follows.
    pub fn begin_entry(&mut self, name: &[u8]) {
        self.strings(&[b"entry", b"(", b"name", name, b"node"]);
    }

    /// Ends an entry.
    pub fn end_entry(&mut self) {
        self.string(b")");
    }

    /// Ends a folder.
    pub fn end_folder(&mut self) {
        self.string(b")");
    }

    /// The digest of the archive.
    #[must_use]
    pub fn finish(self) -> Sha256 {
        self.0.finish()
    }
}
