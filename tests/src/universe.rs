//! Generated worlds, small enough to be searched by trying everything.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::{Ask, Attribute, Expect, Package, Scenario};

/// Wheel tags that fit the target of generated questions, Python 3.11 on `x86_64-linux`.
pub const RUNS_HERE: [&str; 3] = [
    "py3-none-any",
    "cp311-cp311-manylinux_2_17_x86_64",
    "cp38-abi3-manylinux_2_17_x86_64",
];
const ELSEWHERE: [&str; 3] = [
    "cp311-cp311-win_amd64",
    "cp312-cp312-manylinux_2_17_x86_64",
    "cp311-cp311-manylinux_2_17_aarch64",
];
const NAMES: [&str; 5] = ["ape", "bee", "cat", "dog", "eel"];
const VERSIONS: [&str; 9] = [
    "0.9",
    "1.0",
    "1.0.post1",
    "1.1",
    "2.0b1",
    "2.0",
    "2.0+cpu",
    "2.1",
    "3.0rc1",
];

/// At most five packages with at most four versions each, and a question about them.
pub fn small_universe() -> impl Strategy<Value = Scenario> {
    let projects = NAMES.map(project);
    (projects, ask()).prop_map(|(projects, ask)| Scenario {
        reason: "A generated universe.".to_owned(),
        packages: projects.into_iter().flatten().collect(),
        nixpkgs: Vec::new(),
        snapshot: false,
        ask,
        expect: Expect {
            packages: None,
            nixpkgs: None,
            refusal: None,
        },
    })
}

/// A small universe with a nixpkgs in it. Its versions are none of the index's, so that a version tells its provider.
pub fn small_universe_with_nixpkgs() -> impl Strategy<Value = Scenario> {
    let attributes = NAMES.map(|name| prop::option::weighted(0.7, attribute(name)));
    let lists = prop_oneof![4 => Just("wheel,nixpkgs"), 2 => Just("nixpkgs,wheel"), 1 => Just("wheel|nixpkgs"), 1 => Just("nixpkgs")];
    let own = prop::collection::btree_map(select(&NAMES[..]), lists.clone(), 0..=2);
    // Some packages are in nixpkgs only.
    let unlisted = prop::collection::btree_set(select(&NAMES[..]), 0..=1);
    (small_universe(), attributes, lists, own, unlisted).prop_map(
        |(universe, attributes, list, own, unlisted)| {
            let listed = |package: &Package| !unlisted.contains(package.name_and_version().0);
            Scenario {
                packages: universe.packages.into_iter().filter(listed).collect(),
                nixpkgs: attributes.into_iter().flatten().collect(),
                ask: Ask {
                    providers: list.to_owned(),
                    provider: own
                        .into_iter()
                        .map(|(name, list)| format!("{name}={list}"))
                        .collect(),
                    ..universe.ask
                },
                ..universe
            }
        },
    )
}

fn attribute(of: &'static str) -> impl Strategy<Value = Attribute> {
    let others: Vec<&str> = NAMES.into_iter().filter(|name| *name != of).collect();
    let requires = subsequence(others, 0..=2);
    let extra = prop::option::weighted(0.3, name());
    let version = select(&["0.9.1", "1.0.1", "2.0.1", "3.5", "2.1rc1"][..]);
    let defect = prop::option::weighted(0.1, Just("nixpkgs marks it as broken".to_owned()));
    (requires, extra, version, defect).prop_map(move |(requires, extra, version, defect)| {
        let added = extra
            .filter(|name| *name != of)
            .map(|name| format!("{name} ; extra == 'x'"));
        Attribute {
            release: format!("{of}=={version}"),
            requires: requires.into_iter().map(str::to_owned).chain(added).collect(),
            extras: vec!["x".to_owned()],
            defect,
        }
    })
}

fn project(name: &'static str) -> impl Strategy<Value = Vec<Package>> {
    let versions = subsequence(VERSIONS.to_vec(), 2..=4);
    (versions, prop::collection::vec(release(name), 4)).prop_map(move |(versions, releases)| {
        let release = |(version, package): (&str, Package)| Package {
            release: format!("{name}=={version}"),
            ..package
        };
        versions.into_iter().zip(releases).map(release).collect()
    })
}

