//! The output formats, for a lock with all features: extras, a cycle, packages, versions and edges that differ between
//! targets, a source distribution, and a package that nothing requires.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fmt::Write;

use mach_nix_lock::{Graph, Lock, TreeFormat};

fn lock() -> Lock {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../fixtures/locks/several-targets.json"
    );
    Lock::from_json(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn trees() {
    let lock = lock();
    let graph = Graph::new(&lock);
    let tree = |format, inverted| graph.tree(format, inverted, None);
    insta::assert_snapshot!("tree", tree(TreeFormat::Text, false));
    insta::assert_snapshot!("tree_inverted", tree(TreeFormat::Text, true));
    insta::assert_snapshot!("tree_dot", tree(TreeFormat::Dot, false));
    insta::assert_snapshot!("tree_mermaid_inverted", tree(TreeFormat::Mermaid, true));
    insta::assert_snapshot!("tree_json", tree(TreeFormat::Json, false));
}

#[test]
fn a_tree_can_begin_anywhere() {
    let lock = lock();
    let graph = Graph::new(&lock);
    let from = |name: &str, inverted| graph.tree(TreeFormat::Text, inverted, Some(&name.parse().unwrap()));
    assert_eq!(
        from("tool", false).lines().take(2).collect::<Vec<_>>(),
        ["tool 3.0", "├── importlib-metadata 8.5.0 (Python 3.9)"]
    );
    assert_eq!(
        from("markup", true),
        "markup 3.0.2, required as `markup`\n\
         ├── stray 2.0+local.1\n\
         └── tool 3.0\n    \
             └── app[cli] 1.0, required as `app[cli]>=1`\n"
    );
    assert_eq!(from("absent", false), "");
}

#[test]
fn reasons() {
    let lock = lock();
    let graph = Graph::new(&lock);
    let mut text = String::new();
    for name in graph.names() {
        writeln!(text, "{}", graph.why(name).unwrap()).unwrap();
    }
    insta::assert_snapshot!("why", text);
    assert_eq!(graph.why(&"absent".parse().unwrap()), None);
}

#[test]
fn exports() {
    let lock = lock();
    insta::assert_snapshot!("requirements", lock.to_requirements());
    insta::assert_snapshot!(
        "requirements_with_hashes",
        lock.to_requirements_with_hashes().unwrap()
    );
    insta::assert_snapshot!("pylock", lock.to_pylock().unwrap());
    insta::assert_snapshot!("cyclonedx", lock.to_cyclonedx());
}

#[test]
fn what_a_format_cannot_say_is_refused() {
    let mut lock = lock();
    lock.packages[0].provider = "conda/main".parse().unwrap();
    let refusal = lock.to_pylock().unwrap_err().to_string();
    assert_eq!(
        refusal,
        "`app` comes from conda/main, and pylock.toml can only name wheels and source distributions"
    );
    assert!(lock.to_requirements_with_hashes().is_err());
    assert!(lock.to_requirements().starts_with("app==1.0\n"));
    assert!(lock.to_cyclonedx().contains("\"pkg:conda/app@1.0?channel=main\""));
}

#[test]
fn an_entry_for_no_target_is_refused() {
    let mut lock = lock();
    for (targets, expected) in [
        (
            vec![3],
            "`app` serves target 3, and the lock has 3: write the lock again",
        ),
        (
            vec![],
            "`app` serves target none, and the lock has 3: write the lock again",
        ),
    ] {
        lock.packages[0].targets = Some(targets);
        assert_eq!(
            Lock::from_json(&lock.to_json()).unwrap_err().to_string(),
            expected
        );
    }
}

/// The rules of the CycloneDX 1.6 schema that a bug here could violate. (The whole schema was checked once with
/// `cyclonedx-python-lib`.)
#[test]
fn the_bill_of_materials_holds_together() {
    use std::collections::BTreeSet;

    let bill: serde_json::Value = serde_json::from_str(&lock().to_cyclonedx()).unwrap();
    assert_eq!(
        (&bill["bomFormat"], &bill["specVersion"]),
        (&"CycloneDX".into(), &"1.6".into())
    );
    let serial = bill["serialNumber"]
        .as_str()
        .unwrap()
        .strip_prefix("urn:uuid:")
        .unwrap();
    let groups: Vec<usize> = serial.split('-').map(str::len).collect();
    assert_eq!(groups, [8, 4, 4, 4, 12]);
    assert!(
        serial
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-'))
    );
    let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    let mut known = BTreeSet::from(["environment".to_owned()]);
    for component in list(&bill["components"]) {
        assert_eq!(component["bom-ref"], component["purl"]);
        assert!(
            known.insert(component["bom-ref"].as_str().unwrap().to_owned()),
            "a reference twice"
        );
        let files = list(&component["externalReferences"]);
        let hashes = files
            .iter()
            .chain([&component])
            .flat_map(|holder| list(&holder["hashes"]));
        for hash in hashes {
            let content = hash["content"].as_str().unwrap();
            assert!(content.len() == 64 && content.bytes().all(|byte| byte.is_ascii_hexdigit()));
        }
        assert!(!files.is_empty());
    }
    let mut described = BTreeSet::new();
    for dependency in list(&bill["dependencies"]) {
        assert!(described.insert(dependency["ref"].as_str().unwrap().to_owned()));
        for to in list(&dependency["dependsOn"]) {
            assert!(known.contains(to.as_str().unwrap()), "{to} is no component");
        }
    }
    assert_eq!(described, known);
}

/// Packages outside of an index: a commit, a folder and an archive.
const SOURCES: &str = r#"{
  "version": 1,
  "request": {
    "requirements": ["a @ git+https://x.test/a", "b @ ./b", "c @ https://x.test/c.zip ; python_version > '3'"],
    "digest": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "providers": {"_default": "wheel,sdist"},
    "indexes": ["https://x.test/simple"],
    "prerelease": "disallow"
  },
  "targets": [{"python": "3.11", "system": "x86_64-linux"}],
  "packages": [
    {"name": "a", "version": "1", "provider": "sdist",
     "git": {"url": "https://x.test/a", "rev": "0123456789012345678901234567890123456789", "ref": "v1", "subdirectory": "py"},
     "hash": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "dependencies": ["b"]},
    {"name": "b", "version": "2", "provider": "sdist", "path": "./b"},
    {"name": "c", "version": "3", "provider": "sdist", "direct": true, "subdirectory": "lib",
     "file": "c.zip", "url": "https://x.test/c.zip", "hash": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}
  ]
}"#;

