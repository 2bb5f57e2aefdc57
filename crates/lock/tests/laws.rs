//! Laws of locks, as property tests.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::collections::{BTreeMap, BTreeSet};

use mach_nix_lock::{
    Graph, Lock, LockedFile, LockedPackage, LockedRequest, LockedSource, TreeFormat, VERSION,
    requirements_digest,
};
use proptest::collection::vec;
use proptest::prelude::*;

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// An entry for one target: its version, and the positions of its dependencies in [`NAMES`].
type Choice = Option<(u8, Vec<usize>)>;

/// Locks with up to three targets and any edges among six packages, including cycles and unused packages.
fn locks() -> impl Strategy<Value = Lock> {
    let choice = proptest::option::weighted(0.8, (1..3_u8, vec(0..NAMES.len(), 0..3)));
    let per_target = vec(choice, NAMES.len());
    (vec(per_target, 1..=3), vec(0..NAMES.len(), 0..3)).prop_map(|(targets, asked)| lock(&targets, &asked))
}

fn lock(choices: &[Vec<Choice>], asked: &[usize]) -> Lock {
    let mut entries = BTreeMap::<_, Vec<usize>>::new();
    for (target, choices) in choices.iter().enumerate() {
        for (name, choice) in NAMES.iter().zip(choices) {
            let Some((version, dependencies)) = choice else {
                continue;
            };
            let mut dependencies: Vec<&str> = dependencies
                .iter()
                .filter(|place| choices[**place].is_some())
                .map(|place| NAMES[*place])
                .collect();
            dependencies.sort_unstable();
            dependencies.dedup();
            entries
                .entry((*name, *version, dependencies))
                .or_default()
                .push(target);
        }
    }
    let package =
        |((name, version, dependencies), served): ((&str, u8, Vec<&str>), Vec<usize>)| LockedPackage {
            name: name.parse().unwrap(),
            version: version
                .to_string()
                .parse::<mach_nix_model::Version>()
                .unwrap()
                .into(),
            provider: mach_nix_model::Provider::Wheel,
            source: LockedSource::Index(LockedFile {
                name: format!("{name}-{version}-py3-none-any.whl"),
                url: format!("https://files.test/{name}-{version}-py3-none-any.whl"),
                hash: mach_nix_hash::Sha256::of(format!("{name} {version}")),
                size: None,
            }),
            build: None,
            dependencies: dependencies
                .into_iter()
                .map(|name| name.parse().unwrap())
                .collect(),
            cyclic: Vec::new(),
            extras: Vec::new(),
            needs: BTreeMap::new(),
            targets: (served.len() < choices.len()).then_some(served),
        };
    let mut requirements: Vec<String> = asked.iter().map(|place| NAMES[*place].to_owned()).collect();
    requirements.sort();
    requirements.dedup();
    Lock {
        version: VERSION,
        request: LockedRequest {
            digest: requirements_digest(&requirements.join("\n")),
            requirements,
            providers: mach_nix_model::Providers {
                default: "wheel".parse().unwrap(),
                packages: BTreeMap::new(),
            },
            indexes: Vec::new(),
            pinned_indexes: BTreeMap::new(),
            find_links: Vec::new(),
            limits: mach_nix_model::DateLimits::default(),
            prerelease: mach_nix_model::Prerelease::Allow,
            conda_channels: Vec::new(),
            virtual_packages: Vec::new(),
            variables: BTreeMap::new(),
        },
        targets: ["3.10", "3.11", "3.12"][..choices.len()]
            .iter()
            .map(|python| mach_nix_lock::LockedTarget {
                python: python.parse().unwrap(),
                system: "x86_64-linux".parse().unwrap(),
                virtual_packages: Vec::new(),
            })
            .collect(),
        packages: entries.into_iter().map(package).collect(),
        project: None,
        parts: None,
    }
}

