//! The current step of a command, for progress.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The current step of this process.
pub static STEP: Step = Step(Mutex::new(State {
    doing: String::new(),
    decided: 0,
}));

/// Interval between two lines; the first is after two intervals, because most runs are shorter.
const PAUSE: Duration = Duration::from_secs(5);

/// The current step: the last message of the log at `-v`, and the number of packages with a version.
pub struct Step(Mutex<State>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct State {
    doing: String,
    decided: u64,
}

impl Step {
    /// Records a step, with the number of decided packages if it is known.
    pub fn note(&self, doing: String, decided: Option<u64>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.decided = decided.unwrap_or(state.decided);
        state.doing = doing;
    }

    /// The step as text, with the number of requests so far.
    pub fn text(&self, requests: usize) -> String {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = "resolving".to_owned();
        let mut separator = ": ";
        if state.decided > 0 {
            text += &format!("{separator}{}", counted(state.decided, "package"));
            text += " decided";
            separator = ", ";
        }
        if !state.doing.is_empty() {
            text += separator;
            text += &state.doing;
            separator = "; ";
        }
        if requests > 0 {
            text += separator;
            text += &counted(requests as u64, "request");
        }
        text
    }
}

fn counted(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// The schedule of lines without a terminal.
#[derive(Debug, Default)]
pub struct Heartbeat {
    /// The number of intervals up to the last line.
    lines: u32,
}

impl Heartbeat {
    /// Whether a line is due after this time.
    pub fn is_due(&mut self, passed: Duration) -> bool {
        let pauses = u32::try_from(passed.as_millis() / PAUSE.as_millis()).unwrap_or(u32::MAX);
        let is_due = pauses > self.lines.max(1);
        self.lines = pauses;
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_due_every_few_seconds() {
        let mut heartbeat = Heartbeat::default();
        let due: Vec<u64> = (0..30_000)
            .step_by(400)
            .filter(|passed| heartbeat.is_due(Duration::from_millis(*passed)))
            .collect();
        assert_eq!(due, [10_000, 15_200, 20_000, 25_200]);
    }

    #[test]
    fn after_a_long_silence_one_line_is_due() {
        let mut heartbeat = Heartbeat::default();
        assert!(!heartbeat.is_due(Duration::from_secs(9)));
        assert!(heartbeat.is_due(Duration::from_secs(61)));
        assert!(!heartbeat.is_due(Duration::from_secs(64)));
        assert!(heartbeat.is_due(Duration::from_secs(65)));
    }

    #[test]
    fn a_line_has_the_current_step_and_the_counts() {
        let step = Step(Mutex::default());
        assert_eq!(step.text(0), "resolving");
        assert_eq!(step.text(1), "resolving: 1 request");
        step.note("trying kombu 5.3.1 (wheel)".to_owned(), Some(45));
        assert_eq!(
            step.text(120),
            "resolving: 45 packages decided, trying kombu 5.3.1 (wheel); 120 requests"
        );
        step.note(
            "running the build backend of `kombu-2.5.16.tar.gz`".to_owned(),
            None,
        );
        assert_eq!(
            step.text(120),
            "resolving: 45 packages decided, running the build backend of `kombu-2.5.16.tar.gz`; 120 requests"
        );
    }
}
