//! Opening a snapshot, and its failures.

use std::io;
use std::path::Path;

use mach_nix_snapshot::{Snapshot, SnapshotError};

use crate::failure::Failure;

pub fn open(path: &Path) -> Result<Snapshot, Failure> {
    Snapshot::open(path).map_err(failure)
}

pub fn failure(error: SnapshotError) -> Failure {
    match error {
        SnapshotError::Io { snapshot, source } if source.kind() == io::ErrorKind::NotFound => {
            Failure::usage(format!(
                "there is no snapshot at {snapshot}: name one, or create one (`mach-nix index build --help`)"
            ))
        }
        error if error.is_wrong_file() => Failure::usage(error),
        error => Failure::external(error),
    }
}
