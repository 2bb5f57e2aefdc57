//! Cycles in a graph of names.

use std::collections::{BTreeMap, BTreeSet};

/// Each node with the nodes that it uses.
pub type Graph = BTreeMap<String, BTreeSet<String>>;

/// The groups of nodes that reach each other, each described by the uses that join them; empty where there is no cycle.
pub fn cycles(graph: &Graph) -> Vec<String> {
    let reached: BTreeMap<&str, BTreeSet<&str>> = graph
        .keys()
        .map(|node| (node.as_str(), reachable(graph, node)))
        .collect();
    let mutual = |a: &str, b: &str| reached[a].contains(b) && reached[b].contains(a);
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for node in graph.keys() {
        if !reached[node.as_str()].contains(node.as_str()) || seen.contains(node.as_str()) {
            continue;
        }
        let group: BTreeSet<&str> = graph
            .keys()
            .map(String::as_str)
            .filter(|other| mutual(node, other))
            .collect();
        let uses = group.iter().map(|from| {
            let to: Vec<&str> = graph[*from]
                .iter()
                .map(String::as_str)
                .filter(|to| group.contains(to))
                .collect();
            format!("{from} -> {}", to.join(", "))
        });
        found.push(uses.collect::<Vec<_>>().join("\n"));
        seen.extend(group);
    }
    found
}

/// The nodes that are reachable from a node.
fn reachable<'a>(graph: &'a Graph, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(node) = open.pop() {
        for next in graph.get(&node).into_iter().flatten() {
            if reached.insert(next.as_str()) {
                open.push(next.clone());
            }
        }
    }
    reached
}

#[test]
fn cycles_are_found_and_described() {
    let graph = |uses: &[(&str, &[&str])]| -> Graph {
        let own = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        uses.iter()
            .map(|(name, to)| ((*name).to_owned(), own(to)))
            .collect()
    };
    assert!(cycles(&graph(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])])).is_empty());
    assert_eq!(
        cycles(&graph(&[
            ("a", &["b", "d"]),
            ("b", &["c"]),
            ("c", &["a"]),
            ("d", &["d2"]),
            ("d2", &["d"])
        ])),
        ["a -> b\nb -> c\nc -> a", "d -> d2\nd2 -> d"]
    );
}