fn release(name: &'static str) -> impl Strategy<Value = Package> {
    let python = prop_oneof![
        12 => Just(None),
        2 => Just(Some(">=3.8")),
        1 => Just(Some(">=3.12")),
        1 => Just(Some("<3.11")),
    ];
    let yanked = prop_oneof![12 => Just(None), 1 => Just(Some("broken".to_owned()))];
    let wheels = prop_oneof![
        12 => select(&RUNS_HERE[..]).prop_map(|tag| vec![tag]),
        1 => select(&ELSEWHERE[..]).prop_map(|tag| vec![tag]),
        1 => (select(&RUNS_HERE[..]), select(&ELSEWHERE[..])).prop_map(|(a, b)| vec![b, a]),
        1 => Just(Vec::new()),
    ];
    let requires = prop_oneof![
        3 => prop::collection::vec(dependency(name), 0..=1),
        2 => prop::collection::vec(dependency(name), 1..=3),
    ];
    (requires, python, yanked, wheels).prop_map(|(requires, python, yanked, wheels)| Package {
        release: String::new(),
        requires,
        requires_python: python.map(str::to_owned),
        extras: vec!["x".to_owned(), "y".to_owned()],
        sdist: wheels.is_empty(),
        source: BTreeMap::new(),
        sdist_defect: None,
        wheels: wheels.into_iter().map(str::to_owned).collect(),
        yanked,
        uploaded: None,
    })
}

/// What a release asks for. Of itself it asks for extras only, as the idiom goes: what a release means that needs
/// another version of itself, no specification says.
fn dependency(of: &'static str) -> impl Strategy<Value = String> {
    let marker = prop_oneof![
        14 => Just(""),
        1 => Just(" ; python_version >= '3.8'"),
        1 => Just(" ; sys_platform == 'win32'"),
        3 => Just(" ; extra == 'x'"),
        2 => Just(" ; extra == 'y'"),
        1 => Just(" ; extra == 'x' and python_version < '3.8'"),
    ];
    (name(), extras(), specifier(), marker).prop_map(move |(name, extras, specifier, marker)| {
        match (name == of, extras) {
            (true, "") => format!("{name}[y] ; extra == 'x'"),
            (true, extras) => format!("{name}{extras}{marker}"),
            (false, extras) => format!("{name}{extras}{specifier}{marker}"),
        }
    })
}

fn name() -> impl Strategy<Value = &'static str> {
    prop_oneof![100 => select(&NAMES[..]), 1 => Just("fox")]
}

fn extras() -> impl Strategy<Value = &'static str> {
    prop_oneof![10 => Just(""), 2 => Just("[x]"), 1 => Just("[y]"), 1 => Just("[x,y]")]
}

fn specifier() -> impl Strategy<Value = String> {
    let version = || select(&VERSIONS[..]);
    let public = || version().prop_filter("ordered comparison with a local version", |v| !v.contains('+'));
    prop_oneof![
        8 => Just(String::new()),
        6 => public().prop_map(|v| format!(">={v}")),
        4 => public().prop_map(|v| format!("<{v}")),
        2 => public().prop_map(|v| format!("<={v}")),
        2 => public().prop_map(|v| format!(">{v}")),
        2 => version().prop_map(|v| format!("=={v}")),
        3 => version().prop_map(|v| format!("!={v}")),
        1 => public().prop_map(|v| format!("~={v}")),
        1 => Just("==1.*".to_owned()),
        2 => Just("!=2.*".to_owned()),
        1 => version().prop_map(|v| format!("==={v}")),
        1 => (public(), public()).prop_map(|(a, b)| format!(">={a},<{b}")),
    ]
}

