//! Changes of the question or the world that must not change the answer.
//!
//! There is no expected answer here, only two that must be equal. `MACH_NIX_TEST_SEED` varies the worlds.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::collections::BTreeSet;

use mach_nix_engine::lock;
use mach_nix_lock::Lock;
use mach_nix_tests::{Cases, MemoryIndex, Package, Scenario, layered_universe};
use proptest::prelude::*;

const WORLDS: usize = 10;
const SHUFFLES: usize = 100;

#[test]
fn the_order_of_requirements_and_files_does_not_matter() {
    let (mut solved, mut newest) = (0, 0);
    for (at, (scenario, mut cases)) in worlds(|_| true).enumerate() {
        let first = answer(&scenario);
        solved += usize::from(first.is_ok());
        newest += usize::from(first.as_ref().is_ok_and(|text| is_newest(text, &scenario)));
        for _ in 0..SHUFFLES / 10 {
            let shuffled = shuffled(&scenario, &mut cases);
            let again = answer(&shuffled);
            assert_eq!(
                first,
                again,
                "world {at}, once as it is and once shuffled:\n{}\n{:?}",
                scenario.write(),
                shuffled.ask.requirements
            );
        }
    }
    assert!(
        (3..=10 * WORLDS - 3).contains(&solved),
        "lopsided: {solved} worlds have an answer"
    );
    assert!(
        newest < solved,
        "in every world the newest of everything was the answer"
    );
}

/// Deep rather than wide: many shuffles of one world that has an answer, and of one that has none.
#[test]
fn a_hundred_shuffles() {
    for solvable in [true, false] {
        let (scenario, mut cases) = worlds(|s| answer(s).is_ok() == solvable).next().unwrap();
        let first = answer(&scenario);
        for _ in 0..SHUFFLES {
            let shuffled = shuffled(&scenario, &mut cases);
            assert_eq!(
                first,
                answer(&shuffled),
                "{}\n{:?}",
                scenario.write(),
                shuffled.ask.requirements
            );
        }
    }
}

/// Versions that are never chosen do not change the answer, not even among equally good ones.
#[test]
fn what_is_not_used_can_go() {
    let mut deleted = 0;
    for (scenario, _) in worlds(|s| answer(s).is_ok()).take(WORLDS) {
        let used = versions(&answer(&scenario).unwrap());
        for at in 0..scenario.packages.len() {
            let mut smaller = scenario.clone();
            let gone = smaller.packages.remove(at).release;
            if used.contains(&gone) {
                continue;
            }
            deleted += 1;
            let again = versions(&answer(&smaller).unwrap());
            assert_eq!(used, again, "without {gone}:\n{}", scenario.write());
        }
    }
    assert!(deleted > 20 * WORLDS, "only {deleted} releases are not used");
}

#[test]
fn what_is_unrelated_does_not_matter() {
    for (scenario, _) in worlds(|_| true).take(WORLDS) {
        let first = answer(&scenario);
        let mut larger = scenario.clone();
        for release in ["aardvark==1.0", "layer0-99==3.0", "zebra==9.0"] {
            larger.packages.insert(
                0,
                Package {
                    release: release.to_owned(),
                    ..larger.packages[0].clone()
                },
            );
        }
        assert_eq!(first, answer(&larger), "{}", scenario.write());
    }
}

#[test]
fn a_lock_given_back_yields_itself() {
    for (mut scenario, mut cases) in worlds(|s| answer(s).is_ok()).take(WORLDS) {
        let first = answer(&scenario);
        scenario.ask.preferences = versions(first.as_ref().unwrap()).into_iter().collect();
        assert_eq!(first, answer(&scenario), "{}", scenario.write());
        assert_eq!(
            first,
            answer(&shuffled(&scenario, &mut cases)),
            "{}",
            scenario.write()
        );
    }
}

/// Worlds of the wanted kind, each with a source of shuffles.
fn worlds(wanted: impl Fn(&Scenario) -> bool) -> impl Iterator<Item = (Scenario, Cases)> {
    let mut source = Cases::new(0);
    let strategy = layered_universe();
    std::iter::repeat_with(move || source.draw(&strategy))
        .take(10 * WORLDS)
        .filter(move |scenario| wanted(scenario))
        .map(|scenario| (scenario, Cases::new(0)))
}

/// The bytes of the lock, or the text of the refusal.
fn answer(scenario: &Scenario) -> Result<String, String> {
    lock(&scenario.ask.request(), &MemoryIndex::of(scenario), None)
        .map(|locked| locked.lock.to_json())
        .map_err(|error| error.to_string())
}

fn versions(lock: &str) -> BTreeSet<String> {
    let lock = Lock::from_json(lock).unwrap();
    lock.packages
        .iter()
        .map(|package| format!("{}=={}", package.name, package.version))
        .collect()
}

fn is_newest(lock: &str, scenario: &Scenario) -> bool {
    // Releases are listed in ascending order.
    let newest = |release: &String| {
        let name = release.split_once("==").unwrap().0;
        scenario
            .packages
            .iter()
            .rfind(|p| p.name_and_version().0 == name)
            .unwrap()
            .release
            == *release
    };
    versions(lock).iter().all(newest)
}

fn shuffled(scenario: &Scenario, cases: &mut Cases) -> Scenario {
    let mut shuffled = scenario.clone();
    shuffled.packages = cases.draw(&Just(shuffled.packages).prop_shuffle());
    for package in &mut shuffled.packages {
        package.wheels.reverse();
    }
    shuffled.ask.requirements = cases.draw(&Just(shuffled.ask.requirements).prop_shuffle());
    shuffled
}
