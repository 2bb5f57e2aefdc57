//! `environment.yml`: its conda packages come from its channels, in one solve with those under `pip:`.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;

use mach_nix_tests::{Manners, Package, Ran, Scenario, Workdir, channel};
use serde_json::{Value, json};

fn packages(text: &str) -> Vec<Package> {
    let head = "reason = 'conda'\nask.requirements = []\nexpect.packages = []\n";
    Scenario::read(&format!("{head}{text}")).unwrap().packages
}

/// A channel `ours` with numpy and a library, and an index with an application and its own numpy.
fn workdir() -> Workdir {
    let index = packages(
        "[[package]]\nrelease = 'app==1.0'\nrequires = ['numpy<2']\n\
         [[package]]\nrelease = 'numpy==1.25'\n[[package]]\nrelease = 'numpy==1.26.9'\n[[package]]\nrelease = 'torch==2.0'\n",
    );
    let workdir = Workdir::new(&index, Manners::default());
    let records = [
        "numpy 2.0.1 py311_0 ; python >=3.11,<3.12.0a0, libblas",
        "numpy 1.26.4 py311_0 ; python >=3.11,<3.12.0a0, libblas",
        "numpy 1.26.4 py311_1 ; python >=3.11,<3.12.0a0, libblas",
        "pytorch 2.1 py311_0 ; python >=3.11,<3.12.0a0",
        "libblas 3.9.0 h_0",
        "_libgcc_mutex 0.1 forge",
    ];
    channel(&workdir, "ours", "linux-64", &records);
    channel(
        &workdir,
        "ours",
        "osx-arm64",
        &["numpy 1.26.4 py311_5 ; python >=3.11,<3.12.0a0"],
    );
    workdir
}

/// Locks an environment with the channel, and no other target than that of the file or of the machine.
fn lock(workdir: &Workdir, text: &str, words: &[&str]) -> Ran {
    workdir.write("environment.yml", text);
    let words = [&["lock", "--environment", "environment.yml"][..], words].concat();
    workdir.run_without(&words, "MACH_NIX_SYSTEM")
}

fn locked(workdir: &Workdir) -> Vec<String> {
    let lock: Value = serde_json::from_str(&workdir.lock_text()).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let entries = lock["packages"].as_array().unwrap().iter();
    let shown = entries.map(|entry| {
        let all = ["name", "version", "provider", "build"].map(|field| text(&entry[field]));
        let targets = entry["targets"].as_array().map(|targets| format!(" {targets:?}"));
        format!("{}{}", all.join(" ").trim_end(), targets.unwrap_or_default())
    });
    shown.collect()
}

#[test]
fn an_environment_is_solved_with_its_channels_and_the_index() {
    let workdir = workdir();
    let text = "name: demo\nchannels: [./ours, nodefaults]\nplatforms: [linux-64]\ndependencies:\n  - python=3.11\n  - pip\n  - numpy\n  - _libgcc_mutex=0.1=forge\n  - pip:\n      - app\nvariables: {MODE: a b}\n";
    let stderr = lock(&workdir, text, &[]).ends(0);
    assert!(!stderr.contains("warning"), "{stderr}");
    let expected = [
        "app 1.0 wheel",
        "conda:_libgcc_mutex 0.1 conda/ours forge",
        "conda:libblas 3.9.0 conda/ours h_0",
        "numpy 1.26.4 conda/ours py311_1",
    ];
    assert_eq!(locked(&workdir), expected);
    let read: Value = serde_json::from_str(&workdir.lock_text()).unwrap();
    let request = &read["request"];
    assert_eq!(
        request["condaChannels"],
        json!([{"name": "ours", "url": "./ours"}])
    );
    assert_eq!(request["variables"], json!({"MODE": "a b"}));
    assert_eq!(
        request["requirements"],
        json!(["app", "conda:_libgcc_mutex=0.1=forge", "conda:numpy"])
    );
    // The same through `-r`, as the project of the folder, and with the name of the channel.
    let before = workdir.lock_text();
    for words in [&["lock", "-r", "environment.yml"][..], &["lock"]] {
        workdir.run_without(words, "MACH_NIX_SYSTEM").ends(0);
        assert_eq!(workdir.lock_text(), before);
    }
    let by_name = text.replace("./ours", "ours");
    lock(&workdir, &by_name, &["--conda-channel", "ours=ours"]).ends(0);
    assert_eq!(locked(&workdir), expected);
    lock(&workdir, &by_name, &["--conda-channel", "ours=ours", "--check"]).ends(0);
    // Providers still decide about Python projects, and conda's channels need no mention there.
    let wheels = ["--conda-channel", "ours=ours", "--providers", "wheel"];
    lock(&workdir, &by_name, &wheels).ends(0);
    assert_eq!(
        locked(&workdir),
        ["app 1.0 wheel", expected[1], "numpy 1.26.9 wheel"]
    );
}

