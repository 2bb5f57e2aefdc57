//! Readers of foreign files under random damage, for a time: `./dev fuzz [SECONDS [SEED [READER]]]`. With READER,
//! those whose names begin with it.
//!
//! Whole files are changed at random and read. A reader may refuse; it may not panic, and not take more memory than the
//! limit that `./dev fuzz` sets. A snapshot is also changed below its checksums, which no accident would do: its parts are
//! put together again, so that what is behind them is reached. The input that fails is kept in the folder for temporary
//! files, and its number is printed.

mod readers;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use mach_nix_engine::{
    BackendAnswer, BackendQuery, BuildError, RecordingBuilder, RecordingIndex, SavedProblem, SourceBuilder,
    lock,
};
use mach_nix_fetch::crates_of_lock;
use mach_nix_lock::{Graph, Lock, LockedPackage};
use mach_nix_model::{PackageIndex, PackageName, Target};
use mach_nix_snapshot::{Counts, Origin, Snapshot, SnapshotProject, SnapshotWriter, StoredFile};
use mach_nix_tests::{MemoryIndex, Scenario};
use xxhash_rust::xxh3::xxh3_64;

/// Head of the file, and trailer: see `crates/snapshot/src/format.rs`.
const HEAD: usize = 12;

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let mut number = |otherwise: u64| {
        words
            .next()
            .map_or(otherwise, |word| word.parse().expect("a number"))
    };
    let (seconds, seed) = (number(600), number(1));
    let reader = words.next().unwrap_or_default();
    let mut subjects = subjects();
    subjects.retain(|subject| subject.what.starts_with(&reader));
    assert!(!subjects.is_empty(), "there is no reader `{reader}`");
    let begin = Instant::now();
    let mut round = 0;
    while begin.elapsed() < Duration::from_secs(seconds) {
        for subject in &subjects {
            let mut random = Random(seed << 40 | round);
            let input = (subject.make)(&mut random, &subject.whole);
            if catch_unwind(AssertUnwindSafe(|| (subject.read)(&input))).is_err() {
                let kept = std::env::temp_dir().join(format!("mach-nix-fuzz-{}", subject.what));
                std::fs::write(&kept, &input).expect("room for the input");
                panic!(
                    "{}: round {round} of seed {seed} panics; the input is {}",
                    subject.what,
                    kept.display()
                );
            }
        }
        round += 1;
    }
    println!(
        "{round} rounds of {} readers in {:.0?}: no panic; peak memory {} MiB",
        subjects.len(),
        begin.elapsed(),
        peak()
    );
}

/// What is read, from what, and how it is spoiled.
struct Subject {
    what: &'static str,
    whole: Vec<u8>,
    make: fn(&mut Random, &[u8]) -> Vec<u8>,
    read: fn(&[u8]),
}

fn subjects() -> Vec<Subject> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let file = |path: &str| std::fs::read(root.join(path)).expect("a file of the repository");
    let text = |text: &str| text.as_bytes().to_vec();
    let subject = |what, whole, make, read| Subject {
        what,
        whole,
        make,
        read,
    };
    let snapshot = snapshot();
    let block = block(&snapshot);
    let lock = file("fixtures/locks/several-targets.json");
    let mut subjects = vec![
        subject("snapshot", snapshot, spoiled, read_snapshot),
        subject("snapshot-below-checksums", block, rebuilt, read_snapshot),
        subject("lock", lock, spoiled, read_lock),
        subject("saved-problem", saved_problem(), spoiled, read_saved_problem),
        subject("Cargo.lock", text(CARGO_LOCK), spoiled, |input| {
            let _ = crates_of_lock(input);
        }),
        subject(
            "pylock-of-lock",
            pylock(&file("fixtures/locks/several-targets.json")),
            spoiled,
            |input| {
                readers::manifest("pylock.toml", input);
            },
        ),
    ];
    subjects.extend(readers::subjects().into_iter().map(|one| Subject {
        what: one.what,
        whole: one.whole,
        make: spoiled,
        read: one.read,
    }));
    subjects
}

