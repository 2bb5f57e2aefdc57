//! Who asked for what: the texts behind the edges of the graph, for explanations.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::node::Node;
use crate::slots::Slot;

/// The requirement texts of every edge the search has seen.
#[derive(Debug, Default)]
pub struct Edges(RefCell<FxHashMap<(Node, Slot, Node), Vec<String>>>);

impl Edges {
    /// Notes that `from` in the version of `slot` asks for `to` in these words.
    pub fn note(&self, from: &Node, slot: Slot, to: &Node, text: String) {
        let mut edges = self.0.borrow_mut();
        let texts = edges.entry((from.clone(), slot, to.clone())).or_default();
        if !texts.contains(&text) {
            texts.push(text);
        }
    }

    /// The words in which `from` asks for `to`.
    pub fn texts(&self, from: &Node, slot: Slot, to: &Node) -> Vec<String> {
        self.0
            .borrow()
            .get(&(from.clone(), slot, to.clone()))
            .cloned()
            .unwrap_or_default()
    }
}