#[test]
fn direct_references_are_exported() {
    let lock = Lock::from_json(SOURCES).unwrap();
    assert_eq!(
        lock.to_requirements(),
        "a @ git+https://x.test/a@0123456789012345678901234567890123456789#subdirectory=py\n\
         ./b\n\
         c @ https://x.test/c.zip#subdirectory=lib\n"
    );
    let refusal = lock.to_requirements_with_hashes().unwrap_err().to_string();
    assert!(refusal.starts_with("`a` is not a file"), "{refusal}");
    let pylock = lock.to_pylock().unwrap();
    for line in [
        "vcs = { type = \"git\", url = \"https://x.test/a\", requested-revision = \"v1\", commit-id = \"0123456789012345678901234567890123456789\", subdirectory = \"py\" }",
        "directory = { path = \"./b\" }",
        "archive = { url = \"https://x.test/c.zip\", hashes = { sha256 = \"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\" }, subdirectory = \"lib\" }",
    ] {
        assert!(pylock.contains(line), "{line}:\n{pylock}");
    }
    assert!(
        !pylock.contains("index =") && !pylock.contains("version = \"2\""),
        "{pylock}"
    );
    let bill = lock.to_cyclonedx();
    assert!(
        bill.contains(
            "pkg:pypi/a@1?vcs_url=git%2Bhttps://x.test/a%400123456789012345678901234567890123456789"
        )
    );
    let moved = lock.with_paths(|path| path.replacen("./", "../", 1));
    assert!(moved.to_requirements().contains("\n../b\n"));
}
