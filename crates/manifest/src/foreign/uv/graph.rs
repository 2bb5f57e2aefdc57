//! The dependency graph of `uv.lock`, which determines the marker of each package.

use std::collections::{BTreeMap, BTreeSet};

use mach_nix_model::{ExtraName, MarkerTree};

use super::node::{Edge, Node, edges, named_edges};
use crate::selection::{known, without_extras};
use crate::toml_item::Table;
use crate::{ManifestError, Selection};

/// A package, or one of its extras.
type Key = (usize, Option<ExtraName>);

/// The packages of a lock.
pub struct Graph<'a> {
    pub nodes: Vec<Node<'a>>,
    /// The condition for installing each package, as far as known.
    markers: BTreeMap<Key, MarkerTree>,
}

impl<'a> Graph<'a> {
    /// A graph in which no package is installed yet.
    pub fn new(nodes: Vec<Node<'a>>) -> Self {
        Self {
            nodes,
            markers: BTreeMap::new(),
        }
    }

    /// The condition for installing a package.
    pub fn marker(&self, node: usize) -> MarkerTree {
        self.markers
            .get(&(node, None))
            .cloned()
            .unwrap_or(MarkerTree::FALSE)
    }

    /// Follows all paths from the project. Markers only grow, and there are finitely many, so that this terminates.
    pub fn follow(
        mut self,
        root: &Table<'a>,
        manifest: Option<Table<'a>>,
        selection: &Selection,
    ) -> Result<Self, ManifestError> {
        let mut queue: Vec<Key> = Vec::new();
        let roots = self.roots(manifest.as_ref())?;
        let (requirements, groups) = match &manifest {
            Some(manifest) => (
                manifest.array("requirements")?,
                named_edges(manifest.table("dependency-groups")?)?,
            ),
            None => (Vec::new(), BTreeMap::new()),
        };
        self.check(root, &roots, groups.keys(), selection)?;
        let mut starts: Vec<(Key, MarkerTree)> = Vec::new();
        for at in &roots {
            starts.push(((*at, None), MarkerTree::TRUE));
            let extras = selection
                .extras
                .iter()
                .filter(|extra| self.nodes[*at].extras.contains_key(*extra));
            starts.extend(extras.map(|extra| ((*at, Some(extra.clone())), MarkerTree::TRUE)));
            for group in &selection.groups {
                for edge in self.nodes[*at].groups.get(group).into_iter().flatten() {
                    starts.extend(self.targets(edge, &MarkerTree::TRUE));
                }
            }
        }
        for edge in selection
            .groups
            .iter()
            .filter_map(|group| groups.get(group))
            .flatten()
        {
            starts.extend(self.targets(edge, &MarkerTree::TRUE));
        }
        // The lock of a script has no project; its requirements are recorded separately.
        for edge in edges(&requirements)? {
            starts.extend(self.targets(&edge, &MarkerTree::TRUE));
        }
        if starts.is_empty() {
            starts.extend((0..self.nodes.len()).map(|at| ((at, None), self.nodes[at].forks.clone())));
        }
        for (key, marker) in starts {
            self.grow(key, marker, &mut queue);
        }
        while let Some(key) = queue.pop() {
            let marker = self.markers[&key].clone();
            let node = &self.nodes[key.0];
            let edges = match &key.1 {
                None => Some(&node.dependencies),
                Some(extra) => node.extras.get(extra),
            };
            let reached: Vec<_> = edges
                .into_iter()
                .flatten()
                .flat_map(|edge| self.targets(edge, &marker))
                .collect();
            for (key, marker) in reached {
                self.grow(key, marker, &mut queue);
            }
        }
        Ok(self)
    }

    /// The project in the lock's folder, or else all members of the workspace.
    fn roots(&self, manifest: Option<&Table<'a>>) -> Result<Vec<usize>, ManifestError> {
        let of = |is_meant: &dyn Fn(&Node<'a>) -> bool| -> Vec<usize> {
            (0..self.nodes.len())
                .filter(|at| is_meant(&self.nodes[*at]))
                .collect()
        };
        let roots = of(&|node| node.is_root());
        let Some(manifest) = manifest.filter(|_| roots.is_empty()) else {
            return Ok(roots);
        };
        let mut members = Vec::new();
        for item in manifest.array("members")? {
            members.push(item.package_name()?);
        }
        Ok(of(&|node| members.contains(&node.name)))
    }

    fn grow(&mut self, key: Key, marker: MarkerTree, queue: &mut Vec<Key>) {
        let known = self.markers.entry(key.clone()).or_insert(MarkerTree::FALSE);
        let mut grown = known.clone();
        grown.or(marker);
        if grown != *known {
            *known = grown;
            queue.push(key);
        }
    }

    /// The target of an edge: the package and the required extras.
    fn targets(&self, edge: &Edge<'a>, marker: &MarkerTree) -> Vec<(Key, MarkerTree)> {
        let mut condition = without_extras(&edge.marker, &BTreeSet::new());
        condition.and(marker.clone());
        let mut targets = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            let is_meant = node.name == edge.to.name
                && (edge.to.version.is_none() || edge.to.version == node.version)
                && edge
                    .source
                    .as_ref()
                    .is_none_or(|source| node.source.as_ref() == Some(source));
            let mut condition = condition.clone();
            condition.and(node.forks.clone());
            if is_meant && !condition.is_false() {
                targets.push(((at, None), condition.clone()));
                targets.extend(
                    edge.to
                        .extras
                        .iter()
                        .map(|extra| ((at, Some(extra.clone())), condition.clone())),
                );
            }
        }
        targets
    }

    fn check<'g>(
        &self,
        root: &Table<'_>,
        roots: &[usize],
        groups: impl Iterator<Item = &'g ExtraName>,
        selection: &Selection,
    ) -> Result<(), ManifestError> {
        let extras: BTreeSet<_> = roots
            .iter()
            .flat_map(|at| self.nodes[*at].extras.keys())
            .collect();
        let groups: BTreeSet<_> = roots
            .iter()
            .flat_map(|at| self.nodes[*at].groups.keys())
            .map(ToString::to_string)
            .chain(groups.map(ToString::to_string))
            .collect();
        if let Some(extra) = selection.extras.iter().find(|extra| !extras.contains(extra)) {
            return Err(root
                .document
                .whole(format!("there is no extra `{extra}`: {}", known(&extras))));
        }
        if let Some(group) = selection
            .groups
            .iter()
            .find(|group| !groups.contains(group.as_ref()))
        {
            return Err(root
                .document
                .whole(format!("there is no group `{group}`: {}", known(&groups))));
        }
        Ok(())
    }
}
