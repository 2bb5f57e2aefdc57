//! Options of a closure.

use mach_nix_model::{Target, Timestamp};

/// What decides a closure, besides the requirements and the index.
#[derive(Debug, Clone)]
pub struct ClosureOptions {
    /// The targets to serve.
    pub targets: Vec<Target>,
    /// How many releases of each project to hold.
    pub releases: usize,
    /// Files uploaded at this instant or later do not exist.
    pub exclude_newer: Option<Timestamp>,
}
