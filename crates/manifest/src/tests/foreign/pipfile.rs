//! `Pipfile.lock`.

use super::{addresses, index_of, read, texts};
use crate::{ForeignLock, ManifestError, parse_pipfile_lock};

pub const PIPFILE: &str = r#"{
    "_meta": {
        "hash": { "sha256": "TWO" },
        "pipfile-spec": 6,
        "requires": { "python_version": "3.12" },
        "sources": [
            { "name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": true },
            { "name": "ours", "url": "https://private.test/simple", "verify_ssl": true }
        ]
    },
    "default": {
        "flask": {
            "extras": ["async"],
            "hashes": ["sha256:ONE", "sha256:TWO"],
            "index": "pypi",
            "markers": "python_version >= '3.8'",
            "version": "==2.0"
        },
        "Secret_Lib": {
            "hashes": ["sha256:ONE"],
            "index": "ours",
            "version": "==1.0"
        },
        "click": {
            "hashes": ["sha256:TWO"],
            "markers": "os_name == 'nt'",
            "version": "==8.1"
        }
    },
    "develop": {
        "click": {
            "hashes": ["sha256:ONE"],
            "markers": "os_name == 'posix'",
            "version": "==8.1"
        },
        "pytest": { "hashes": ["sha256:ONE"], "index": "pypi", "version": "==7.0" }
    },
    "docs": {
        "sphinx": { "hashes": ["sha256:ONE"], "version": "==6.0" }
    }
}
"#;

fn lock(text: &str, groups: &[&str]) -> Result<ForeignLock, ManifestError> {
    read("a/Pipfile.lock", text, parse_pipfile_lock, &[], groups)
}

/// A lock with these members of `_meta` and `default`.
fn with(meta: &str, default: &str) -> String {
    format!("{{\"_meta\": {{\"pipfile-spec\": 6{meta}}},\n\"default\": {{{default}}}}}")
}

#[test]
fn reads_pipfile_lock() {
    let default = [
        "flask[async]==2.0 ; python_full_version >= '3.8' --hash=sha256:ONE --hash=sha256:TWO",
        "secret-lib==1.0 --hash=sha256:ONE",
    ];
    let found = lock(PIPFILE, &[]).unwrap();
    assert_eq!(texts(&found)[..2], default);
    assert_eq!(texts(&found)[2], "click==8.1 ; os_name == 'nt' --hash=sha256:TWO");
    assert_eq!(found.packages[1].location.to_string(), "a/Pipfile.lock, line 19");
    let python = found.requires_python.as_ref().unwrap();
    assert_eq!(python.specifiers.to_string(), "==3.12.*");
    assert_eq!(python.location.to_string(), "a/Pipfile.lock, line 5");
    assert!(found.warnings.is_empty());
    let found = found.into_requirements();
    assert_eq!(index_of(&found), ["secret-lib https://private.test/simple"]);
    assert_eq!(found.options.index_url, None);
    let constraints = found.into_constraints().unwrap().constraints;
    assert!(constraints[0].requirement.extras.is_empty());

    // What several categories have is locked once, under the condition of any of them.
    let found = lock(PIPFILE, &["dev", "docs"]).unwrap();
    assert_eq!(texts(&found)[..2], default);
    assert_eq!(
        texts(&found)[2..],
        [
            "click==8.1 ; os_name == 'nt' or os_name == 'posix' --hash=sha256:ONE --hash=sha256:TWO",
            "pytest==7.0 --hash=sha256:ONE",
            "sphinx==6.0 --hash=sha256:ONE",
        ]
    );
}

