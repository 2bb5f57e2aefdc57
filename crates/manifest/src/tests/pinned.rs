//! Files that pin conda packages by their addresses.

use super::{lines, read_files};
use crate::{ManifestError, Requirements, Selection, parse_manifest};

const SHA: &str = "adfa71f158cbd872a36394c56c3568e6034aa55c623634b37a4836bd036e6b91";

fn read(name: &str, text: &str) -> Result<Requirements, ManifestError> {
    read_files(&[(name, text)], |path, context| {
        parse_manifest(path, &Selection::default(), context)
    })
}

/// `SPEC ; MARKER` of the conda packages.
fn conda(found: &Requirements) -> Vec<String> {
    let entries = found.conda.requirements.iter();
    let shown = entries.map(|entry| {
        let marker = entry.marker.to_string();
        let marker = if marker.is_empty() {
            marker
        } else {
            format!(" ; {marker}")
        };
        format!("{}{marker}", entry.spec)
    });
    shown.collect()
}

fn channels(found: &Requirements) -> Vec<String> {
    let channels = found.conda.channels.iter().flatten();
    let shown = channels.map(|channel| format!("{} {}", channel.name, channel.url.as_ref().unwrap()));
    shown.collect()
}

#[test]
fn an_explicit_file_names_single_packages() {
    let text = format!(
        "# platform: linux-64\n@EXPLICIT\nhttps://u:${{TOKEN}}@c.test/forge/linux-64/libfoo-2!1.0-h1_0.conda#sha256:{SHA}\n\
         https://u:${{TOKEN}}@c.test/forge/noarch/greet-0.5-pyhd8_0.conda#{SHA}\n\
         https://other.test/forge/linux-64/xz-5.2.6-h166_0.tar.bz2#d7c89558ba9fa0495403155b64376d81\n\
         https://other.test/forge/linux-64/m-1-0.conda#d7c89558ba9fa0495403155b64376d81\n\
         https://other.test/forge/linux-64/python-3.11.7-hab00c5b_0_cpython.conda\n\
         https://other.test/forge/linux-64/python_abi-3.11-4_cp311.conda\nfile:///c/local/noarch/a-1-0.conda\n"
    );
    let found = read("explicit.txt", &text).unwrap();
    assert_eq!(
        conda(&found),
        [
            format!("forge/linux-64::libfoo==2!1.0=h1_0[sha256={SHA}]"),
            format!("forge/noarch::greet==0.5=pyhd8_0[sha256={SHA}]"),
            "other.test/forge/linux-64::xz==5.2.6=h166_0".to_owned(),
            "other.test/forge/linux-64::m==1=0[md5=d7c89558ba9fa0495403155b64376d81]".to_owned(),
            "local/noarch::a==1=0".to_owned(),
        ]
    );
    assert_eq!(
        channels(&found),
        [
            "forge https://u:s3cret@c.test/forge",
            "other.test/forge https://other.test/forge",
            "local file:///c/local"
        ]
    );
    assert_eq!(found.python.unwrap().to_string(), "3.11");
    let platforms: Vec<&str> = found.conda.platforms.iter().map(|one| one.as_str()).collect();
    assert_eq!(platforms, ["linux-64"]);
    for (line, reason) in [
        (
            "https://c.test/forge/linux-64/a-1.conda",
            "is not the name of a conda package file",
        ),
        (
            "https://c.test/forge/win-64/a-1-0.conda",
            "`win-64` is not a subdir",
        ),
        ("https://c.test/forge/noarch/a-1-0.conda#12", "an MD5 or SHA-256"),
        ("flask", "this is not the address of a package"),
    ] {
        let shown = read("explicit.txt", &format!("@EXPLICIT\n{line}\n"))
            .unwrap_err()
            .to_string();
        assert!(
            shown.starts_with("explicit.txt, line 2") && shown.contains(reason),
            "{shown}"
        );
    }
}

