//! A large file that is read in parts, each of which is verified.
//!
//! The digest of a whole file is of no use where a few records of it are read, so each block has one. As in the rest of
//! the cache it finds damage, not attackers.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

/// The size of a block.
const BLOCK: usize = 64 * 1024;

/// The digests of the blocks of a file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Blocks {
    digests: Vec<u64>,
    size: u64,
}

/// Writes a file, and computes the digests of its blocks and of the whole.
pub struct BlockWriter<W> {
    to: W,
    block: Vec<u8>,
    blocks: Blocks,
    whole: Xxh3Default,
}

impl<W: Write> BlockWriter<W> {
    pub fn new(to: W) -> Self {
        Self {
            to,
            block: Vec::with_capacity(BLOCK),
            blocks: Blocks::default(),
            whole: Xxh3Default::new(),
        }
    }

    /// Writes what is left; returns where to, the digests, and that of the whole.
    pub fn finish(mut self) -> io::Result<(W, Blocks, u64)> {
        if !self.block.is_empty() {
            self.end_block()?;
        }
        self.to.flush()?;
        Ok((self.to, self.blocks, self.whole.digest()))
    }

    fn end_block(&mut self) -> io::Result<()> {
        self.blocks.digests.push(xxh3_64(&self.block));
        self.blocks.size += self.block.len() as u64;
        self.whole.update(&self.block);
        self.to.write_all(&self.block)?;
        self.block.clear();
        Ok(())
    }
}

impl<W: Write> Write for BlockWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(BLOCK - self.block.len());
        self.block.extend_from_slice(&bytes[..taken]);
        if self.block.len() == BLOCK {
            self.end_block()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Blocks {
    /// Reads a part of the file.
    ///
    /// # Errors
    /// When the file is not what was written.
    pub fn read(&self, file: &File, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "the file in the cache is damaged");
        let end = offset
            .checked_add(length as u64)
            .filter(|end| *end <= self.size)
            .ok_or_else(damaged)?;
        if length == 0 {
            return Ok(Vec::new());
        }
        let first = offset / BLOCK as u64;
        let start = first * BLOCK as u64;
        // To the end of the last block.
        let stop = end.next_multiple_of(BLOCK as u64).min(self.size);
        let mut bytes = vec![0; usize::try_from(stop - start).map_err(|_| damaged())?];
        file.read_exact_at(&mut bytes, start)?;
        let first = usize::try_from(first).map_err(|_| damaged())?;
        let digests = self.digests.get(first..).unwrap_or_default();
        let blocks = bytes.chunks(BLOCK);
        if blocks.len() > digests.len()
            || blocks
                .zip(digests)
                .any(|(block, digest)| xxh3_64(block) != *digest)
        {
            return Err(damaged());
        }
        let from = usize::try_from(offset - start).map_err(|_| damaged())?;
        bytes.truncate(from + length);
        Ok(bytes.split_off(from))
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, SeekFrom, Write};

    use super::{BLOCK, BlockWriter};

    #[test]
    fn every_part_is_read_and_damage_is_found_where_it_is() {
        let content: Vec<u8> = (0..3 * BLOCK + 100)
            .map(|index| u8::try_from(index * 7 % 251).unwrap())
            .collect();
        let mut writer = BlockWriter::new(tempfile::tempfile().unwrap());
        writer.write_all(&content).unwrap();
        let (mut file, blocks, _) = writer.finish().unwrap();
        for (offset, length) in [
            (0, 10),
            (BLOCK - 1, 2),
            (10, 2 * BLOCK),
            (3 * BLOCK, 100),
            (0, content.len()),
            (7, 0),
        ] {
            assert_eq!(
                blocks.read(&file, offset as u64, length).unwrap(),
                content[offset..offset + length]
            );
        }
        assert!(blocks.read(&file, 0, content.len() + 1).is_err());
        assert!(blocks.read(&file, u64::MAX, 2).is_err());
        file.seek(SeekFrom::Start(BLOCK as u64 + 5)).unwrap();
        file.write_all(b"!").unwrap();
        assert!(blocks.read(&file, 0, BLOCK).is_ok());
        assert!(blocks.read(&file, BLOCK as u64, 1).is_err());
        file.set_len(10).unwrap();
        assert!(blocks.read(&file, 0, 5).is_err());
    }
}
