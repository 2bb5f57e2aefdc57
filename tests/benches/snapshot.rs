//! A snapshot of the size of the whole public index: 700,000 projects and 8 million releases, made up.
//!
//!     cargo bench -p mach-nix-tests --bench snapshot                     all of it, in a temporary file
//!     cargo bench -p mach-nix-tests --bench snapshot -- build FILE       only make it
//!     cargo bench -p mach-nix-tests --bench snapshot -- read FILE        only measure reading it
//!
//! Half of the projects have two releases, some have hundreds, as in life; each release has a wheel and a source
//! distribution with random digests and addresses. Projects are in groups of a hundred that need each other, and a group is
//! spread over the whole file: the resolution of a hundred packages reads a hundred blocks.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mach_nix_engine::lock;
use mach_nix_hash::Sha256;
use mach_nix_model::{CoreMetadata, DistributionFile, MetadataFile, Timestamp, Yanked};
use mach_nix_snapshot::{Origin, Snapshot, SnapshotProject, SnapshotWriter, StoredFile};
use mach_nix_tests::Scenario;

const PROJECTS: u64 = 700_000;
const GROUP: u64 = 100;
const ROUNDS: u64 = 51;

fn main() {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["build", file] => build(Path::new(file)),
        ["read", file] => read(Path::new(file)),
        [] => {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let file = folder.path().join("all.snapshot");
            // In processes of their own, because memory is measured.
            for mode in ["build", "read"] {
                let own = std::env::current_exe().expect("the name of this program");
                let done = Command::new(own).arg(mode).arg(&file).status();
                assert!(done.is_ok_and(|status| status.success()), "{mode} failed");
            }
        }
        _ => panic!("say `build FILE` or `read FILE`"),
    }
}

fn build(file: &Path) {
    let begin = Instant::now();
    let mut names: Vec<(String, u64)> = (0..PROJECTS).map(|number| (name(number), number)).collect();
    names.sort_unstable();
    let out = BufWriter::new(File::create(file).expect("a file"));
    let mut writer = SnapshotWriter::new(out, Origin::default()).expect("a file");
    let mut files = 0_u64;
    for (name, number) in names {
        let project = project(&name, number);
        files += project
            .releases
            .iter()
            .map(|(_, files)| files.len() as u64)
            .sum::<u64>();
        writer.add(&project).expect("in order");
    }
    writer.finish().expect("room on the disk");
    let size = fs::metadata(file).expect("just written").len();
    println!(
        "build: {:.0?}, {size} bytes, {files} files; peak memory {} MiB",
        begin.elapsed(),
        peak()
    );
}

fn read(file: &Path) {
    let open = || Snapshot::open(file).expect("just built");
    let counts = open().counts();
    println!(
        "{} projects, {} releases, {} files",
        counts.projects, counts.releases, counts.files
    );
    println!("open: median {:.1?}", median(|_| drop(open())));
    let whole = median(|round| {
        // Each time another group and nothing in memory, but for what the system keeps of the file.
        let snapshot = open();
        let root = name(round * GROUP);
        let text = format!("reason = 'size'\nask.requirements = ['{root}']\nexpect.packages = []\n");
        let request = Scenario::read(&text).expect("written above").ask.request();
        let locked = lock(&request, &snapshot, None).expect("newest versions fit together");
        assert_eq!(locked.lock.packages.len() as u64, GROUP);
    });
    println!(
        "open and resolve {GROUP} packages: median {whole:.1?}; peak memory {} MiB",
        peak()
    );
}

fn median(work: impl Fn(u64)) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|round| {
            let begin = Instant::now();
            work(round);
            begin.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}

/// The most memory that this process ever had, as the kernel counts it.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kibibytes.unwrap_or_default() / 1024
}

/// Random numbers: splitmix64.
fn scrambled(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn digest(seed: u64) -> Sha256 {
    let mut bytes = [0; 32];
    for (place, part) in bytes.chunks_exact_mut(8).enumerate() {
        part.copy_from_slice(&scrambled(seed.wrapping_mul(4).wrapping_add(place as u64)).to_le_bytes());
    }
    bytes.into()
}

/// Neighbours by number are far from each other by name.
fn name(number: u64) -> String {
    format!("{:08x}-{number}", scrambled(number) >> 32)
}

/// 11,430 releases for a thousand projects.
fn releases(number: u64) -> u64 {
    match scrambled(number ^ 0x5EED) % 1000 {
        0..500 => 2,
        500..800 => 5,
        800..950 => 22,
        950..995 => 80,
        _ => 406,
    }
}

fn project(name: &str, number: u64) -> SnapshotProject {
    let releases = releases(number);
    let needs = (1..=5)
        .map(|step| number + step)
        .filter(|needed| needed / GROUP == number / GROUP);
    let needs: Vec<u64> = needs.collect();
    let mut metadata = Arc::default();
    let release = |minor: u64| {
        // Dependencies change now and then.
        if minor.is_multiple_of(8) {
            metadata = Arc::new(core(name, minor, &needs));
        }
        let stem = format!("{}-1.{minor}", name.replace('-', "_"));
        let seed = number << 20 | minor << 1;
        let time: Timestamp = "2020-01-01T00:00:00Z".parse().expect("a date");
        let wheel = stored(
            &format!("{stem}-py3-none-any.whl"),
            seed,
            time,
            Some(metadata.clone()),
        );
        let sdist = stored(&format!("{stem}.tar.gz"), seed | 1, time, None);
        (
            format!("1.{minor}").parse().expect("a version"),
            vec![wheel, sdist],
        )
    };
    SnapshotProject {
        releases: (0..releases).map(release).collect(),
        name: name.parse().expect("a name"),
        index: Some("https://index.test/simple".into()),
    }
}

fn core(project: &str, minor: u64, needs: &[u64]) -> CoreMetadata {
    let mut text =
        format!("Metadata-Version: 2.1\nName: {project}\nRequires-Python: >=3.8\nProvides-Extra: test\n");
    for needed in needs {
        text += &format!("Requires-Dist: {}>=1.{},<3\n", name(*needed), minor.min(1));
    }
    text += "Requires-Dist: pytest>=7; extra == 'test'\n";
    CoreMetadata::parse(text.as_bytes()).expect("written above")
}

fn stored(filename: &str, seed: u64, time: Timestamp, metadata: Option<Arc<CoreMetadata>>) -> StoredFile {
    let place = digest(!seed).to_hex();
    let (first, rest) = place.split_at(2);
    let (second, rest) = rest.split_at(2);
    StoredFile {
        file: DistributionFile {
            filename: filename.into(),
            url: format!("https://files.test/packages/{first}/{second}/{rest}/{filename}").into(),
            hash: Some(digest(seed)),
            size: Some(scrambled(seed) % 10_000_000),
            requires_python: Some(">=3.8".into()),
            yanked: Yanked::No,
            upload_time: Some(time),
            metadata_file: MetadataFile::Unannounced,
        },
        metadata,
        facts: None,
    }
}
