//! Progress on standard error: an updated line on a terminal, or else a line every few seconds.

use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use mach_nix_fetch::Progress;

use crate::step::{Heartbeat, STEP};
use crate::{log, output};

/// Interval between updates of the current step.
const TICK: Duration = Duration::from_millis(250);

/// The progress of a run, shown until it is finished or dropped. It is hidden with `-q` or `-v`.
pub struct Line {
    requests: Arc<AtomicUsize>,
    shown: Mutex<Option<Shown>>,
}

/// A thread that shows progress until its sender is dropped.
struct Shown {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Line {
    pub fn new(quiet: bool) -> Self {
        let requests = Arc::new(AtomicUsize::new(0));
        let show = if quiet || log::is_detailed() {
            None
        } else if io::stderr().is_terminal() {
            Some(Box::new(on_terminal()) as Show)
        } else {
            Some(Box::new(in_log()) as Show)
        };
        Self {
            shown: Mutex::new(show.map(|show| start(show, requests.clone()))),
            requests,
        }
    }

    /// Removes the line.
    pub fn finish(&self) {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Shown { stop, thread }) = shown {
            drop(stop);
            // A thread that panicked shows nothing either.
            let _ = thread.join();
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.finish();
    }
}

/// Shows the number of requests; called at each tick.
type Show = Box<dyn FnMut(usize) + Send>;

fn start(mut show: Show, requests: Arc<AtomicUsize>) -> Shown {
    let (stop, stopped) = mpsc::channel::<()>();
    let thread = thread::spawn(move || {
        while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
            show(requests.load(Ordering::Relaxed));
        }
    });
    Shown { stop, thread }
}

fn on_terminal() -> impl FnMut(usize) + Send {
    let style = ProgressStyle::with_template("{spinner} {wide_msg}").expect("a constant");
    let bar = Bar(ProgressBar::new_spinner().with_style(style));
    move |requests| {
        bar.0.set_message(STEP.text(requests));
        bar.0.tick();
    }
}

/// A bar that is cleared on drop.
struct Bar(ProgressBar);

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn in_log() -> impl FnMut(usize) + Send {
    let (start, mut heartbeat) = (Instant::now(), Heartbeat::default());
    move |requests| {
        if heartbeat.is_due(start.elapsed()) {
            output::note(STEP.text(requests));
        }
    }
}

impl Progress for Line {
    fn requested(&self, _: &str) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }
}
