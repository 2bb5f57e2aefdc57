//! Options of a closure.

use mach_nix_model::{Target, Timestamp};

/// The options of a closure.
#[derive(Debug, Clone)]
pub struct ClosureOptions {
    /// The supported targets.
    pub targets: Vec<Target>,
    /// The number of contained releases per project.
    pub releases: usize,
    /// Files uploaded at this instant or later are skipped.
    pub exclude_newer: Option<Timestamp>,
}
