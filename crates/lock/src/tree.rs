//! Output of the dependency graph.

mod dot;
mod drawing;
mod json;
mod mermaid;
mod text;

use mach_nix_model::AnyName;

use crate::graph::{Direction, Graph, Reached, Start};
use drawing::Drawing;

/// The output format of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TreeFormat {
    /// A tree of lines, for humans.
    Text,
    /// The language of Graphviz.
    Dot,
    /// A Mermaid flow chart, which Markdown viewers render.
    Mermaid,
    /// JSON. Lists of targets are indices, and absent for all targets.
    Json,
}

impl Graph<'_> {
    /// Formats the requirements and their dependencies, or (`inverted`) every package and its dependents; with `only`,
    /// this package and everything reachable from it. Equal locks give equal text.
    #[must_use]
    pub fn tree(&self, format: TreeFormat, inverted: bool, only: Option<&AnyName>) -> String {
        let direction = if inverted {
            Direction::NeededBy
        } else {
            Direction::Needs
        };
        let starts = match only.and_then(|name| self.nodes.get_key_value(name)) {
            Some((name, node)) => vec![Start {
                name,
                targets: node.targets.clone(),
                natural: true,
            }],
            None if only.is_some() => Vec::new(),
            None => self.starts(direction),
        };
        let drawing = Drawing {
            graph: self,
            direction,
            reached: self.reached(direction, &starts),
            starts,
        };
        match format {
            TreeFormat::Text => text::draw(&drawing),
            TreeFormat::Dot => dot::draw(&drawing),
            TreeFormat::Mermaid => mermaid::draw(&drawing),
            TreeFormat::Json => json::draw(&drawing),
        }
    }
}

impl<'a> Graph<'a> {
    fn reached(&self, direction: Direction, starts: &[Start<'a>]) -> Reached<'a> {
        let mut reached = Reached::default();
        for start in starts {
            reached.add(self, direction, start.name, &start.targets);
        }
        reached
    }
}
