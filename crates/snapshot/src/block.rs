//! Compressed parts of the file, and blocks of projects.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::compression;
use crate::corruption::Corruption;
use crate::error::ReadFailure;
use crate::format::{BlockLocation, MAX_BLOCK};
use crate::source::Source;

/// Compresses a part for this offset; the location is needed to read it.
#[cfg(not(target_family = "wasm"))]
pub fn compress(first: &str, offset: u64, part: &[u8]) -> std::io::Result<(BlockLocation, Vec<u8>)> {
    let compressed = compression::compress(part)?;
    let location = BlockLocation {
        first: first.into(),
        offset,
        length: compressed.len() as u64,
        size: part.len() as u64,
        checksum: xxh3_64(&compressed),
    };
    Ok((location, compressed))
}

/// Reads the part at a location and verifies its checksum; `size` is that of the file, which bounds the allocation.
pub fn read(
    source: &dyn Source,
    size: u64,
    offset: u64,
    length: u64,
    checksum: u64,
) -> Result<Vec<u8>, ReadFailure> {
    if offset.checked_add(length).is_none_or(|end| end > size) {
        return Err(Corruption::new("a part of it is beyond its end").into());
    }
    let length =
        usize::try_from(length).map_err(|_| Corruption::new("a part of it is larger than memory"))?;
    let mut bytes = vec![0; length];
    source.read_exact_at(&mut bytes, offset)?;
    if xxh3_64(&bytes) != checksum {
        return Err(Corruption::new(format!("the checksum of the part at byte {offset} is wrong")).into());
    }
    Ok(bytes)
}

/// Decompresses the output of [`compress`].
pub fn decompress(
    source: &dyn Source,
    file_size: u64,
    location: &BlockLocation,
) -> Result<Vec<u8>, ReadFailure> {
    let bytes = read(
        source,
        file_size,
        location.offset,
        location.length,
        location.checksum,
    )?;
    let unreadable = || Corruption::new(format!("the part at byte {} cannot be unpacked", location.offset));
    let size = usize::try_from(location.size).map_err(|_| unreadable())?;
    if size > MAX_BLOCK {
        return Err(unreadable().into());
    }
    compression::decompress(&bytes, size).ok_or_else(|| unreadable().into())
}

/// The names in a block, and the end of each record.
#[derive(Default, Serialize, Deserialize)]
struct Names<'a> {
    #[serde(borrow)]
    names: Vec<&'a str>,
    ends: Vec<u32>,
}

/// A block under construction: a header of names, and their records.
#[derive(Default)]
pub struct OpenBlock {
    names: Vec<Box<str>>,
    ends: Vec<u32>,
    records: Vec<u8>,
}

impl OpenBlock {
    /// Adds a record; `None` if the block would exceed the maximum size.
    pub fn add(&mut self, name: &str, record: &[u8]) -> Option<()> {
        // A quarter is reserved for the header.
        let end = self.records.len() + record.len();
        if end > MAX_BLOCK / 4 * 3 {
            return None;
        }
        self.records.extend(record);
        self.names.push(name.into());
        self.ends.push(u32::try_from(end).ok()?);
        Some(())
    }

    /// The size of its records in bytes.
    pub fn size(&self) -> usize {
        self.records.len()
    }

    /// The first name; `None` if the block is empty.
    pub fn first(&self) -> Option<&str> {
        self.names.first().map(|name| &**name)
    }

    /// The serialized block.
    pub fn to_bytes(&self) -> Result<Vec<u8>, rmp_serde::encode::Error> {
        let names = rmp_serde::to_vec(&Names {
            names: self.names.iter().map(|name| &**name).collect(),
            ends: self.ends.clone(),
        })?;
        let mut bytes = prefixed(&names);
        bytes.extend(&self.records);
        Ok(bytes)
    }
}

/// A header, prefixed with its length.
pub fn prefixed(head: &[u8]) -> Vec<u8> {
    let length = u32::try_from(head.len()).unwrap_or(u32::MAX);
    let mut bytes = length.to_le_bytes().to_vec();
    bytes.extend(head);
    bytes
}

/// Splits the output of [`prefixed`] and the bytes after it.
pub fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
}

/// All names of a block with their records.
pub fn records(block: &[u8]) -> Result<Vec<(&str, &[u8])>, Corruption> {
    let unreadable = || Corruption::new("a block has no list of names");
    let (head, rest) = split(block).ok_or_else(unreadable)?;
    let names: Names<'_> = rmp_serde::from_slice(head).map_err(|_| unreadable())?;
    if names.names.len() != names.ends.len() {
        return Err(unreadable());
    }
    let mut start = 0;
    let mut records = Vec::with_capacity(names.names.len());
    for (name, end) in names.names.into_iter().zip(names.ends) {
        let end = usize::try_from(end).map_err(|_| unreadable())?;
        records.push((name, rest.get(start..end).ok_or_else(unreadable)?));
        start = end;
    }
    Ok(records)
}
