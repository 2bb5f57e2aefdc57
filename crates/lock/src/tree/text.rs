//! Output as a text tree.

use std::collections::BTreeMap;

use mach_nix_model::AnyName;

use crate::graph::Direction;
use crate::targets::{TargetSet, list};
use crate::tree::drawing::Drawing;

pub fn draw(drawing: &Drawing<'_, '_>) -> String {
    let mut walk = Walk {
        drawing,
        path: Vec::new(),
        shown: BTreeMap::new(),
        text: String::new(),
        shortened: false,
    };
    for start in &drawing.starts {
        let unneeded = !start.natural && drawing.direction == Direction::Needs;
        let note = if unneeded {
            " (no requirement needs it)"
        } else {
            ""
        };
        walk.line(start.name, &start.targets, &drawing.graph.all_targets(), note);
        walk.below(start.name, &start.targets, "");
    }
    if walk.shortened {
        let what = match drawing.direction {
            Direction::Needs => "what it needs",
            Direction::NeededBy => "what needs it",
        };
        walk.text += &format!("\n(*) {what} is shown above\n");
    }
    walk.text
}

struct Walk<'w, 'a> {
    drawing: &'w Drawing<'w, 'a>,
    /// The packages from the start to here.
    path: Vec<&'a AnyName>,
    /// The packages that were drawn with their dependencies, and for which targets.
    shown: BTreeMap<&'a AnyName, Vec<TargetSet>>,
    text: String,
    /// Whether `(*)` was written.
    shortened: bool,
}

impl<'a> Walk<'_, 'a> {
    fn line(&mut self, name: &AnyName, targets: &TargetSet, context: &TargetSet, note: &str) {
        let graph = self.drawing.graph;
        self.text += &graph.label(name, targets, context);
        if self.drawing.direction == Direction::NeededBy {
            let requirements = graph.requirements_on(name, targets);
            if !requirements.is_empty() {
                let requirements = list(requirements.into_iter().map(|text| format!("`{text}`")));
                self.text += &format!(", required as {requirements}");
            }
        }
        self.text += note;
        self.text.push('\n');
    }

    /// Everything below a package, which stands for `targets` here.
    fn below(&mut self, name: &'a AnyName, targets: &TargetSet, indent: &str) {
        self.shown.entry(name).or_default().push(targets.clone());
        self.path.push(name);
        let edges = self.drawing.graph.edges(name, self.drawing.direction);
        let edges: Vec<_> = edges
            .iter()
            .map(|(to, edge)| (*to, edge & targets))
            .filter(|(_, here)| !here.is_empty())
            .collect();
        for (at, (to, here)) in edges.iter().enumerate() {
            let (branch, trunk) = if at + 1 < edges.len() {
                ("├── ", "│   ")
            } else {
                ("└── ", "    ")
            };
            self.text += indent;
            self.text += branch;
            let note = self.ends(to, here);
            self.line(to, here, targets, note.unwrap_or_default());
            if note.is_none() {
                self.below(to, here, &format!("{indent}{trunk}"));
            }
        }
        self.path.pop();
    }

    /// The reason why nothing is drawn below a package.
    fn ends(&mut self, name: &AnyName, targets: &TargetSet) -> Option<&'static str> {
        if self.path.contains(&name) {
            return Some(" (cycle)");
        }
        let edges = self.drawing.graph.edges(name, self.drawing.direction);
        if edges.values().all(|edge| edge.is_disjoint(targets)) {
            return Some("");
        }
        let shown = self
            .shown
            .get(name)?
            .iter()
            .any(|shown| shown.is_superset(targets));
        self.shortened |= shown;
        shown.then_some(" (*)")
    }
}
