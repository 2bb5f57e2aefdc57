//! Writing a snapshot, project by project.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::sync::Arc;

use mach_nix_conda::CondaRecords;
use mach_nix_hash::{Sha256, Sha256Hasher};
use xxhash_rust::xxh3::xxh3_64;

use crate::block::{OpenBlock, compress};
use crate::contents::SnapshotProject;
use crate::error::WriteError;
use crate::format::{
    BLOCK_SIZE, BlockLocation, Counts, MAX_BLOCK, Origin, PAGE_LOCATIONS, Root, Trailer, head,
};
use crate::pack::pack;

/// A snapshot under construction.
pub struct SnapshotWriter<W> {
    out: Hashed<W>,
    origin: Origin,
    counts: Counts,
    addresses: Vec<Box<str>>,
    numbers: HashMap<Arc<str>, u32>,
    block: OpenBlock,
    last: Option<Box<str>>,
    locations: Vec<BlockLocation>,
    conda: Vec<BlockLocation>,
}

impl<W: Write> SnapshotWriter<W> {
    /// Starts a snapshot.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn new(out: W, origin: Origin) -> Result<Self, WriteError> {
        let mut out = Hashed {
            out,
            written: 0,
            digest: Sha256Hasher::new(),
        };
        out.write(&head())?;
        Ok(Self {
            out,
            origin,
            counts: Counts::default(),
            addresses: Vec::new(),
            numbers: HashMap::new(),
            block: OpenBlock::default(),
            last: None,
            locations: Vec::new(),
            conda: Vec::new(),
        })
    }

    /// Adds a project; projects must be sorted by name.
    ///
    /// # Errors
    /// If the project is out of order or exceeds the limits (48 MiB of texts), or the output cannot be written.
    pub fn add(&mut self, project: &SnapshotProject) -> Result<(), WriteError> {
        let name = project.name.as_ref();
        let address = project.index.as_ref().map(|index| self.address(index));
        let record = pack(project, address).map_err(std::io::Error::other)?;
        if let Some(before) = self.last.take().filter(|before| **before >= *name) {
            return Err(WriteError::Order {
                name: name.to_owned(),
                before: before.into(),
            });
        }
        if self.block.size() > 0 && self.block.size() + record.len() > BLOCK_SIZE {
            self.close_block()?;
        }
        self.block
            .add(name, &record)
            .ok_or_else(|| WriteError::TooLarge {
                name: name.to_owned(),
            })?;
        self.last = Some(name.into());
        self.counts.add(project);
        Ok(())
    }

    fn address(&mut self, index: &Arc<str>) -> u32 {
        let next = u32::try_from(self.addresses.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(index.clone()).or_insert_with(|| {
            self.addresses.push((&**index).into());
            next
        })
    }

    fn close_block(&mut self) -> Result<(), WriteError> {
        let block = std::mem::take(&mut self.block);
        if let Some(first) = block.first() {
            let bytes = block.to_bytes().map_err(std::io::Error::other)?;
            self.locations.push(self.out.part(first, &bytes)?);
        }
        Ok(())
    }

    /// Adds the records of conda packages, by [`conda_key`](crate::conda_key); all at once, after the projects.
    ///
    /// # Errors
    /// If a record exceeds the limits, or the output cannot be written.
    pub fn add_conda(&mut self, records: &BTreeMap<String, Arc<CondaRecords>>) -> Result<(), WriteError> {
        self.close_block()?;
        let mut block = OpenBlock::default();
        for (key, records) in records {
            let record = rmp_serde::to_vec_named(records).map_err(std::io::Error::other)?;
            if block.size() > 0 && block.size() + record.len() > BLOCK_SIZE {
                self.close_conda(&std::mem::take(&mut block))?;
            }
            let added = block.add(key, &record);
            added.ok_or_else(|| WriteError::TooLarge { name: key.clone() })?;
        }
        self.close_conda(&block)
    }

    fn close_conda(&mut self, block: &OpenBlock) -> Result<(), WriteError> {
        if let Some(first) = block.first() {
            let bytes = block.to_bytes().map_err(std::io::Error::other)?;
            self.conda.push(self.out.part(first, &bytes)?);
        }
        Ok(())
    }

    /// Writes the index and the trailer; returns the output and the digest.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn finish(mut self) -> Result<(W, Sha256), WriteError> {
        self.close_block()?;
        let mut pages = Vec::new();
        for locations in self.locations.chunks(PAGE_LOCATIONS) {
            let page = rmp_serde::to_vec(locations).map_err(std::io::Error::other)?;
            let first = locations.first().map_or("", |location| &location.first);
            pages.push(self.out.part(first, &page)?);
        }
        let root = rmp_serde::to_vec(&Root {
            origin: self.origin,
            counts: self.counts,
            addresses: self.addresses,
            pages,
            conda: self.conda,
        })
        .map_err(std::io::Error::other)?;
        let root_offset = self.out.written;
        self.out.write(&root)?;
        let trailer = Trailer {
            root_offset,
            root_length: root.len() as u64,
            root_checksum: xxh3_64(&root),
            digest: self.out.digest.finish(),
        };
        let mut out = self.out.out;
        out.write_all(&trailer.to_bytes())?;
        out.flush()?;
        Ok((out, trailer.digest))
    }
}

/// A writer that computes the length and digest of its output.
struct Hashed<W> {
    out: W,
    written: u64,
    digest: Sha256Hasher,
}

impl<W: Write> Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.digest.update(bytes);
        self.written += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    fn part(&mut self, first: &str, part: &[u8]) -> Result<BlockLocation, WriteError> {
        if part.len() > MAX_BLOCK {
            return Err(WriteError::TooLarge {
                name: first.to_owned(),
            });
        }
        let (location, bytes) = compress(first, self.written, part)?;
        self.write(&bytes)?;
        Ok(location)
    }
}
