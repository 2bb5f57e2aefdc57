//! The command in failing environments, for a time: `./dev torture [SECONDS [SEED]]`.

use std::time::{Duration, Instant};

use mach_nix_tests::Torture;

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let mut number = |otherwise: u64| {
        words
            .next()
            .map_or(otherwise, |word| word.parse().expect("a number"))
    };
    let (seconds, first) = (number(600), number(1000));
    let begin = Instant::now();
    let torture = Torture::new(Duration::from_millis(2));
    let (mut seed, mut injected) = (first, 0);
    while begin.elapsed() < Duration::from_secs(seconds) {
        injected += torture
            .faults(seed)
            .unwrap_or_else(|error| panic!("faults: {error}"));
        torture.kill(seed).unwrap_or_else(|error| panic!("kill: {error}"));
        torture
            .damage(seed)
            .unwrap_or_else(|error| panic!("damage: {error}"));
        seed += 1;
    }
    let runs = seed - first;
    println!(
        "seeds {first} to {}: {runs} runs over a failing index with {injected} faults, {} kills, {runs} damaged caches: every lock \
         was right",
        seed - 1,
        runs * 3
    );
}
