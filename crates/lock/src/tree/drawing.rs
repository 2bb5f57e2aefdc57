//! Nodes and edges of a drawing of the graph.

use mach_nix_model::AnyName;

use crate::graph::{Direction, Graph, Reached, Start};
use crate::targets::{TargetSet, words};

/// A graph, with the part of it to draw.
pub struct Drawing<'g, 'a> {
    pub graph: &'g Graph<'a>,
    pub direction: Direction,
    pub starts: Vec<Start<'a>>,
    pub reached: Reached<'a>,
}

impl<'a> Drawing<'_, 'a> {
    /// The packages of the picture, sorted, each with its label.
    pub fn packages(&self) -> impl Iterator<Item = (&'a AnyName, String)> {
        self.graph
            .names()
            .filter(|name| self.reached.contains(name))
            .map(|name| {
                let here = self.reached.of(name);
                (name, self.graph.label(name, here, &self.graph.all_targets()))
            })
    }

    /// The arrows of the picture in its direction, sorted; each with a note where it does not hold for all targets that
    /// both ends have.
    pub fn arrows(&self) -> Vec<(&'a AnyName, &'a AnyName, Option<String>)> {
        let mut arrows = Vec::new();
        for from in self.graph.names().filter(|name| self.reached.contains(name)) {
            let here = self.reached.of(from);
            for (to, targets) in self.graph.edges(from, self.direction) {
                let holds: TargetSet = targets & here;
                let ends: TargetSet = here & self.reached.of(to);
                let note = (holds != ends).then(|| words(&self.graph.lock.targets, &holds));
                if !holds.is_empty() {
                    arrows.push((from, *to, note.flatten()));
                }
            }
        }
        arrows
    }

    pub fn is_root(&self, name: &AnyName) -> bool {
        self.graph.roots.iter().any(|root| root.name == *name)
    }
}
