//! The hints that a search has given.

use mach_nix_model::PackageName;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::slots::Slot;

/// The hints of one search.
#[derive(Default)]
pub struct Ahead {
    pub packages: FxHashMap<PackageName, Announced>,
}

/// The hints for one package.
#[derive(Default)]
pub struct Announced {
    /// The candidates whose metadata was announced.
    pub announced: FxHashSet<Slot>,
    /// The candidates that were tried.
    pub tried: FxHashSet<Slot>,
}
