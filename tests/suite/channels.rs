//! Channels of conda packages: each form of their repodata, from servers and folders, well or badly made.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use mach_nix_conda::{Channel, CondaName, CondaRecords, Subdir};
use mach_nix_fetch::{FetchOptions, RemoteIndex, channel_at};
use mach_nix_hash::Sha256;
use mach_nix_model::IndexError;
use mach_nix_oracle::has;
use mach_nix_tests::StaticServer;
use serde::Serialize;
use serde_json::{Map, Value, json};

const LINUX: Subdir = Subdir::Linux64;

/// The repodata of a small folder.
fn repodata() -> Value {
    let record = |name: &str, version: &str, build: &str, depends: &[&str]| {
        let digest = Sha256::of(format!("{name}-{version}-{build}")).to_hex();
        json!({"name": name, "version": version, "build": build, "build_number": 0, "depends": depends, "constrains": [],
               "subdir": "linux-64", "sha256": digest, "md5": digest[..32], "size": 7, "timestamp": 1_700_000_000_000_i64})
    };
    json!({
        "info": {"subdir": "linux-64"},
        "packages": {
            "a-1.0-0.tar.bz2": record("a", "1.0", "0", &["b >=1"]),
            "a-0.9-0.tar.bz2": record("a", "0.9", "0", &[]),
        },
        "packages.conda": {
            "a-1.0-0.conda": record("a", "1.0", "0", &["b >=1"]),
            "b-1-h1_0.conda": record("b", "1", "h1_0", &["libc >=2"]),
            "b-2-h1_0.conda": record("b", "2", "h1_0", &["c >>2"]),
        },
        "v3": {"conda": {"libc-2-0": record("libc", "2", "0", &[])}},
        "removed": ["a-0.9-0.tar.bz2"],
        "repodata_version": 2,
    })
}

/// A value whose digests are bytes, as in a shard.
struct Packed<'v>(&'v Value);

impl Serialize for Packed<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(map) => {
                serializer.collect_map(map.iter().map(|(key, value)| match value.as_str() {
                    Some(text) if ["sha256", "md5"].contains(&key.as_str()) => {
                        (key, Either::Bytes(hex(text)))
                    }
                    _ => (key, Either::Value(Packed(value))),
                }))
            }
            Value::Array(values) => serializer.collect_seq(values.iter().map(Packed)),
            other => other.serialize(serializer),
        }
    }
}

enum Either<'v> {
    Bytes(Vec<u8>),
    Value(Packed<'v>),
}

impl Serialize for Either<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap()
}

fn zstd(content: &[u8]) -> Vec<u8> {
    zstd::encode_all(content, 3).unwrap()
}

fn msgpack(value: &Value) -> Vec<u8> {
    zstd(&rmp_serde::to_vec_named(&Packed(value)).unwrap())
}

/// The files of a folder with sharded repodata, below a path.
fn shards(repodata: &Value, path: &str, base_url: &str) -> BTreeMap<String, Vec<u8>> {
    let mut of_name: BTreeMap<&str, Value> = BTreeMap::new();
    for (pointer, keys) in [
        ("/packages", &["packages"][..]),
        ("/packages.conda", &["packages.conda"]),
        ("/v3/conda", &["v3", "conda"]),
    ] {
        for (file, record) in repodata
            .pointer(pointer)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let mut at = of_name
                .entry(record["name"].as_str().unwrap())
                .or_insert_with(|| json!({"removed": repodata["removed"]}));
            for key in keys {
                at = at
                    .as_object_mut()
                    .unwrap()
                    .entry(*key)
                    .or_insert_with(|| json!({}));
            }
            at[file] = record.clone();
        }
    }
    let mut files = BTreeMap::new();
    let mut digests = Map::new();
    for (name, shard) in of_name {
        let shard = msgpack(&shard);
        let digest = Sha256::of(&shard).to_hex();
        files.insert(format!("{path}shards/{digest}.msgpack.zst"), shard);
        digests.insert(name.to_owned(), json!({"sha256": digest}));
    }
    // Each digest is a value of its own, as bytes.
    let index = BTreeMap::from([
        (
            "info",
            Index::Info(
                json!({"base_url": base_url, "shards_base_url": "./shards/", "subdir": repodata["info"]["subdir"]}),
            ),
        ),
        (
            "shards",
            Index::Shards(
                digests
                    .into_iter()
                    .map(|(name, digest)| (name, hex(digest["sha256"].as_str().unwrap()).into()))
                    .collect(),
            ),
        ),
        ("version", Index::Info(json!(1))),
    ]);
    files.insert(
        format!("{path}repodata_shards.msgpack.zst"),
        zstd(&rmp_serde::to_vec_named(&index).unwrap()),
    );
    files
}

