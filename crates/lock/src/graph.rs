//! The dependency graph of a lock, per target.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use mach_nix_model::{AnyName, AnyVersion, CondaRequirement, Requirement, Target};
use pep508_rs::ExtraName;

use crate::targets::{TargetSet, words};
use crate::{Lock, LockedPackage, LockedSource};

/// The dependency graph of a lock: one graph for all targets, in which every node and edge has its set of targets.
///
/// [`Graph::tree`] formats it, [`Graph::why`] explains the presence of a package.
#[derive(Debug)]
pub struct Graph<'a> {
    pub(crate) lock: &'a Lock,
    pub(crate) nodes: BTreeMap<&'a AnyName, Node<'a>>,
    /// The requirements, in the order of the lock.
    pub(crate) roots: Vec<Root<'a>>,
}

/// Edges to packages, with the targets for which they hold.
pub type Edges<'a> = BTreeMap<&'a AnyName, TargetSet>;

/// The data of a name in the lock.
#[derive(Debug, Default)]
pub struct Node<'a> {
    pub entries: Vec<(&'a LockedPackage, TargetSet)>,
    pub targets: TargetSet,
    pub needs: Edges<'a>,
    pub needed_by: Edges<'a>,
}

/// A requirement of the request that resolves to a package.
#[derive(Debug)]
pub struct Root<'a> {
    pub requirement: &'a str,
    pub name: AnyName,
    /// Where its marker holds.
    pub targets: TargetSet,
}

/// The direction in which edges are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the requirements to their dependencies.
    Needs,
    /// From packages to their dependents.
    NeededBy,
}

impl<'a> Graph<'a> {
    /// The graph of a lock.
    #[must_use]
    pub fn new(lock: &'a Lock) -> Self {
        let mut nodes = BTreeMap::<&AnyName, Node>::new();
        for package in &lock.packages {
            let targets = lock.targets_of(package);
            let node = nodes.entry(&package.name).or_default();
            node.targets.extend(&targets);
            node.entries.push((package, targets));
        }
        for (package, dependency) in lock.packages.iter().flat_map(edges) {
            let Some(to) = nodes.get(dependency) else { continue };
            let targets: TargetSet = &lock.targets_of(package) & &to.targets;
            if let Some(node) = nodes.get_mut(&package.name) {
                node.needs.entry(dependency).or_default().extend(&targets);
            }
            if let Some(node) = nodes.get_mut(dependency) {
                node.needed_by.entry(&package.name).or_default().extend(&targets);
            }
        }
        let mut roots: Vec<Root> = lock
            .request
            .requirements
            .iter()
            .map(|text| root(lock, text))
            .collect();
        for one in &mut roots {
            one.targets = nodes
                .get(&one.name)
                .map(|node| &node.targets & &one.targets)
                .unwrap_or_default();
        }
        roots.retain(|one| !one.targets.is_empty());
        Self { lock, nodes, roots }
    }

    /// The names of all packages, sorted.
    pub fn names(&self) -> impl Iterator<Item = &'a AnyName> {
        self.nodes.keys().copied()
    }

    pub(crate) fn edges(&self, name: &AnyName, direction: Direction) -> &Edges<'a> {
        let node = &self.nodes[name];
        match direction {
            Direction::Needs => &node.needs,
            Direction::NeededBy => &node.needed_by,
        }
    }

    /// The requirements with this name on one of these targets.
    pub(crate) fn requirements_on(&self, name: &AnyName, targets: &TargetSet) -> Vec<&'a str> {
        let here = self
            .roots
            .iter()
            .filter(|root| root.name == *name && !root.targets.is_disjoint(targets));
        here.map(|root| root.requirement).collect()
    }

    /// The extras of a package on some targets.
    pub(crate) fn extras(&self, name: &AnyName, targets: &TargetSet) -> BTreeSet<&'a ExtraName> {
        let here = self.nodes[name]
            .entries
            .iter()
            .filter(|(_, served)| !served.is_disjoint(targets));
        here.flat_map(|(package, _)| &package.extras).collect()
    }

    /// The versions of a package on some targets.
    pub(crate) fn versions(
        &self,
        name: &AnyName,
        targets: &TargetSet,
    ) -> BTreeMap<&'a AnyVersion, TargetSet> {
        let mut versions = BTreeMap::<_, TargetSet>::new();
        for (package, served) in &self.nodes[name].entries {
            let here = served & targets;
            if !here.is_empty() {
                versions.entry(&package.version).or_default().extend(here);
            }
        }
        versions
    }

    /// `name[extra] 1.0`, or `name 1.0 (Python 3.9), 1.2 (Python 3.12)`. Where a version holds for all of `context`,
    /// nothing needs to be said about targets.
    pub(crate) fn label(&self, name: &AnyName, targets: &TargetSet, context: &TargetSet) -> String {
        let mut text = name.to_string();
        let extras = self.extras(name, targets);
        if !extras.is_empty() {
            let extras: Vec<&str> = extras.into_iter().map(AsRef::as_ref).collect();
            text += &format!("[{}]", extras.join(","));
        }
        let version = |(version, here): (&AnyVersion, TargetSet)| {
            let place = (here != *context)
                .then(|| words(&self.lock.targets, &here))
                .flatten();
            match place {
                Some(place) => format!("{version} ({place})"),
                None => version.to_string(),
            }
        };
        let versions: Vec<String> = self.versions(name, targets).into_iter().map(version).collect();
        format!("{text} {}", versions.join(", "))
    }

    pub(crate) fn all_targets(&self) -> TargetSet {
        (0..self.lock.targets.len()).collect()
    }

    /// The starting points from which every package is reached on every target: the requirements, or (inverted) the
    /// packages without dependencies; then unreachable packages, and those in cycles.
    pub(crate) fn starts(&self, direction: Direction) -> Vec<Start<'a>> {
        let mut starts = Vec::new();
        let mut reached = Reached::default();
        for (name, targets) in self.natural_starts(direction) {
            reached.add(self, direction, name, &targets);
            starts.push(Start {
                name,
                targets,
                natural: true,
            });
        }
        let against = match direction {
            Direction::Needs => Direction::NeededBy,
            Direction::NeededBy => Direction::Needs,
        };
        for only_ends in [true, false] {
            for (name, node) in &self.nodes {
                let mut targets = &node.targets - reached.of(name);
                if only_ends {
                    for (from, edge) in self.edges(name, against) {
                        targets = &targets - &(edge - reached.of(from));
                    }
                }
                if !targets.is_empty() {
                    reached.add(self, direction, name, &targets);
                    starts.push(Start {
                        name,
                        targets,
                        natural: false,
                    });
                }
            }
        }
        starts
    }

    fn natural_starts(&self, direction: Direction) -> Edges<'a> {
        let mut starts = Edges::new();
        match direction {
            Direction::Needs => {
                for root in &self.roots {
                    if let Some((name, _)) = self.nodes.get_key_value(&root.name) {
                        starts.entry(*name).or_default().extend(&root.targets);
                    }
                }
            }
            Direction::NeededBy => {
                for (name, node) in &self.nodes {
                    let needing = node.needs.values().flatten().copied().collect();
                    starts.insert(name, &node.targets - &needing);
                }
            }
        }
        starts.retain(|_, targets| !targets.is_empty());
        starts
    }
}