/// A crate of the source itself, one of crates.io in the newer and one in the older format.
const CARGO_LOCK: &str = "version = 4\n\
    [[package]]\nname = 'own'\nversion = '0.1.0'\ndependencies = ['itoa', 'ryu 1.0.1']\n\
    [[package]]\nname = 'itoa'\nversion = '1.0.10'\nsource = 'registry+https://github.com/rust-lang/crates.io-index'\n\
    checksum = 'b1a46d1a171d865aa5f83f92695765caa047a9b4cbae2cbf37dbd613a793fd4c'\n\
    [[package]]\nname = 'ryu'\nversion = '1.0.1+x.1'\nsource = 'registry+https://github.com/rust-lang/crates.io-index'\n\
    [metadata]\n\"checksum ryu 1.0.1+x.1 (registry+https://github.com/rust-lang/crates.io-index)\" = \
    'b1a46d1a171d865aa5f83f92695765caa047a9b4cbae2cbf37dbd613a793fd4c'\n";

fn pylock(lock: &[u8]) -> Vec<u8> {
    let lock = Lock::from_json(&String::from_utf8_lossy(lock)).expect("a lock");
    lock.to_pylock().expect("a lock of wheels").into_bytes()
}

/// A problem that was saved; it is resolved again when it is read.
fn saved_problem() -> Vec<u8> {
    let scenario = Scenario::read(WORLD).expect("written above");
    let world = MemoryIndex::new(&scenario.packages);
    let index = RecordingIndex::new(&world);
    let builder = RecordingBuilder::new(&NoBuilder);
    let request = scenario.ask.request();
    lock(&request, &index, Some(&builder)).expect("a lock");
    let saved = index.problem(&request, &builder).to_json();
    assert_eq!(
        replayed(saved.as_bytes()),
        Some(true),
        "a seed that is read and resolved"
    );
    saved.into_bytes()
}

struct NoBuilder;

impl SourceBuilder for NoBuilder {
    fn query(&self, _: &LockedPackage, _: BackendQuery, _: Target) -> Result<BackendAnswer, BuildError> {
        Err(BuildError::Failed("nothing is built here".to_owned()))
    }
}

fn read_saved_problem(input: &[u8]) {
    replayed(input);
}

/// Whether there is an answer; `None` where the input cannot be read.
fn replayed(input: &[u8]) -> Option<bool> {
    let problem = SavedProblem::from_json(&String::from_utf8_lossy(input)).ok()?;
    Some(lock(&problem.request, &problem, Some(&problem)).is_ok())
}

fn read_lock(input: &[u8]) {
    if let Ok(lock) = Lock::from_json(&String::from_utf8_lossy(input)) {
        let _ = (
            lock.to_json(),
            lock.to_pylock(),
            lock.to_requirements(),
            lock.to_cyclonedx(),
        );
        let graph = Graph::new(&lock);
        for name in graph.names() {
            let _ = graph.why(name);
        }
    }
}

/// Asks everything that can be asked.
fn read_snapshot(input: &[u8]) {
    let Ok(snapshot) = Snapshot::from_source(input.to_vec(), "fuzzed".to_owned()) else {
        return;
    };
    for name in names() {
        let Ok(Some(project)) = snapshot.project(&name) else {
            continue;
        };
        for release in 0..project.versions().len() {
            for file in project.files(release) {
                let _ = (snapshot.metadata(&name, &file), snapshot.file_info(&file));
            }
        }
    }
    let _ = (snapshot.verify(), snapshot.projects().count());
}

fn names() -> Vec<PackageName> {
    ["app", "lib", "tool"]
        .iter()
        .map(|name| name.parse().expect("a name"))
        .collect()
}

/// A small world.
const WORLD: &str = r#"
reason = "something of everything"
ask.requirements = ["app[cli]>=1", "lib==1.0"]
expect.packages = ["app==1.0", "lib==1.0", "tool==3.0"]
[[package]]
release = "app==1.0"
requires = ["lib>=1,!=1.3", "tool ; extra == 'cli'", "lib[x] ; python_version < '3.9' and os_name == 'nt'"]
extras = ["cli"]
sdist = true
uploaded = "2026-01-01T00:00:00Z"
[[package]]
release = "lib==1.0"
yanked = "broken"
requires-python = ">=3.8,!=3.9.*"
[[package]]
release = "lib==1!2.0rc1.post2"
[[package]]
release = "tool==3.0"
wheels = ["cp311-cp311-manylinux_2_17_x86_64", "py3-none-any"]
"#;