#[derive(Serialize)]
#[serde(untagged)]
enum Index {
    Info(Value),
    Shards(BTreeMap<String, serde_bytes::ByteBuf>),
}

/// The files of a folder in one of the forms.
fn folder(form: &str, repodata: &Value, path: &str) -> BTreeMap<String, Vec<u8>> {
    let json = repodata.to_string().into_bytes();
    match form {
        "shards" => shards(repodata, path, ""),
        "zst" => BTreeMap::from([(format!("{path}repodata.json.zst"), zstd(&json))]),
        _ => BTreeMap::from([(format!("{path}repodata.json"), json)]),
    }
}

fn index(cache: Option<&Path>, offline: bool, credentials: &[&str]) -> RemoteIndex {
    RemoteIndex::new(FetchOptions {
        indexes: Vec::new(),
        pinned_indexes: BTreeMap::new(),
        files: BTreeMap::new(),
        find_links: Vec::new(),
        credentials: credentials.iter().map(|url| url.parse().unwrap()).collect(),
        access: mach_nix_fetch::Access::default(),
        cache: cache.map(Path::to_owned),
        offline,
        refresh: false,
        commits: BTreeMap::new(),
        upload_times: false,
        jobs: 4,
        progress: Arc::new(()),
    })
}

fn channel(url: &str) -> Arc<Channel> {
    Arc::new(channel_at("ours", &url.parse().unwrap()))
}

fn name(text: &str) -> CondaName {
    text.parse().unwrap()
}

/// What is known of a name, as text; addresses are below `URL`.
fn shown(records: &CondaRecords, url: &str) -> String {
    format!("{records:#?}").replace(url, "URL")
}

/// What is known of every name of the small folder.
fn everything(index: &RemoteIndex, url: &str) -> String {
    let channel = channel(url);
    let folder = index.channel_folder(&channel, LINUX).unwrap();
    assert_eq!(folder.names(), ["a", "b", "libc"]);
    assert!(folder.has("a") && !folder.has("c") && folder.exists());
    let names = folder.names().into_iter().map(name);
    names
        .map(|name| shown(&index.channel_records(&channel, LINUX, &name).unwrap(), url))
        .collect()
}

fn error(index: &RemoteIndex, url: &str, package: &str) -> String {
    let failed: IndexError = index
        .channel_records(&channel(url), LINUX, &name(package))
        .unwrap_err();
    failed.to_string()
}