#[test]
fn entries_mean_what_conda_means_by_them() {
    let workdir = workdir();
    for (entry, code, expected) in [
        ("numpy=1.26", 0, "numpy 1.26.4 conda/ours py311_1"),
        ("numpy=1.26.4=py311_0", 0, "numpy 1.26.4 conda/ours py311_0"),
        ("numpy==1.26", 1, "`numpy==1.26`"),
        ("numpy 1.26.*", 0, "numpy 1.26.4 conda/ours py311_1"),
        ("ours::numpy >=1,<2", 0, "numpy 1.26.4 conda/ours py311_1"),
        ("pytorch", 0, "torch 2.1 conda/ours py311_0"),
        ("libblas", 0, "conda:libblas 3.9.0 conda/ours h_0"),
        ("app", 1, "no conda channel has `app`"),
        ("python=3.9", 1, "requires Python ==3.9.*"),
    ] {
        let text = format!("channels: [./ours]\ndependencies:\n  - {entry}\n");
        let ran = lock(&workdir, &text, &["--upgrade"]);
        let stderr = ran.ends(code);
        if code == 0 {
            assert!(
                locked(&workdir).contains(&expected.to_owned()),
                "{entry}: {:?}",
                locked(&workdir)
            );
        } else {
            assert!(stderr.contains(expected), "{entry}: {stderr}");
            assert!(stderr.contains("environment.yml, line 3"), "{entry}: {stderr}");
        }
    }
}

#[test]
fn platforms_and_selectors_decide_about_targets() {
    let workdir = workdir();
    let text = "channels: [./ours]\nplatforms: [linux-64, osx-arm64]\ndependencies:\n  - numpy=1.26\n  - libblas  # [linux]\n  - sel(linux): _libgcc_mutex\n";
    lock(&workdir, text, &[]).ends(0);
    let lock_file = workdir.lock_file();
    let systems: Vec<String> = lock_file
        .targets
        .iter()
        .map(|target| target.system.to_string())
        .collect();
    assert_eq!(systems, ["x86_64-linux", "aarch64-darwin"]);
    assert_eq!(
        locked(&workdir),
        [
            "conda:_libgcc_mutex 0.1 conda/ours forge [Number(0)]",
            "conda:libblas 3.9.0 conda/ours h_0 [Number(0)]",
            "numpy 1.26.4 conda/ours py311_1 [Number(0)]",
            "numpy 1.26.4 conda/ours py311_5 [Number(1)]",
        ]
    );
    // An option goes before the file.
    lock(&workdir, text, &["--system", "aarch64-darwin"]).ends(0);
    assert_eq!(locked(&workdir), ["numpy 1.26.4 conda/ours py311_5"]);
}

#[test]
fn builds_of_an_export_are_for_their_platform() {
    let workdir = workdir();
    let text = "channels: [./ours]\ndependencies:\n  - numpy=1.26.4=py311_1\n  - pip:\n      - app==1.0\nprefix: /opt/x\n";
    lock(&workdir, text, &["--system", "x86_64-linux"]).ends(0);
    let refused = lock(&workdir, text, &["--system", "aarch64-darwin"]).ends(1);
    assert!(refused.contains("--no-builds"), "{refused}");
    lock(&workdir, text, &["--system", "aarch64-darwin", "--no-builds"]).ends(0);
    assert!(locked(&workdir).contains(&"numpy 1.26.4 conda/ours py311_5".to_owned()));
}

/// The remedies of an environment whose channels cannot be reached work (docs/decisions/0075).
#[test]
fn a_channel_that_cannot_be_reached_has_remedies() {
    let workdir = workdir();
    let text = "channels: [theirs]\ndependencies:\n  - numpy=1.26\n";
    let unreachable = ["--conda-channel", "theirs=http://127.0.0.1:9/theirs"];
    let stderr = lock(&workdir, text, &unreachable).ends(3);
    assert!(
        stderr.contains("--conda-channel theirs=URL") && stderr.contains("--no-conda"),
        "{stderr}"
    );
    lock(&workdir, text, &["--conda-channel", "theirs=ours"]).ends(0);
    assert!(locked(&workdir).contains(&"numpy 1.26.4 conda/theirs py311_1".to_owned()));
    let stderr = lock(&workdir, text, &["--no-conda"]).ends(0);
    assert!(
        stderr.contains("are read as Python packages of the same names: `numpy==1.26.*`"),
        "{stderr}"
    );
    assert_eq!(locked(&workdir), ["numpy 1.26.9 wheel"]);
    lock(&workdir, text, &["--no-conda", "--check"]).ends(0);
    let refused = lock(&workdir, "dependencies:\n  - pytorch\n", &["--no-conda"]).ends(2);
    assert!(
        refused.contains("environment.yml, line 2, column 1: conda's `pytorch` is `torch`"),
        "{refused}"
    );
    fs::remove_file(workdir.path("mach-nix.lock")).unwrap();
}

/// nixlib/requirements/readRequirements.test.nix has the same text and digest.
#[test]
fn nix_computes_the_digest_of_an_environment() {
    let workdir = workdir();
    let text = "name: demo  # ours\nchannels: [ours]\ndependencies:\n  - Python=3.11\n  - gcc  # [linux]\n  - numpy =1.26\n  - pip:\n      - app>=1 ; python_version > '3'\n";
    let words = ["--conda-channel", "ours=ours", "--system", "aarch64-darwin"];
    lock(&workdir, text, &words).ends(0);
    let digest = workdir.lock_file().request.digest.to_string();
    assert_eq!(digest, "sha256-yZwKangjlGqDzvFjBF9G5IGhA60/z4RZJXo6BhstUtw=");
}

#[test]
fn constraints_are_not_conda_packages() {
    let workdir = workdir();
    workdir.write(
        "limits.yml",
        "channels: [./ours]\ndependencies:\n  - numpy=1.26\n",
    );
    let refused = workdir.lock("app -c limits.yml").ends(2);
    assert!(
        refused.contains("limits.yml, line 3") && refused.contains("require the file instead"),
        "{refused}"
    );
}
