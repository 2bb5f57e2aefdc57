//! Every scenario under `fixtures/scenarios`, resolved from memory.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

// The words of the command, as it has them itself.
#[path = "../../crates/cli/src/surface.rs"]
mod surface;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use mach_nix_engine::{
    BackendAnswer, BackendQuery, BuildError, EngineError, Locked, RecordingBuilder, RecordingIndex,
    SavedProblem, SourceBuilder, lock,
};
use mach_nix_lock::LockedPackage;
use mach_nix_model::{Provider, Target};
use mach_nix_tests::{MemoryIndex, Scenario};
use surface::CommandSurface;

#[test]
fn scenarios_come_out_as_their_files_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/scenarios");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() >= 10, "the scenarios were not found");
    let mut wrong = String::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let scenario = Scenario::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let expected = match (&scenario.expect.packages, &scenario.expect.refusal) {
            (Some(packages), None) => {
                let nixpkgs = scenario.expect.nixpkgs.iter().flatten();
                let nixpkgs = nixpkgs.map(|name| format!("{name} from nixpkgs"));
                let lines: Vec<String> = packages.iter().cloned().chain(nixpkgs).collect();
                lines.join("\n")
            }
            (None, Some(refusal)) => refusal.trim_end().to_owned(),
            _ => panic!("{}: expect either packages or a refusal", path.display()),
        };
        let found = answer(&scenario);
        if found != expected {
            let name = path.file_name().unwrap().to_string_lossy();
            writeln!(
                wrong,
                "{name} ({})\nexpected:\n{expected}\nfound:\n{found}\n",
                scenario.reason
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn answer(scenario: &Scenario) -> String {
    let (request, index) = (scenario.ask.request(), MemoryIndex::of(scenario));
    let recording = RecordingIndex::new(&index);
    let found = told(lock(&request, &recording, None));
    // What was asked is enough to come to the same answer.
    let saved = recording
        .problem(&request, &RecordingBuilder::new(&Nobody))
        .to_json();
    let saved = SavedProblem::from_json(&saved).unwrap();
    assert_eq!(
        found,
        told(lock(&saved.request, &saved, None)),
        "{}",
        scenario.reason
    );
    found
}

/// Sources of scenarios state everything.
struct Nobody;

impl SourceBuilder for Nobody {
    fn query(&self, _: &LockedPackage, _: BackendQuery, _: Target) -> Result<BackendAnswer, BuildError> {
        Err(BuildError::Failed("nobody is asked".to_owned()))
    }
}

fn told(answer: Result<Locked, EngineError>) -> String {
    match answer {
        Ok(locked) => {
            let packages = locked.lock.packages.iter();
            let nixpkgs = packages.filter(|package| package.provider == Provider::Nixpkgs);
            let nixpkgs = nixpkgs.map(|package| format!("\n{} from nixpkgs", package.name));
            locked.lock.to_requirements().trim_end().to_owned() + &nixpkgs.collect::<String>()
        }
        Err(error) => error.display(&CommandSurface),
    }
}