#[test]
fn every_form_has_the_same_records() {
    let mut seen = Vec::new();
    for form in ["shards", "zst", "json"] {
        let server = StaticServer::start(folder(form, &repodata(), "/ours/linux-64/"), None);
        seen.push(everything(
            &index(None, false, &[]),
            &format!("{}/ours", server.url()),
        ));
    }
    for form in ["zst", "json"] {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir(place.path().join("linux-64")).unwrap();
        for (file, content) in folder(form, &repodata(), "linux-64/") {
            fs::write(place.path().join(file), content).unwrap();
        }
        seen.push(everything(
            &index(None, true, &[]),
            &format!("file://{}", place.path().display()),
        ));
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:#?}");

    let server = StaticServer::start(folder("shards", &repodata(), "/ours/linux-64/"), None);
    let (index, channel) = (
        index(None, false, &[]),
        channel(&format!("{}/ours/", server.url())),
    );
    let records = |of: &str| index.channel_records(&channel, LINUX, &name(of)).unwrap();
    let a = records("a");
    assert_eq!(
        (a.usable.len(), &*a.usable[0].file),
        (1, "a-1.0-0.conda"),
        "the newer format, and what is not removed"
    );
    assert_eq!(
        &*a.usable[0].url,
        format!("{}/ours/linux-64/a-1.0-0.conda", server.url())
    );
    assert_eq!(a.usable[0].sha256, Some(Sha256::of("a-1.0-0")));
    let b = records("b");
    assert_eq!((b.usable.len(), b.skipped.len()), (1, 1));
    assert!(b.skipped[0].reason.contains("`c >>2`"), "{:?}", b.skipped);
    assert_eq!(&*records("libc").usable[0].file, "libc-2-0.conda");
}

#[test]
fn shards_cost_a_request_for_the_index_and_one_for_each_name() {
    let mut files = folder("json", &repodata(), "/ours/linux-64/");
    files.extend(folder("zst", &repodata(), "/ours/linux-64/"));
    files.extend(shards(&repodata(), "/ours/linux-64/", ""));
    let server = StaticServer::start(files, None);
    let (index, channel) = (
        index(None, false, &[]),
        channel(&format!("{}/ours", server.url())),
    );
    index.prefetch_records(&channel, LINUX, &[name("a"), name("b"), name("unknown")]);
    for of in ["a", "b", "a", "unknown"] {
        index.channel_records(&channel, LINUX, &name(of)).unwrap();
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 3, "{requests:?}");
    assert!(requests.contains(&"GET /ours/linux-64/repodata_shards.msgpack.zst".to_owned()));
}

#[test]
fn what_was_fetched_is_kept() {
    for form in ["shards", "zst", "json"] {
        let server = StaticServer::start(folder(form, &repodata(), "/ours/linux-64/"), None);
        let url = format!("{}/ours", server.url());
        let cache = tempfile::tempdir().unwrap();
        let refused = error(&index(Some(cache.path()), true, &[]), &url, "a");
        assert!(refused.contains("is not in the cache"), "{refused}");
        let first = everything(&index(Some(cache.path()), false, &[]), &url);
        assert!(!server.requests().is_empty());
        for offline in [true, false] {
            assert_eq!(everything(&index(Some(cache.path()), offline, &[]), &url), first);
        }
        assert_eq!(server.requests(), Vec::<String>::new(), "{form}");
    }
}

#[test]
fn damage_in_the_cache_is_found() {
    let server = StaticServer::start(folder("json", &repodata(), "/ours/linux-64/"), None);
    let url = format!("{}/ours", server.url());
    let cache = tempfile::tempdir().unwrap();
    let first = everything(&index(Some(cache.path()), false, &[]), &url);
    let files = fs::read_dir(cache.path().join("repodata-v1")).unwrap();
    let folders = files
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir());
    for file in folders.flat_map(|folder| fs::read_dir(folder).unwrap()) {
        let path = file.unwrap().path();
        let mut content = fs::read(&path).unwrap();
        content[20] ^= 1;
        fs::write(&path, content).unwrap();
    }
    let refused = error(&index(Some(cache.path()), true, &[]), &url, "a");
    assert!(
        refused.contains("damaged") && refused.contains("run the command again"),
        "{refused}"
    );
    assert_eq!(everything(&index(Some(cache.path()), false, &[]), &url), first);
}

#[test]
fn a_channel_need_not_have_every_folder() {
    let of_noarch = json!({"info": {"subdir": "noarch"}, "packages.conda": {}});
    let server = StaticServer::start(folder("json", &of_noarch, "/ours/noarch/"), None);
    let url = format!("{}/ours", server.url());
    let (index, channel) = (index(None, false, &[]), channel(&url));
    let folder = index.channel_folder(&channel, Subdir::OsxArm64).unwrap();
    assert!(!folder.exists() && folder.names().is_empty());
    let records = index
        .channel_records(&channel, Subdir::OsxArm64, &name("a"))
        .unwrap();
    assert!(records.usable.is_empty() && records.skipped.is_empty());
}

