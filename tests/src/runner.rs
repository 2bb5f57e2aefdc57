//! Generated cases: the same on each run, unless the seed changes.

use std::env;

use proptest::prelude::Strategy;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

/// The environment variable that varies the cases: any text is a seed.
pub const SEED: &str = "MACH_NIX_TEST_SEED";

/// A source of generated values.
pub struct Cases(TestRunner);

impl Cases {
    /// So many cases, from the seed in [`SEED`] or the usual one.
    #[must_use]
    pub fn new(count: u32) -> Self {
        let mut seed = *b"The same universes on every run.";
        if let Ok(text) = env::var(SEED) {
            for (at, byte) in text.bytes().enumerate() {
                seed[at % 32] = seed[at % 32].rotate_left(3) ^ byte;
            }
        }
        let config = Config {
            cases: count,
            max_shrink_iters: 20_000,
            failure_persistence: None,
            ..Config::default()
        };
        Self(TestRunner::new_with_rng(
            config,
            TestRng::from_seed(RngAlgorithm::ChaCha, &seed),
        ))
    }

    /// The first case for which `check` complains, made small.
    ///
    /// # Panics
    /// When the strategy rejects everything.
    pub fn failure<S: Strategy>(
        mut self,
        strategy: &S,
        check: impl Fn(&S::Value) -> Result<(), String>,
    ) -> Option<S::Value> {
        let check = |value: S::Value| check(&value).map_err(TestCaseError::fail);
        match self.0.run(strategy, check) {
            Ok(()) => None,
            Err(TestError::Fail(_, value)) => Some(value),
            Err(TestError::Abort(reason)) => panic!("no cases: {reason}"),
        }
    }

    /// Draws one value.
    ///
    /// # Panics
    /// When the strategy rejects everything.
    pub fn draw<S: Strategy>(&mut self, strategy: &S) -> S::Value {
        strategy
            .new_tree(&mut self.0)
            .expect("a strategy that rejects little")
            .current()
    }
}
