//! `pylock.toml` (PEP 751).

use super::{addresses, index_of, read, texts};
use crate::parse_pylock;

pub const PYLOCK: &str = r#"lock-version = "1.0"
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
        "docs is selected instead of dev"
    );
    let found = plain.into_requirements();
    assert_eq!(found.lines.len(), 6);
    found.check().unwrap();
}

#[test]
fn sources_of_pylock_in_every_shape() {
    let package = |name: &str, source: &str| format!("[[packages]]\nname = \"{name}\"\n{source}\n");
    let wheel = "wheels = [{ url = \"https://h/w-1-py3-none-any.whl\", hashes = { sha256 = \"ONE\" } }]";
    let text = [
        "lock-version = \"1.0\"\n".to_owned(),
        package(
            "git",
            "vcs = { type = \"git\", url = \"https://h/r\", commit-id = \"abc\", subdirectory = \"p\" }",
        ),
        package(
            "mine",
            "vcs = { type = \"git\", path = \"../r\", commit-id = \"abc\" }",
        ),
        package(
            "tree",
            "directory = { path = \"t\", editable = true, subdirectory = \"p\" }",
        ),
        package(
            "archive",
            "archive = { url = \"https://h/a.zip\", subdirectory = \"p\", hashes = { sha256 = \"ONE\" } }",
        ),
        package(
            "ours",
            &format!("version = \"1\"\nindex = \"https://private.test/simple\"\n{wheel}"),
        ),
        package("w", &format!("version = \"1\"\n{wheel}")),
    ]
    .concat();
    let lock = read("pylock.toml", &text, parse_pylock, &[], &[]).unwrap();
    assert_eq!(
        addresses(&lock),
        [
            "git @ git+https://h/r@abc#subdirectory=p",
            "mine @ git+file:///r@abc",
            "tree @ file:///work/t#subdirectory=p (editable)",
            "archive @ https://h/a.zip#subdirectory=p --hash=sha256:ONE",
        ]
    );
    let found = lock.into_requirements();
    assert_eq!(index_of(&found), ["ours https://private.test/simple"]);
    let files: Vec<_> = found
        .options
        .files_of
        .iter()
        .map(|(name, _)| name.to_string())
        .collect();
    assert_eq!(files, ["w"], "without an index, the addresses of the files count");
    found.check().unwrap();
}
