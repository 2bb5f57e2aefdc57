//! Locks of other tools.

use super::read_one;
use crate::{
    ForeignLock, ManifestError, Selection, Surroundings, parse_poetry_lock, parse_pylock, parse_uv_lock,
};

type Reader = fn(&std::path::Path, &Selection, &Surroundings<'_>) -> Result<ForeignLock, ManifestError>;

const ONE: &str = "1111111111111111111111111111111111111111111111111111111111111111";
const TWO: &str = "2222222222222222222222222222222222222222222222222222222222222222";

fn read(
    name: &str,
    text: &str,
    reader: Reader,
    extras: &[&str],
    groups: &[&str],
) -> Result<ForeignLock, ManifestError> {
    let selection = Selection {
        extras: extras.iter().map(|name| name.parse().unwrap()).collect(),
        groups: groups.iter().map(|name| name.parse().unwrap()).collect(),
    };
    let text = text.replace("ONE", ONE).replace("TWO", TWO);
    read_one(name, &text, |path, surroundings| {
        reader(path, &selection, surroundings)
    })
}

fn texts(lock: &ForeignLock) -> Vec<String> {
    let entries = lock.entries().into_iter();
    entries
        .map(|entry| entry.location.text.replace(ONE, "ONE").replace(TWO, "TWO"))
        .collect()
}

const PYLOCK: &str = r#"lock-version = "1.0"
created-by = "hand"
requires-python = ">=3.10"
extras = ["cli"]
dependency-groups = ["dev", "docs"]
default-groups = ["dev"]
[[packages]]
name = "Flask"
version = "2.0"
dependencies = [{ name = "click" }]
wheels = [{ url = "https://x/flask-2.0-py3-none-any.whl", size = 3, hashes = { sha256 = "ONE" } }]
sdist = { name = "flask-2.0.tar.gz", url = "https://x/other", hashes = { sha256 = "TWO" } }
[[packages]]
name = "click"
version = "8.0"
marker = "os_name == 'nt' or 'cli' in extras"
wheels = [{ path = "w/click-8.0-py3-none-any.whl", hashes = { sha256 = "ONE", md5 = "x" } }]
[[packages]]
name = "pytest"
version = "7"
marker = "'dev' in dependency_groups and \"docs\" not in dependency_groups"
wheels = [{ url = "https://x/pytest-7-py3-none-any.whl", hashes = { sha256 = "ONE" } }]
[[packages]]
name = "direct"
archive = { url = "https://x/direct-3-py3-none-any.whl", hashes = { sha256 = "TWO" } }
[[packages]]
name = "tree"
directory = { path = "../tree" }
[[packages]]
name = "repo"
vcs = { type = "git", url = "https://x/repo", commit-id = "abc" }
"#;

#[test]
fn reads_pylock() {
    let lock = |extras: &[&str], groups: &[&str]| {
        read("a/pylock.toml", PYLOCK, parse_pylock, extras, groups).unwrap()
    };
    let plain = lock(&[], &[]);
    assert_eq!(
        texts(&plain),
        [
            "flask==2.0 --hash=sha256:ONE --hash=sha256:TWO",
            "click==8.0 ; os_name == 'nt' --hash=sha256:ONE",
            "pytest==7 --hash=sha256:ONE",
            "direct @ https://x/direct-3-py3-none-any.whl --hash=sha256:TWO",
        ]
    );
    assert_eq!(plain.packages[0].location.line, Some(7));
    assert_eq!(plain.packages[0].files[0].name, "flask-2.0-py3-none-any.whl");
    assert_eq!(plain.packages[0].files[0].size, Some(3));
    assert_eq!(plain.packages[0].dependencies[0].name.to_string(), "click");
    assert_eq!(plain.requires_python.as_ref().unwrap().location.line, Some(3));
    let sources: Vec<String> = plain
        .sources
        .iter()
        .map(|source| source.location.text.clone())
        .collect();
    assert_eq!(
        sources,
        ["tree @ file:///work/tree", "repo @ git+https://x/repo@abc"]
    );
    assert_eq!(
        texts(&lock(&["cli"], &["docs"]))[1],
        "click==8.0 --hash=sha256:ONE"
    );
    assert_eq!(
        texts(&lock(&["cli"], &["docs"])).len(),
        3,
        "docs is asked for instead of dev"
    );
    let found = plain.into_requirements();
    assert_eq!(found.lines.len(), 6);
    assert!(found.checks_hashes() && found.check().is_err());
}

const UV: &str = r#"version = 1
revision = 3
requires-python = ">=3.10"
[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "flask", extra = ["async"] },
    { name = "numpy", version = "1.0", source = { registry = "https://pypi.org/simple" }, marker = "python_full_version < '3.11'" },
    { name = "numpy", version = "2.0", source = { registry = "https://pypi.org/simple" }, marker = "python_full_version >= '3.11'" },
]
[package.optional-dependencies]
cli = [{ name = "rich" }]
[package.dev-dependencies]
dev = [{ name = "tree" }]
[[package]]
name = "flask"
version = "2.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "colorama", marker = "sys_platform == 'win32'" }]
sdist = { url = "https://x/flask-2.0.tar.gz", hash = "sha256:TWO", size = 9 }
wheels = [{ url = "https://x/flask-2.0-py3-none-any.whl", hash = "sha256:ONE", size = 8 }]
[package.optional-dependencies]
async = [{ name = "asgiref" }, { name = "flask" }]
[[package]]
name = "colorama"
version = "0.4"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://x/colorama-0.4-py3-none-any.whl", hash = "sha256:ONE" }]
[[package]]
name = "asgiref"
version = "3"
source = { url = "https://x/asgiref-3-py3-none-any.whl" }
wheels = [{ url = "https://x/asgiref-3-py3-none-any.whl", hash = "sha256:TWO" }]
[[package]]
name = "numpy"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://x/numpy-1.0-py3-none-any.whl", hash = "sha256:ONE" }]
[[package]]
name = "numpy"
version = "2.0"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://x/numpy-2.0-py3-none-any.whl", hash = "sha256:TWO" }]
[[package]]
name = "rich"
version = "1"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "colorama" }]
wheels = [{ url = "https://x/rich-1-py3-none-any.whl", hash = "sha256:ONE" }]
[[package]]
name = "tree"
version = "1"
source = { editable = "lib" }
"#;

