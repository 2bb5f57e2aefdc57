//! Conda packages in one solve with those of a package index: by the whole command, over channels that are folders.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;

use mach_nix_tests::{Manners, Package, Scenario, Workdir, channel};
use serde_json::{Value, json};

fn packages(text: &str) -> Vec<Package> {
    let head = "reason = 'conda'\nask.requirements = []\nexpect.packages = []\n";
    Scenario::read(&format!("{head}{text}")).unwrap().packages
}

/// `NAME VERSION PROVIDER` of each entry of the lock; of conda packages also the build.
fn locked(workdir: &Workdir) -> Vec<String> {
    let lock: Value =
        serde_json::from_str(&fs::read_to_string(workdir.path("mach-nix.lock")).unwrap()).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let entries = lock["packages"].as_array().unwrap().iter();
    entries
        .map(|entry| {
            let build = text(&entry["build"]);
            let all = [
                text(&entry["name"]),
                text(&entry["version"]),
                text(&entry["provider"]),
                build,
            ];
            all.join(" ").trim_end().to_owned()
        })
        .collect()
}

const TARGET: [&str; 4] = ["--python", "3.11", "--system", "x86_64-linux"];

fn lock(workdir: &Workdir, words: &[&str]) -> mach_nix_tests::Ran {
    workdir.run(&[&["lock"][..], words, &TARGET[..]].concat())
}

const OURS: [&str; 2] = ["--conda-channel", "ours=ours"];

#[test]
fn the_best_build_for_the_target_is_locked() {
    let workdir = Workdir::new(&[], Manners::default());
    let records = [
        "tool 1.0 py310_2 ; python >=3.10,<3.11.0a0, lib >=1",
        "tool 1.0 py311_0 ; python >=3.11,<3.12.0a0, lib >=1",
        "tool 1.0 py311_1 ; python >=3.11,<3.12.0a0, python_abi 3.11.* *_cp311, lib >=1",
        "lib 1.0 h1_0",
        "lib 2.0 cuda_0 ; __cuda >=12",
        "lib 1.5 h2_0 ; __glibc >=2.17,<3.0.a0, _libgcc_mutex 0.1 forge ; other <2",
        "_libgcc_mutex 0.1 forge",
        "other 3.0 0",
    ];
    channel(&workdir, "ours", "linux-64", &records);
    lock(&workdir, &[&["conda:tool"][..], &OURS].concat()).ends(0);
    let expected = [
        "conda:_libgcc_mutex 0.1 conda/ours forge",
        "conda:lib 1.5 conda/ours h2_0",
        "tool 1.0 conda/ours py311_1",
    ];
    assert_eq!(
        locked(&workdir),
        expected,
        "what is only limited is not installed"
    );
    let text = fs::read_to_string(workdir.path("mach-nix.lock")).unwrap();
    let read: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read["targets"][0]["virtualPackages"], json!({"__glibc": "2.40"}));
    assert_eq!(
        read["request"]["condaChannels"],
        json!([{"name": "ours", "url": "./ours"}])
    );
    assert_eq!(read["packages"][1]["url"], "./ours/linux-64/lib-1.5-h2_0.conda");
    assert_eq!(
        read["packages"][1]["dependencies"],
        json!(["conda:_libgcc_mutex"])
    );

    lock(&workdir, &[&["conda:tool"][..], &OURS, &["--check"]].concat()).ends(0);
    lock(
        &workdir,
        &[
            &["conda:tool"][..],
            &OURS,
            &["--conda-virtual", "__cuda=12.4", "--upgrade"],
        ]
        .concat(),
    )
    .ends(0);
    assert!(locked(&workdir).contains(&"conda:lib 2.0 conda/ours cuda_0".to_owned()));
}

#[test]
fn a_saved_problem_has_the_records_of_its_channels() {
    let (workdir, ours) = numpy_worlds();
    let words = [&["conda:pandas", "app"][..], &ours].concat();
    lock(
        &workdir,
        &[&words[..], &["--save-problem", "problem.json"]].concat(),
    )
    .ends(0);
    fs::remove_dir_all(workdir.path("ours")).unwrap();
    let replayed = workdir.run(&["lock", "--replay", "problem.json"]);
    replayed.ends(0);
    assert_eq!(replayed.stdout(), workdir.lock_text());
}