proptest! {
    /// In both directions, every package has a root or a branch, with each of its versions.
    #[test]
    fn a_tree_shows_everything(lock in locks()) {
        let graph = Graph::new(&lock);
        for inverted in [false, true] {
            let tree = graph.tree(TreeFormat::Text, inverted, None, None);
            for package in &lock.packages {
                let shown = tree.lines().any(|line| {
                    let label = line.trim_start_matches(['│', '├', '└', '─', ' ']);
                    let Some(rest) = label.strip_prefix(&format!("{} ", package.name)) else { return false };
                    rest.split([' ', ',']).any(|word| word == package.version.to_string())
                });
                prop_assert!(shown, "{} {} is not in\n{tree}", package.name, package.version);
            }
        }
    }

    /// A text with a limit has the same packages as the graph with that limit, and a limit that nothing exceeds changes nothing.
    #[test]
    fn a_depth_limits_every_format_alike(lock in locks(), depth in 0..4_usize) {
        let graph = Graph::new(&lock);
        for inverted in [false, true] {
            let tree = |format, depth| graph.tree(format, inverted, None, depth);
            let drawn: BTreeSet<String> = tree(TreeFormat::Text, Some(depth))
                .lines()
                .filter(|line| !line.is_empty() && !line.starts_with('('))
                .map(|line| line.trim_start_matches(['│', '├', '└', '─', ' ']))
                .filter_map(|label| label.split(' ').next().map(str::to_owned))
                .collect();
            let json: serde_json::Value = serde_json::from_str(&tree(TreeFormat::Json, Some(depth))).unwrap();
            let packages = json["packages"].as_array().unwrap();
            let listed = packages.iter().map(|package| package["name"].as_str().unwrap().to_owned()).collect();
            prop_assert_eq!(drawn, listed);
            for format in [TreeFormat::Text, TreeFormat::Dot, TreeFormat::Mermaid, TreeFormat::Json] {
                prop_assert_eq!(tree(format, Some(NAMES.len())), tree(format, None));
            }
        }
    }

    /// A package is explained by a requirement exactly if the tree has it below that requirement.
    #[test]
    fn the_reason_agrees_with_the_tree(lock in locks()) {
        let graph = Graph::new(&lock);
        let tree = graph.tree(TreeFormat::Json, false, None, None);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&tree).is_ok());
        for name in graph.names() {
            let above = graph.tree(TreeFormat::Json, true, Some(name), None);
            let above: serde_json::Value = serde_json::from_str(&above).unwrap();
            let wanted = !above["asked"].as_array().unwrap().is_empty();
            let why = graph.why(name).unwrap();
            prop_assert_eq!(why.contains("is locked because"), wanted, "{}", why);
        }
    }

    #[test]
    fn every_export_is_the_same_for_a_lock_that_was_read_back(lock in locks()) {
        let again = Lock::from_json(&lock.to_json()).unwrap();
        prop_assert_eq!(again.to_pylock().unwrap(), lock.to_pylock().unwrap());
        prop_assert_eq!(again.to_cyclonedx(), lock.to_cyclonedx());
        prop_assert_eq!(again.to_requirements_with_hashes().unwrap(), lock.to_requirements_with_hashes().unwrap());
    }

    /// Each pin applies to exactly the targets of its entry in the lock.
    #[test]
    fn pins_are_what_the_lock_says_on_each_target(lock in locks()) {
        let pins: Vec<mach_nix_model::Requirement> =
            lock.to_requirements().lines().map(|line| line.parse().unwrap()).collect();
        for (index, target) in lock.targets.iter().enumerate() {
            let environment = mach_nix_model::Target::from(target).marker_environment();
            let pinned: Vec<String> = pins
                .iter()
                .filter(|pin| pin.evaluate_markers(&environment, &[]))
                .map(|pin| pin.to_string().split(" ;").next().unwrap_or_default().to_owned())
                .collect();
            let mut locked: Vec<String> = lock
                .packages
                .iter()
                .filter(|package| lock.targets_of(package).contains(&index))
                .map(|package| format!("{}=={}", package.name, package.version))
                .collect();
            locked.sort();
            prop_assert_eq!(pinned, locked);
        }
    }
}
