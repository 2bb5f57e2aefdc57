//! The dependency graph as a picture.

mod dot;
mod drawing;
mod json;
mod mermaid;
mod text;

use mach_nix_model::AnyName;

use crate::graph::{Direction, Graph, Reached, Start};
use drawing::Drawing;

/// The options of a drawn tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TreeFormat {
    /// Lines with branches, for people.
    Text,
    /// The language of Graphviz.
    Dot,
    /// A Mermaid flow chart, which Markdown viewers draw.
    Mermaid,
    /// For programs. Lists of targets are indices, and absent where they are all.
    Json,
}

impl Graph<'_> {
    /// Draws what was asked for and what it needs, or (`inverted`) every package and what needs it; with `only`, this
    /// package and what its edges lead to. The same text for the same lock.
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
