//! Snapshots by the command line (docs/manual.md), against an index on this machine.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod journal;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use mach_nix_snapshot::Snapshot;
use mach_nix_tests::{IndexServer, Manners, Package, Scenario, program};
use tempfile::TempDir;

/// A world with what makes snapshots hard: an upper bound below the newest releases, extras, markers, withdrawn releases,
/// pre-releases, a name nobody has, and more releases than are held.
fn packages() -> Vec<Package> {
    let mut world = r#"
        reason = "snapshots"
        ask.requirements = []
        expect.packages = []
        [[package]]
        release = "app==1.0"
        requires = ["lib<1.3", "tool ; extra == 'cli'", "apple ; sys_platform == 'darwin'"]
        extras = ["cli"]
        uploaded = "2026-01-01T00:00:00Z"
        [[package]]
        release = "app==2.0"
        requires = ["lib<1.3", "missing"]
        uploaded = "2026-01-02T00:00:00Z"
        [[package]]
        release = "app==3.0"
        uploaded = "2026-06-01T00:00:00Z"
        [[package]]
        release = "tool==3.0"
        requires-python = ">=3.8"
        uploaded = "2026-01-01T00:00:00Z"
        [[package]]
        release = "apple==1.0"
        uploaded = "2026-01-01T00:00:00Z"
        [[package]]
        release = "other==1.0"
        requires = ["lib>=1.9"]
        wheels = ["cp311-cp311-manylinux_2_17_x86_64", "cp312-cp312-manylinux_2_17_x86_64"]
        sdist = true
        uploaded = "2026-01-01T00:00:00Z"
    "#
    .to_owned();
    for minor in 0..12 {
        let yanked = if minor == 11 { "yanked = 'broken'" } else { "" };
        world += &format!(
            "[[package]]\nrelease = 'lib==1.{minor}'\nuploaded = '2026-01-01T00:00:00Z'\n{yanked}\n"
        );
    }
    world += "[[package]]\nrelease = 'lib==2.0rc1'\nuploaded = '2026-01-01T00:00:00Z'\n";
    Scenario::read(&world).unwrap().packages
}

