//! What tools fail at that solve conda first and the package index after it: public reports, rebuilt as small universes. Each has
//! the lock that a person wants, and a variant that cannot be met, whose refusal names both sides.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use mach_nix_tests::{Manners, Scenario, Workdir, channel};
use serde_json::Value;

const PYTHON: &str = "python >=3.11,<3.12.0a0";

struct Report {
    /// The issue of pixi.
    issue: &'static str,
    /// Records of the channel, without the dependency on Python.
    channel: &'static [&'static str],
    /// `NAME==VERSION REQUIREMENT …` on the package index.
    index: &'static [&'static str],
    /// The requirements.
    wanted: &'static [&'static str],
    /// The lock.
    locked: &'static [&'static str],
    /// Requirements that cannot be met.
    impossible: &'static [&'static str],
    /// Parts of the refusal: what conda says, and what the index says.
    refusal: &'static [&'static str],
}

const REPORTS: [Report; 5] = [
    Report {
        issue: "2559: conda's newest numpy is 2, and a package of the index needs an older one",
        channel: &[
            "numpy 2.0.1 0 ; @",
            "numpy 1.26.4 0 ; @",
            "pandas 2.2 0 ; @, numpy >=1.22",
            "modern 1 0 ; @, numpy >=2",
        ],
        index: &["app==1.0 numpy<2", "numpy==2.1", "numpy==1.26.0"],
        wanted: &["conda:pandas", "app"],
        locked: &[
            "app 1.0 wheel",
            "numpy 1.26.4 conda/ours",
            "pandas 2.2 conda/ours",
        ],
        impossible: &["conda:modern", "app"],
        refusal: &[
            "conda's modern 1 0 (ours) needs `numpy >=2`",
            "app 1.0 needs numpy<2",
        ],
    },
    Report {
        issue: "3467: a dependency of conda pulls a newer packaging than the project wants",
        channel: &[
            "packaging 24.2 0 ; @",
            "packaging 23.2 0 ; @",
            "builder 1 0 ; @, packaging",
            "builder 2 0 ; @, packaging >=24",
        ],
        index: &["packaging==23.2", "packaging==24.2"],
        wanted: &["conda:builder", "packaging<24"],
        locked: &["builder 1 conda/ours", "packaging 23.2 wheel"],
        impossible: &["conda:builder >=2", "packaging<24"],
        refusal: &[
            "conda's builder 2 0 (ours) needs `packaging >=24`",
            "packaging<24",
        ],
    },
    Report {
        issue: "5545: fsspec and websockets between conda and the index",
        channel: &[
            "fsspec 2024.9 0 ; @",
            "fsspec 2024.6 0 ; @",
            "websockets 13.0 0 ; @",
            "websockets 11.0 0 ; @",
            "datasets 2.20 0 ; @, fsspec >=2023.1",
            "server 1 0 ; @, websockets >=12",
        ],
        index: &[
            "gradio-client==1.3 fsspec<=2024.6 websockets>=10,<12",
            "fsspec==2024.6",
            "websockets==11.0",
        ],
        wanted: &["conda:datasets", "gradio-client"],
        locked: &[
            "datasets 2.20 conda/ours",
            "fsspec 2024.6 conda/ours",
            "gradio-client 1.3 wheel",
            "websockets 11.0 conda/ours",
        ],
        impossible: &["conda:server", "gradio-client"],
        refusal: &[
            "conda's server 1 0 (ours) needs `websockets >=12`",
            "gradio-client 1.3 needs websockets",
        ],
    },
    Report {
        issue: "1784: `~=` of the index against a pin of conda",
        channel: &["protobuf 5.27.1 0 ; @", "protobuf 4.25.3 0 ; @"],
        index: &["stubs==1.0 protobuf~=4.25.0", "protobuf==4.25.8"],
        wanted: &["conda:protobuf=4.25", "stubs"],
        locked: &["protobuf 4.25.3 conda/ours", "stubs 1.0 wheel"],
        impossible: &["conda:protobuf==5.27.1", "stubs"],
        refusal: &["stubs 1.0 needs protobuf~=4.25.0", "`protobuf==5.27.1`"],
    },
    Report {
        issue: "2772: a package that both have, and only the index in the version that is needed",
        channel: &[
            "shared 1.0 0 ; @",
            "tool 1 0 ; @, shared >=1",
            "old 1 0 ; @, shared 1.*",
        ],
        index: &["plugin==1.0 shared>=2", "shared==2.0", "shared==1.0"],
        wanted: &["conda:tool", "plugin"],
        locked: &["plugin 1.0 wheel", "shared 2.0 wheel", "tool 1 conda/ours"],
        impossible: &["conda:old", "plugin"],
        refusal: &[
            "conda's old 1 0 (ours) needs `shared 1.*`",
            "plugin 1.0 needs shared>=2",
        ],
    },
];

fn workdir(report: &Report) -> Workdir {
    let mut text = "reason = 'conda'\nask.requirements = []\nexpect.packages = []\n".to_owned();
    for package in report.index {
        let (release, requires) = package.split_once(' ').unwrap_or((package, ""));
        let requires: Vec<String> = requires
            .split_whitespace()
            .map(|one| format!("'{one}'"))
            .collect();
        text += &format!(
            "[[package]]\nrelease = '{release}'\nrequires = [{}]\n",
            requires.join(", ")
        );
    }
    let workdir = Workdir::new(&Scenario::read(&text).unwrap().packages, Manners::default());
    let records: Vec<String> = report
        .channel
        .iter()
        .map(|record| record.replace('@', PYTHON))
        .collect();
    let records: Vec<&str> = records.iter().map(String::as_str).collect();
    channel(&workdir, "ours", "linux-64", &records);
    workdir
}

#[test]
fn failures_of_solving_in_two_steps_are_solved_in_one() {
    for report in &REPORTS {
        let workdir = workdir(report);
        let lock = |requirements: &[&str]| {
            workdir.run(&[&["lock"], requirements, &["--conda-channel", "ours=ours"]].concat())
        };
        let stderr = lock(report.wanted).ends(0);
        let locked: Value = serde_json::from_str(&workdir.lock_text()).unwrap();
        let text = |entry: &Value, field: &str| entry[field].as_str().unwrap().to_owned();
        let locked: Vec<String> = (locked["packages"].as_array().unwrap().iter())
            .map(|entry| {
                ["name", "version", "provider"]
                    .map(|field| text(entry, field))
                    .join(" ")
            })
            .collect();
        assert_eq!(locked, report.locked, "{}: {stderr}", report.issue);
        let refused = lock(report.impossible).ends(1);
        for part in report.refusal {
            assert!(refused.contains(part), "{}: {refused}", report.issue);
        }
    }
}
