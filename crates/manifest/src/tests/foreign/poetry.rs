//! `poetry.lock`.

use super::{addresses, index_of, read, texts};
use crate::parse_poetry_lock;

pub const POETRY: &str = r#"[[package]]
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
fn sources_of_poetry_lock_in_every_shape() {
    let package = |name: &str, source: &str| {
        format!(
            "[[package]]\nname = \"{name}\"\nversion = \"1\"\noptional = false\ngroups = [\"main\"]\n\
             files = [{{ file = \"{name}-1-py3-none-any.whl\", hash = \"sha256:ONE\" }}]\n[package.source]\n{source}\n"
        )
    };
    let text = [
        package("git", "type = \"git\"\nurl = \"git@h:o/r.git\"\nreference = \"main\"\nresolved_reference = \"abc\"\nsubdirectory = \"p\""),
        package("directory", "type = \"directory\"\nurl = \"../lib\""),
        package("archive", "type = \"url\"\nurl = \"https://h/archive-1.zip\""),
        package("wheel", "type = \"file\"\nurl = \"wheel-1-py3-none-any.whl\""),
        package("ours", "type = \"legacy\"\nurl = \"https://private.test/simple\"\nreference = \"ours\""),
        "[metadata]\nlock-version = \"2.1\"\npython-versions = \">=3.8\"\n".to_owned(),
    ]
    .concat();
    let lock = read("poetry.lock", &text, parse_poetry_lock, &[], &[]).unwrap();
    assert_eq!(
        addresses(&lock),
        [
            "git @ git+ssh://git@h/o/r.git@abc#subdirectory=p --hash=sha256:ONE",
            "directory @ file:///lib --hash=sha256:ONE",
            "archive @ https://h/archive-1.zip --hash=sha256:ONE",
        ]
    );
    let found = lock.into_requirements();
    assert_eq!(index_of(&found), ["ours https://private.test/simple"]);
    found.check().unwrap();
}
