//! Verification of a whole snapshot.

use mach_nix_hash::Sha256Hasher;
use mach_nix_model::PackageName;

use crate::contents::SnapshotProject;
use crate::corruption::Corruption;
use crate::error::{ReadFailure, SnapshotError};
use crate::format::{Counts, TRAILER_SIZE};
use crate::snapshot::Snapshot;

/// Number of bytes per read.
const PIECE: u64 = 1024 * 1024;

impl Snapshot {
    /// Reads everything and compares it with the recorded values: the digest of the whole, all checksums, the order of
    /// names, the statistics.
    ///
    /// # Errors
    /// The first corruption found.
    pub fn verify(&self) -> Result<(), SnapshotError> {
        self.check_digest()
            .and_then(|()| self.check_contents())
            .map_err(|failure| failure.with(self.name()))
    }

    fn check_digest(&self) -> Result<(), ReadFailure> {
        let end = self.size - TRAILER_SIZE as u64;
        let mut hasher = Sha256Hasher::new();
        let mut buffer = Vec::new();
        let mut at = 0;
        while at < end {
            let length = PIECE.min(end - at);
            buffer.resize(usize::try_from(length).unwrap_or(usize::MAX), 0);
            self.source.read_exact_at(&mut buffer, at)?;
            hasher.update(&buffer);
            at += length;
        }
        let actual = hasher.finish();
        if actual != self.trailer.digest {
            let reason = format!(
                "its digest is {actual}, and the recorded one is {}",
                self.trailer.digest
            );
            return Err(Corruption::new(reason).into());
        }
        Ok(())
    }

    fn check_contents(&self) -> Result<(), ReadFailure> {
        let mut counts = Counts::default();
        let mut last: Option<PackageName> = None;
        for number in 0..self.root.pages.len() {
            let page = self.page(number)?;
            if page.first().map(|location| &location.first)
                != self.root.pages.get(number).map(|location| &location.first)
            {
                return Err(Corruption::new("a page of its index has a wrong first name").into());
            }
            for location in page.iter() {
                let projects = self.contents(location)?;
                if projects
                    .first()
                    .is_none_or(|project| *project.name.as_ref() != *location.first)
                {
                    return Err(Corruption::new("a block has a wrong first name").into());
                }
                for project in projects {
                    if last
                        .as_ref()
                        .is_some_and(|last| last.as_ref() >= project.name.as_ref())
                    {
                        return Err(
                            Corruption::new(format!("`{}` is in the wrong location", project.name)).into(),
                        );
                    }
                    counts.add(&project);
                    last = Some(project.name);
                }
            }
        }
        if counts != self.root.counts {
            return Err(Corruption::new("its contents differ from its statistics").into());
        }
        Ok(())
    }
}

impl Counts {
    /// Counts a project.
    pub(crate) fn add(&mut self, project: &SnapshotProject) {
        let files = || project.releases.iter().flat_map(|(_, files)| files);
        self.projects += 1;
        self.releases += project.releases.len() as u64;
        self.files += files().count() as u64;
        let newest = files().filter_map(|stored| stored.file.upload_time).max();
        self.newest = self.newest.max(newest);
    }
}
