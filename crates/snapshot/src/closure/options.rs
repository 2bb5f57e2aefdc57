//! Options of a closure.

use mach_nix_model::{Target, Timestamp};

/// The options of a closure.
#[derive(Debug, Clone)]
pub struct ClosureOptions {
    /// The targets to serve.
    pub targets: Vec<Target>,
    /// Number of stored releases per project.
    pub releases: usize,
    /// Files uploaded at this instant or later do not exist.
    pub exclude_newer: Option<Timestamp>,
}
