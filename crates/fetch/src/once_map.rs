//! Results in memory, each computed once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use mach_nix_model::IndexError;
use tokio::sync::OnceCell;

/// A result that is available, pending, or not requested yet.
pub type Cell<V> = Arc<OnceCell<Result<V, IndexError>>>;

/// Results by key.
pub struct OnceMap<K, V>(Mutex<HashMap<K, Cell<V>>>);

impl<K: Hash + Eq, V> OnceMap<K, V> {
    pub fn new() -> Self {
        Self(Mutex::default())
    }

    pub fn cell(&self, key: K) -> Cell<V> {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cells.entry(key).or_default().clone()
    }
}
