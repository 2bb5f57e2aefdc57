//! Files that pin conda packages, as inputs: `@EXPLICIT` of our own export, `conda-lock.yml` and `pixi.lock`.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::collections::BTreeMap;
use std::fs;

use mach_nix_tests::{Manners, Scenario, StaticServer, Workdir, channel};
use serde_json::Value;

const ZERO: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A folder, an index with two versions of a wheel, and a channel on a server, of which newer versions are not pinned.
fn workdir() -> (Workdir, StaticServer) {
    let text = "reason = 'conda'\nask.requirements = []\nexpect.packages = []\n\
                [[package]]\nrelease = 'app==1.0'\n[[package]]\nrelease = 'app==2.0'\n";
    let workdir = Workdir::new(&Scenario::read(text).unwrap().packages, Manners::default());
    let linux = [
        "numpy 1.26.4 py311_0 ; python >=3.11,<3.12.0a0, libblas",
        "numpy 1.26.4 py311_1 ; python >=3.11,<3.12.0a0, libblas",
        "libblas 3.9.0 h_0",
        "libblas 3.9.1 h_0",
    ];
    channel(&workdir, "ours", "linux-64", &linux);
    channel(&workdir, "ours", "noarch", &["data 2024a h_0", "data 2025a h_0"]);
    let files: BTreeMap<String, Vec<u8>> = ["linux-64", "noarch"]
        .map(|subdir| format!("ours/{subdir}/repodata.json"))
        .map(|name| (format!("/{name}"), fs::read(workdir.path(&name)).unwrap()))
        .into();
    (workdir, StaticServer::start(files, None))
}

/// `NAME VERSION BUILD` of the packages.
fn locked(workdir: &Workdir) -> Vec<String> {
    let lock: Value = serde_json::from_str(&workdir.lock_text()).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let entries = lock["packages"].as_array().unwrap().iter();
    let shown = entries.map(|entry| {
        ["name", "version", "build"]
            .map(|field| text(&entry[field]))
            .join(" ")
    });
    shown.map(|line| line.trim_end().to_owned()).collect()
}

#[test]
fn an_exported_explicit_file_is_read_back() {
    let (workdir, server) = workdir();
    let option = format!("ours={}/ours", server.url());
    let specs = [
        "conda:numpy 1.26.4 py311_0",
        "conda:libblas 3.9.0",
        "conda:data 2024a",
    ];
    workdir
        .run(&[&["lock"][..], &specs, &["--conda-channel", &option]].concat())
        .ends(0);
    let first = locked(&workdir);
    let exported = workdir.run(&["export", "--format", "explicit"]);
    exported.ends(0);
    workdir.write("explicit.txt", &exported.stdout());
    fs::remove_file(workdir.path("mach-nix.lock")).unwrap();
    workdir.run(&["lock", "-r", "explicit.txt"]).ends(0);
    assert_eq!(locked(&workdir), first);
    let again = workdir.run(&["export", "--format", "explicit"]);
    assert_eq!(again.stdout(), exported.stdout());
    // A digest that the channel does not have is refused.
    workdir.write(
        "explicit.txt",
        &exported.stdout().replace("sha256:00", "sha256:11"),
    );
    let refused = workdir.run(&["lock", "-r", "explicit.txt"]).ends(1);
    assert!(refused.contains("explicit.txt, line "), "{refused}");
}

#[test]
fn locks_of_conda_lock_and_pixi_are_inputs() {
    let (workdir, server) = workdir();
    let url = |file: &str| format!("{}/ours/{file}", server.url());
    let conda = [
        ("numpy", "linux-64/numpy-1.26.4-py311_0.conda"),
        ("libblas", "linux-64/libblas-3.9.0-h_0.conda"),
        ("data", "noarch/data-2024a-h_0.conda"),
    ];
    let mut conda_lock = "version: 1\npackage:\n".to_owned();
    let mut references = "      linux-64:\n".to_owned();
    let mut packages = String::new();
    for (name, file) in conda {
        let url = url(file);
        conda_lock += &format!(
            "- {{name: {name}, version: '1', manager: conda, platform: linux-64, url: '{url}', hash: {{sha256: '{ZERO}'}}}}\n"
        );
        references += &format!("      - conda: {url}\n");
        packages += &format!("- conda: {url}\n  sha256: '{ZERO}'\n");
    }
    conda_lock += "- {name: app, version: '1.0', manager: pip, platform: linux-64, url: 'https://f.test/app-1.0-py3-none-any.whl', hash: {}}\n";
    references += "      - pypi: https://f.test/app-1.0-py3-none-any.whl\n";
    packages += "- pypi: https://f.test/app-1.0-py3-none-any.whl\n  name: app\n  version: '1.0'\n";
    workdir.write("conda-lock.yml", &conda_lock);
    workdir.write(
        "pixi.lock",
        &format!("version: 6\nenvironments:\n  default:\n    channels: []\n    packages:\n{references}packages:\n{packages}"),
    );
    for file in ["conda-lock.yml", "pixi.lock"] {
        workdir.run(&["lock", "-r", file]).ends(0);
        assert_eq!(
            locked(&workdir),
            [
                "app 1.0",
                "conda:data 2024a h_0",
                "conda:libblas 3.9.0 h_0",
                "numpy 1.26.4 py311_0"
            ],
            "{file}"
        );
        fs::remove_file(workdir.path("mach-nix.lock")).unwrap();
    }
}
