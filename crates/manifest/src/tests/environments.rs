//! Environments of conda.

use super::{lines, read_files};
use crate::{ManifestError, Requirements, parse_environment};

#[test]
fn environments_of_conda() {
    let text = "name: demo\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n  - numpy=1.26  # arrays\n  - pip\n  - pip:\n      - flask[async]>=2 ; os_name == 'posix'\n      - --extra-index-url https://u:${TOKEN}@x.test/simple\n      - -r more.txt\n  - scipy\n";
    let files = [("app/environment.yml", text), ("app/more.txt", "click\n")];
    let found = read_files(&files, parse_environment).unwrap();
    assert_eq!(
        lines(&found),
        ["8 flask[async]>=2 ; os_name == 'posix'", "1 click"]
    );
    assert_eq!(conda(&found), ["5 numpy=1.26", "11 scipy"]);
    assert_eq!(
        found.python.map(|python| python.to_string()).as_deref(),
        Some("3.11")
    );
    assert_eq!(found.options.extra_index_urls[0].password(), Some("s3cret"));
    assert!(found.warnings.is_empty(), "{:?}", found.warnings);
    let digested = [
        "name: demo",
        "channels: [conda-forge]",
        "dependencies:",
        "- python=3.11",
        "- numpy=1.26",
        "- pip",
        "- pip:",
        "- flask[async]>=2 ; os_name == 'posix'",
        "- --extra-index-url https://u:${TOKEN}@x.test/simple",
        "- -r more.txt",
        "- scipy",
        "click",
    ];
    assert_eq!(found.lines, digested);
    for (text, expected) in [
        (
            "dependencies:\n  - numpy\n  - pytorch >>1\n",
            "e.yml, line 3, column 5: `pytorch >>1` is not a usable match spec",
        ),
        (
            "dependencies:\n  - pip:\n      - a\n      - b=>1\n",
            "e.yml, line 4, column 2: `=>` is not an operator",
        ),
        ("dependencies:\n  - conda:\n      - a\n", "e.yml, line "),
        ("dependencies: {a: 1\n", "e.yml, line "),
        ("dependencies:\n  - 3\n", "e.yml, line 2"),
    ] {
        let shown = read_files(&[("e.yml", text)], parse_environment)
            .unwrap_err()
            .to_string();
        assert!(shown.starts_with(expected), "{shown}");
    }
    assert!(
        read_files(&[("e.yml", "name: x\n")], parse_environment)
            .unwrap()
            .requirements
            .is_empty()
    );
}

/// `LINE SPEC` of the conda packages, with their markers.
fn conda(found: &Requirements) -> Vec<String> {
    let entries = found.conda.requirements.iter();
    let shown = entries.map(|entry| {
        let line = entry.location.line.unwrap_or_default();
        let marker = entry.marker.to_string();
        let marker = if marker.is_empty() {
            marker
        } else {
            format!(" ; {marker}")
        };
        format!("{line} {}{marker}", entry.spec)
    });
    shown.collect()
}

#[test]
fn conda_packages_are_read_as_python_packages_where_channels_are_not_used() {
    let text = "channels: [conda-forge]\ndependencies:\n  - numpy=1.26  # [linux]\n  - conda-forge::scipy\n  - pip: [flask]\n";
    let mut found = read(text).unwrap();
    found.read_conda_as_python().unwrap();
    assert_eq!(
        lines(&found),
        ["5 flask", "3 numpy==1.26.* ; sys_platform == 'linux'", "4 scipy"]
    );
    assert!(found.conda.requirements.is_empty() && found.conda.channels.is_none());
    assert!(
        found.warnings[0].ends_with("same names: `numpy==1.26.* ; sys_platform == 'linux'`, `scipy`"),
        "{:?}",
        found.warnings
    );
    for (spec, reason) in [
        (
            "pytorch",
            "app/environment.yml, line 2, column 1: conda's `pytorch` is `torch`",
        ),
        ("xz=5.2.6=h166bdaf_0", "channel, or"),
        ("r-base", "channel, or"),
    ] {
        let mut found = read(&format!("dependencies:\n  - {spec}\n")).unwrap();
        let shown = found.read_conda_as_python().unwrap_err().to_string();
        assert!(shown.contains(reason), "{shown}");
    }
}

#[test]
fn builds_of_an_export_are_dropped_on_request() {
    let text =
        "dependencies:\n  - xz=5.2.6=h166bdaf_0\n  - conda-forge::libblas=3.9=*openblas\n  - numpy=1.26\n";
    let mut found = read(text).unwrap();
    found.conda.ignore_builds();
    let allows = |entry: usize, version: &str| {
        let spec = &found.conda.requirements[entry].spec;
        !spec.names_a_build() && spec.allows_version(&version.parse().unwrap())
    };
    assert!(
        allows(0, "5.2.6") && !allows(0, "5.2.6.1"),
        "one equals sign with a build is exact"
    );
    assert!(allows(1, "3.9") && !allows(1, "3.10"));
    assert_eq!(found.conda.requirements[1].spec.channel(), Some("conda-forge"));
    assert!(allows(2, "1.26.4"));
}

fn read(text: &str) -> Result<Requirements, ManifestError> {
    read_files(&[("app/environment.yml", text)], parse_environment)
}