#[test]
fn a_conda_lock_has_packages_of_each_platform() {
    let package = |name: &str, manager: &str, platform: &str, url: &str, more: &str| {
        format!(
            "- name: {name}\n  version: '1.0'\n  manager: {manager}\n  platform: {platform}\n  dependencies: {{}}\n  url: {url}\n  \
             hash: {{sha256: {SHA}}}\n  category: main\n  optional: false\n{more}"
        )
    };
    let text = [
        "version: 1\nmetadata: {platforms: [linux-64, win-64]}\npackage:\n".to_owned(),
        package(
            "a",
            "conda",
            "linux-64",
            "https://c.test/forge/linux-64/a-1.0-0.conda",
            "",
        ),
        package(
            "a",
            "conda",
            "win-64",
            "https://c.test/forge/win-64/a-1.0-0.conda",
            "",
        ),
        package(
            "b",
            "conda",
            "osx-arm64",
            "https://c.test/forge/noarch/b-1.0-0.conda",
            "",
        ),
        package(
            "flask",
            "pip",
            "linux-64",
            "https://f.test/flask-1.0-py3-none-any.whl",
            "",
        ),
        package(
            "dev",
            "conda",
            "linux-64",
            "https://c.test/forge/noarch/dev-1.0-0.conda",
            "",
        )
        .replace("main", "dev"),
    ]
    .concat();
    let found = read("app.conda-lock.yml", &text).unwrap();
    let linux = "sys_platform == 'linux' and platform_machine == 'x86_64'";
    let mac = "sys_platform == 'darwin' and platform_machine == 'arm64'";
    assert_eq!(
        conda(&found),
        [
            format!("forge/linux-64::a==1.0=0[sha256={SHA}] ; {linux}"),
            format!("forge/noarch::b==1.0=0[sha256={SHA}] ; {mac}"),
        ]
    );
    assert_eq!(lines(&found), [format!("31 flask==1.0 ; {linux}")]);
    assert!(found.requirements[0].is_locked && found.requirements[0].hashes.len() == 1);
    let platforms: Vec<&str> = found.conda.platforms.iter().map(|one| one.as_str()).collect();
    assert_eq!(platforms, ["linux-64", "osx-arm64"]);
    let shown = read("conda-lock.yml", "package:\n  - name: a\n")
        .unwrap_err()
        .to_string();
    assert!(shown.starts_with("conda-lock.yml, line "), "{shown}");
}

#[test]
fn a_pixi_lock_has_both_kinds_of_packages() {
    let references = "      p:\n      - conda: https://c.test/forge/linux-64/a-1.0-0.conda\n      \
                      - pypi: https://f.test/flask-1.0-py3-none-any.whl\n      - pypi: ./local\n";
    let new = format!(
        "version: 7\nplatforms:\n- name: p\n  subdir: linux-64\nenvironments:\n  default:\n    channels:\n    - url: https://c.test/forge/\n    \
         packages:\n{references}packages:\n- conda: https://c.test/forge/linux-64/a-1.0-0.conda\n  sha256: {SHA}\n\
         - pypi: https://f.test/flask-1.0-py3-none-any.whl\n  name: flask\n  version: 1.0\n  sha256: {SHA}\n  requires_dist: [b]\n\
         - pypi: ./local\n  name: local\n"
    );
    let six = new
        .replace(
            "version: 7\nplatforms:\n- name: p\n  subdir: linux-64\n",
            "version: 6\n",
        )
        .replace(" p:", " linux-64:");
    let four = six
        .replace("version: 6", "version: 4")
        .replace("\n- conda: http", "\n- kind: conda\n  url: http")
        .replace("\n- pypi: http", "\n- kind: pypi\n  url: http");
    let linux = "sys_platform == 'linux' and platform_machine == 'x86_64'";
    for text in [new, six, four] {
        let found = read("pixi.lock", &text).unwrap();
        assert_eq!(
            conda(&found),
            [format!("forge/linux-64::a==1.0=0[sha256={SHA}] ; {linux}")],
            "{text}"
        );
        let entry = &found.requirements[0];
        assert_eq!(entry.requirement.to_string(), format!("flask==1.0 ; {linux}"));
        assert_eq!(entry.hashes.len(), 1);
        assert!(
            found.warnings[0].contains("`./local` is a project of sources"),
            "{:?}",
            found.warnings
        );
    }
    for (text, reason) in [
        ("version: 99\n", "this is version 99"),
        (
            "version: 6\nenvironments: {test: {}}\n",
            "no environment `default`",
        ),
        (
            "version: 6\nenvironments:\n  default:\n    packages:\n      linux-64:\n      - conda_source: x[1] @ ./x\n",
            "nothing builds conda packages",
        ),
    ] {
        let shown = read("pixi.lock", text).unwrap_err().to_string();
        assert!(shown.contains(reason), "{shown}");
    }
}