struct Workdir {
    folder: TempDir,
    index: IndexServer,
}

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Workdir {
    fn new(manners: Manners) -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            index: IndexServer::start(&packages(), manners),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Runs `mach-nix` with these words.
    fn run(&self, words: &str) -> Ran {
        let output = self.command(words).output().unwrap();
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn command(&self, words: &str) -> Command {
        let mut command = Command::new(program());
        command
            .args(words.split_whitespace())
            .current_dir(&self.folder)
            .env_clear()
            .env("MACH_NIX_CACHE_DIR", self.path("cache"))
            .env("MACH_NIX_INDEX_URL", self.index.url())
            // With more connections at once, tiny_http sometimes leaves one waiting.
            .env("MACH_NIX_JOBS", "2")
            .env("MACH_NIX_PYTHON", "3.11")
            .env("MACH_NIX_SYSTEM", "x86_64-linux");
        command
    }

    fn done(&self, words: &str) -> Ran {
        let ran = self.run(words);
        assert_eq!(ran.code, Some(0), "{words}: {}", ran.err);
        ran
    }
}

/// The same requests over the live index and over the snapshot of all of them.
fn same_locks(manners: Manners) {
    let workdir = Workdir::new(manners);
    workdir.done(
        "index build app[cli] other lib==1.11 lib==2.0rc1 -o a.snapshot --exclude-newer 2026-03-01 --releases 3 \
         --python 3.11,3.12",
    );
    for request in [
        "app",
        "app[cli]",
        "other",
        "app[cli] other<2 --python 3.11,3.12",
        "lib==1.11",
        "lib==2.0rc1",
        "lib --prerelease allow",
        "app --python 3.12",
    ] {
        let live = workdir.run(&format!("lock {request} --exclude-newer 2026-03-01 -o -"));
        let asked = workdir.index.requests();
        let held = workdir.run(&format!(
            "lock {request} --exclude-newer 2026-03-01 -o - --pypi-data a.snapshot --offline --cache-dir none"
        ));
        assert_eq!(workdir.index.requests(), asked, "the snapshot answers alone");
        // A refusal does not speak of releases that are not held; so of its text the first line counts.
        let lines = if live.code == Some(0) { usize::MAX } else { 1 };
        let stderr = |ran: &Ran| {
            let told: Vec<String> = ran.err.lines().take(lines).map(str::to_owned).collect();
            (ran.code, ran.out.clone(), told)
        };
        assert_eq!(stderr(&held), stderr(&live), "{request}");
    }
    assert!(!workdir.path("none").exists(), "no cache is made");
}

#[test]
fn a_lock_is_the_same_as_over_the_index() {
    same_locks(Manners::default());
}

#[test]
fn also_where_the_index_says_little() {
    same_locks(Manners {
        json: false,
        metadata_files: false,
        announced: false,
        upload_times: false,
        ..Manners::default()
    });
}

/// All of an index: nothing is left out, and what is not there is known not to be.
fn whole_index(manners: Manners) {
    let workdir = Workdir::new(manners);
    workdir.done("index build --all -o a.snapshot --python 3.11,3.12");
    for request in [
        "app[cli]",
        "other --python 3.11,3.12",
        "lib==1.0",
        "lib==1.11",
        "lib==2.0rc1",
        "nobody",
        "app lib<1",
    ] {
        let request = format!("lock {request} --exclude-newer 2026-07-01 --providers wheel -o -");
        let live = workdir.run(&request);
        let held = workdir.run(&format!("{request} --pypi-data a.snapshot --offline"));
        assert_eq!(
            (held.code, &held.out),
            (live.code, &live.out),
            "{request}: {}",
            held.err
        );
    }
    let text = workdir.done("index info a.snapshot").out;
    assert!(
        text.contains("  requirements   all that the index lists\n"),
        "{text}"
    );
    let added = workdir.run("index add a.snapshot tool");
    assert_eq!(added.code, Some(2));
    assert_eq!(
        added.err,
        "error: a.snapshot is a whole index: create it again with `mach-nix index build --all` (see `mach-nix index build --help`)\n"
    );
}

#[test]
fn all_of_an_index() {
    whole_index(Manners::default());
}

#[test]
fn all_of_an_index_of_html() {
    whole_index(Manners {
        json: false,
        ..Manners::default()
    });
}

#[test]
fn all_of_the_public_index_is_refused() {
    let workdir = Workdir::new(Manners::default());
    let asked = workdir.index.requests();
    let public = mach_nix_model::DEFAULT_INDEX;
    for more in ["", "--extra-index-url http://127.0.0.1:1/simple"] {
        let ran = workdir.run(&format!(
            "index build --all --index-url {public} {more} -o a.snapshot --offline"
        ));
        assert_eq!(ran.code, Some(2));
        assert!(
            ran.err.starts_with("error: --all is for an index of your own"),
            "{}",
            ran.err
        );
    }
    assert_eq!(workdir.index.requests(), asked);
}

#[test]
fn indexes_of_a_file_count() {
    let workdir = Workdir::new(Manners::default());
    let write = |text: &str| fs::write(workdir.path("r.txt"), format!("{text}\napp\n")).unwrap();
    let refused = |words: &str, part: &str| {
        let ran = workdir.run(words);
        assert_eq!(ran.code, Some(2), "{words}: {}", ran.err);
        assert!(ran.err.contains(part), "{words}: {}", ran.err);
    };
    let other = IndexServer::start(&packages(), Manners::default());
    write(&format!("--extra-index-url {}", other.url()));
    workdir.done("index build -r r.txt -o a.snapshot");
    let info = workdir.done("index info a.snapshot").out;
    assert!(info.contains(&other.url()), "{info}");
    workdir.done("index add a.snapshot other -r r.txt");

    write("--index-url http://127.0.0.1:9/other");
    refused(
        "index add a.snapshot -r r.txt",
        "a.snapshot was not created with the index http://127.0.0.1:9/other",
    );
    write("--find-links .");
    refused(
        "index build -r r.txt -o b.snapshot",
        "the files have --no-index or --find-links",
    );
    assert!(!workdir.path("b.snapshot").exists());
}

#[test]
fn a_folder_is_no_index() {
    let workdir = Workdir::new(Manners::default());
    for words in [
        "index build --all -o a.snapshot --index-url file:///srv/simple",
        "index build app -o a.snapshot --extra-index-url file:///srv/simple",
        "lock app -o - --index-url file:///srv/simple",
        "lock app -o - --index-of app=file:///srv/simple",
    ] {
        let ran = workdir.run(words);
        assert_eq!(ran.code, Some(2), "{words}: {}", ran.err);
        assert!(
            ran.err
                .starts_with("error: file:///srv/simple is not the URL of an index: "),
            "{words}: {}",
            ran.err
        );
    }
}

#[test]
fn what_is_held_and_what_is_not() {
    let workdir = Workdir::new(Manners::default());
    workdir.done("index build app -o a.snapshot --exclude-newer 2026-03-01 --releases 2");
    let snapshot = Snapshot::open(workdir.path("a.snapshot")).unwrap();
    let held: Vec<(String, Vec<String>)> = snapshot
        .projects()
        .map(|project| {
            let project = project.unwrap();
            let versions = project.releases.iter().map(|(version, _)| version.to_string());
            (project.name.to_string(), versions.collect())
        })
        .collect();
    let versions = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        held,
        [
            ("app".to_owned(), versions(&["1.0", "2.0"])),
            ("lib".to_owned(), versions(&["1.1", "1.2", "1.9", "1.10"])),
            ("missing".to_owned(), Vec::new()),
        ]
    );
    let absent = workdir.run("lock app[cli] --pypi-data a.snapshot -o -");
    assert_eq!(absent.code, Some(2));
    assert_eq!(
        absent.err,
        "error: the snapshot a.snapshot does not hold the project `tool`; add it with `mach-nix index add a.snapshot \
         tool`, or lock from the index itself, without a snapshot\n"
    );
    workdir.done("index add a.snapshot tool");
    workdir.done("lock app[cli] --pypi-data a.snapshot -o -");
}

