//! `packaging`, the reference implementation, reads the exported `pylock.toml`, and installs on each target the
//! packages of the lock, and nothing in other environments.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;
use std::path::Path;

use mach_nix_lock::{Lock, LockedTarget};
use mach_nix_model::Target;
use mach_nix_tags::{CompatibleTags, NixSystem};
use serde_json::{Value, json};

fn ask(question: &Value) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/oracle.py");
    mach_nix_oracle::ask(&script, question)
}

fn question(target: &LockedTarget) -> Value {
    let environment = Target::from(target).marker_environment();
    let tags = CompatibleTags::for_target(target.python, target.system);
    json!({
        "environment": {
            "python_version": environment.python_version().to_string(),
            "python_full_version": environment.python_full_version().to_string(),
            "sys_platform": environment.sys_platform(),
            "platform_machine": environment.platform_machine(),
        },
        "tags": tags.iter().map(|tag| tag.to_string()).collect::<Vec<_>>(),
    })
}

fn locks() -> Vec<Lock> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    [
        "fixtures/locks/several-targets.json",
        "tests/nix/locks/flask/mach-nix.lock",
        "tests/nix/locks/science/mach-nix.lock",
        "tests/nix/locks/build-tools/mach-nix.lock",
        "examples/flask-weather/mach-nix.lock",
    ]
    .iter()
    .map(|path| Lock::from_json(&fs::read_to_string(root.join(path)).unwrap()).unwrap())
    .collect()
}

#[test]
fn the_export_installs_the_locked_packages() {
    for lock in locks() {
        let pythons = ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13"].map(|python| python.parse().unwrap());
        let everywhere: Vec<LockedTarget> = pythons
            .into_iter()
            .flat_map(|python| NixSystem::ALL.map(|system| LockedTarget::from(Target { python, system })))
            .collect();
        let questions: Vec<Value> = everywhere.iter().map(question).collect();
        let answers = ask(&json!({ "pylock": lock.to_pylock().unwrap(), "targets": questions }));
        for (target, answer) in everywhere.iter().zip(answers) {
            let Some(index) = lock.targets.iter().position(|one| one == target) else {
                assert!(answer.is_string(), "{target:?} is no target, and gets {answer}");
                continue;
            };
            let here = lock
                .packages
                .iter()
                .filter(|package| lock.targets_of(package).contains(&index));
            let files: Vec<&str> = here
                .filter_map(|package| package.file())
                .map(|file| file.name.as_str())
                .collect();
            assert_eq!(answer, json!(files), "{target:?}");
        }
    }
}