#[test]
fn what_has_no_folder_at_all_is_not_a_channel() {
    let server = StaticServer::start(BTreeMap::new(), None);
    let place = tempfile::tempdir().unwrap();
    for url in [
        format!("{}/ours", server.url()),
        format!("file://{}", place.path().display()),
    ] {
        let refused = index(None, false, &[]).channel_records(&channel(&url), LINUX, &name("a"));
        let message = refused.unwrap_err().to_string();
        assert!(
            message.contains(&url) && message.contains("it has neither `linux-64` nor `noarch`"),
            "{message}"
        );
    }
}

#[test]
fn package_files_may_be_somewhere_else() {
    let at = |base_url: &str| {
        let mut with_base = repodata();
        with_base["info"]["base_url"] = json!(base_url);
        let forms = [
            folder("json", &with_base, "/ours/linux-64/"),
            shards(&repodata(), "/ours/linux-64/", base_url),
        ];
        forms.map(|files| {
            let server = StaticServer::start(files, None);
            let url = format!("{}/ours", server.url());
            let records = index(None, false, &[]).channel_records(&channel(&url), LINUX, &name("a"));
            records
                .map(|records| records.usable[0].url.replace(&server.url(), ""))
                .map_err(|error| error.to_string())
        })
    };
    for (base_url, expected) in [
        ("", "/ours/linux-64/a-1.0-0.conda"),
        ("../files", "/ours/files/a-1.0-0.conda"),
        ("/all/", "/all/a-1.0-0.conda"),
        (
            "https://me:secret@files.example.org/x",
            "https://files.example.org/x/a-1.0-0.conda",
        ),
    ] {
        assert_eq!(
            at(base_url),
            [Ok(expected.to_owned()), Ok(expected.to_owned())],
            "{base_url}"
        );
    }
    for refused in at("file:///etc") {
        assert!(
            refused
                .unwrap_err()
                .contains("it leads to a file of this machine")
        );
    }
}

#[test]
fn what_is_not_repodata_is_refused_with_its_address() {
    let page = b"<html>log in</html>".to_vec();
    let other = json!({"info": {"subdir": "osx-64"}, "packages": {}})
        .to_string()
        .into_bytes();
    let cases = [
        ("repodata.json", page.clone(), "not valid JSON at byte 0"),
        ("repodata.json", b"{\"packages\": {".to_vec(), "incomplete"),
        ("repodata.json", other, "it says that it is of the subdir osx-64"),
        ("repodata.json.zst", page.clone(), "cannot be decompressed"),
        (
            "repodata_shards.msgpack.zst",
            page.clone(),
            "cannot be decompressed",
        ),
        ("repodata_shards.msgpack.zst", zstd(&page), "not sharded repodata"),
    ];
    for (file, content, expected) in cases {
        let server = StaticServer::start(
            BTreeMap::from([(format!("/ours/linux-64/{file}"), content)]),
            None,
        );
        let refused = error(&index(None, false, &[]), &format!("{}/ours", server.url()), "a");
        assert!(
            refused.contains(expected) && refused.contains("/ours/linux-64/"),
            "{file}: {refused}"
        );
    }
}

