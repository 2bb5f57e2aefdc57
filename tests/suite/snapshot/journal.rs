//! A build of a snapshot that is killed, and the journal of answers that the next one goes on with (docs/decisions/0031).

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, SystemTime};

use mach_nix_tests::Manners;

use crate::Workdir;

const SOME: &str = "index build app[cli] lib --python 3.11,3.12 -o a.snapshot";
const ALL: &str = "index build --all --python 3.11,3.12 -o a.snapshot";

/// A place whose index takes its time, and whose caches have nothing.
struct Slow {
    workdir: Workdir,
    runs: usize,
}

impl Slow {
    fn new() -> Self {
        let manners = Manners {
            delay: Duration::from_millis(60),
            ..Manners::default()
        };
        let workdir = Workdir::new(manners);
        Self { workdir, runs: 0 }
    }

    /// A cache that has nothing.
    fn without_cache(&mut self, words: &str) -> String {
        self.runs += 1;
        format!("{words} --cache-dir cache-{}", self.runs)
    }

    /// Runs to the end; gives the number of requests, and what was stderr.
    fn run(&mut self, words: &str) -> (usize, String) {
        let words = self.without_cache(words);
        let before = self.workdir.index.requests();
        let ran = self.workdir.done(&words);
        (self.workdir.index.requests() - before, ran.err)
    }

    /// Kills the command (SIGKILL) when so many answers are noted.
    fn kill(&mut self, words: &str, answers: usize) {
        let words = self.without_cache(words);
        let mut child = self.workdir.command(&words).spawn().unwrap();
        while self.noted().len() < answers {
            assert!(child.try_wait().unwrap().is_none(), "it ended too early");
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        assert_eq!(child.wait().unwrap().code(), None, "it was killed");
        assert!(!self.workdir.path("a.snapshot").exists());
        // The server still takes what was sent before.
        std::thread::sleep(Duration::from_millis(300));
    }

    /// The recorded kinds and answers.
    fn noted(&self) -> Vec<(String, serde_json::Value)> {
        let text = fs::read_to_string(self.workdir.path("a.snapshot.part")).unwrap_or_default();
        let lines = text
            .split_inclusive('\n')
            .skip(1)
            .filter(|line| line.ends_with('\n'));
        let answers = lines.map(|line| {
            let (kind, _, answer): (String, String, serde_json::Value) =
                serde_json::from_str(&line[65..]).unwrap();
            (kind, answer)
        });
        answers.collect()
    }

    /// Number of requests for the recorded answers.
    fn requests(&self) -> usize {
        let noted = self.noted();
        let requests = noted.iter().map(|(kind, answer)| match kind.as_str() {
            "Whole" => {
                let releases = answer["releases"].as_array().unwrap().iter();
                let files = releases.flat_map(|release| release[1].as_array().unwrap());
                let read = files.filter(|file| !file["metadata"].is_null());
                // Wheels of one content are one request.
                1 + read
                    .map(|file| file["file"]["hash"].to_string())
                    .collect::<BTreeSet<_>>()
                    .len()
            }
            _ => 1,
        });
        requests.sum()
    }
}

/// Answers recorded before the process was killed are not fetched again, and the result is the same.
fn goes_on(words: &str, answers: usize) {
    let mut slow = Slow::new();
    let (all, _) = slow.run(words);
    let expected = slow.workdir.bytes("a.snapshot");
    assert!(!slow.workdir.path("a.snapshot.part").exists());
    fs::remove_file(slow.workdir.path("a.snapshot")).unwrap();

    slow.kill(words, answers);
    let (noted, known) = (slow.noted().len(), slow.requests());
    assert!(known >= answers);
    let part = fs::File::options()
        .append(true)
        .open(slow.workdir.path("a.snapshot.part"));
    let week = Duration::from_hours(7 * 24);
    part.unwrap().set_modified(SystemTime::now() - week).unwrap();
    let (asked, stderr) = slow.run(words);
    assert_eq!(asked, all - known);
    assert!(
        stderr.starts_with(&format!(
            "resuming from a.snapshot.part, which has {noted} responses of the index from 7 days ago and before; delete it \
             to start over"
        )),
        "{stderr}"
    );
    assert!(slow.workdir.bytes("a.snapshot") == expected);
    assert!(!slow.workdir.path("a.snapshot.part").exists());
}

#[test]
fn a_build_that_was_killed_goes_on() {
    goes_on(SOME, 4);
    goes_on(ALL, 3);
}

/// Incomplete answers, and those of another request, are ignored.
#[test]
fn what_was_noted_is_checked() {
    let mut slow = Slow::new();
    let (all, _) = slow.run(SOME);
    let expected = slow.workdir.bytes("a.snapshot");
    fs::remove_file(slow.workdir.path("a.snapshot")).unwrap();
    slow.kill(SOME, 4);
    let part = slow.workdir.path("a.snapshot.part");
    let noted = fs::read(&part).unwrap();
    let ends: Vec<usize> = (0..noted.len()).filter(|at| noted[*at] == b'\n').collect();

    // The second answer is changed: one counts.
    let mut changed = noted.clone();
    changed[ends[2] - 3] ^= 1;
    // The third is cut short: two count.
    let short = noted[..ends[2] + 9].to_vec();
    for (damaged, known) in [(changed, 1), (short, 2)] {
        fs::write(&part, damaged).unwrap();
        assert_eq!(slow.run(SOME).0, all - known);
        assert!(slow.workdir.bytes("a.snapshot") == expected);
    }
    fs::write(&part, &noted).unwrap();
    let (asked, stderr) = slow.run(&format!("{SOME} --exclude-newer 2030-01-01"));
    assert_eq!(asked, all);
    assert!(!stderr.contains("going on"), "{stderr}");
}

#[test]
fn two_that_make_one_snapshot() {
    let mut slow = Slow::new();
    let words = slow.without_cache(SOME);
    let mut first = slow.workdir.command(&words).spawn().unwrap();
    while slow.noted().is_empty() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let second = slow.workdir.run(SOME);
    assert_eq!(second.code, Some(3));
    assert_eq!(
        second.err,
        "error: a.snapshot.part is in use: another mach-nix is creating the same snapshot; wait for it, or name another file \
         with -o\n"
    );
    assert!(first.wait().unwrap().success());
}
