//! The time that a request has left.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::limits::{MAX_IDLE, MIN_BYTES_PER_SECOND};
use crate::request_error::RequestError;

/// A deadline that moves on with the bytes that arrive: without progress it comes after [`MAX_IDLE`], retries included.
pub struct Patience {
    deadline: Instant,
}

impl Patience {
    pub fn new() -> Self {
        Self {
            deadline: Instant::now() + MAX_IDLE,
        }
    }

    /// Moves the deadline on, to at most [`MAX_IDLE`] from now.
    pub fn received(&mut self, bytes: usize) {
        let gained = Duration::from_millis(bytes as u64 * 1000 / MIN_BYTES_PER_SECOND);
        self.deadline = (self.deadline + gained).min(Instant::now() + MAX_IDLE);
    }

    /// Waits for a future until the deadline.
    pub async fn wait<T>(&self, work: impl Future<Output = T>) -> Result<T, RequestError> {
        timeout_at(self.deadline, work)
            .await
            .map_err(|_| RequestError::TimedOut)
    }

    /// Whether there is time for a pause.
    pub fn allows(&self, pause: Duration) -> bool {
        Instant::now() + pause < self.deadline
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_moves_the_deadline_and_a_trickle_does_not() {
        let mut patience = Patience::new();
        let begin = patience.deadline;
        patience.received(1);
        assert!(patience.deadline - begin < Duration::from_millis(10));
        patience.deadline = begin - MAX_IDLE / 2;
        patience.received(1 << 30);
        assert!(patience.deadline <= Instant::now() + MAX_IDLE);
        assert!(patience.deadline >= begin);
        assert!(patience.allows(Duration::from_secs(1)));
        assert!(!patience.allows(MAX_IDLE * 2));
    }
}