#[test]
fn a_shard_is_what_the_index_says() {
    let mut files = shards(&repodata(), "/ours/linux-64/", "");
    for (path, content) in &mut files {
        if path.contains("/shards/") {
            *content = msgpack(&json!({"packages": {}}));
        }
    }
    let server = StaticServer::start(files, None);
    let cache = tempfile::tempdir().unwrap();
    let url = format!("{}/ours", server.url());
    for _ in 0..2 {
        let refused = error(&index(Some(cache.path()), false, &[]), &url, "a");
        assert!(refused.contains("its SHA-256 is"), "{refused}");
    }
    let none = shards(&repodata(), "/ours/linux-64/", "")
        .into_iter()
        .filter(|(path, _)| !path.contains("/shards/"));
    let server = StaticServer::start(none.collect(), None);
    let refused = error(&index(None, false, &[]), &format!("{}/ours", server.url()), "a");
    assert!(refused.contains("there is no such shard"), "{refused}");
}

#[test]
fn credentials_are_sent_and_not_kept() {
    let server = StaticServer::start(folder("zst", &repodata(), "/ours/linux-64/"), Some("me:s3cret"));
    let secret = server.url().replace("://", "://me:s3cret@") + "/ours";
    let refused = error(&index(None, false, &[]), &format!("{}/ours", server.url()), "a");
    assert!(refused.contains("401"), "{refused}");
    let cache = tempfile::tempdir().unwrap();
    let seen = everything(
        &index(Some(cache.path()), false, &[&secret]),
        &format!("{}/ours", server.url()),
    );
    assert!(!seen.contains("s3cret"), "{seen}");
    assert_eq!(channel(&secret).url(), format!("{}/ours", server.url()));

    let server = StaticServer::start(folder("json", &repodata(), "/t/t0ken/ours/linux-64/"), None);
    let secret = format!("{}/t/t0ken/ours", server.url());
    assert_eq!(channel(&secret).url(), format!("{}/ours", server.url()));
    let seen = everything(&index(None, false, &[&secret]), &format!("{}/ours", server.url()));
    assert!(!seen.contains("t0ken"), "{seen}");
}

/// A channel that py-rattler indexes has the same records in all three forms.
#[test]
fn channels_of_rattler_are_read() {
    if !has("rattler") {
        eprintln!(
            "left out, because the Python of the tests lacks py-rattler: reading a channel that it makes"
        );
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let python = std::env::var_os("MACH_NIX_TEST_PYTHON").unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/channels.py");
    let made = Command::new(python)
        .arg(script)
        .arg(place.path())
        .output()
        .unwrap();
    assert!(
        made.status.success(),
        "{}: {}",
        made.status,
        String::from_utf8_lossy(&made.stderr)
    );
    let mut all = BTreeMap::new();
    let mut folders = vec![place.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let at = path.strip_prefix(place.path()).unwrap().display().to_string();
                all.insert(format!("/ours/{at}"), fs::read(path).unwrap());
            }
        }
    }
    let without = |unwanted: &[&str]| {
        let kept = all
            .iter()
            .filter(|(path, _)| !unwanted.iter().any(|end| path.ends_with(end)));
        kept.map(|(path, content)| (path.clone(), content.clone()))
            .collect::<BTreeMap<_, _>>()
    };
    let sharded = "repodata_shards.msgpack.zst";
    let forms = [
        without(&[]),
        without(&[sharded]),
        without(&[sharded, "repodata.json.zst"]),
    ];
    let seen = forms.map(|files| {
        let server = StaticServer::start(files, None);
        let url = format!("{}/ours", server.url());
        let (index, channel) = (index(None, false, &[]), channel(&url));
        let records = [(LINUX, "libdemo"), (Subdir::Noarch, "demo")].map(|(subdir, package)| {
            let records = index.channel_records(&channel, subdir, &name(package)).unwrap();
            assert_eq!((records.usable.len(), records.skipped.len()), (2, 0));
            assert!(
                records
                    .usable
                    .iter()
                    .all(|record| record.sha256.is_some() && record.size.is_some())
            );
            shown(&records, &url)
        });
        (
            records,
            server.requests().iter().any(|line| line.contains("/shards/")),
        )
    });
    assert_eq!(seen[0].0, seen[1].0);
    assert_eq!(seen[1].0, seen[2].0);
    assert_eq!(seen.map(|(_, by_shards)| by_shards), [true, false, false]);
}
