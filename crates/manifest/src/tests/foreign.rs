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
    found.check().unwrap();
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
            "pylock.toml, line 2, column 1: no file of `a` has a SHA-256, SHA-384 or SHA-512 digest",
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

/// Each source, without what is before its address.
fn addresses(lock: &ForeignLock) -> Vec<String> {
    let sources = lock.sources.iter();
    sources
        .map(|source| {
            let editable = if source.editable { " (editable)" } else { "" };
            format!("{}{editable}", source.location.text.replace(ONE, "ONE"))
        })
        .collect()
}

#[test]
fn sources_of_uv_lock_in_every_shape() {
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let package = |name: &str, source: &str, files: &str| {
        format!("[[package]]\nname = \"{name}\"\nversion = \"1\"\nsource = {{ {source} }}\n{files}\n")
    };
    let sdist = "sdist = { hash = \"sha256:ONE\" }";
    let wheel = |file: &str| format!("wheels = [{{ filename = \"{file}\", hash = \"sha256:ONE\" }}]");
    let text = [
        "version = 1\n".to_owned(),
        package("rev", &format!("git = \"https://h/r?rev=v1#{commit}\""), ""),
        package(
            "branch",
            &format!("git = \"ssh://git@h/r.git?branch=main&subdirectory=a/b#{commit}\""),
            "",
        ),
        package("folder", "directory = \"../folder\"", ""),
        package("edit", "editable = \"packages/edit\"", ""),
        package("none", "virtual = \"packages/none\"", ""),
        package(
            "url",
            "url = \"https://h/url-1.zip\", subdirectory = \"p\"",
            sdist,
        ),
        package("path", "path = \"dist/path-1.tar.gz\"", sdist),
        package(
            "wheel",
            "path = \"dist/wheel-1-py3-none-any.whl\"",
            &wheel("wheel-1-py3-none-any.whl"),
        ),
    ]
    .concat();
    let lock = read("sub/uv.lock", &text, parse_uv_lock, &[], &[]).unwrap();
    assert_eq!(
        addresses(&lock),
        [
            format!("rev @ git+https://h/r@{commit}"),
            format!("branch @ git+ssh://git@h/r.git@{commit}#subdirectory=a/b"),
            "folder @ file:///work/folder".to_owned(),
            "edit @ file:///work/sub/packages/edit (editable)".to_owned(),
            "url @ https://h/url-1.zip#subdirectory=p --hash=sha256:ONE".to_owned(),
            "path @ file:///work/sub/dist/path-1.tar.gz --hash=sha256:ONE".to_owned(),
        ]
    );
    assert_eq!(
        texts(&lock),
        ["wheel @ file:///work/sub/dist/wheel-1-py3-none-any.whl --hash=sha256:ONE"]
    );
    lock.into_requirements().check().unwrap();

    for (source, files, expected) in [
        (
            "git = \"https://h/r\"",
            "",
            "this names no commit: renew the lock with `uv lock`",
        ),
        (
            "url = \"https://h/a-1.zip\"",
            "",
            "no file of `a` has a SHA-256, SHA-384 or SHA-512 digest",
        ),
        ("bucket = \"b\"", "", "this source is not known"),
    ] {
        let text = format!("version = 1\n{}", package("a", source, files));
        let refusal = read("uv.lock", &text, parse_uv_lock, &[], &[])
            .unwrap_err()
            .to_string();
        assert!(refusal.contains(expected), "{refusal}");
    }
}

