//! Sharded repodata ([CEP 16](https://conda.org/learn/ceps/cep-0016/)): an index of names, and a file per name.
//!
//! Both are MessagePack, compressed with zstd, which is undone before they come here.

use std::collections::{BTreeMap, HashSet};

use mach_nix_hash::Sha256;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::raw_record::Digest;
use crate::{PackageFile, RecordReader};

/// The version of the format that is read.
const VERSION: u64 = 1;

/// Maximum depth of nesting. A record is three levels deep in a shard, and has lists and maps of lists.
const MAX_DEPTH: usize = 32;

/// A shard, or an index of shards, that is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShardError {
    /// Not the bytes of one.
    #[error("it is not sharded repodata: {0}")]
    Format(String),
    /// A version of the format that does not exist yet.
    #[error("its format has version {0}, and this release of mach-nix reads version {VERSION}")]
    Version(u64),
}

/// The index of a folder with sharded repodata: for each name the digest of its shard.
#[derive(Debug, Clone)]
pub struct ShardIndex {
    base_url: Box<str>,
    shards_base_url: Box<str>,
    shards: BTreeMap<Box<str>, Sha256>,
}

#[derive(Deserialize)]
struct RawIndex {
    #[serde(default)]
    version: Option<u64>,
    info: RawInfo,
    shards: BTreeMap<Box<str>, Option<Digest<32>>>,
}

#[derive(Deserialize)]
struct RawInfo {
    #[serde(default)]
    base_url: Box<str>,
    #[serde(default)]
    shards_base_url: Box<str>,
}

impl ShardIndex {
    /// Reads an index.
    ///
    /// # Errors
    /// When it is not one.
    pub fn read(bytes: &[u8]) -> Result<Self, ShardError> {
        let raw: RawIndex = read(&mut &*bytes)?;
        if let Some(version) = raw.version.filter(|version| *version != VERSION) {
            return Err(ShardError::Version(version));
        }
        let shards = raw
            .shards
            .into_iter()
            .filter_map(|(name, digest)| Some((name, digest?.0.into())));
        Ok(Self {
            base_url: raw.info.base_url,
            shards_base_url: raw.info.shards_base_url,
            shards: shards.collect(),
        })
    }

    /// The address of the package files; it may be relative to that of the index.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The address of the shards; it may be relative to that of the index.
    #[must_use]
    pub fn shards_base_url(&self) -> &str {
        &self.shards_base_url
    }

    /// The digest of the shard of a name, compressed as it is served.
    #[must_use]
    pub fn shard(&self, name: &str) -> Option<Sha256> {
        self.shards.get(name).copied()
    }

    /// The name of the file of a shard.
    #[must_use]
    pub fn file(digest: &Sha256) -> String {
        format!("{}.msgpack.zst", digest.to_hex())
    }

    /// All names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.shards.keys().map(|name| &**name)
    }
}

/// Reads a shard. A broken record is skipped; what else is broken makes the shard unreadable.
///
/// # Errors
/// When it is not a shard.
pub fn read_shard(bytes: &[u8], reader: &mut RecordReader) -> Result<(), ShardError> {
    let mut records = Vec::new();
    let mut removed = HashSet::new();
    let rest = each(bytes, |key, value| {
        match key {
            "packages" | "packages.conda" => collect(value, "", &mut records)?,
            "v3" => {
                each(value, |kind, value| match kind {
                    "conda" => collect(value, PackageFile::CONDA, &mut records),
                    "tar.bz2" => collect(value, PackageFile::TAR_BZ2, &mut records),
                    _ => Ok(()),
                })?;
            }
            "removed" => {
                let files: Vec<String> = read(&mut &*value)?;
                removed.extend(files);
            }
            _ => {}
        }
        Ok(())
    })?;
    if !rest.is_empty() {
        return Err(ShardError::Format("there is something after its end".to_owned()));
    }
    for (file, record) in records {
        if !removed.contains(&file) {
            reader.add_msgpack(&file, record);
        }
    }
    Ok(())
}

/// Collects the records of a map, whose keys are names of files without this ending.
fn collect<'a>(map: &'a [u8], ending: &str, records: &mut Vec<(String, &'a [u8])>) -> Result<(), ShardError> {
    each(map, |file, record| {
        records.push((format!("{file}{ending}"), record));
        Ok(())
    })
    .map(|_| ())
}

/// Calls a function with each key of a map and the bytes of its value; returns what comes after the map.
fn each<'a>(
    map: &'a [u8],
    mut f: impl FnMut(&'a str, &'a [u8]) -> Result<(), ShardError>,
) -> Result<&'a [u8], ShardError> {
    let mut rest = map;
    let length = rmp::decode::read_map_len(&mut rest).map_err(format_error)?;
    for _ in 0..length {
        let (key, after_key) = rmp::decode::read_str_from_slice(rest).map_err(format_error)?;
        rest = after(after_key)?;
        f(key, &after_key[..after_key.len() - rest.len()])?;
    }
    Ok(rest)
}

/// What comes after the first value.
fn after(mut bytes: &[u8]) -> Result<&[u8], ShardError> {
    let IgnoredAny = read(&mut bytes)?;
    Ok(bytes)
}