#[test]
fn channels_are_names_addresses_and_folders_in_order() {
    let text = "channels:\n  - conda-forge/label/rc\n  - defaults\n  - nodefaults\n  - https://u:${TOKEN}@c.test/ours/\n  - ./local\ndependencies: []\n";
    let found = read_files(
        &[("app/environment.yml", text), ("/work/app/local", "")],
        parse_environment,
    )
    .unwrap();
    let channels: Vec<(String, Option<String>)> = (found.conda.channels.unwrap().into_iter())
        .map(|channel| (channel.name, channel.url.map(|url| url.to_string())))
        .collect();
    let expected = [
        ("conda-forge/label/rc", None),
        ("main", None),
        ("r", None),
        ("ours", Some("https://u:s3cret@c.test/ours/")),
        ("local", Some("file:///work/app/local")),
    ];
    let expected = expected.map(|(name, url)| (name.to_owned(), url.map(str::to_owned)));
    assert_eq!(channels, expected);
    assert!(read("dependencies: []\n").unwrap().conda.channels.is_none());
    for (channel, reason) in [
        ("./missing", "there is no channel `/work/app/missing`"),
        ("ftp://c.test/ours", "`https://`, `http://` and `file://` only"),
        ("a channel", "this is not a channel"),
        (
            "https://${UNSET}@c.test/x",
            "the environment variable `UNSET` is not set",
        ),
    ] {
        let shown = read(&format!("channels:\n  - {channel}\n"))
            .unwrap_err()
            .to_string();
        assert!(
            shown.starts_with("app/environment.yml, line 2") && shown.contains(reason),
            "{shown}"
        );
    }
}

#[test]
fn selectors_limit_the_targets_of_an_entry() {
    let text = "dependencies:\n  - numpy  # [linux and x86_64]\n  - sel(osx): scipy >=1\n  - pandas  # [1]\n  - pip:  # [unix]\n      - six ; python_version < '3.9'\n      - app  # [osx]\n";
    let found = read(text).unwrap();
    assert_eq!(
        conda(&found),
        [
            "2 numpy ; sys_platform == 'linux' and platform_machine == 'x86_64'",
            "3 scipy >=1 ; sys_platform == 'darwin'",
            "4 pandas",
        ]
    );
    assert!(
        found.lines.contains(&"- numpy  [linux and x86_64]".to_owned()),
        "{:?}",
        found.lines
    );
    assert_eq!(
        lines(&found),
        [
            "6 six ; python_version < '3.9' and sys_platform != 'win32'",
            "7 app ; sys_platform == 'darwin' and sys_platform != 'win32'",
        ]
    );
    assert!(
        found.warnings[0].contains("line 4: the comment `# [1]` is not a selector"),
        "{:?}",
        found.warnings
    );
    let shown = read("dependencies:\n  - sel(linux or): a\n")
        .unwrap_err()
        .to_string();
    assert!(
        shown.contains("line 2") && shown.contains("a platform is missing at its end"),
        "{shown}"
    );
}

#[test]
fn keys_of_an_environment_have_a_meaning_or_a_warning() {
    let text = "name: a\nprefix: /opt/x\ncategory: dev\nplatforms: [linux-64, win-64, osx-arm64]\nvariables: {A: 1.10, B: yes, C: x}\ndependencis: [numpy]\ndependencies:\n";
    let found = read(text).unwrap();
    let platforms: Vec<&str> = found
        .conda
        .platforms
        .iter()
        .map(|subdir| subdir.as_str())
        .collect();
    assert_eq!(platforms, ["linux-64", "osx-arm64"]);
    let variables: Vec<(&str, &str)> = (found.conda.variables.iter())
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(variables, [("A", "1.10"), ("B", "yes"), ("C", "x")]);
    let warnings = found.warnings.join("\n");
    assert!(
        warnings.contains("line 4: `win-64` is not a supported platform"),
        "{warnings}"
    );
    assert!(
        warnings.contains("line 6: `dependencis` is not a key"),
        "{warnings}"
    );
    assert_eq!(found.warnings.len(), 2, "{warnings}");
}

#[test]
fn the_python_of_an_environment_is_a_minor_version() {
    for (spec, python, specifiers, warns) in [
        ("python=3.11", Some("3.11"), "==3.11.*", false),
        ("python 3.11.*", Some("3.11"), "==3.11.*", false),
        ("python=3.9.7", Some("3.9"), "==3.9.*", true),
        ("python==3.9.7", Some("3.9"), "==3.9.*", true),
        ("python=3.9.7=hb7a2778_3_cpython", Some("3.9"), "==3.9.*", true),
        (
            "conda-forge::python >=3.10,<3.11",
            Some("3.10"),
            "==3.10.*",
            false,
        ),
        ("python>=3.9", None, ">=3.9", false),
        ("python >=3.9,<3.12", None, ">=3.9, <3.12", false),
        ("python", None, "", false),
    ] {
        let found = read(&format!("dependencies:\n  - {spec}\n")).unwrap();
        assert_eq!(
            found.python.map(|python| python.to_string()).as_deref(),
            python,
            "{spec}"
        );
        assert_eq!(
            found.requires_python[0].specifiers.to_string(),
            specifiers,
            "{spec}"
        );
        assert_eq!(!found.warnings.is_empty(), warns, "{spec}: {:?}", found.warnings);
    }
    let shown = read("dependencies:\n  - python=2.7\n").unwrap_err().to_string();
    assert!(
        shown.contains("line 2") && shown.contains("is not a version of Python 3"),
        "{shown}"
    );
}
