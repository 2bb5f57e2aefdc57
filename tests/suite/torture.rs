//! The command in failing environments, with fixed seeds; `./dev torture` takes others.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::thread;
use std::time::Duration;

use mach_nix_tests::Torture;

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
fn a_damaged_cache_is_a_slower_one() {
    let torture = Torture::new(Duration::ZERO);
    each(0..6, |seed| torture.damage(seed).unwrap());
}