/// A starting point.
#[derive(Debug)]
pub struct Start<'a> {
    pub name: &'a AnyName,
    pub targets: TargetSet,
    /// Whether it is a requirement, or (inverted) a package without dependencies.
    pub natural: bool,
}

/// The packages reached by following edges.
#[derive(Debug, Default)]
pub struct Reached<'a>(Edges<'a>);

impl<'a> Reached<'a> {
    pub fn of(&self, name: &AnyName) -> &TargetSet {
        const NONE: &TargetSet = &TargetSet::new();
        self.0.get(name).unwrap_or(NONE)
    }

    pub fn contains(&self, name: &AnyName) -> bool {
        self.0.contains_key(name)
    }

    /// Adds a package and all it leads to on these targets.
    pub fn add(&mut self, graph: &Graph<'a>, direction: Direction, name: &'a AnyName, targets: &TargetSet) {
        let mut open = vec![(name, targets.clone())];
        while let Some((name, targets)) = open.pop() {
            let new = &targets - self.of(name);
            if new.is_empty() {
                continue;
            }
            self.0.entry(name).or_default().extend(&new);
            open.extend(
                graph
                    .edges(name, direction)
                    .iter()
                    .map(|(to, edge)| (*to, edge & &new)),
            );
        }
    }
}

/// The edges of an entry. One to itself says nothing: it is how a package names its own extras.
fn edges(package: &LockedPackage) -> impl Iterator<Item = (&LockedPackage, &AnyName)> {
    package
        .dependencies
        .iter()
        .filter(|name| **name != package.name)
        .map(move |name| (package, name))
}

/// Parses a requirement of the request. Text that is not a dependency specifier still begins with a name.
fn root<'a>(lock: &Lock, text: &'a str) -> Root<'a> {
    let all = 0..lock.targets.len();
    if let Ok(requirement) = text.parse::<CondaRequirement>() {
        return conda_root(lock, text, &requirement);
    }
    // A file or folder next to the lock is named by its relative path, which is not a URL.
    match Requirement::from_str(&text.replacen(" @ .", " @ file:///.", 1)) {
        Ok(requirement) => Root {
            requirement: text,
            targets: all
                .filter(|target| {
                    let environment = Target::from(&lock.targets[*target]).marker_environment();
                    requirement.evaluate_markers(&environment, &[])
                })
                .collect(),
            name: requirement.name.into(),
        },
        Err(_) => Root {
            requirement: text,
            targets: all.collect(),
            name: leading_name(text),
        },
    }
}

/// A requirement for a conda package, which may own a Python project of another name.
fn conda_root<'a>(lock: &Lock, text: &'a str, requirement: &CondaRequirement) -> Root<'a> {
    let conda_name = requirement.spec.name();
    let owner = lock.packages.iter().find(|package| match &package.source {
        LockedSource::Conda(conda) => conda.name == *conda_name,
        _ => false,
    });
    // A wheel may be what meets the requirement for a conda package that owns its project.
    let project = || conda_name.as_str().parse::<AnyName>().ok();
    let is_locked = |name: &AnyName| lock.packages.iter().any(|package| package.name == *name);
    let name = owner
        .map(|package| package.name.clone())
        .or_else(|| project().filter(is_locked))
        .unwrap_or_else(|| AnyName::Conda(conda_name.clone()));
    let holds = |target: &usize| {
        let environment = Target::from(&lock.targets[*target]).marker_environment();
        requirement.marker.evaluate(&environment, &[])
    };
    Root {
        requirement: text,
        targets: (0..lock.targets.len()).filter(holds).collect(),
        name,
    }
}

fn leading_name(text: &str) -> AnyName {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_' | '-'))
        .unwrap_or(text.len());
    text[..end]
        .parse()
        .unwrap_or_else(|_| "unknown".parse().expect("a name"))
}