#[test]
fn reads_uv_lock() {
    let lock = |extras: &[&str], groups: &[&str]| read("uv.lock", UV, parse_uv_lock, extras, groups).unwrap();
    assert_eq!(
        texts(&lock(&[], &[])),
        [
            "flask==2.0 --hash=sha256:ONE --hash=sha256:TWO",
            "colorama==0.4 ; sys_platform == 'win32' --hash=sha256:ONE",
            "asgiref @ https://x/asgiref-3-py3-none-any.whl --hash=sha256:TWO",
            "numpy==1.0 ; python_full_version < '3.11' --hash=sha256:ONE",
            "numpy==2.0 ; python_full_version >= '3.11' --hash=sha256:TWO",
        ]
    );
    let all = lock(&["cli"], &["dev"]);
    assert_eq!(texts(&all)[1], "colorama==0.4 --hash=sha256:ONE");
    assert_eq!(all.sources[0].location.text, "tree @ file:///work/lib");
    assert!(all.sources[0].editable);
}

const POETRY: &str = r#"[[package]]
name = "flask"
version = "2.0"
description = "x"
optional = false
python-versions = ">=3.8"
groups = ["main", "dev"]
markers = { main = "os_name == 'nt'", dev = "os_name == 'posix'" }
files = [{ file = "flask-2.0-py3-none-any.whl", hash = "sha256:ONE" }]
[package.dependencies]
click = "^8"
colorama = { version = "*", markers = "platform_system == \"Windows\"" }
[[package]]
name = "rich"
version = "1"
optional = true
groups = ["main"]
markers = "extra == \"cli\""
files = [{ file = "rich-1-py3-none-any.whl", hash = "sha256:TWO" }]
[[package]]
name = "pytest"
version = "7"
optional = false
groups = ["dev"]
files = [{ file = "pytest-7.tar.gz", hash = "sha256:TWO" }]
[package.source]
type = "git"
url = "https://x/pytest"
resolved_reference = "abc"
[extras]
cli = ["rich"]
[metadata]
lock-version = "2.1"
python-versions = ">=3.8,<4"
content-hash = "x"
"#;

