//! What it costs to read channels of conda packages.
//!
//!     cargo bench -p mach-nix-tests --bench channels
//!
//! - the repodata of a real channel (1.3 MB, from the data of the tests), and every record of it;
//! - a made-up channel of 500,000 records, 230 MB: opened for the first time and from the cache, its names, and one closure
//!   of 35 packages.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mach_nix_conda::{CondaName, Subdir};
use mach_nix_fetch::{Access, FetchOptions, RemoteIndex, channel_at};
use mach_nix_tests::{CondaData, StaticServer, read_repodata};

const RECORDS: usize = 500_000;
const RECORDS_OF_A_NAME: usize = 250;
const CLOSURE: usize = 35;

fn main() {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["read", url, cache, what] => read(url, Path::new(cache), what),
        [] => {
            real();
            made_up();
        }
        _ => panic!("it takes no arguments"),
    }
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let result = work();
    println!("{what:<56} {:>9.1} ms", milliseconds(begin.elapsed()));
    result
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn real() {
    let Some(data) = CondaData::find("reading the repodata of a real channel") else {
        return;
    };
    let text = data.text("pytorch-linux-64.repodata.json");
    // The second time, as the first one reads the code from the disk, too.
    let read = || read_repodata("pytorch", Subdir::Linux64, &text);
    read();
    let all = timed(&format!("every record of {} bytes of repodata", text.len()), read);
    let count: usize = all.iter().map(|records| records.usable.len()).sum();
    println!("{count} records");
}

fn name(number: usize) -> String {
    format!("package-{number:05}")
}

/// A channel whose packages each need the next ones.
fn repodata() -> String {
    let mut text = "{\"info\":{\"subdir\":\"linux-64\"},\"packages\":{},\"packages.conda\":{".to_owned();
    for number in 0..RECORDS / RECORDS_OF_A_NAME {
        let name = name(number);
        for release in 0..RECORDS_OF_A_NAME {
            let comma = if number + release == 0 { "" } else { "," };
            let needed =
                |more: usize| format!("\"{} >=1.{},<2.0a0\"", self::name(number + more), release % 7);
            write!(
                text,
                "{comma}\n\"{name}-1.{release}-py312h{number:07x}_0.conda\":{{\"build\":\"py312h{number:07x}_0\",\"build_number\":0,\
                 \"constrains\":[\"{name}-extra ==1.{release}\"],\"depends\":[{},{},\"python >=3.12,<3.13.0a0\",\"python_abi 3.12.* *_cp312\"],\
                 \"license\":\"BSD-3-Clause\",\"md5\":\"{:032x}\",\"name\":\"{name}\",\"sha256\":\"{:064x}\",\"size\":{},\
                 \"subdir\":\"linux-64\",\"timestamp\":17000{release:05}000,\"version\":\"1.{release}\"}}",
                needed(1),
                needed(2),
                number * 1000 + release,
                number * 1000 + release,
                100_000 + release,
            )
            .expect("a string takes every text");
        }
    }
    text + "}}"
}

fn index(cache: &Path) -> RemoteIndex {
    RemoteIndex::new(FetchOptions {
        indexes: Vec::new(),
        pinned_indexes: BTreeMap::new(),
        files: BTreeMap::new(),
        find_links: Vec::new(),
        credentials: Vec::new(),
        access: Access::default(),
        cache: Some(cache.to_owned()),
        offline: false,
        refresh: false,
        commits: BTreeMap::new(),
        upload_times: false,
        jobs: 4,
        progress: Arc::new(()),
    })
}

fn made_up() {
    let text = repodata();
    println!("{RECORDS} records, {} MB", text.len() / 1_000_000);
    let packed = zstd::encode_all(text.as_bytes(), 3).expect("memory");
    drop(text);
    let file = "/ours/linux-64/repodata.json.zst".to_owned();
    let server = StaticServer::start(BTreeMap::from([(file, packed)]), None);
    let url = format!("{}/ours", server.url());
    let cache = tempfile::tempdir().expect("a temporary folder");
    // In processes of their own, because memory is measured.
    for what in ["fetched and unpacked", "from the cache"] {
        let own = std::env::current_exe().expect("the name of this program");
        let done = Command::new(own)
            .args(["read", &url])
            .arg(cache.path())
            .arg(what)
            .status();
        assert!(done.is_ok_and(|status| status.success()), "{what} failed");
    }
}

fn read(url: &str, cache: &Path, what: &str) {
    let channel = Arc::new(channel_at("ours", &url.parse().expect("a URL")));
    let index = index(cache);
    let begin = Instant::now();
    let folder = timed(&format!("opened, {what}"), || {
        index.channel_folder(&channel, Subdir::Linux64).expect("a folder")
    });
    let names = timed("all names", || folder.names().len());
    assert_eq!(names, RECORDS / RECORDS_OF_A_NAME);
    let usable = timed(&format!("the records of {CLOSURE} names"), || {
        let names = (0..CLOSURE).map(|number| name(number).parse::<CondaName>().expect("a name"));
        let records = names.map(|name| {
            index
                .channel_records(&channel, Subdir::Linux64, &name)
                .expect("records")
        });
        records.map(|records| records.usable.len()).sum::<usize>()
    });
    assert_eq!(usable, CLOSURE * RECORDS_OF_A_NAME);
    let peak = peak().unwrap_or_else(|| "not known on this system".to_owned());
    println!(
        "{:<56} {:>9.1} ms; peak of memory: {peak}",
        "together",
        milliseconds(begin.elapsed())
    );
}

/// The peak of the memory of this process.
fn peak() -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.trim_start_matches("VmHWM:").trim().to_owned())
}
