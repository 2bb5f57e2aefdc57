//! Cycles in the dependency graph.

use std::collections::{BTreeMap, BTreeSet};

use mach_nix_model::AnyName;
use mach_nix_resolve::Resolution;
use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;

/// For each package the dependencies that lead back to it.
pub fn cyclic(resolution: &Resolution) -> BTreeMap<&AnyName, BTreeSet<&AnyName>> {
    let mut graph = DiGraph::<&AnyName, ()>::new();
    let nodes: BTreeMap<&AnyName, _> = resolution
        .packages
        .iter()
        .map(|package| (&package.name, graph.add_node(&package.name)))
        .collect();
    for package in &resolution.packages {
        for dependency in &package.dependencies {
            if let Some(to) = nodes.get(dependency) {
                graph.add_edge(nodes[&package.name], *to, ());
            }
        }
    }
    let mut cyclic = BTreeMap::new();
    for component in tarjan_scc(&graph)
        .into_iter()
        .filter(|component| component.len() > 1)
    {
        for &node in &component {
            let inside = graph
                .neighbors(node)
                .filter(|to| component.contains(to))
                .map(|to| graph[to]);
            cyclic.insert(graph[node], inside.collect());
        }
    }
    cyclic
}