#[test]
fn reads_poetry_lock() {
    let lock = |extras: &[&str], groups: &[&str]| {
        read("poetry.lock", POETRY, parse_poetry_lock, extras, groups).unwrap()
    };
    assert_eq!(
        texts(&lock(&[], &[])),
        ["flask==2.0 ; os_name == 'nt' --hash=sha256:ONE"]
    );
    let all = lock(&["cli"], &["dev"]);
    assert_eq!(texts(&all)[1], "rich==1 --hash=sha256:TWO");
    assert_eq!(
        texts(&all)[0],
        "flask==2.0 ; os_name == 'nt' or os_name == 'posix' --hash=sha256:ONE"
    );
    assert_eq!(all.sources[0].url.as_str(), "git+https://x/pytest@abc");
    assert_eq!(all.packages[0].dependencies.len(), 2);
    assert_eq!(all.requires_python.unwrap().specifiers.to_string(), ">=3.8, <4");

    let old = "[[package]]\nname = \"a-b\"\nversion = \"1\"\ncategory = \"main\"\noptional = false\n\
               [metadata]\nlock-version = \"1.1\"\npython-versions = \"^3.8\"\n[metadata.files]\nA_B = [{file = \"a_b-1-py3-none-any.whl\", hash = \"sha256:ONE\"}]\n";
    let lock = read("poetry.lock", old, parse_poetry_lock, &[], &[]).unwrap();
    assert_eq!(texts(&lock), ["a-b==1 --hash=sha256:ONE"]);
}

#[test]
fn refuses_with_file_and_place() {
    for (name, text, reader, extras, expected) in [
        (
            "pylock.toml",
            "lock-version = \"2.0\"\n",
            parse_pylock as Reader,
            &[][..],
            "pylock.toml, line 1, column 16: the format `2.0` of this lock is not known",
        ),
        (
            "pylock.toml",
            "lock-version = \"1.0\"\n",
            parse_pylock,
            &[],
            "pylock.toml: `packages` is missing",
        ),
        (
            "pylock.toml",
            PYLOCK,
            parse_pylock,
            &["x"],
            "pylock.toml: there is no extra `x`: there are `cli`",
        ),
        (
            "pylock.toml",
            "lock-version = \"1.0\"\n[[packages]]\nversion = \"1\"\n",
            parse_pylock,
            &[],
            "pylock.toml, line 2, column 1: `packages` has no `name`",
        ),
        (
            "pylock.toml",
            "lock-version = \"1.0\"\n[[packages]]\nname = \"a\"\nversion = \"1\"\nsdist = { url = \"https://x/a\", hashes = { sha512 = \"\" } }\n",
            parse_pylock,
            &[],
            "pylock.toml, line 2, column 1: no file of `a` has a SHA-256 digest",
        ),
        (
            "uv.lock",
            "version = 2\n",
            parse_uv_lock,
            &[],
            "uv.lock, line 1, column 11: this version of uv.lock is not known",
        ),
        (
            "uv.lock",
            UV,
            parse_uv_lock,
            &["x"],
            "uv.lock: there is no extra `x`: there are `cli`",
        ),
        (
            "uv.lock",
            "version = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\nresolution-markers = [\"os_name\"]\n",
            parse_uv_lock,
            &[],
            "uv.lock, line 5, column 31: ",
        ),
        (
            "poetry.lock",
            "[metadata]\nlock-version = \"9\"\n",
            parse_poetry_lock,
            &[],
            "poetry.lock, line 2, column 16: the format `9`",
        ),
        (
            "poetry.lock",
            POETRY,
            parse_poetry_lock,
            &["x"],
            "poetry.lock: there is no extra `x`: there are `cli`",
        ),
        (
            "poetry.lock",
            "[[package]]\nname = \"a\"\nversion = \"1\"\n[metadata]\nlock-version = \"1.1\"\nhashes = {}\n",
            parse_poetry_lock,
            &[],
            "poetry.lock, line 4, column 1: the hashes have no file names",
        ),
    ] {
        let shown = read(name, text, reader, extras, &[]).unwrap_err().to_string();
        assert!(shown.starts_with(expected), "{shown}");
    }
}