#[test]
fn the_first_source_of_pipfile_lock_is_that_of_packages_without_index() {
    let entries = "\"a\": {\"version\": \"==1\"}, \"b\": {\"version\": \"==1\", \"index\": \"second\"}";
    let source = |name: &str, url: &str| format!("{{\"name\": \"{name}\", \"url\": \"{url}\"}}");
    let ours = source("ours", "https://u:${TOKEN}@private.test/simple");
    let second = source("second", "https://second.test/simple");
    let public = source("second", "https://pypi.org/simple/");
    for (sources, expected, index) in [
        (
            vec![&ours, &second],
            vec![
                "a https://u:s3cret@private.test/simple",
                "b https://second.test/simple",
            ],
            None,
        ),
        (
            vec![&ours, &public],
            vec!["a https://u:s3cret@private.test/simple"],
            None,
        ),
        (vec![&public, &ours], vec![], None),
        (
            vec![&second],
            vec!["a https://second.test/simple", "b https://second.test/simple"],
            Some("https://second.test/simple"),
        ),
        (vec![&public], vec![], None),
    ] {
        let sources: Vec<&str> = sources.into_iter().map(String::as_str).collect();
        let text = with(&format!(", \"sources\": [{}]", sources.join(",")), entries);
        let found = lock(&text, &[]).unwrap().into_requirements();
        assert_eq!(index_of(&found), expected, "{text}");
        assert_eq!(
            found.options.index_url.as_ref().map(url::Url::as_str),
            index,
            "{text}"
        );
    }
    // A variable matters only where its source is used.
    let unset = source("ours", "https://${UNSET}@private.test/simple");
    let sources = format!(", \"sources\": [{public}, {unset}]");
    let of = |index: &str| {
        with(
            &sources,
            &format!("\"a\": {{\"version\": \"==1\", \"index\": \"{index}\"}}"),
        )
    };
    assert!(lock(&of("second"), &[]).is_ok());
    let refusal = lock(&of("ours"), &[]).unwrap_err().to_string();
    assert!(
        refusal.contains("`UNSET` is not set: set it with `export UNSET=…`"),
        "{refusal}"
    );
}

#[test]
fn sources_of_pipfile_lock_in_every_shape() {
    let entries = [
        r#""git": {"git": "git@h:o/r.git", "ref": "abc", "subdirectory": "p", "extras": ["x"], "markers": "os_name == 'nt'"}"#,
        r#""prefix": {"git": "git+https://h/r", "ref": "abc", "editable": true}"#,
        r#""local": {"git": "../r", "ref": "abc"}"#,
        r#""folder": {"path": "./lib", "editable": true}"#,
        r#""e1839a8": {"path": "."}"#,
        r#""archive": {"file": "https://h/archive-1.zip", "hashes": ["sha256:ONE"], "subdirectory": "p"}"#,
        r#""local-archive": {"path": "dist/local-1.tar.gz", "hashes": ["sha256:ONE"]}"#,
        r#""wheel": {"file": "w/wheel-1.0-py3-none-any.whl", "hashes": ["sha256:ONE"]}"#,
    ];
    let found = lock(&with("", &entries.join(",\n")), &[]).unwrap();
    assert_eq!(
        addresses(&found),
        [
            "git[x] @ git+ssh://git@h/o/r.git@abc#subdirectory=p ; os_name == 'nt'",
            "prefix @ git+https://h/r@abc (editable)",
            "local @ git+file:///work/r@abc",
            "folder @ file:///work/a/lib (editable)",
            "e1839a8 @ file:///work/a",
            "archive @ https://h/archive-1.zip#subdirectory=p --hash=sha256:ONE",
            "local-archive @ file:///work/a/dist/local-1.tar.gz --hash=sha256:ONE",
        ]
    );
    let names: Vec<_> = found.sources.iter().map(|source| source.name.is_some()).collect();
    assert_eq!(names, [true, true, true, true, false, true, true]);
    assert_eq!(
        texts(&found),
        ["wheel @ file:///work/a/w/wheel-1.0-py3-none-any.whl --hash=sha256:ONE"]
    );
    found.into_requirements().check().unwrap();
}

#[test]
fn requires_of_pipfile_lock_is_a_prefix() {
    for (requires, expected, warnings) in [
        ("{}", None, 0),
        ("{\"python_version\": \"3\"}", Some("==3.*"), 0),
        ("{\"python_version\": \"3.9\"}", Some("==3.9.*"), 0),
        ("{\"python_full_version\": \"3.9.7\"}", Some("==3.9.*"), 1),
        (
            "{\"python_full_version\": \"3.9.7\", \"python_version\": \"3.9\"}",
            Some("==3.9.*"),
            0,
        ),
    ] {
        let found = lock(&with(&format!(", \"requires\": {requires}"), ""), &[]).unwrap();
        let specifiers = found.requires_python.map(|python| python.specifiers.to_string());
        assert_eq!(specifiers.as_deref(), expected, "{requires}");
        assert_eq!(found.warnings.len(), warnings, "{requires}");
    }
}

fn assert_refused(text: &str, expected: &str) {
    let shown = lock(text, &[]).unwrap_err().to_string();
    let place = shown.strip_prefix("a/Pipfile.lock").unwrap();
    assert!(place.starts_with(expected), "{text}\n{shown}");
}