/// Reads the first value, whose nesting is bounded: each level is one of the stack.
fn read<T: DeserializeOwned>(bytes: &mut &[u8]) -> Result<T, ShardError> {
    let mut deserializer = rmp_serde::Deserializer::new(bytes);
    deserializer.set_max_depth(MAX_DEPTH);
    T::deserialize(&mut deserializer).map_err(format_error)
}

fn format_error(error: impl std::fmt::Display) -> ShardError {
    ShardError::Format(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use serde::Serialize;

    use super::{ShardError, ShardIndex, read_shard};
    use crate::{Channel, CondaRecords, RecordReader, RecordSource, Subdir};

    #[derive(Serialize)]
    #[serde(untagged)]
    enum Any {
        Text(&'static str),
        Number(i64),
        Bytes(#[serde(with = "bytes")] Vec<u8>),
        List(Vec<Any>),
        Map(BTreeMap<&'static str, Any>),
    }

    mod bytes {
        pub fn serialize<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(bytes)
        }
    }

    fn map<const N: usize>(entries: [(&'static str, Any); N]) -> Any {
        Any::Map(BTreeMap::from(entries))
    }

    fn packed(any: &Any) -> Vec<u8> {
        rmp_serde::to_vec_named(any).unwrap()
    }

    fn record(build: &'static str) -> Any {
        map([
            ("name", Any::Text("a")),
            ("version", Any::Text("1")),
            ("build", Any::Text(build)),
            ("build_number", Any::Number(0)),
            ("sha256", Any::Bytes(vec![7; 32])),
            ("md5", Any::Text("d41d8cd98f00b204e9800998ecf8427e")),
            ("depends", Any::List(vec![Any::Text("b >=1")])),
        ])
    }

    fn read(bytes: &[u8]) -> Result<CondaRecords, ShardError> {
        let mut reader = RecordReader::new(RecordSource {
            channel: Arc::new(Channel::public("x")),
            subdir: Subdir::Noarch,
            base_url: "https://conda.example.org/x/noarch/".into(),
        });
        read_shard(bytes, &mut reader)?;
        Ok(reader.finish())
    }

    #[test]
    fn a_shard_has_the_records_of_a_name() {
        let shard = packed(&map([
            ("removed", Any::List(vec![Any::Text("a-1-gone.conda")])),
            ("packages", map([("a-1-old.tar.bz2", record("old"))])),
            (
                "packages.conda",
                map([
                    ("a-1-gone.conda", record("gone")),
                    ("a-1-x.conda", record("x")),
                    ("a-2-0.conda", Any::Number(1)),
                ]),
            ),
            (
                "v3",
                map([("conda", map([("a-1-y", record("y"))])), ("whl", map([]))]),
            ),
            ("new", map([("deep", Any::List(vec![]))])),
        ]));
        let records = read(&shard).unwrap();
        let builds: Vec<&str> = records.usable.iter().map(|record| &*record.build).collect();
        assert_eq!(builds, ["old", "x", "y"]);
        assert_eq!(records.usable[0].sha256, Some([7; 32].into()));
        assert_eq!(
            records.usable[0].md5.unwrap().to_string(),
            "d41d8cd98f00b204e9800998ecf8427e"
        );
        assert_eq!(
            &*records.usable[2].url,
            "https://conda.example.org/x/noarch/a-1-y.conda"
        );
        assert_eq!(records.skipped.len(), 1);
    }

    #[test]
    fn damaged_shards_are_refused() {
        let shard = packed(&map([("packages", map([("a-1-0.tar.bz2", record("0"))]))]));
        for length in 0..shard.len() {
            assert!(read(&shard[..length]).is_err(), "{length}");
        }
        let longer = [&*shard, b"x"].concat();
        assert!(read(&longer).is_err());
        // A map that promises four billion entries, and arrays without end.
        assert!(read(&[0xdf, 0xff, 0xff, 0xff, 0xff, 0xa1, b'x', 0xc0]).is_err());
        assert!(read(&[&[0x81, 0xa1, b'x'], &*vec![0x91; 100_000]].concat()).is_err());
    }

    #[test]
    fn an_index_has_a_digest_for_each_name() {
        let info = || {
            map([
                ("base_url", Any::Text("../")),
                ("shards_base_url", Any::Text("./shards/")),
                ("subdir", Any::Text("noarch")),
            ])
        };
        let index = packed(&map([
            ("version", Any::Number(1)),
            ("info", info()),
            (
                "shards",
                map([
                    ("a", Any::Bytes(vec![1; 32])),
                    (
                        "b",
                        Any::Text("0000000000000000000000000000000000000000000000000000000000000000"),
                    ),
                ]),
            ),
        ]));
        let index = ShardIndex::read(&index).unwrap();
        assert_eq!((index.base_url(), index.shards_base_url()), ("../", "./shards/"));
        assert_eq!(index.names().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(
            ShardIndex::file(&index.shard("a").unwrap()),
            format!("{}.msgpack.zst", "01".repeat(32))
        );
        assert_eq!(index.shard("c"), None);

        let newer = packed(&map([
            ("version", Any::Number(2)),
            ("info", info()),
            ("shards", map([])),
        ]));
        assert_eq!(ShardIndex::read(&newer).unwrap_err(), ShardError::Version(2));
        assert!(ShardIndex::read(b"<html>").is_err());
    }
}
