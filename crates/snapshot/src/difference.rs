//! Differences between two snapshots.

use std::collections::BTreeMap;

use mach_nix_model::{PackageName, Version};

use crate::contents::SnapshotProject;
use crate::contents::StoredFile;
use crate::error::SnapshotError;
use crate::snapshot::Snapshot;

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Only the second snapshot has the project.
    ProjectAdded(PackageName),
    /// Only the first snapshot has the project.
    ProjectRemoved(PackageName),
    /// Only the second snapshot has the release.
    Added(PackageName, Version),
    /// Only the first snapshot has the release.
    Removed(PackageName, Version),
    /// Both have the release, with different files.
    Changed(PackageName, Version),
}

/// The differences, sorted by name; neither snapshot is loaded into memory.
///
/// # Errors
/// If one of the files cannot be read.
pub fn difference(
    before: &Snapshot,
    after: &Snapshot,
    mut report: impl FnMut(Change),
) -> Result<(), SnapshotError> {
    let mut before = before.projects();
    let mut after = after.projects();
    let (mut left, mut right) = (before.next().transpose()?, after.next().transpose()?);
    loop {
        let order = match (&left, &right) {
            (None, None) => return Ok(()),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(left), Some(right)) => left.name.as_ref().cmp(right.name.as_ref()),
        };
        if order.is_eq()
            && let (Some(left), Some(right)) = (left.take(), right.take())
        {
            compare(left, right, &mut report);
        }
        if let Some(gone) = left.take_if(|_| order.is_lt()) {
            report(Change::ProjectRemoved(gone.name));
        }
        if let Some(new) = right.take_if(|_| order.is_gt()) {
            report(Change::ProjectAdded(new.name));
        }
        if left.is_none() {
            left = before.next().transpose()?;
        }
        if right.is_none() {
            right = after.next().transpose()?;
        }
    }
}

fn compare(before: SnapshotProject, after: SnapshotProject, report: &mut impl FnMut(Change)) {
    let name = before.name;
    let mut old: BTreeMap<Version, Vec<StoredFile>> = before.releases.into_iter().collect();
    for (version, files) in after.releases {
        match old.remove(&version) {
            None => report(Change::Added(name.clone(), version)),
            Some(held) if held != files => report(Change::Changed(name.clone(), version)),
            Some(_) => {}
        }
    }
    for version in old.into_keys() {
        report(Change::Removed(name.clone(), version));
    }
}
