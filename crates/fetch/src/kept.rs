//! Project pages as they are kept in the cache.
//!
//! A page lists thousands of files of which a resolution looks at a few, so a kept page is a list of versions and one
//! packed piece per release, unpacked when it is asked for.

use std::ops::Range;
use std::sync::Arc;

use mach_nix_hash::Sha256;
use mach_nix_model::{
    DistributionFile, MetadataFile, PackageName, Project, ReleaseFiles, Timestamp, Version, Yanked, releases,
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// A page, ready to be written.
#[derive(Serialize, Deserialize)]
pub struct KeptPage {
    /// The address of the index, without credentials.
    index: Arc<str>,
    /// Whether every file has its upload time.
    pub upload_times: bool,
    versions: Vec<Version>,
    /// What the addresses of all files begin with.
    prefix: Box<str>,
    /// Where each release ends among the pieces.
    ends: Vec<u32>,
    pieces: ByteBuf,
}

/// A file without what it shares with others.
#[derive(Serialize, Deserialize)]
struct KeptFile {
    filename: Box<str>,
    /// The address between the common prefix and the file name, or to its end where that is not the file name.
    middle: Box<str>,
    ends_in_name: bool,
    hash: Option<Sha256>,
    size: Option<u64>,
    requires_python: Option<Box<str>>,
    yanked: Yanked,
    upload_time: Option<Timestamp>,
    metadata_file: MetadataFile,
}

impl KeptPage {
    /// Packs what an index answered.
    pub fn pack(
        name: &PackageName,
        index: Arc<str>,
        files: Vec<DistributionFile>,
    ) -> Result<Self, rmp_serde::encode::Error> {
        let upload_times = files.iter().all(|file| file.upload_time.is_some());
        let prefix = common_prefix(&files).to_owned();
        let mut page = Self {
            index,
            upload_times,
            versions: Vec::new(),
            prefix: "".into(),
            ends: Vec::new(),
            pieces: ByteBuf::new(),
        };
        for (version, files) in releases(name, files) {
            let packed: Vec<KeptFile> = files
                .into_iter()
                .map(|file| KeptFile::pack(file, &prefix))
                .collect();
            page.pieces.extend(rmp_serde::to_vec(&packed)?);
            page.versions.push(version);
            page.ends
                .push(u32::try_from(page.pieces.len()).unwrap_or(u32::MAX));
        }
        page.prefix = prefix.into();
        Ok(page)
    }

    /// The project that the page describes.
    pub fn project(mut self, name: PackageName) -> Project {
        let versions = std::mem::take(&mut self.versions);
        Project::new(name, self.index.clone(), versions, Box::new(self))
    }

    fn piece(&self, release: usize) -> Range<usize> {
        let start = release.checked_sub(1).map_or(0, |before| self.ends[before]);
        start as usize..self.ends[release] as usize
    }
}

impl ReleaseFiles for KeptPage {
    fn files(&self, release: usize) -> Vec<DistributionFile> {
        let piece = self.pieces.get(self.piece(release)).unwrap_or_default();
        // The entry's digest was right, so this is what `pack` wrote.
        let packed: Vec<KeptFile> = rmp_serde::from_slice(piece).unwrap_or_default();
        packed.into_iter().map(|file| file.unpack(&self.prefix)).collect()
    }
}

impl KeptFile {
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

/// What all addresses begin with, up to a slash.
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
    fn unpacks_what_was_packed() {
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
        let page = KeptPage::pack(&name, "https://index.test/simple".into(), files.clone()).unwrap();
        assert!(page.upload_times);
        let bytes = rmp_serde::to_vec(&page).unwrap();
        let project = rmp_serde::from_slice::<KeptPage>(&bytes).unwrap().project(name);
        assert_eq!(project.versions().len(), 2);
        assert_eq!(project.files(0), files[..1]);
        assert_eq!(project.files(1), files[1..]);
    }
}
