//! Differences between two snapshots.

use std::collections::BTreeMap;

use mach_nix_model::{PackageName, Version};

use crate::contents::SnapshotProject;
use crate::contents::StoredFile;
use crate::error::SnapshotError;
use crate::snapshot::Snapshot;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The second snapshot has a project more.
    ProjectAdded(PackageName),
    /// The second snapshot lacks a project.
    ProjectRemoved(PackageName),
    /// The second snapshot has a release more.
    Added(PackageName, Version),
    /// The second snapshot lacks a release.
    Removed(PackageName, Version),
    /// Both have the release, and say something else of its files.
    Changed(PackageName, Version),
}

/// The differences, in the order of the names; neither snapshot is held in memory.
///
/// # Errors
/// When one of the files cannot be read.
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