#[test]
fn a_target_that_is_not_served_is_an_error() {
    let workdir = Workdir::new(Manners::default());
    workdir.done("index build other -o a.snapshot");
    let other = workdir.run("lock other --python 3.12 --pypi-data a.snapshot -o -");
    assert_eq!(other.code, Some(2));
    assert_eq!(
        other.err,
        "error: the snapshot a.snapshot does not hold the metadata of \
         `other-1.0-cp312-cp312-manylinux_2_17_x86_64.whl` (it serves other targets); \
         add it with `mach-nix index add a.snapshot other`, or lock from the index itself, without a snapshot\n"
    );
}

/// Sources are not in a snapshot: what they need, only a build could say.
#[test]
fn a_refusal_says_what_a_snapshot_is() {
    let workdir = Workdir::new(Manners::default());
    workdir.done("index build other lib -o a.snapshot --releases 2 --python 3.11,3.12,3.13");
    let refusal = |words: &str| {
        let ran = workdir.run(&format!("lock {words} --pypi-data a.snapshot -o -"));
        assert_eq!(ran.code, Some(1), "{}", ran.err);
        ran.err
    };
    let beyond = "resolve from the index itself, without `--pypi-data`: a snapshot has wheels only, \
                  and not all releases\n";
    let without_wheel = refusal("other --python 3.13");
    assert!(without_wheel.ends_with(beyond), "{without_wheel}");
    assert!(!without_wheel.contains("from source"), "{without_wheel}");
    let sources = refusal("other --providers sdist");
    assert!(sources.ends_with(beyond), "{sources}");
    let older = refusal("lib==1.0");
    assert!(
        older.contains("the snapshot has 2 versions of lib: 1.9, 1.10\n"),
        "{older}"
    );
    assert!(older.ends_with(beyond), "{older}");
}

#[test]
fn to_add_is_to_build_with_more() {
    let workdir = Workdir::new(Manners::default());
    let options = "--exclude-newer 2026-03-01 --releases 2 --python 3.11,3.12";
    workdir.done(&format!("index build other app -o whole.snapshot {options}"));
    workdir.done(&format!("index build app -o grown.snapshot {options}"));
    let before = workdir.bytes("grown.snapshot");
    workdir.done("index add grown.snapshot other");
    assert_ne!(before, workdir.bytes("grown.snapshot"));
    assert!(workdir.bytes("whole.snapshot") == workdir.bytes("grown.snapshot"));
    assert_eq!(workdir.done("index diff whole.snapshot grown.snapshot").out, "");

    fs::write(workdir.path("old.snapshot"), before).unwrap();
    assert_eq!(
        workdir.done("index diff old.snapshot grown.snapshot").out,
        "+ other\n"
    );
    assert_eq!(
        workdir.done("index diff grown.snapshot old.snapshot").out,
        "- other\n"
    );
}

