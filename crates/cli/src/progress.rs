//! A line on the terminal with the progress.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use mach_nix_fetch::Progress;

/// Counts requests and responses; shows nothing where standard error is not a terminal.
pub struct Line {
    bar: ProgressBar,
    asked: AtomicUsize,
    arrived: AtomicUsize,
}

impl Line {
    pub fn new(quiet: bool) -> Self {
        let target = if quiet {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(None, target)
            .with_style(ProgressStyle::with_template("{spinner} {msg}").expect("a constant"));
        bar.enable_steady_tick(Duration::from_millis(100));
        bar.set_message("resolving");
        Self {
            bar,
            asked: AtomicUsize::new(0),
            arrived: AtomicUsize::new(0),
        }
    }

    /// Takes the line away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn show(&self, what: &str) {
        let (arrived, asked) = (
            self.arrived.load(Ordering::Relaxed),
            self.asked.load(Ordering::Relaxed),
        );
        self.bar.set_message(format!(
            "resolving: {arrived} of {asked} answers from the index ({what})"
        ));
    }
}

impl Progress for Line {
    fn requested(&self, what: &str) {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.show(what);
    }

    fn arrived(&self, what: &str) {
        self.arrived.fetch_add(1, Ordering::Relaxed);
        self.show(what);
    }
}