#[test]
fn members_of_a_workspace_without_a_project_are_all_installed() {
    let text = "version = 1\n[manifest]\nmembers = [\"a\", \"b\"]\n[manifest.dependency-groups]\ndev = [{ name = \"d\", extras = [\"x\"] }]\n\
        [[package]]\nname = \"a\"\nsource = { editable = \"a\" }\ndependencies = [{ name = \"c\" }]\n\
        [[package]]\nname = \"b\"\nsource = { virtual = \"b\" }\n\
        [[package]]\nname = \"c\"\nversion = \"1\"\nsource = { registry = \"https://pypi.org/simple\" }\n\
        [[package]]\nname = \"d\"\nversion = \"1\"\nsource = { registry = \"https://pypi.org/simple\" }\n\
        [package.optional-dependencies]\nx = [{ name = \"e\" }]\n\
        [[package]]\nname = \"e\"\nversion = \"1\"\nsource = { registry = \"https://pypi.org/simple\" }\n";
    let lock = |groups: &[&str]| read("uv.lock", text, parse_uv_lock, &[], groups).unwrap();
    assert_eq!(addresses(&lock(&[])), ["a @ file:///work/a (editable)"]);
    assert_eq!(texts(&lock(&[])), ["c==1"]);
    assert_eq!(texts(&lock(&["dev"])), ["c==1", "d==1", "e==1"]);
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

fn index_of(found: &crate::Requirements) -> Vec<String> {
    let one = |(name, urls): &(mach_nix_model::PackageName, Vec<url::Url>)| {
        let urls: Vec<&str> = urls.iter().map(url::Url::as_str).collect();
        format!("{name} {}", urls.join(" "))
    };
    found.options.index_of.iter().map(one).collect()
}

#[test]
fn packages_of_uv_lock_stay_with_their_registries() {
    let package = |name: &str, version: &str, registry: &str, marker: &str| {
        format!(
            "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = {{ registry = \"{registry}\" }}\n\
             resolution-markers = [\"{marker}\"]\n\
             wheels = [{{ url = \"https://x/{name}-{version}-py3-none-any.whl\", hash = \"sha256:ONE\" }}]\n"
        )
    };
    let text = [
        "version = 1\n".to_owned(),
        package(
            "torch",
            "2.5.1",
            "https://pypi.org/simple",
            "sys_platform == 'darwin'",
        ),
        package(
            "torch",
            "2.5.1+cpu",
            "https://cpu.test/whl",
            "sys_platform == 'linux'",
        ),
        package("open", "1", "https://pypi.org/simple/", "sys_platform == 'linux'"),
        package(
            "ours",
            "1",
            "https://private.test/simple",
            "sys_platform == 'linux'",
        ),
        package("here", "1", "../links", "sys_platform == 'linux'"),
    ]
    .concat();
    let lock = read("uv.lock", &text, parse_uv_lock, &[], &[]).unwrap();
    assert_eq!(
        texts(&lock)[..2],
        [
            "torch===2.5.1 ; sys_platform == 'darwin' --hash=sha256:ONE",
            "torch==2.5.1+cpu ; sys_platform == 'linux' --hash=sha256:ONE",
        ],
        "`==2.5.1` would also mean `2.5.1+cpu`"
    );
    assert_eq!(
        index_of(&lock.into_requirements()),
        [
            "torch https://pypi.org/simple https://cpu.test/whl",
            "ours https://private.test/simple",
            "here file:///links",
        ]
    );
}

#[test]
fn hashes_of_a_lock_are_for_its_packages_only() {
    let text = "version = 1\n\
        [[package]]\nname = \"a\"\nversion = \"1\"\nsource = { registry = \"https://pypi.org/simple\" }\n\
        wheels = [{ url = \"https://x/a-1-py3-none-any.whl\", hash = \"sha256:ONE\" }]\n\
        [[package]]\nname = \"b\"\nsource = { directory = \"b\" }\n";
    let mut found = read("uv.lock", text, parse_uv_lock, &[], &[])
        .unwrap()
        .into_requirements();
    let name = |name: &str| name.parse::<mach_nix_model::PackageName>().unwrap();
    let limited = |found: &crate::Requirements| {
        let mut found = found.clone();
        for source in std::mem::take(&mut found.sources) {
            let name = source.name.clone().unwrap();
            found.requirements.push(source.named(name));
        }
        let allowed = found.allowed_hashes();
        ["a", "b", "c"].map(|package| allowed.is_limited(&name(package)))
    };
    assert_eq!(limited(&found), [true, false, false]);
    let hashed = format!("c==1 --hash=sha256:{TWO}");
    found.append(read_one("r.txt", &hashed, crate::parse_requirements).unwrap());
    found.check().unwrap();
    assert_eq!(
        limited(&found),
        [true, false, true],
        "a folder of a lock needs no hash"
    );
    found.append(read_one("r.txt", "git+https://h/r@abc#egg=d", crate::parse_requirements).unwrap());
    let refusal = found.check().unwrap_err().to_string();
    assert!(
        refusal.contains("hashes are checked, and this has none"),
        "{refusal}"
    );
}
