//! Errors of snapshots.

use std::io;

use crate::corruption::Corruption;
use crate::format::VERSION;

/// A snapshot that is not usable.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The file cannot be read.
    #[error("cannot read the snapshot {snapshot}: {source}")]
    Io {
        /// The file, as given by the user.
        snapshot: String,
        /// The cause.
        source: io::Error,
    },
    /// The file is not a snapshot.
    #[error("{snapshot} is not a snapshot: name a file that `mach-nix index build` made")]
    Foreign {
        /// The file, as given by the user.
        snapshot: String,
    },
    /// The format is newer than this release.
    #[error(
        "{snapshot} has snapshot format {found}, and this release reads formats up to {VERSION}: \
         use a newer mach-nix, or build the snapshot with this one"
    )]
    Newer {
        /// The file, as given by the user.
        snapshot: String,
        /// The version of its format.
        found: u32,
    },
    /// The file is corrupt.
    #[error("the snapshot {snapshot} is damaged: {reason}; copy or build it again")]
    Damaged {
        /// The file, as given by the user.
        snapshot: String,
        /// The failed check.
        reason: String,
    },
}

impl SnapshotError {
    /// Whether another file must be specified: this one does not exist, or is not a snapshot in a supported format.
    /// Otherwise the disk failed.
    #[must_use]
    pub fn is_wrong_file(&self) -> bool {
        match self {
            Self::Io { source, .. } => source.kind() == io::ErrorKind::NotFound,
            Self::Foreign { .. } | Self::Newer { .. } => true,
            Self::Damaged { .. } => false,
        }
    }
}

/// Corruption, or a file that cannot be read.
#[derive(Debug)]
pub enum ReadFailure {
    Corruption(Corruption),
    Io(io::Error),
}

impl From<Corruption> for ReadFailure {
    fn from(damage: Corruption) -> Self {
        Self::Corruption(damage)
    }
}

impl From<io::Error> for ReadFailure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl ReadFailure {
    /// Adds the name of the file.
    pub fn with(self, snapshot: &str) -> SnapshotError {
        let snapshot = snapshot.to_owned();
        match self {
            Self::Corruption(Corruption(reason)) => SnapshotError::Damaged { snapshot, reason },
            // A file that ended early was longer when it was opened.
            Self::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => SnapshotError::Damaged {
                snapshot,
                reason: "it is truncated".to_owned(),
            },
            Self::Io(source) => SnapshotError::Io { snapshot, source },
        }
    }
}

/// Errors while writing a snapshot.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The disk failed.
    #[error("cannot write the snapshot: {0}")]
    Io(#[from] io::Error),
    /// The caller added projects out of order.
    #[error("projects must be sorted by name, and `{name}` came after `{before}`")]
    Order {
        /// The misplaced name.
        name: String,
        /// The previous name.
        before: String,
    },
    /// The project exceeds the limits of readers.
    #[error("`{name}` is larger than the format allows")]
    TooLarge {
        /// The project.
        name: String,
    },
}
