//! Cached project pages.
//!
//! A page lists thousands of files, of which a resolution needs a few, so that a cached page consists of a list of
//! versions and a packed block per release, which is unpacked on demand.

use std::sync::Arc;
use std::time::SystemTime;

use mach_nix_hash::Sha256;
use mach_nix_model::{
    DistributionFile, MetadataFile, PackageName, Project, ReleaseFiles, Timestamp, Version, Yanked, releases,
};
use serde::{Deserialize, Serialize};

use crate::cache::Cache;
use crate::entry::Entry;

/// The bucket of the pages; its number is the version of the format.
const BUCKET: &str = "pages-v3";

/// The size of the header's length.
const LENGTH: usize = size_of::<u32>();

/// The header of a cached page; the blocks of its releases follow in the entry.
#[derive(Serialize, Deserialize)]
pub struct Page {
    /// The time of the response.
    pub received: SystemTime,
    /// Whether every file has its upload time.
    pub upload_times: bool,
    /// The validator of the response, if its server sends one.
    pub validator: Option<String>,
    /// `None` if the index does not have the project.
    project: Option<Packed>,
}

/// A project without the files of its releases.
#[derive(Serialize, Deserialize)]
struct Packed {
    /// The URL of the index, without credentials.
    index: Arc<str>,
    versions: Vec<Version>,
    /// The common prefix of all files' URLs.
    prefix: Box<str>,
    /// The end of each release's block.
    ends: Vec<usize>,
}

/// A cached page: the length of its header, the header, the blocks.
pub struct CachedPage {
    pub page: Page,
    entry: Entry,
    /// The offset of the blocks.
    pieces: usize,
}

impl CachedPage {
    /// The page cached for a URL.
    pub fn get(cache: &Cache, address: &str) -> Option<Self> {
        let entry = cache.entry(BUCKET, address)?;
        let length = entry.part(0..LENGTH)?;
        let length = u32::from_le_bytes(length.as_ref().try_into().ok()?) as usize;
        let pieces = LENGTH + length;
        let page = rmp_serde::from_slice(&entry.part(LENGTH..pieces)?).ok()?;
        Some(Self { page, entry, pieces })
    }

    /// Stores the same page as of now, after its server has said that it is current.
    pub fn renew(mut self, cache: &Cache, address: &str) -> Option<Self> {
        self.page.received = SystemTime::now();
        let payload = self.entry.payload()?;
        store(cache, address, &self.page, &payload[self.pieces..]).ok()?;
        Self::get(cache, address)
    }

    /// Stores an index's response; `None` if the index does not have the project.
    pub fn put(
        cache: &Cache,
        address: &str,
        name: &PackageName,
        answer: Option<(Arc<str>, Vec<DistributionFile>)>,
        validator: Option<String>,
    ) -> Result<(), rmp_serde::encode::Error> {
        let files = answer.as_ref().map_or(&[][..], |(_, files)| files);
        let upload_times = files.iter().all(|file| file.upload_time.is_some());
        let mut pieces = Vec::new();
        let project = answer
            .map(|(index, files)| Packed::pack(name, index, files, &mut pieces))
            .transpose()?;
        let page = Page {
            received: SystemTime::now(),
            upload_times,
            validator,
            project,
        };
        store(cache, address, &page, &pieces)
    }

    /// The project of the page; `None` if the index does not have it.
    pub fn project(self, name: PackageName) -> Option<Project> {
        let Packed {
            index,
            versions,
            prefix,
            ends,
        } = self.page.project?;
        let pieces = Pieces {
            entry: self.entry,
            start: self.pieces,
            prefix,
            ends,
        };
        Some(Project::new(name, index, versions, Box::new(pieces)))
    }
}

fn store(cache: &Cache, address: &str, page: &Page, pieces: &[u8]) -> Result<(), rmp_serde::encode::Error> {
    let head = rmp_serde::to_vec(page)?;
    let length =
        u32::try_from(head.len()).map_err(|_| rmp_serde::encode::Error::Syntax("a head of 4 GiB".into()))?;
    cache.put_bytes(BUCKET, address, &[&length.to_le_bytes(), &head, pieces]);
    Ok(())
}

impl Packed {
    fn pack(
        name: &PackageName,
        index: Arc<str>,
        files: Vec<DistributionFile>,
        pieces: &mut Vec<u8>,
    ) -> Result<Self, rmp_serde::encode::Error> {
        let mut packed = Self {
            index,
            versions: Vec::new(),
            prefix: common_prefix(&files).into(),
            ends: Vec::new(),
        };
        for (version, files) in releases(name, files) {
            let files: Vec<PackedFile> = files
                .into_iter()
                .map(|file| PackedFile::pack(file, &packed.prefix))
                .collect();
            pieces.extend(rmp_serde::to_vec(&files)?);
            packed.versions.push(version);
            packed.ends.push(pieces.len());
        }
        Ok(packed)
    }
}

