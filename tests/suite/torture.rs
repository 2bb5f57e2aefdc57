//! The command in failing environments, with fixed seeds; `./dev torture` takes others.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::net::TcpListener;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use mach_nix_tests::{Manners, Torture, Workdir};

/// Runs several seeds at once: most of the time is waited for retries.
fn each(seeds: impl Iterator<Item = u64>, run: impl Fn(u64) + Sync) {
    let run = &run;
    thread::scope(|scope| {
        for seed in seeds {
            scope.spawn(move || run(seed));
        }
    });
}

#[test]
fn over_a_failing_index_the_lock_is_right_or_the_refusal_says_what_failed() {
    let torture = Torture::new(Duration::ZERO);
    let injected = std::sync::atomic::AtomicU64::new(0);
    each(0..12, |seed| {
        let count = torture.faults(seed).unwrap();
        injected.fetch_add(count, std::sync::atomic::Ordering::Relaxed);
    });
    assert!(injected.into_inner() > 0);
}

#[test]
fn a_killed_run_leaves_the_old_lock_or_the_new_one_and_nothing_else() {
    let torture = Torture::new(Duration::from_millis(5));
    each(0..6, |seed| torture.kill(seed).unwrap());
}

#[test]
fn git_ends_with_a_killed_run() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let workdir = Workdir::new(&[], Manners::default());
    let mut command = workdir.command(&["lock", &format!("x @ git+git://127.0.0.1:{port}/x")]);
    command.env("PATH", std::env::var("PATH").unwrap());
    let mut run = command.stderr(Stdio::null()).spawn().unwrap();
    let (mut connection, _) = silent.accept().unwrap();
    run.kill().unwrap();
    run.wait().unwrap();
    connection
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    // What git sent, then the end.
    std::io::copy(&mut connection, &mut std::io::sink()).unwrap();
}

#[test]
fn a_damaged_cache_is_a_slower_one() {
    let torture = Torture::new(Duration::ZERO);
    each(0..6, |seed| torture.damage(seed).unwrap());
}
