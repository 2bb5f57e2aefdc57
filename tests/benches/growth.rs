//! How the time of a resolution grows with the number of packages: a synthetic world of 10 to 1,000 packages, each with
//! 20 versions and up to 5 dependencies on later ones, resolved from memory.
//!
//! Prints the median time of each size, and the exponent of the growth between the first and the last.

use std::time::{Duration, Instant};

use mach_nix_engine::lock;
use mach_nix_tests::{MemoryIndex, Scenario};

const SIZES: [usize; 5] = [10, 30, 100, 300, 1000];
const ROUNDS: usize = 11;

fn main() {
    let mut first = None;
    println!("packages  median of {ROUNDS}");
    for size in SIZES {
        let world = world(size);
        let (request, index) = (world.ask.request(), MemoryIndex::new(&world.packages));
        let median = median(|| {
            let locked = lock(&request, &index, None).expect("newest versions fit together");
            assert_eq!(locked.lock.packages.len(), size);
        });
        println!("{size:>8}  {median:>10.2?}");
        let (first_size, first_median) = *first.get_or_insert((size, median));
        if size == SIZES[SIZES.len() - 1] {
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let growth = (size as f64 / first_size as f64).ln();
            let exponent = (median.as_secs_f64() / first_median.as_secs_f64()).ln() / growth;
            println!("growth exponent from {first_size} to {size}: {exponent:.2}");
        }
    }
}

fn median(work: impl Fn()) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let begin = Instant::now();
            work();
            begin.elapsed()
        })
        .collect();
    times.sort();
    times[ROUNDS / 2]
}

/// `p0` needs `p1` to `p5`, and so on: every package is reached, by several others.
fn world(size: usize) -> Scenario {
    let mut text = "reason = 'growth'\nask.requirements = ['p0']\nexpect.packages = []\n".to_owned();
    for number in 0..size {
        let needs = (1..=5).map(|step| number + step).filter(|needed| *needed < size);
        let requires: Vec<String> = needs
            .map(|needed| format!("p{needed}>=1.{},<3", number % 10))
            .collect();
        for version in 0..20 {
            text += &format!("[[package]]\nrelease = 'p{number}==1.{version}'\nrequires = {requires:?}\n");
        }
    }
    Scenario::read(&text).expect("written above")
}
