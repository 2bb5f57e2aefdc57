//! Destinations of response bodies.

use std::fs::File;
use std::io::{self, Write};

use mach_nix_hash::{Sha256, Sha256Hasher};

use crate::archive_kind::{ArchiveKind, HEAD, TAIL};

/// The destination of a body, which arrives in chunks.
pub trait Sink: Sized {
    fn open() -> io::Result<Self>;
    fn add(&mut self, piece: &[u8]) -> io::Result<()>;
}

impl Sink for Vec<u8> {
    fn open() -> io::Result<Self> {
        Ok(Self::new())
    }

    fn add(&mut self, piece: &[u8]) -> io::Result<()> {
        self.extend_from_slice(piece);
        Ok(())
    }
}

/// The digest of a body, with its first and last bytes.
pub struct Digested {
    hasher: Sha256Hasher,
    size: u64,
    head: Vec<u8>,
    tail: Vec<u8>,
}

impl Sink for Digested {
    fn open() -> io::Result<Self> {
        Ok(Self {
            hasher: Sha256Hasher::new(),
            size: 0,
            head: Vec::new(),
            tail: Vec::new(),
        })
    }

    fn add(&mut self, piece: &[u8]) -> io::Result<()> {
        self.hasher.update(piece);
        self.size += piece.len() as u64;
        let missing = (HEAD - self.head.len()).min(piece.len());
        self.head.extend_from_slice(&piece[..missing]);
        self.tail
            .extend_from_slice(&piece[piece.len().saturating_sub(TAIL)..]);
        // Twice the size, so that the bytes are not moved for each chunk.
        if self.tail.len() > 2 * TAIL {
            self.tail.drain(..self.tail.len() - TAIL);
        }
        Ok(())
    }
}

impl Digested {
    /// Whether the first and last bytes match an archive of this kind.
    pub fn may_be(&self, kind: ArchiveKind) -> bool {
        kind.fits(&self.head, &self.tail)
    }

    pub fn finish(self) -> (Sha256, u64) {
        (self.hasher.finish(), self.size)
    }
}

/// A body in a temporary file, with its digest.
pub struct Spooled {
    pub file: File,
    hasher: Sha256Hasher,
}

impl Sink for Spooled {
    fn open() -> io::Result<Self> {
        Ok(Self {
            file: tempfile::tempfile()?,
            hasher: Sha256Hasher::new(),
        })
    }

    fn add(&mut self, piece: &[u8]) -> io::Result<()> {
        self.hasher.update(piece);
        self.file.write_all(piece)
    }
}

impl Spooled {
    /// The digest of the body, and the file, positioned at its end.
    pub fn finish(self) -> (Sha256, File) {
        (self.hasher.finish(), self.file)
    }
}
