//! Packing of a single project: the header is unpacked at once, files and metadata on demand.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use mach_nix_hash::Sha256;
use mach_nix_model::{
    CoreMetadata, DistributionFile, FileInfo, MetadataFile, Requirement, Timestamp, UnreadableDependency,
    Version, Yanked,
};
use serde::{Deserialize, Serialize};

use crate::block::split;
use crate::contents::StoredFile;
use crate::corruption::Corruption;

/// The header of a packed project; its metadata and releases follow.
#[derive(Serialize, Deserialize)]
pub struct Head<'a> {
    /// The number of the index's URL; `None` if no index had the project.
    pub address: Option<u32>,
    pub versions: Vec<Version>,
    pub texts: &'a str,
    pub text_ends: Vec<u32>,
    pub metadata_ends: Vec<u32>,
    pub release_ends: Vec<u32>,
}

/// A file; numbers are indices into the list of texts or metadata.
#[derive(Serialize, Deserialize)]
pub struct PackedFile<'a> {
    pub filename: &'a str,
    /// The URL, without the file name if it ends in it.
    pub url: &'a str,
    pub url_ends_in_name: bool,
    pub hash: Option<Sha256>,
    pub size: Option<u64>,
    pub requires_python: Option<u32>,
    pub yanked: Option<u32>,
    pub upload_time: Option<Timestamp>,
    pub metadata: Option<u32>,
    pub facts: Option<(Sha256, Option<u64>)>,
}

/// Core metadata as indices into the list of texts.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PackedMetadata {
    pub requires_dist: Vec<u32>,
    pub requires_python: Option<u32>,
    pub provides_extra: Vec<u32>,
    pub defect: Option<u32>,
    /// Markers with reasons. The last field, and omitted if empty: snapshots before 4.0 do not have it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<(u32, u32)>,
}

/// A packed project with an unpacked header.
pub struct Record {
    pub address: Option<u32>,
    pub versions: Vec<Version>,
    texts: Box<str>,
    text_ends: Vec<u32>,
    metadata_ends: Vec<u32>,
    release_ends: Vec<u32>,
    pieces: Box<[u8]>,
    known: Mutex<HashMap<u32, Arc<CoreMetadata>>>,
}

impl Record {
    pub fn read(bytes: &[u8]) -> Result<Self, Corruption> {
        let unreadable = || Corruption::new("the record of a project is unreadable");
        let (head, pieces) = split(bytes).ok_or_else(unreadable)?;
        let head: Head<'_> = rmp_serde::from_slice(head).map_err(|_| unreadable())?;
        let ascending = head.versions.windows(2).all(|pair| pair[0] < pair[1]);
        if !ascending || head.versions.len() != head.release_ends.len() {
            return Err(unreadable());
        }
        Ok(Self {
            address: head.address,
            versions: head.versions,
            texts: head.texts.into(),
            text_ends: head.text_ends,
            metadata_ends: head.metadata_ends,
            release_ends: head.release_ends,
            pieces: pieces.into(),
            known: Mutex::default(),
        })
    }

    /// The approximate size in memory.
    pub fn weight(&self) -> usize {
        self.pieces.len() + self.texts.len() + 64 * self.versions.len()
    }

    fn text(&self, number: u32) -> Result<&str, Corruption> {
        let range = range(&self.text_ends, number, 0);
        range
            .and_then(|range| self.texts.get(range))
            .ok_or_else(|| Corruption::new("a project refers to a missing text"))
    }

    fn optional(&self, number: Option<u32>) -> Result<Option<&str>, Corruption> {
        number.map(|number| self.text(number)).transpose()
    }

    fn piece(&self, ends: &[u32], number: u32, start: u32) -> Result<&[u8], Corruption> {
        let range = range(ends, number, start);
        range
            .and_then(|range| self.pieces.get(range))
            .ok_or_else(|| Corruption::new("a project has fewer parts than recorded"))
    }

    /// The files of a release with the numbers of their metadata.
    pub fn release(&self, number: usize) -> Result<Vec<(StoredFile, Option<u32>)>, Corruption> {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let start = self.metadata_ends.last().copied().unwrap_or(0);
        let piece = self.piece(&self.release_ends, number, start)?;
        let packed: Vec<PackedFile<'_>> = rmp_serde::from_slice(piece)
            .map_err(|_| Corruption::new("the files of a release are unreadable"))?;
        packed.into_iter().map(|file| self.unpack(&file)).collect()
    }

    fn unpack(&self, packed: &PackedFile<'_>) -> Result<(StoredFile, Option<u32>), Corruption> {
        let name = if packed.url_ends_in_name {
            packed.filename
        } else {
            ""
        };
        let file = DistributionFile {
            filename: packed.filename.into(),
            url: [packed.url, name].concat().into(),
            hash: packed.hash,
            size: packed.size,
            requires_python: self.optional(packed.requires_python)?.map(Into::into),
            yanked: match self.optional(packed.yanked)? {
                None => Yanked::No,
                Some(reason) => Yanked::Yes(reason.into()),
            },
            upload_time: packed.upload_time,
            metadata_file: MetadataFile::Unannounced,
        };
        let facts = packed.facts.map(|(hash, size)| FileInfo { hash, size });
        let stored = StoredFile {
            file,
            metadata: None,
            facts,
        };
        Ok((stored, packed.metadata))
    }

    /// The metadata with this number.
    pub fn metadata(&self, number: u32) -> Result<Arc<CoreMetadata>, Corruption> {
        if let Some(known) = self.known().get(&number) {
            return Ok(known.clone());
        }
        let piece = self.piece(&self.metadata_ends, number, 0)?;
        let packed: PackedMetadata =
            rmp_serde::from_slice(piece).map_err(|_| Corruption::new("metadata is unreadable"))?;
        let metadata = Arc::new(self.unpack_metadata(&packed)?);
        self.known().insert(number, metadata.clone());
        Ok(metadata)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<u32, Arc<CoreMetadata>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unpack_metadata(&self, packed: &PackedMetadata) -> Result<CoreMetadata, Corruption> {
        let requires = packed.requires_dist.iter();
        let extras = packed.provides_extra.iter();
        Ok(CoreMetadata {
            requires_dist: requires
                .map(|number| parsed::<Requirement>(self.text(*number)?))
                .collect::<Result<_, _>>()?,
            requires_python: self.optional(packed.requires_python)?.map(parsed).transpose()?,
            provides_extra: extras
                .map(|number| parsed(self.text(*number)?))
                .collect::<Result<_, _>>()?,
            defect: self.optional(packed.defect)?.map(str::to_owned),
            unreadable: packed
                .unreadable
                .iter()
                .map(|(marker, reason)| {
                    Ok(UnreadableDependency {
                        marker: parsed(self.text(*marker)?)?,
                        reason: self.text(*reason)?.to_owned(),
                    })
                })
                .collect::<Result<_, _>>()?,
        })
    }
}

fn parsed<T: FromStr>(text: &str) -> Result<T, Corruption> {
    text.parse()
        .map_err(|_| Corruption::new(format!("`{text}` in the metadata of a file is unreadable")))
}

/// The range from the end of the previous part to the end of this one.
fn range(ends: &[u32], number: u32, start: u32) -> Option<std::ops::Range<usize>> {
    let number = usize::try_from(number).ok()?;
    let begin = match number.checked_sub(1) {
        None => start,
        Some(before) => *ends.get(before)?,
    };
    Some(usize::try_from(begin).ok()?..usize::try_from(*ends.get(number)?).ok()?)
}
