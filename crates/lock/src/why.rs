//! Explanations of a package's presence in a lock.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use mach_nix_model::AnyName;

use crate::graph::Graph;
use crate::targets::{TargetSet, list, words};

/// The shortest paths from requirements to the package, with their targets.
type Paths<'a> = BTreeMap<Path<'a>, TargetSet>;

/// Sorts by length first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Path<'a> {
    length: usize,
    names: Vec<&'a AnyName>,
    requirements: Vec<&'a str>,
}

impl<'a> Graph<'a> {
    /// Shows the shortest path from each requirement that leads to a package, and the package's direct dependents.
    /// `None` if the package is not in the lock.
    #[must_use]
    pub fn why(&self, name: &AnyName) -> Option<String> {
        let node = self.nodes.get(name)?;
        let mut text = self.label(name, &node.targets, &self.all_targets());
        let paths = self.paths(name, &node.targets);
        if paths.is_empty() {
            text += " is in the lock, but no requirement needs it\n";
        } else {
            text += " is locked because\n";
        }
        for (path, targets) in &paths {
            text += &format!("  {}\n", self.describe(path, targets, &node.targets));
        }
        if !node.needed_by.is_empty() {
            text += "\nneeded directly by\n";
        }
        for (dependent, targets) in &node.needed_by {
            text += &format!("  {}\n", self.label(dependent, targets, &node.targets));
        }
        Some(text)
    }

    fn paths(&self, to: &AnyName, targets: &TargetSet) -> Paths<'a> {
        let mut paths = Paths::new();
        for target in targets {
            let here = TargetSet::from([*target]);
            let distances = self.distances(to, *target);
            let from: BTreeSet<&AnyName> = self
                .roots
                .iter()
                .filter(|root| root.targets.contains(target))
                .map(|root| &root.name)
                .collect();
            for name in from {
                let Some(&length) = distances.get(name) else {
                    continue;
                };
                let path = Path {
                    length,
                    names: self.names_between(name, *target, &distances),
                    requirements: self.requirements_on(name, &here),
                };
                paths.entry(path).or_default().insert(*target);
            }
        }
        paths
    }

    /// Distance of each package from this one, on one target.
    fn distances(&self, to: &AnyName, target: usize) -> BTreeMap<&'a AnyName, usize> {
        let mut distances = BTreeMap::new();
        let mut open: VecDeque<_> = self
            .nodes
            .get_key_value(to)
            .map(|(name, _)| (*name, 0))
            .into_iter()
            .collect();
        while let Some((name, distance)) = open.pop_front() {
            if distances.contains_key(name) {
                continue;
            }
            distances.insert(name, distance);
            let edges = self.nodes[name].needed_by.iter();
            let here = edges.filter(|(_, targets)| targets.contains(&target));
            open.extend(here.map(|(from, _)| (*from, distance + 1)));
        }
        distances
    }

    /// The first by name of the shortest paths.
    fn names_between(
        &self,
        from: &AnyName,
        target: usize,
        distances: &BTreeMap<&'a AnyName, usize>,
    ) -> Vec<&'a AnyName> {
        let mut path: Vec<_> = distances
            .get_key_value(from)
            .map(|(name, _)| *name)
            .into_iter()
            .collect();
        while let Some(last) = path.last() {
            let closer = self.nodes[last].needs.iter().find(|(to, targets)| {
                targets.contains(&target) && distances.get(*to).is_some_and(|to| to + 1 == distances[last])
            });
            let Some((next, _)) = closer else { break };
            path.push(next);
        }
        path
    }

    fn describe(&self, path: &Path<'a>, targets: &TargetSet, all: &TargetSet) -> String {
        let requirements = list(path.requirements.iter().map(|text| format!("`{text}`")));
        let verb = if path.requirements.len() == 1 { "is" } else { "are" };
        let mut text = format!("{requirements} {verb} required");
        for (step, pair) in path.names.windows(2).enumerate() {
            let to = self.label(pair[1], targets, targets);
            text += &match step {
                0 => format!(": {} needs {to}", self.label(pair[0], targets, targets)),
                _ => format!(", which needs {to}"),
            };
        }
        let condition = (targets != all)
            .then(|| words(&self.lock.targets, targets))
            .flatten();
        if let Some(condition) = condition {
            text += &format!(" ({condition})");
        }
        text
    }
}
