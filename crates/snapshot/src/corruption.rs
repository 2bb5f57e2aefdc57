//! Corruption found by a reader.

/// The failed check; [`ReadFailure::with`](crate::error::ReadFailure::with) adds the name of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corruption(pub String);

impl Corruption {
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}
