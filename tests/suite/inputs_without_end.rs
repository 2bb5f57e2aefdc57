//! Inputs that are too long, or never end.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs::File;

use mach_nix_tests::{Manners, Workdir};

fn workdir() -> Workdir {
    Workdir::new(&[], Manners::default())
}

#[test]
fn a_long_line_is_refused_and_not_repeated() {
    let workdir = workdir();
    workdir.write("long.txt", &format!("app==1 {}\n", "x".repeat(5 << 20)));
    let error = workdir.lock("-r long.txt").ends(2);
    assert!(
        error.contains("long.txt, line 1") && error.len() < 4_000,
        "{}",
        error.len()
    );
    workdir.write("wrong.txt", &format!("app==1 {}\n", "x".repeat(1 << 20)));
    let error = workdir.lock("-r wrong.txt").ends(2);
    assert!(
        error.contains("wrong.txt, line 1") && error.len() < 4_000,
        "{}",
        error.len()
    );
}

#[test]
fn no_input_is_read_without_end() {
    let workdir = workdir();
    let large = File::create(workdir.path("large")).unwrap();
    large.set_len(65 << 20).unwrap();
    for name in [
        "requirements.txt",
        "pyproject.toml",
        "uv.lock",
        "environment.yml",
        "script.py",
    ] {
        std::os::unix::fs::symlink("/dev/zero", workdir.path(name)).unwrap();
        let error = workdir.lock(&format!("-r {name}")).ends(2);
        assert!(error.contains("the limit for an input"), "{name}: {error}");
    }
    workdir.lock("-r large").ends(2);
    std::os::unix::fs::symlink("large", workdir.path("mach-nix.lock")).unwrap();
    let ran = workdir.run(&["tree"]);
    assert!(matches!(ran.code(), Some(2 | 3)), "{}", ran.stderr());
    assert!(
        ran.stderr().contains("the limit for an input"),
        "{}",
        ran.stderr()
    );
}
