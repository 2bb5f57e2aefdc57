//! `uv.lock`.

use super::{addresses, index_of, read, texts};
use crate::parse_uv_lock;

pub const UV: &str = r#"version = 1
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
            "the source has no commit: regenerate the lock with `uv lock`",
        ),
        (
            "url = \"https://h/a-1.zip\"",
            "",
            "no file of `a` has a SHA-256, SHA-384 or SHA-512 digest",
        ),
        ("bucket = \"b\"", "", "unknown kind of source"),
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
