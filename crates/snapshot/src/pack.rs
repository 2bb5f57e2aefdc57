//! Packing of a project.

use std::collections::HashMap;
use std::hash::Hash;

use mach_nix_model::{CoreMetadata, Yanked};

use crate::block::prefixed;
use crate::contents::{SnapshotProject, StoredFile};
use crate::record::{Head, PackedFile, PackedMetadata};

/// Packs a project from the index with this URL number.
pub fn pack(project: &SnapshotProject, address: Option<u32>) -> Result<Vec<u8>, rmp_serde::encode::Error> {
    let mut texts = Shared::default();
    let mut metadata = Shared::default();
    let mut releases = Vec::new();
    let mut release_ends = Vec::new();
    for (_, files) in &project.releases {
        let files: Vec<PackedFile<'_>> = files
            .iter()
            .map(|file| pack_file(file, &mut texts, &mut metadata))
            .collect();
        releases.extend(rmp_serde::to_vec(&files)?);
        release_ends.push(releases.len());
    }
    let mut pieces = Vec::new();
    let mut metadata_ends = Vec::new();
    for one in &metadata.order {
        pieces.extend(rmp_serde::to_vec(one)?);
        metadata_ends.push(end(pieces.len()));
    }
    let begin = pieces.len();
    let mut text_end = 0;
    let head = rmp_serde::to_vec(&Head {
        address,
        versions: project
            .releases
            .iter()
            .map(|(version, _)| version.clone())
            .collect(),
        texts: &texts.order.concat(),
        text_ends: texts
            .order
            .iter()
            .map(|text| {
                text_end += text.len();
                end(text_end)
            })
            .collect(),
        metadata_ends,
        release_ends: release_ends.into_iter().map(|at| end(begin + at)).collect(),
    })?;
    let mut bytes = prefixed(&head);
    bytes.extend(pieces);
    bytes.extend(releases);
    Ok(bytes)
}

/// [`crate::block::OpenBlock::add`] rejects larger records, long before this bound.
fn end(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn pack_file<'a>(
    stored: &'a StoredFile,
    texts: &mut Shared<String>,
    metadata: &mut Shared<PackedMetadata>,
) -> PackedFile<'a> {
    let file = &stored.file;
    let (url, url_ends_in_name) = match file.url.strip_suffix(&*file.filename) {
        Some(rest) => (rest, true),
        None => (&*file.url, false),
    };
    PackedFile {
        filename: &file.filename,
        url,
        url_ends_in_name,
        hash: file.hash,
        size: file.size,
        requires_python: file
            .requires_python
            .as_deref()
            .map(|text| texts.number(text.to_owned())),
        yanked: match &file.yanked {
            Yanked::No => None,
            Yanked::Yes(reason) => Some(texts.number(reason.to_string())),
        },
        upload_time: file.upload_time,
        metadata: stored
            .metadata
            .as_ref()
            .map(|core| metadata.number(pack_metadata(core, texts))),
        facts: stored.facts.map(|facts| (facts.hash, facts.size)),
    }
}

fn pack_metadata(core: &CoreMetadata, texts: &mut Shared<String>) -> PackedMetadata {
    PackedMetadata {
        requires_dist: core
            .requires_dist
            .iter()
            .map(|one| texts.number(one.to_string()))
            .collect(),
        requires_python: core
            .requires_python
            .as_ref()
            .map(|demand| texts.number(demand.to_string())),
        provides_extra: core
            .provides_extra
            .iter()
            .map(|one| texts.number(one.to_string()))
            .collect(),
        defect: core.defect.as_ref().map(|defect| texts.number(defect.clone())),
        unreadable: core
            .unreadable
            .iter()
            .map(|one| {
                (
                    texts.number(one.marker.to_string()),
                    texts.number(one.reason.clone()),
                )
            })
            .collect(),
    }
}

/// Deduplicated values, in order of first use.
struct Shared<T> {
    order: Vec<T>,
    numbers: HashMap<T, u32>,
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self {
            order: Vec::new(),
            numbers: HashMap::new(),
        }
    }
}

impl<T: Clone + Eq + Hash> Shared<T> {
    fn number(&mut self, value: T) -> u32 {
        *self.numbers.entry(value.clone()).or_insert_with(|| {
            self.order.push(value);
            end(self.order.len() - 1)
        })
    }
}