#[test]
fn a_build_takes_from_the_cache() {
    let workdir = Workdir::new(Manners::default());
    workdir.done("index build app -o first.snapshot");
    let asked = workdir.index.requests();
    workdir.done("index build app -o second.snapshot --offline");
    assert_eq!(workdir.index.requests(), asked, "all is in the cache");
    assert!(workdir.bytes("first.snapshot") == workdir.bytes("second.snapshot"));
}

#[test]
fn a_failed_build_leaves_what_was_there() {
    let workdir = Workdir::new(Manners::default());
    fs::write(workdir.path("a.snapshot"), "old").unwrap();
    let failed = workdir.run("index build app -o a.snapshot --offline");
    assert_eq!(failed.code, Some(3), "{}", failed.err);
    assert_eq!(workdir.bytes("a.snapshot"), b"old");
    assert!(!workdir.path("a.snapshot.part").exists(), "nothing was learned");
}

#[test]
fn info_says_what_it_is() {
    let workdir = Workdir::new(Manners::default());
    workdir.done("index build app[cli] -o a.snapshot --exclude-newer 2026-03-01 --releases 3");
    let text = workdir.done("index info a.snapshot").out;
    for line in [
        "  format         1\n",
        "  projects       4\n",
        "  newest file    2026-01-02T00:00:00Z\n",
        "  date limit     2026-03-02T00:00:00Z\n",
        "  targets        Python 3.11 on x86_64-linux\n",
        "  requirements   app[cli]\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&workdir.done("index info a.snapshot --format json").out).unwrap();
    assert_eq!(json["counts"]["projects"], 4);
    assert_eq!(json["origin"]["indexes"][0], workdir.index.url());
    assert_eq!(json["size"], workdir.bytes("a.snapshot").len());
    let whole = workdir.done("index verify a.snapshot").out;
    assert_eq!(
        whole,
        format!("a.snapshot: whole, {}\n", json["digest"].as_str().unwrap())
    );
}

#[test]
fn damage_is_found_and_named() {
    let workdir = Workdir::new(Manners::default());
    workdir.done("index build app -o a.snapshot");
    let whole = workdir.bytes("a.snapshot");
    let damaged = |bytes: &[u8]| {
        fs::write(workdir.path("b.snapshot"), bytes).unwrap();
        let ran = workdir.run("index verify b.snapshot");
        assert!(ran.out.is_empty());
        (ran.code, ran.err)
    };
    let (code, message) = damaged(&whole[..whole.len() / 2]);
    assert_eq!(code, Some(3));
    assert_eq!(
        message,
        "error: the snapshot b.snapshot is damaged: its end is not that of a snapshot, as if it were truncated; \
         copy or build it again\n"
    );
    let mut flipped = whole.clone();
    flipped[20] ^= 1;
    let (code, message) = damaged(&flipped);
    assert_eq!(code, Some(3));
    assert!(
        message.starts_with("error: the snapshot b.snapshot is damaged: its digest is"),
        "{message}"
    );
    let lock = workdir.run("lock app --pypi-data b.snapshot -o -");
    assert_eq!(lock.code, Some(3));
    assert_eq!(
        lock.err,
        "error: the snapshot b.snapshot is damaged: the checksum of the part at byte 12 is wrong; \
         copy or build it again\n"
    );
    let mut newer = whole;
    newer[8] = 2;
    let (code, message) = damaged(&newer);
    assert_eq!(code, Some(2));
    assert!(
        message.contains("has snapshot format 2, and this release reads formats up to 1"),
        "{message}"
    );
    let (code, message) = damaged(b"requests\n");
    assert_eq!(code, Some(2));
    assert!(message.contains("is not a snapshot"), "{message}");
    let missing = workdir.run("index info nowhere.snapshot");
    assert_eq!(missing.code, Some(2));
    assert!(
        missing.err.contains("there is no snapshot at nowhere.snapshot"),
        "{}",
        missing.err
    );
}

#[test]
fn another_index_beside_a_snapshot_is_refused() {
    let workdir = Workdir::new(Manners::default());
    workdir.done("index build app -o a.snapshot");
    let ran =
        workdir.run("lock app --pypi-data a.snapshot --extra-index-url https://private.test/simple -o -");
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err
            .contains("leave out --index-url and the like, or --pypi-data"),
        "{}",
        ran.err
    );
}