#[test]
fn bad_pipfile_locks_are_refused_where_they_are() {
    let meta = |meta: &str| format!("{{\"_meta\": {meta}, \"default\": {{}}}}");
    for (text, expected) in [
        (
            "[packages]\n".to_owned(),
            ", line 1, column 2: this is not JSON: expected value",
        ),
        ("[]".to_owned(), ": the file must be a JSON object"),
        ("{}".to_owned(), ": `_meta` is missing"),
        (meta("{}"), ", line 1, column 11: `_meta` has no `pipfile-spec`"),
        (
            meta("{\"pipfile-spec\": 7}"),
            ", line 1, column 28: unknown `pipfile-spec`, only 6 is known: regenerate it with a current Pipenv",
        ),
        (
            meta("{\"pipfile-spec\": \"6\"}"),
            ", line 1, column 28: unknown `pipfile-spec`",
        ),
        (
            "{\"_meta\": {\"pipfile-spec\": 6}}".to_owned(),
            ": `default` is missing",
        ),
        (
            "{\"_meta\": {\"pipfile-spec\": 6}, \"default\": []}".to_owned(),
            ", line 1, column 43: `default` must be an object, and this is an array",
        ),
        (
            meta("{\"pipfile-spec\": 6, \"sources\": [{\"name\": \"x\"}]}"),
            ", line 1, column 43: `sources` has no `url`",
        ),
        (
            meta("{\"pipfile-spec\": 6, \"sources\": [{\"name\": \"x\", \"url\": \"x\"}]}"),
            ", line 1, column 64: `x` is not the address of an index",
        ),
        (
            meta("{\"pipfile-spec\": 6, \"requires\": {\"python_version\": \"new\"}}"),
            ", line 1, column 62: `new` is not a version of Python, as in `3.12`",
        ),
    ] {
        assert_refused(&text, expected);
    }
    let shown = lock(PIPFILE, &["x"]).unwrap_err().to_string();
    assert_eq!(
        shown,
        "a/Pipfile.lock: there is no group `x`: there are `dev`, `docs`"
    );
}

#[test]
fn bad_entries_of_pipfile_lock_are_refused_where_they_are() {
    let entry = |entry: &str| with("", &format!("\n  \"a\": {entry}"));
    for (text, expected) in [
        (
            entry("\"==1\""),
            ", line 3, column 8: `a` must be an object, and this is a string",
        ),
        (
            entry("{}"),
            ", line 3, column 8: the entry has no `version`: regenerate it",
        ),
        (
            entry("{\"version\": null}"),
            ", line 3, column 8: the entry has no `version`",
        ),
        (
            entry("{\"version\": 1}"),
            ", line 3, column 20: `version` must be a string, and this is a number",
        ),
        (
            entry("{\"version\": \"*\"}"),
            ", line 3, column 20: `*` is not a locked version, as in `==1.2.3`",
        ),
        (
            entry("{\"version\": \"==1.*\"}"),
            ", line 3, column 20: `==1.*` is not a locked version",
        ),
        (
            entry("{\"version\": \"==1\", \"markers\": \"os_name\"}"),
            ", line 3, column 46: ",
        ),
        (
            entry("{\"version\": \"==1\", \"hashes\": \"sha256:ONE\"}"),
            ", line 3, column 37: `hashes` must be an array, and this is a string",
        ),
        (
            entry("{\"version\": \"==1\", \"hashes\": [\"sha256:1\"]}"),
            ", line 3, column 38: ",
        ),
        (
            entry("{\"version\": \"==1\", \"hashes\": [\"md5:1\"]}"),
            ", line 3, column 8: no file of `a` has a SHA-256",
        ),
        (
            entry("{\"version\": \"==1\", \"index\": \"x\"}"),
            ", line 3, column 36: `x` is not the name of an index in `sources`: none available",
        ),
        (
            entry("{\"git\": \"https://h/r\"}"),
            ", line 3, column 8: `a` has no `ref`",
        ),
        (
            entry("{\"hg\": \"https://h/r\", \"ref\": \"x\"}"),
            ", line 3, column 15: only Git commits are supported, and this is one of hg",
        ),
        (
            entry("{\"file\": \"https://h/a-1.zip\"}"),
            ", line 3, column 8: the file of `a` has no digest: add its SHA-256 to the entry",
        ),
        (
            entry("{\"path\": \".\", \"editable\": \"yes\"}"),
            ", line 3, column 34: `editable` must be `true` or `false`, and this is a string",
        ),
    ] {
        assert_refused(&text, expected);
    }
}
