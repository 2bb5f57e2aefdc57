//! The reasons why a package is in a lock, as text.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use mach_nix_model::PackageName;

use crate::graph::Graph;
use crate::targets::{TargetSet, list, words};

/// A way from something that was asked for to the package, and the targets on which it is a shortest one.
type Ways<'a> = BTreeMap<Way<'a>, TargetSet>;

/// Ordered as they are told: short ones first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Way<'a> {
    length: usize,
    path: Vec<&'a PackageName>,
    asked: Vec<&'a str>,
}

impl<'a> Graph<'a> {
    /// Says for each requirement that leads to a package the shortest way from one to the other, and everything that
    /// needs the package directly. `None` when the lock has no such package.
    #[must_use]
    pub fn why(&self, name: &PackageName) -> Option<String> {
        let node = self.nodes.get(name)?;
        let mut text = self.label(name, &node.targets, &self.all_targets());
        let ways = self.ways(name, &node.targets);
        if ways.is_empty() {
            text += " is in the lock, but no requirement needs it\n";
        } else {
            text += " is locked because\n";
        }
        for (way, targets) in &ways {
            text += &format!("  {}\n", self.way(way, targets, &node.targets));
        }
        if !node.needed_by.is_empty() {
            text += "\nneeded directly by\n";
        }
        for (dependent, targets) in &node.needed_by {
            text += &format!("  {}\n", self.label(dependent, targets, &node.targets));
        }
        Some(text)
    }

    fn ways(&self, to: &PackageName, targets: &TargetSet) -> Ways<'a> {
        let mut ways = Ways::new();
        for target in targets {
            let here = TargetSet::from([*target]);
            let distances = self.distances(to, *target);
            let from: BTreeSet<&PackageName> = self
                .asked
                .iter()
                .filter(|asked| asked.targets.contains(target))
                .map(|asked| &asked.name)
                .collect();
            for name in from {
                let Some(&length) = distances.get(name) else {
                    continue;
                };
                let way = Way {
                    length,
                    path: self.path(name, *target, &distances),
                    asked: self.asked_as(name, &here),
                };
                ways.entry(way).or_default().insert(*target);
            }
        }
        ways
    }

    /// Distance of each package from this one, on one target.
    fn distances(&self, to: &PackageName, target: usize) -> BTreeMap<&'a PackageName, usize> {
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

    /// Of the shortest paths the first by name.
    fn path(
        &self,
        from: &PackageName,
        target: usize,
        distances: &BTreeMap<&'a PackageName, usize>,
    ) -> Vec<&'a PackageName> {
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

    fn way(&self, way: &Way<'a>, targets: &TargetSet, all: &TargetSet) -> String {
        let asked = list(way.asked.iter().map(|text| format!("`{text}`")));
        let verb = if way.asked.len() == 1 { "was" } else { "were" };
        let mut text = format!("{asked} {verb} asked for");
        for (step, pair) in way.path.windows(2).enumerate() {
            let to = self.label(pair[1], targets, targets);
            text += &match step {
                0 => format!(": {} needs {to}", self.label(pair[0], targets, targets)),
                _ => format!(", which needs {to}"),
            };
        }
        let place = (targets != all)
            .then(|| words(&self.lock.targets, targets))
            .flatten();
        if let Some(place) = place {
            text += &format!(" ({place})");
        }
        text
    }
}