/// A small snapshot of one block.
fn snapshot() -> Vec<u8> {
    let index = MemoryIndex::new(&Scenario::read(WORLD).expect("written above").packages);
    let mut writer = SnapshotWriter::new(Vec::new(), Origin::default()).expect("memory");
    for name in names() {
        let project = index.project(&name).expect("an answer").expect("in the world");
        let stored = |file| StoredFile {
            metadata: index.metadata(&name, &file).ok(),
            facts: index.file_info(&file).ok(),
            file,
        };
        let release = |place: usize| {
            let files = project.files(place).into_iter().map(stored).collect();
            (project.versions()[place].clone(), files)
        };
        let releases = (0..project.versions().len()).map(release).collect();
        let index = Some(project.index.clone());
        writer
            .add(&SnapshotProject {
                name,
                index,
                releases,
            })
            .expect("in order");
    }
    writer.finish().expect("memory").0
}

/// The one block of a snapshot, unpacked.
fn block(snapshot: &[u8]) -> Vec<u8> {
    // The block ends where the page begins; zstd stops at the end of its frame.
    let mut block = Vec::new();
    let mut frame = zstd::Decoder::new(&snapshot[HEAD..])
        .expect("a decoder")
        .single_frame();
    io::copy(&mut frame, &mut block).expect("just packed");
    block
}

/// A snapshot with right checksums around a spoiled block, page and root.
fn rebuilt(random: &mut Random, block: &[u8]) -> Vec<u8> {
    let whole = |_: &mut Random, part: &[u8]| part.to_vec();
    let choose = |random: &mut Random| if random.below(3) == 0 { spoiled } else { whole };
    let block = spoiled(random, block);
    let mut file = b"\x89mnsnap\n\x01\0\0\0".to_vec();
    let mut part = |bytes: &[u8]| {
        let packed = zstd::bulk::compress(bytes, 1).expect("memory");
        let place = ("app", file.len(), packed.len(), bytes.len(), xxh3_64(&packed));
        file.extend(packed);
        place
    };
    let place = part(&block);
    let page = rmp_serde::to_vec(&[place]).expect("plain data");
    let place = part(&choose(random)(random, &page));
    let root = (
        Origin::default(),
        Counts::default(),
        ["https://index.test/simple"],
        [place],
    );
    let root = choose(random)(random, &rmp_serde::to_vec(&root).expect("plain data"));
    let numbers = [file.len() as u64, root.len() as u64, xxh3_64(&root)];
    file.extend(root);
    let digest = *mach_nix_hash::Sha256::of(&file).as_bytes();
    file.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    file.extend(digest);
    file.extend(b"\x01\0\0\0\x89mnsnap\n");
    file
}

/// Some changes: bits, bytes, pieces cut out, doubled, or written over by others, large numbers, an early end.
fn spoiled(random: &mut Random, whole: &[u8]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let end = (at + random.below(24)).min(bytes.len());
        match random.below(8) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            3 => {
                // Lengths in MessagePack that promise gigabytes.
                let promise = [
                    [0xdd, 0xff, 0xff, 0xff, 0xff],
                    [0xdb, 0x7f, 0xff, 0xff, 0xff],
                    [0xc6, 0xff, 0xff, 0xff, 0xf0],
                ];
                bytes.splice(at..end, promise[random.below(3)]);
            }
            4 | 5 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = *b"\0\x01\x7f\x80\x90\xa0\xc0\xff\"'[]{}()<>=!~;,.\n\\*9"
                        .get(random.below(30))
                        .unwrap_or(&0);
                }
            }
        }
    }
    bytes
}

/// The most memory that this process ever had, as the kernel counts it.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kibibytes.unwrap_or_default() / 1024
}

/// splitmix64.
struct Random(u64);

impl Random {
    /// Less than the bound; zero for the bound zero.
    fn below(&mut self, pinned_indexes: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let number = usize::try_from((z ^ (z >> 31)) >> 1).unwrap_or(0);
        number.checked_rem(pinned_indexes).unwrap_or(0)
    }
}
