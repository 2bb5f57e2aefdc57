//! Opening folders of channels, and reading what they have under a name.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use mach_nix_conda::{
    Channel, CondaName, CondaRecords, RecordReader, RecordSource, ShardIndex, Subdir, read_shard,
};
use mach_nix_hash::Sha256;
use mach_nix_model::{IndexError, file_path, without_credentials};
use url::Url;

use super::blocks::{BlockWriter, Blocks};
use super::folder::{ChannelFolder, Form, Whole};
use super::kept::{KeptFolder, KeptForm, REPODATA, SHARDS};
use super::unpack::{UnpackError, decompress, scan};
use crate::address::{may_name, shown};
use crate::client::missing;
use crate::limits::{MAX_PACKED_REPODATA, MAX_SHARD, MAX_SHARD_INDEX};
use crate::local_file::unreadable;
use crate::request_error::RequestError;
use crate::shared::Shared;
use crate::sink::Spooled;
use crate::token::without_token;

/// The index of sharded repodata.
const SHARD_INDEX: &str = "repodata_shards.msgpack.zst";

/// Whole repodata, and whether it is compressed, in the order in which they are tried.
const WHOLE: [(&str, bool); 2] = [("repodata.json.zst", true), ("repodata.json", false)];

impl Shared {
    /// Opens a folder of a channel. A channel need not have a folder for each system.
    pub async fn channel_folder(
        self: Arc<Self>,
        channel: Arc<Channel>,
        subdir: Subdir,
    ) -> Result<Arc<ChannelFolder>, IndexError> {
        let address = format!("{}/{subdir}/", channel.url());
        let folder = Url::parse(&address).map_err(|error| IndexError::malformed(address, error))?;
        let opening = Opening {
            shared: &self,
            channel,
            subdir,
            folder,
        };
        let opened = match file_path(&opening.folder) {
            Some(path) => opening.of_this_machine(&path)?,
            None => opening.remote().await?,
        };
        Ok(Arc::new(opened))
    }

    /// The records of a name in a folder.
    pub async fn channel_records(
        self: Arc<Self>,
        folder: Arc<ChannelFolder>,
        name: CondaName,
    ) -> Result<Arc<CondaRecords>, IndexError> {
        let mut reader = RecordReader::new(folder.source.clone());
        match &folder.form {
            Form::Absent => {}
            Form::Shards(index, shards) => {
                if let Some(digest) = index.shard(name.as_str()) {
                    let address = shards.join(&ShardIndex::file(&digest));
                    let address = address.map_err(|error| IndexError::malformed(shown(shards), error))?;
                    let packed = self.shard(&address, &digest).await?;
                    let malformed = |reason: String| IndexError::malformed(shown(&address), reason);
                    let bytes =
                        decompress(&packed, MAX_SHARD).map_err(|error| malformed(error.to_string()))?;
                    read_shard(&bytes, &mut reader).map_err(|error| malformed(error.to_string()))?;
                }
            }
            Form::Whole(whole) => {
                let read = whole.read(name.as_str(), &mut reader);
                read.map_err(|error| self.damaged(&folder, &error))?;
            }
        }
        Ok(Arc::new(reader.finish()))
    }

    /// A whole file whose blocks are not what was written is forgotten, so that the next run fetches it again.
    fn damaged(&self, folder: &ChannelFolder, error: &io::Error) -> IndexError {
        let address = format!("{}/{}/", folder.source.channel.url(), folder.source.subdir);
        KeptFolder::forget(&self.cache, &address);
        let error = io::Error::new(
            error.kind(),
            format!("{error}; it is removed, so run the command again"),
        );
        IndexError::unreachable(address, error)
    }

    /// A shard, compressed. Its name is its digest, so that what was fetched once stays valid.
    async fn shard(&self, address: &Url, digest: &Sha256) -> Result<Vec<u8>, IndexError> {
        let key = shown(address);
        let kept = self.cache.entry(SHARDS, &key);
        if let Some(payload) = kept.as_ref().and_then(crate::entry::Entry::payload) {
            return Ok(payload.into_owned());
        }
        if self.options.offline {
            return Err(IndexError::Offline {
                what: format!("the shard {key}"),
            });
        }
        let packed = self.client.file(address, MAX_SHARD).await?;
        let packed = packed.ok_or_else(|| missing(address, "shard"))?;
        let found = Sha256::of(&packed);
        if found != *digest {
            return Err(IndexError::malformed(
                key,
                format!("its SHA-256 is {}, and not that of its name", found.to_hex()),
            ));
        }
        self.cache.put_bytes(SHARDS, &key, &[&packed]);
        Ok(packed)
    }
}