/// A snapshot has the records that its requirements lead to, so that the command, the plugin and derivations resolve offline.
#[test]
fn a_snapshot_has_the_records_of_its_channels() {
    let (workdir, ours) = numpy_worlds();
    let words = [&["conda:pandas", "app"][..], &ours].concat();
    lock(&workdir, &words).ends(0);
    let live = workdir.lock_text();
    let build = ["index", "build", "app", "conda:pandas", "-o", "world.snapshot"];
    workdir.run(&[&build[..], &ours, &TARGET].concat()).ends(0);
    let bytes = fs::read(workdir.path("world.snapshot")).unwrap();
    workdir.run(&[&build[..], &ours, &TARGET].concat()).ends(0);
    assert_eq!(fs::read(workdir.path("world.snapshot")).unwrap(), bytes);
    workdir.run(&["index", "verify", "world.snapshot"]).ends(0);
    fs::remove_dir_all(workdir.path("ours")).unwrap();
    fs::remove_file(workdir.path("mach-nix.lock")).unwrap();
    lock(
        &workdir,
        &[&words[..], &["--pypi-data", "world.snapshot"]].concat(),
    )
    .ends(0);
    assert_eq!(workdir.lock_text(), live);

    // Without an option, a name means the channel of the snapshot.
    let query = json!({
        "requirements": "channels: [ours]\ndependencies:\n  - pandas\n  - pip: [app]\n", "name": "environment.yml",
        "python": "3.11", "system": "x86_64-linux", "pypiData": workdir.path("world.snapshot"),
    });
    workdir.write("query.json", &query.to_string());
    let ran = workdir.run(&["lock", "--query", "query.json"]);
    ran.ends(0);
    let answer: Value = serde_json::from_str(&ran.stdout()).unwrap();
    let names: Vec<&str> = (answer["lock"]["packages"].as_array().unwrap().iter())
        .map(|package| package["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["app", "conda:libblas", "numpy", "pandas"]);

    // What it lacks is named, and another channel is not read from it.
    let other = lock(
        &workdir,
        &[&["conda:other"][..], &OURS, &["--pypi-data", "world.snapshot"]].concat(),
    );
    let text = other.ends(2);
    assert!(
        text.contains("`other` of the conda channel `ours`") && text.contains("index add"),
        "{text}"
    );
    let other = lock(
        &workdir,
        &[
            "conda:pandas",
            "--conda-channel",
            "b=./b",
            "--pypi-data",
            "world.snapshot",
        ],
    );
    assert!(other.ends(2).contains("conda channel `b`"), "{}", other.stderr());
}

/// Nothing of the machine that locks is in a lock: it is the same on another one.
#[test]
fn locks_for_other_systems_have_no_trace_of_this_one() {
    let workdir = Workdir::new(&[], Manners::default());
    let folders = [
        ("x86_64-linux", "linux-64", "__linux >=4, __glibc >=2.17"),
        ("aarch64-linux", "linux-aarch64", "__linux >=4, __glibc >=2.17"),
        ("x86_64-darwin", "osx-64", "__osx >=11"),
        ("aarch64-darwin", "osx-arm64", "__osx >=11"),
    ];
    for (_, subdir, needs) in folders {
        channel(
            &workdir,
            "ours",
            subdir,
            &[
                &format!("tool 1.0 h_0 ; {needs}, __unix, __archspec"),
                "tool 2.0 h_0 ; __cuda",
                "tool 3.0 h_0 ; __win",
            ],
        );
    }
    for (system, subdir, _) in folders {
        let words = [
            "lock",
            "conda:tool",
            OURS[0],
            OURS[1],
            "--python",
            "3.11",
            "--system",
            system,
            "-o",
        ];
        let mut here = workdir.command(&[&words[..], &["here.lock"]].concat());
        assert!(here.status().unwrap().success());
        let text = fs::read_to_string(workdir.path("here.lock")).unwrap();
        assert!(
            text.contains(&format!("./ours/{subdir}/tool-1.0-h_0.conda")),
            "{text}"
        );
        let there = workdir.command(&[&words[..], &["there.lock"]].concat());
        // Another machine as far as `uname` says.
        let mut other = std::process::Command::new("setarch");
        other
            .args(["i686", "--uname-2.6"])
            .arg(there.get_program())
            .args(there.get_args());
        other.env_clear().current_dir(workdir.folder.path());
        other.envs(there.get_envs().filter_map(|(name, value)| Some((name, value?))));
        other
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("CONDA_OVERRIDE_GLIBC", "2.5")
            .env("CONDA_OVERRIDE_CUDA", "12.0");
        assert!(other.status().unwrap().success(), "{other:?}");
        assert_eq!(fs::read_to_string(workdir.path("there.lock")).unwrap(), text);
    }
}

#[test]
fn a_relocked_environment_stays_with_its_builds() {
    let workdir = Workdir::new(&[], Manners::default());
    channel(&workdir, "ours", "noarch", &["tool 1.0 h_0"]);
    let words = [&["conda:tool"][..], &OURS].concat();
    lock(&workdir, &words).ends(0);
    channel(
        &workdir,
        "ours",
        "noarch",
        &["tool 1.0 h_0", "tool 1.0 h_1", "tool 2.0 h_0"],
    );
    lock(&workdir, &words).ends(0);
    assert_eq!(locked(&workdir), ["conda:tool 1.0 conda/ours h_0"]);
    lock(&workdir, &[&words[..], &["--upgrade"]].concat()).ends(0);
    assert_eq!(locked(&workdir), ["conda:tool 2.0 conda/ours h_0"]);
}

#[test]
fn the_first_channel_that_has_a_name_is_the_only_one() {
    let workdir = Workdir::new(&[], Manners::default());
    channel(&workdir, "ours", "noarch", &["tool 1.0 h_0 ; lib"]);
    channel(&workdir, "theirs", "noarch", &["tool 2.0 h_0", "lib 1.0 h_0"]);
    let both = ["--conda-channel", "ours=ours", "--conda-channel", "theirs=theirs"];
    lock(&workdir, &[&["conda:tool"][..], &both].concat()).ends(0);
    assert_eq!(
        locked(&workdir),
        ["conda:lib 1.0 conda/theirs h_0", "conda:tool 1.0 conda/ours h_0"]
    );
    lock(&workdir, &[&["conda:theirs::tool"][..], &both].concat()).ends(0);
    assert_eq!(locked(&workdir), ["conda:tool 2.0 conda/theirs h_0"]);
    let refused = lock(&workdir, &[&["conda:tool >=2"][..], &both].concat());
    refused.ends(1);
    assert!(
        refused.stderr().contains("ours has `tool` as 1.0 h_0"),
        "{}",
        refused.stderr()
    );
}

/// numpy 2 and 1 of conda, and an application of the package index that needs an older one.
fn numpy_worlds() -> (Workdir, Vec<&'static str>) {
    let index = packages(
        "[[package]]\nrelease = 'app==1.0'\nrequires = ['numpy<2']\n\
         [[package]]\nrelease = 'numpy==2.1'\n[[package]]\nrelease = 'numpy==1.25'\n\
         [[package]]\nrelease = 'numpy==1.20.5'\n\
         [[package]]\nrelease = 'strict==1.0'\nrequires = ['numpy~=1.20.0']\n",
    );
    let workdir = Workdir::new(&index, Manners::default());
    let records = [
        "numpy 2.0.1 py311_0 ; python >=3.11,<3.12.0a0, libblas",
        "numpy 1.26.4 py311_0 ; python >=3.11,<3.12.0a0, libblas",
        "libblas 3.9.0 h_0",
        "pandas 2.2 py311_0 ; python >=3.11,<3.12.0a0, numpy >=1.22",
    ];
    channel(&workdir, "ours", "linux-64", &records);
    (workdir, OURS.to_vec())
}

/// Solved in two steps, conda's numpy is 2.0.1, and the application cannot be installed.
#[test]
fn a_package_of_the_index_decides_about_that_of_conda() {
    let (workdir, ours) = numpy_worlds();
    lock(&workdir, &[&["conda:pandas", "app"][..], &ours].concat()).ends(0);
    assert_eq!(
        locked(&workdir),
        [
            "app 1.0 wheel",
            "conda:libblas 3.9.0 conda/ours h_0",
            "numpy 1.26.4 conda/ours py311_0",
            "pandas 2.2 conda/ours py311_0",
        ]
    );
    // Where wheels are preferred, conda's pandas has the wheel of numpy.
    lock(
        &workdir,
        &[&["conda:pandas", "app", "--provider", "numpy=wheel"][..], &ours].concat(),
    )
    .ends(0);
    assert!(
        locked(&workdir).contains(&"numpy 1.25 wheel".to_owned()),
        "{:?}",
        locked(&workdir)
    );
}

#[test]
fn a_contradiction_between_conda_and_the_index_names_both() {
    let (workdir, ours) = numpy_worlds();
    let refused = lock(&workdir, &[&["conda:pandas", "strict"][..], &ours].concat());
    refused.ends(1);
    let text = refused.stderr();
    assert!(text.contains("strict 1.0 needs numpy~=1.20.0"), "{text}");
    assert!(
        text.contains("conda's pandas 2.2 py311_0 (ours) needs `numpy >=1.22`"),
        "{text}"
    );
}

#[test]
fn owners_and_their_namesakes_are_two_packages() {
    let index =
        packages("[[package]]\nrelease = 'graphviz==0.20'\n[[package]]\nrelease = 'matplotlib==3.8'\n");
    let workdir = Workdir::new(&index, Manners::default());
    let records = [
        "graphviz 9.0 h_0",
        "matplotlib 3.9 py311_0 ; matplotlib-base >=3.9, python >=3.11,<3.12.0a0",
        "matplotlib-base 3.9 py311_0 ; python >=3.11,<3.12.0a0",
    ];
    channel(&workdir, "ours", "linux-64", &records);
    lock(
        &workdir,
        &[&["conda:graphviz", "graphviz", "conda:matplotlib"][..], &OURS].concat(),
    )
    .ends(0);
    assert_eq!(
        locked(&workdir),
        [
            "conda:graphviz 9.0 conda/ours h_0",
            "conda:matplotlib 3.9 conda/ours py311_0",
            "graphviz 0.20 wheel",
            "matplotlib 3.9 conda/ours py311_0",
        ]
    );
    let exported = workdir.run(&["export", "--format", "explicit"]);
    exported.ends(0);
    let text = exported.stdout();
    assert!(
        text.contains("# not from conda: graphviz 0.20 (wheel)\n@EXPLICIT\n"),
        "{text}"
    );
    assert!(
        text.find("matplotlib-base-3.9").unwrap() < text.find("matplotlib-3.9").unwrap(),
        "{text}"
    );
    workdir.run(&["tree"]).ends(0);
    workdir.run(&["why", "conda:graphviz"]).ends(0);
}

#[test]
fn refusals_say_what_is_wrong_with_conda() {
    let workdir = Workdir::new(&[], Manners::default());
    let records = ["gpu 1.0 cuda_0 ; __cuda >=12", "mine 1.0 h_0 ; nowhere"];
    channel(&workdir, "ours", "linux-64", &records);
    let cases = [
        (
            "conda:gpu",
            1,
            "it needs `__cuda >=12`, and the target has no __cuda",
        ),
        ("conda:mine", 1, "no conda channel has `nowhere`"),
        ("conda:python=3.9", 1, "this is for Python 3.11.0"),
        ("conda:gpu >>1", 2, "gpu >>1"),
    ];
    for (requirement, code, expected) in cases {
        let refused = lock(&workdir, &[&[requirement][..], &OURS].concat());
        refused.ends(code);
        assert!(refused.stderr().contains(expected), "{}", refused.stderr());
    }
    let refused = lock(&workdir, &["conda:gpu"]);
    refused.ends(2);
    assert!(
        refused.stderr().contains("there is no conda channel"),
        "{}",
        refused.stderr()
    );
    let refused = lock(&workdir, &["conda:gpu", "--conda-channel", "ours=./none"]);
    refused.ends(2);
    assert!(
        refused.stderr().contains("there is no folder"),
        "{}",
        refused.stderr()
    );
}
