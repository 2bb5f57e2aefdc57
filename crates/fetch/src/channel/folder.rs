//! A folder of a channel: all packages for one system, or for every one.

use std::fs::File;
use std::io;

use mach_nix_conda::{RecordReader, RecordSource, RepodataTable, ShardIndex};
use url::Url;

use super::blocks::Blocks;

/// A folder of a channel, opened: the names of its packages, and where their records are.
pub struct ChannelFolder {
    pub(super) source: RecordSource,
    pub(super) form: Form,
}

/// The form of the repodata of a folder.
pub(super) enum Form {
    /// There is none: the channel has no such folder.
    Absent,
    /// A file per name, in the folder at this address.
    Shards(ShardIndex, Url),
    /// One file.
    Whole(Whole),
}

/// A `repodata.json` on disk.
pub(super) struct Whole {
    pub file: File,
    pub blocks: Blocks,
    pub table: RepodataTable,
}

impl ChannelFolder {
    /// Whether the channel has this folder.
    #[must_use]
    pub fn exists(&self) -> bool {
        !matches!(self.form, Form::Absent)
    }

    /// Whether there are packages of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        match &self.form {
            Form::Absent => false,
            Form::Shards(index, _) => index.shard(name).is_some(),
            Form::Whole(whole) => whole.table.records(name).next().is_some(),
        }
    }

    /// The names of all packages, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        match &self.form {
            Form::Absent => Vec::new(),
            Form::Shards(index, _) => index.names().collect(),
            Form::Whole(whole) => whole.table.names().collect(),
        }
    }
}

impl Whole {
    /// Gives the records of a name to a reader.
    pub fn read(&self, name: &str, reader: &mut RecordReader) -> io::Result<()> {
        for place in self.table.records(name) {
            reader.add_json(
                place.file,
                &self.blocks.read(&self.file, place.offset, place.length)?,
            );
        }
        Ok(())
    }
}
