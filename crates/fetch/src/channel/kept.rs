//! Folders of channels in the cache.

use std::time::SystemTime;

use mach_nix_conda::RepodataTable;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::blocks::Blocks;
use crate::cache::Cache;
use crate::options::FetchOptions;

/// The bucket of folders, by their address. The number is that of the format.
const FOLDERS: &str = "channels-v1";

/// The bucket of `repodata.json` files, by the keys that their folders name.
pub const REPODATA: &str = "repodata-v1";

/// The bucket of shards, by their address, which has their digest in it.
pub const SHARDS: &str = "shards-v1";

/// A folder as it is kept.
#[derive(Serialize, Deserialize)]
pub struct KeptFolder {
    received: SystemTime,
    /// The validator of the file that it was read from.
    pub validator: Option<String>,
    pub form: KeptForm,
}

/// The repodata of a kept folder.
#[derive(Serialize, Deserialize)]
pub enum KeptForm {
    /// The index of the shards, compressed.
    Shards(ByteBuf),
    /// A file of its own in the cache.
    Whole {
        key: String,
        blocks: Blocks,
        table: RepodataTable,
    },
}

impl KeptFolder {
    pub fn new(form: KeptForm, validator: Option<String>) -> Self {
        Self {
            received: SystemTime::now(),
            validator,
            form,
        }
    }

    pub fn get(cache: &Cache, address: &str) -> Option<Self> {
        cache.get(FOLDERS, address)
    }

    pub fn put(&self, cache: &Cache, address: &str) {
        cache.put(FOLDERS, address, self);
    }

    pub fn forget(cache: &Cache, address: &str) {
        cache.remove(FOLDERS, address);
    }

    /// Whether it need not be checked again.
    pub fn is_fresh(&self, options: &FetchOptions) -> bool {
        options.is_fresh(self.received)
    }
}