/// The files of a cached page, unpacked per release.
struct Pieces {
    entry: Entry,
    start: usize,
    prefix: Box<str>,
    ends: Vec<usize>,
}

impl ReleaseFiles for Pieces {
    fn files(&self, release: usize) -> Vec<DistributionFile> {
        let start = release.checked_sub(1).map_or(0, |before| self.ends[before]);
        let piece = self
            .entry
            .part(self.start + start..self.start + self.ends[release]);
        // The digest of the entry was valid, so that this is the output of `pack`.
        let packed: Vec<PackedFile> = rmp_serde::from_slice(&piece.unwrap_or_default()).unwrap_or_default();
        packed.into_iter().map(|file| file.unpack(&self.prefix)).collect()
    }
}

/// A file without the data that it shares with others.
#[derive(Serialize, Deserialize)]
struct PackedFile {
    filename: Box<str>,
    /// The part of the URL between the common prefix and the file name; up to the end if it does not end in the file
    /// name.
    middle: Box<str>,
    ends_in_name: bool,
    hash: Option<Sha256>,
    size: Option<u64>,
    requires_python: Option<Box<str>>,
    yanked: Yanked,
    upload_time: Option<Timestamp>,
    metadata_file: MetadataFile,
}

impl PackedFile {
    fn pack(file: DistributionFile, prefix: &str) -> Self {
        let rest = &file.url[prefix.len()..];
        let (middle, ends_in_name) = match rest.strip_suffix(&*file.filename) {
            Some(middle) => (middle, true),
            None => (rest, false),
        };
        Self {
            middle: middle.into(),
            ends_in_name,
            filename: file.filename,
            hash: file.hash,
            size: file.size,
            requires_python: file.requires_python,
            yanked: file.yanked,
            upload_time: file.upload_time,
            metadata_file: file.metadata_file,
        }
    }

    fn unpack(self, prefix: &str) -> DistributionFile {
        let name = if self.ends_in_name { &*self.filename } else { "" };
        DistributionFile {
            url: [prefix, &*self.middle, name].concat().into(),
            filename: self.filename,
            hash: self.hash,
            size: self.size,
            requires_python: self.requires_python,
            yanked: self.yanked,
            upload_time: self.upload_time,
            metadata_file: self.metadata_file,
        }
    }
}

/// The common prefix of all URLs, up to a slash.
fn common_prefix(files: &[DistributionFile]) -> &str {
    let Some(first) = files.first() else { return "" };
    let shared = |url: &str| {
        first
            .url
            .bytes()
            .zip(url.bytes())
            .take_while(|(a, b)| a == b)
            .count()
    };
    let length = files
        .iter()
        .map(|file| shared(&file.url))
        .min()
        .unwrap_or_default();
    let end = first.url.as_bytes()[..length]
        .iter()
        .rposition(|byte| *byte == b'/')
        .map_or(0, |slash| slash + 1);
    &first.url[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, url: &str) -> DistributionFile {
        DistributionFile {
            filename: name.into(),
            url: url.into(),
            hash: Some(Sha256::of(name)),
            size: Some(3),
            requires_python: Some(">=3.8".into()),
            yanked: Yanked::Yes("why".into()),
            upload_time: Some("2026-01-02T03:04:05.678Z".parse().unwrap()),
            metadata_file: MetadataFile::Announced(Some(Sha256::of("metadata"))),
        }
    }

    #[test]
    fn packing_round_trips() {
        let files = vec![
            file(
                "demo-1.0-py3-none-any.whl",
                "https://files.test/a/b/demo-1.0-py3-none-any.whl",
            ),
            file(
                "demo-2.0+x-py3-none-any.whl",
                "https://files.test/a/c/demo-2.0%2Bx-py3-none-any.whl",
            ),
            file("demo-2.0+x.tar.gz", "https://files.test/q?file=3"),
        ];
        let name: PackageName = "demo".parse().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(Some(folder.path().to_owned()));
        CachedPage::put(
            &cache,
            "demo",
            &name,
            Some(("https://index.test/simple".into(), files.clone())),
            Some("\"tag\"".to_owned()),
        )
        .unwrap();
        let cached = CachedPage::get(&cache, "demo").unwrap();
        assert!(cached.page.upload_times);
        let received = cached.page.received;
        let cached = cached.renew(&cache, "demo").unwrap();
        assert!(cached.page.received > received);
        assert_eq!(cached.page.validator.as_deref(), Some("\"tag\""));
        let project = cached.project(name.clone()).unwrap();
        assert_eq!(project.versions().len(), 2);
        assert_eq!(project.files(0), files[..1]);
        assert_eq!(project.files(1), files[1..]);

        CachedPage::put(&cache, "unknown", &name, None, None).unwrap();
        assert!(
            CachedPage::get(&cache, "unknown")
                .unwrap()
                .project(name)
                .is_none()
        );
    }
}
