//! Errors of snapshots.

use std::io;

use crate::corruption::Corruption;
use crate::format::VERSION;

/// A snapshot that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The file cannot be read at all.
    #[error("cannot read the snapshot {snapshot}: {source}")]
    Io {
        /// The file, as it was named.
        snapshot: String,
        /// Why.
        source: io::Error,
    },
    /// Some other file.
    #[error("{snapshot} is not a snapshot: name a file that `mach-nix index build` made")]
    Foreign {
        /// The file, as it was named.
        snapshot: String,
    },
    /// A format of the future.
    #[error(
        "{snapshot} has snapshot format {found}, and this release reads formats up to {VERSION}: \
         use a newer mach-nix, or build the snapshot with this one"
    )]
    Newer {
        /// The file, as it was named.
        snapshot: String,
        /// Its format.
        found: u32,
    },
    /// The file is not what was written.
    #[error("the snapshot {snapshot} is damaged: {reason}; copy or build it again")]
    Damaged {
        /// The file, as it was named.
        snapshot: String,
        /// The check that failed.
        reason: String,
    },
}

impl SnapshotError {
    /// Whether another file must be named: this one does not exist, or is not a snapshot that this release reads. Otherwise the
    /// disk failed.
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
    /// Says which file it is about.
    pub fn with(self, snapshot: &str) -> SnapshotError {
        let snapshot = snapshot.to_owned();
        match self {
            Self::Corruption(Corruption(reason)) => SnapshotError::Damaged { snapshot, reason },
            // A file that ended while it was read was longer when it was opened.
            Self::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => SnapshotError::Damaged {
                snapshot,
                reason: "it is cut short".to_owned(),
            },
            Self::Io(source) => SnapshotError::Io { snapshot, source },
        }
    }
}

/// Errors of writing a snapshot.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The disk.
    #[error("cannot write the snapshot: {0}")]
    Io(#[from] io::Error),
    /// A mistake of the caller.
    #[error("projects come in the order of their names, and `{name}` came after `{before}`")]
    Order {
        /// The name that came too late.
        name: String,
        /// The one before.
        before: String,
    },
    /// More than a reader would accept.
    #[error("`{name}` is larger than the format allows")]
    TooLarge {
        /// The project.
        name: String,
    },
}
