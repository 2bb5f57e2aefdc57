//! Output in JSON. Lists of targets are indices into `targets`, and absent for all targets.

use mach_nix_model::{AnyName, AnyVersion};
use pep508_rs::ExtraName;
use serde::Serialize;

use crate::LockedTarget;
use crate::graph::Direction;
use crate::targets::TargetSet;
use crate::tree::drawing::Drawing;

#[derive(Serialize)]
struct Document<'a> {
    targets: &'a [LockedTarget],
    #[serde(rename = "asked")]
    roots: Vec<Root<'a>>,
    packages: Vec<Package<'a>>,
}

#[derive(Serialize)]
struct Root<'a> {
    requirement: &'a str,
    name: &'a AnyName,
    #[serde(skip_serializing_if = "Option::is_none")]
    targets: Option<TargetSet>,
}

#[derive(Serialize)]
struct Package<'a> {
    name: &'a AnyName,
    versions: Vec<Release<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extras: Vec<&'a ExtraName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dependencies: Option<Vec<Edge<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dependents: Option<Vec<Edge<'a>>>,
}

#[derive(Serialize)]
struct Release<'a> {
    version: &'a AnyVersion,
    #[serde(skip_serializing_if = "Option::is_none")]
    targets: Option<TargetSet>,
}

#[derive(Serialize)]
struct Edge<'a> {
    name: &'a AnyName,
    #[serde(skip_serializing_if = "Option::is_none")]
    targets: Option<TargetSet>,
}

pub fn draw(drawing: &Drawing<'_, '_>) -> String {
    let graph = drawing.graph;
    let all = graph.all_targets();
    let some = |targets: TargetSet| (targets != all).then_some(targets);
    let package = |name| {
        let here = drawing.reached.of(name);
        let versions = graph.versions(name, here).into_iter();
        let edges = |direction| {
            let edges = graph.edges(name, direction).iter();
            let edges = edges.map(|(name, targets)| (*name, targets & here));
            let edges = edges.filter(|(_, targets)| !targets.is_empty());
            let edge = |(name, targets)| Edge {
                name,
                targets: some(targets),
            };
            (direction == drawing.direction).then(|| edges.map(edge).collect())
        };
        Package {
            name,
            versions: versions
                .map(|(version, targets)| Release {
                    version,
                    targets: some(targets),
                })
                .collect(),
            extras: graph.extras(name, here).into_iter().collect(),
            dependencies: edges(Direction::Needs),
            dependents: edges(Direction::NeededBy),
        }
    };
    let roots = graph
        .roots
        .iter()
        .filter(|root| drawing.reached.contains(&root.name));
    let document = Document {
        targets: &graph.lock.targets,
        roots: roots
            .map(|root| Root {
                requirement: root.requirement,
                name: &root.name,
                targets: some(root.targets.clone()),
            })
            .collect(),
        packages: graph
            .names()
            .filter(|name| drawing.reached.contains(name))
            .map(package)
            .collect(),
    };
    serde_json::to_string_pretty(&document).expect("strings and numbers only") + "\n"
}