fn ask() -> impl Strategy<Value = Ask> {
    let marker = prop_oneof![
        10 => Just(""),
        1 => Just(" ; python_version >= '3.8'"),
        1 => Just(" ; sys_platform == 'win32'"),
    ];
    let requirement =
        (name(), extras(), specifier(), marker).prop_map(|(n, e, s, marker)| format!("{n}{e}{s}{marker}"));
    let constraint = (name(), specifier()).prop_map(|(n, s)| format!("{n}{s}"));
    let preference = (select(&NAMES[..]), select(&VERSIONS[..])).prop_map(|(n, v)| format!("{n}=={v}"));
    let prerelease = prop_oneof![6 => Just(None), 1 => Just(Some("allow")), 1 => Just(Some("disallow"))];
    (
        prop::collection::vec(requirement, 1..=3),
        prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(constraint, 1..=2)],
        prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(preference, 1..=3)],
        prerelease,
    )
        .prop_map(|(requirements, constraints, mut preferences, prerelease)| {
            preferences.sort();
            preferences.dedup_by(|a, b| a[..3] == b[..3]);
            Ask {
                constraints,
                prerelease: prerelease.map(str::to_owned),
                preferences,
                ..question(requirements)
            }
        })
}

/// Thirty packages in layers, with up to five versions each, and a question about some of the upper ones. Demands are
/// such that about half of the questions have an answer, most of them not the newest of everything.
pub fn layered_universe() -> impl Strategy<Value = Scenario> {
    const COUNT: usize = 30;
    let name = |at: usize| format!("layer{}-{at:02}", at / 6);
    let dependency = move |of: usize| {
        // Now and then something needs what is above it, as real packages do.
        let to = prop_oneof![12 => of + 1..COUNT + 6, 1 => 0..COUNT];
        (to, layered_specifier())
            .prop_map(move |(to, specifier)| (to < COUNT).then(|| format!("{}{specifier}", name(to))))
    };
    let project = move |at: usize| {
        let versions = subsequence(vec!["1.0", "1.1", "2.0", "2.1", "3.0"], 2..=5);
        let requires = prop::collection::vec(prop::collection::vec(dependency(at), 0..=3), 5);
        (versions, requires).prop_map(move |(versions, requires)| {
            let release = |(version, requires): (&str, Vec<Option<String>>)| Package {
                release: format!("{}=={version}", name(at)),
                requires: requires.into_iter().flatten().collect(),
                requires_python: None,
                extras: Vec::new(),
                wheels: vec!["py3-none-any".to_owned(), RUNS_HERE[1].to_owned()],
                sdist: true,
                source: BTreeMap::new(),
                sdist_defect: None,
                yanked: None,
                uploaded: None,
            };
            versions
                .into_iter()
                .zip(requires)
                .map(release)
                .collect::<Vec<_>>()
        })
    };
    let roots = subsequence((0..15).collect::<Vec<_>>(), 6..=8).prop_flat_map(|roots| {
        roots
            .into_iter()
            .map(|at| (Just(at), layered_specifier()))
            .collect::<Vec<_>>()
    });
    let projects: Vec<_> = (0..COUNT).map(project).collect();
    (projects, roots).prop_map(move |(projects, roots)| Scenario {
        reason: "A generated universe.".to_owned(),
        packages: projects.into_iter().flatten().collect(),
        nixpkgs: Vec::new(),
        snapshot: false,
        ask: question(
            roots
                .into_iter()
                .map(|(at, s)| format!("{}{s}", name(at)))
                .collect(),
        ),
        expect: Expect {
            packages: None,
            nixpkgs: None,
            refusal: None,
        },
    })
}

fn layered_specifier() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        8 => Just(""),
        3 => Just(">=1.1"),
        2 => Just(">=2"),
        3 => Just("<3"),
        1 => Just("<2"),
        2 => Just("!=3.0"),
        1 => Just("~=2.0"),
        1 => Just("!=2.*"),
    ]
}

fn question(requirements: Vec<String>) -> Ask {
    Ask {
        requirements,
        constraints: Vec::new(),
        python: "3.11".to_owned(),
        system: "x86_64-linux".to_owned(),
        providers: "wheel".to_owned(),
        provider: Vec::new(),
        prerelease: None,
        exclude_newer: None,
        preferences: Vec::new(),
    }
}
