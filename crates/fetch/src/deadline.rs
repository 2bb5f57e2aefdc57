//! The deadline of a request.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::limits::{MAX_IDLE, MIN_BYTES_PER_SECOND};
use crate::request_error::RequestError;

/// A deadline that moves with received data: without progress it expires after [`MAX_IDLE`], including retries.
pub struct Deadline {
    at: Instant,
}

impl Deadline {
    pub fn new() -> Self {
        Self {
            at: Instant::now() + MAX_IDLE,
        }
    }

    /// Extends the deadline, to at most [`MAX_IDLE`] from now.
    pub fn received(&mut self, bytes: usize) {
        let gained = Duration::from_millis(bytes as u64 * 1000 / MIN_BYTES_PER_SECOND);
        self.at = (self.at + gained).min(Instant::now() + MAX_IDLE);
    }

    /// Waits for a future until the deadline.
    pub async fn wait<T>(&self, work: impl Future<Output = T>) -> Result<T, RequestError> {
        timeout_at(self.at, work)
            .await
            .map_err(|_| RequestError::TimedOut)
    }

    /// Whether the deadline leaves time for a delay.
    pub fn allows(&self, pause: Duration) -> bool {
        Instant::now() + pause < self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_moves_the_deadline_and_a_trickle_does_not() {
        let mut deadline = Deadline::new();
        let begin = deadline.at;
        deadline.received(1);
        assert!(deadline.at - begin < Duration::from_millis(10));
        deadline.at = begin - MAX_IDLE / 2;
        deadline.received(1 << 30);
        assert!(deadline.at <= Instant::now() + MAX_IDLE);
        assert!(deadline.at >= begin);
        assert!(deadline.allows(Duration::from_secs(1)));
        assert!(!deadline.allows(MAX_IDLE * 2));
    }
}