/// A folder that is being opened.
struct Opening<'s> {
    shared: &'s Arc<Shared>,
    channel: Arc<Channel>,
    subdir: Subdir,
    folder: Url,
}

impl Opening<'_> {
    /// The folder, with the address of its package files, which may be relative to it (CEP 15).
    fn opened(&self, base_url: &str, form: Form) -> Result<ChannelFolder, IndexError> {
        let base = self.joined(base_url, "base_url")?;
        Ok(ChannelFolder {
            source: RecordSource {
                channel: Arc::clone(&self.channel),
                subdir: self.subdir,
                base_url: without_token(&without_credentials(&base)).as_str().into(),
            },
            form,
        })
    }

    /// An address that the folder names, with a slash at its end.
    fn joined(&self, address: &str, key: &str) -> Result<Url, IndexError> {
        let malformed =
            |reason: String| IndexError::malformed(shown(&self.folder), format!("`{key}`: {reason}"));
        let address = format!("{}/", address.trim_end_matches('/'));
        let address = if address == "/" { "./" } else { &address };
        let joined = self
            .folder
            .join(address)
            .map_err(|error| malformed(error.to_string()))?;
        if !may_name(&self.folder, &joined) {
            return Err(malformed("it leads to a file of this machine".to_owned()));
        }
        Ok(joined)
    }

    fn absent(&self) -> Result<ChannelFolder, IndexError> {
        self.opened("", Form::Absent)
    }

    /// A folder of this machine, which may change and is never kept.
    fn of_this_machine(&self, path: &Path) -> Result<ChannelFolder, IndexError> {
        for (name, is_zstd) in WHOLE {
            let path = path.join(name);
            let packed = match File::open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(unreadable(&path, &error)),
            };
            let storage = |error: io::Error| {
                IndexError::unreachable(path.display().to_string(), RequestError::Storage(error))
            };
            let mut writer = BlockWriter::new(tempfile::tempfile().map_err(storage)?);
            let table = scan(packed, is_zstd, &mut writer)
                .map_err(|error| IndexError::malformed(path.display().to_string(), error.to_string()))?;
            let (file, blocks, _) = writer.finish().map_err(storage)?;
            return self.whole(Whole { file, blocks, table });
        }
        self.absent()
    }

    fn whole(&self, whole: Whole) -> Result<ChannelFolder, IndexError> {
        if let Some(own) = whole.table.subdir().filter(|own| *own != self.subdir.as_str()) {
            let reason = format!("it says that it is of the subdir {}", own.escape_debug());
            return Err(IndexError::malformed(shown(&self.folder), reason));
        }
        let base_url = whole.table.base_url().unwrap_or_default().to_owned();
        self.opened(&base_url, Form::Whole(whole))
    }

    fn shards(&self, packed: &[u8]) -> Result<ChannelFolder, IndexError> {
        let malformed =
            |reason: String| IndexError::malformed(format!("{}{SHARD_INDEX}", shown(&self.folder)), reason);
        let bytes = decompress(packed, MAX_SHARD_INDEX).map_err(|error| malformed(error.to_string()))?;
        let index = ShardIndex::read(&bytes).map_err(|error| malformed(error.to_string()))?;
        let shards = self.joined(index.shards_base_url(), "shards_base_url")?;
        let base_url = index.base_url().to_owned();
        self.opened(&base_url, Form::Shards(index, shards))
    }

    async fn remote(&self) -> Result<ChannelFolder, IndexError> {
        let address = shown(&self.folder);
        let offline = self.shared.options.offline;
        let kept = match KeptFolder::get(&self.shared.cache, &address) {
            Some(kept) if offline || kept.is_fresh(&self.shared.options) => match self.of_cache(kept.form)? {
                Some(opened) => return Ok(opened),
                None => None,
            },
            other => other,
        };
        if offline {
            return Err(IndexError::Offline {
                what: format!("the repodata of {address}"),
            });
        }
        self.shared.options.progress.requested(&address);
        let opened = self.fetch(kept).await;
        self.shared.options.progress.arrived(&address);
        opened
    }

    /// A kept folder; `None` if a part of it is missing.
    fn of_cache(&self, form: KeptForm) -> Result<Option<ChannelFolder>, IndexError> {
        match form {
            KeptForm::Shards(packed) => self.shards(&packed).map(Some),
            KeptForm::Whole { key, blocks, table } => match self.shared.cache.open(REPODATA, &key) {
                Some(file) => self.whole(Whole { file, blocks, table }).map(Some),
                None => Ok(None),
            },
        }
    }

    async fn fetch(&self, mut kept: Option<KeptFolder>) -> Result<ChannelFolder, IndexError> {
        let address = shown(&self.folder);
        let client = &self.shared.client;
        if let Some(packed) = or_absent(client.file(&self.at(SHARD_INDEX)?, MAX_SHARD_INDEX).await)? {
            let opened = self.shards(&packed)?;
            KeptFolder::new(KeptForm::Shards(packed.into()), None).put(&self.shared.cache, &address);
            return Ok(opened);
        }
        for (name, is_zstd) in WHOLE {
            let url = self.at(name)?;
            if let Some(opened) = self.unchanged(&url, &mut kept).await? {
                return Ok(opened);
            }
            let answer = client.spooled(&url, MAX_PACKED_REPODATA).await;
            // Some servers answer like this for files that they do not have.
            let answer = if is_zstd { or_absent(answer)? } else { answer? };
            if let Some((spooled, validator)) = answer {
                return self.unpacked(&url, spooled, is_zstd, validator).await;
            }
        }
        self.absent()
    }

    fn at(&self, name: &str) -> Result<Url, IndexError> {
        self.folder
            .join(name)
            .map_err(|error| IndexError::malformed(shown(&self.folder), error))
    }

    /// The kept file, if the server still has the same one: it may have some dozen megabytes.
    async fn unchanged(
        &self,
        url: &Url,
        kept: &mut Option<KeptFolder>,
    ) -> Result<Option<ChannelFolder>, IndexError> {
        let Some(validator) = kept.as_ref().and_then(|kept| kept.validator.clone()) else {
            return Ok(None);
        };
        if self.shared.client.validator(url).await.ok().flatten().as_ref() != Some(&validator) {
            return Ok(None);
        }
        let Some(renewed) = kept
            .take()
            .map(|kept| KeptFolder::new(kept.form, Some(validator)))
        else {
            return Ok(None);
        };
        renewed.put(&self.shared.cache, &shown(&self.folder));
        self.of_cache(renewed.form)
    }

    /// Unpacks a file into the cache, on a thread that may take its time.
    async fn unpacked(
        &self,
        url: &Url,
        spooled: Spooled,
        is_zstd: bool,
        validator: Option<String>,
    ) -> Result<ChannelFolder, IndexError> {
        let cache = self.shared.cache.clone();
        let work = move || -> Result<_, UnpackError> {
            let (_, mut packed) = spooled.finish();
            packed.seek(SeekFrom::Start(0)).map_err(UnpackError::Storage)?;
            let mut writer = BlockWriter::new(cache.large(REPODATA).map_err(UnpackError::Storage)?);
            let table = scan(packed, is_zstd, &mut writer)?;
            let (large, blocks, whole) = writer.finish().map_err(UnpackError::Storage)?;
            Ok((large, blocks, table, whole))
        };
        let done = tokio::task::spawn_blocking(work).await;
        let done = done.map_err(|error| IndexError::malformed(shown(url), error.to_string()))?;
        let (large, blocks, table, digest): (_, Blocks, _, u64) =
            done.map_err(|error| IndexError::malformed(shown(url), error.to_string()))?;
        let address = shown(&self.folder);
        let key = format!("{address} {digest:016x}");
        let storage = |error| IndexError::unreachable(shown(url), RequestError::Storage(error));
        let file = self.shared.cache.keep(large, REPODATA, &key).map_err(storage)?;
        let kept = KeptFolder::new(KeptForm::Whole { key, blocks, table }, validator);
        kept.put(&self.shared.cache, &address);
        match kept.form {
            KeptForm::Whole { blocks, table, .. } => self.whole(Whole { file, blocks, table }),
            KeptForm::Shards(packed) => self.shards(&packed),
        }
    }
}

/// A refusal of a server that does not say what it lacks is an absence, while there are other forms to try.
fn or_absent<T>(answer: Result<Option<T>, IndexError>) -> Result<Option<T>, IndexError> {
    match answer {
        Err(error) if is_forbidden(&error) => Ok(None),
        other => other,
    }
}

fn is_forbidden(error: &IndexError) -> bool {
    let IndexError::Unreachable { cause, .. } = error else {
        return false;
    };
    matches!(cause.downcast_ref(), Some(RequestError::Status { status, .. }) if *status == reqwest::StatusCode::FORBIDDEN)
}
