//! `mach-nix lock --query`: a query in JSON and its answer (docs/protocol.md).

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use mach_nix_tests::{Manners, Package, Ran, Scenario, Workdir};
use serde_json::{Value, json};

fn packages() -> Vec<Package> {
    let world = "
        reason = 'queries'
        ask.requirements = []
        expect.packages = []
        [[package]]
        release = 'app==1.0'
        requires = ['lib']
        uploaded = '2026-01-01T00:00:00Z'
        [[package]]
        release = 'app==2.0'
        requires = ['lib<2', 'numbers']
        extras = ['cli']
        uploaded = '2026-02-01T00:00:00Z'
        [[package]]
        release = 'lib==1.0'
        uploaded = '2026-01-01T00:00:00Z'
        [[package]]
        release = 'lib==2.0'
        uploaded = '2026-02-01T00:00:00Z'
        [[package]]
        release = 'numbers==1.0'
        uploaded = '2026-01-01T00:00:00Z'
    ";
    Scenario::read(world).unwrap().packages
}

fn workdir() -> Workdir {
    Workdir::new(&packages(), Manners::default())
}

/// A query of the index of this workdir.
fn query(workdir: &Workdir, fields: Value) -> Value {
    let mut query = json!({
        "requirements": "app\n",
        "python": "3.11",
        "system": "x86_64-linux",
        "indexUrls": workdir.index.url(),
        "providers": { "_default": "wheel" },
    });
    let Value::Object(fields) = fields else {
        panic!("an object")
    };
    query.as_object_mut().unwrap().extend(fields);
    query
}

/// The same query over a snapshot of these projects.
fn over_snapshot(workdir: &Workdir, mut query: Value) -> Value {
    let built = "index build app lib numbers --python 3.11 -o the.snapshot --exclude-newer 2026-06-01";
    workdir.run(&built.split(' ').collect::<Vec<_>>()).ends(0);
    query["pypiData"] = json!(workdir.path("the.snapshot"));
    query
}

fn run(workdir: &Workdir, query: &Value, words: &str) -> Ran {
    workdir.write("query.json", &query.to_string());
    workdir.lock(&format!("--query query.json {words}"))
}

fn answer(ran: &Ran) -> Value {
    let text = ran.stdout();
    assert_eq!(text.lines().count(), 1, "{text}");
    serde_json::from_str(&text).unwrap()
}

/// The answer to a query that fails: its error is on standard error, too.
fn error(ran: &Ran, code: i32, class: &str) -> String {
    let stderr = ran.ends(code);
    let answer = answer(ran);
    assert_eq!(answer["error"]["class"], class);
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(stderr.ends_with(&format!("{message}\n")), "{stderr}");
    message.to_owned()
}

#[test]
fn the_lock_is_that_of_the_options() {
    let workdir = workdir();
    let ran = run(
        &workdir,
        &query(
            &workdir,
            json!({
                "requirements": "app[cli]<3\n",
                "constraints": "lib<2\n",
                "python": ["3.11", "3.12"],
                "system": ["x86_64-linux", "aarch64-darwin"],
                "excludeNewer": "2026-03-01",
                "prerelease": "disallow",
                "providers": { "_default": "wheel", "lib": ["wheel", "sdist"] },
            }),
        ),
        "-o answer.lock",
    );
    ran.ends(0);
    assert_eq!(answer(&ran)["warnings"], json!([]));
    workdir.write("constraints.txt", "lib<2\n");
    workdir
        .lock(
            "app[cli]<3 -c constraints.txt --python 3.11,3.12 --system x86_64-linux,aarch64-darwin \
             --exclude-newer 2026-03-01 --prerelease disallow --providers wheel --provider lib=wheel,sdist",
        )
        .ends(0);
    let lock = workdir.lock_text();
    assert_eq!(fs::read_to_string(workdir.path("answer.lock")).unwrap(), lock);
    // In the answer, the lock has the same order of fields.
    let rest = ran.stdout();
    let rest = rest.strip_prefix(r#"{"lock":"#).unwrap();
    let without_space = |text: &str| text.replace([' ', '\n'], "");
    assert!(without_space(rest).starts_with(&without_space(&lock)), "{rest}");
}

#[test]
fn over_a_snapshot_the_answer_is_the_same_without_a_network() {
    let workdir = workdir();
    let query = query(&workdir, json!({ "excludeNewer": "2026-06-01" }));
    let expected = answer(&run(&workdir, &query, ""));
    let query = over_snapshot(&workdir, query);
    let before = workdir.index.requests();
    let ran = run(&workdir, &query, "");
    ran.ends(0);
    assert_eq!(answer(&ran), expected);
    assert_eq!(workdir.index.requests(), before);
    assert!(!workdir.path("mach-nix.lock").exists(), "nothing is written");
}

#[test]
fn a_query_from_standard_input() {
    let workdir = workdir();
    let mut child = workdir
        .command(&["lock", "--query", "-", "--quiet"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let text = query(&workdir, json!({})).to_string();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["lock"]["request"]["requirements"], json!(["app"]));
}

#[test]
fn packages_of_nixpkgs_come_in_rounds() {
    let workdir = workdir();
    let fields = json!({ "providers": { "_default": "wheel", "lib": "nixpkgs" }, "nixpkgsInventory": { "python311": {} } });
    let mut query = query(&workdir, fields);
    for _ in 0..2 {
        query["nixpkgsInventory"] = json!({ "python311": {} });
        let ran = run(&workdir, &query, "-o answer.lock");
        ran.ends(0);
        assert_eq!(answer(&ran), json!({ "nixpkgs": ["lib"] }));
        assert!(!workdir.path("answer.lock").exists(), "there is no lock yet");
        query["nixpkgsInventory"] = json!({ "python311": {
            "lib": { "attribute": "lib", "version": "1.0", "requires": [], "extras": {} },
        }});
        let ran = run(&workdir, &query, "");
        ran.ends(0);
        let packages = &answer(&ran)["lock"]["packages"];
        let lib = packages
            .as_array()
            .unwrap()
            .iter()
            .find(|package| package["name"] == "lib")
            .unwrap();
        assert_eq!(
            (&lib["version"], &lib["provider"]),
            (&json!("1.0"), &json!("nixpkgs"))
        );
        query = over_snapshot(&workdir, query);
    }
}

#[test]
fn requirements_that_cannot_be_met() {
    let workdir = workdir();
    let mut query = query(&workdir, json!({ "requirements": "app>2,<1" }));
    for _ in 0..2 {
        let message = error(&run(&workdir, &query, ""), 1, "impossible");
        assert!(message.starts_with("ResolutionImpossible: "), "{message}");
        assert!(message.contains("requirements.txt, line 1"), "{message}");
        query = over_snapshot(&workdir, query);
    }
}

#[test]
fn malformed_queries_are_usage_errors() {
    let workdir = workdir();
    for (text, expected) in [
        ("", "this is not JSON: EOF while parsing"),
        ("{\"requirements\": ", "this is not JSON: EOF while parsing"),
        ("[]", "a query is an object with fields, and this is a list"),
        ("null", "a query is an object with fields, and this is null"),
    ] {
        workdir.write("query.json", text);
        let message = error(&workdir.lock("--query query.json"), 2, "usage");
        assert!(message.starts_with(expected), "{message}");
    }
    for (fields, expected) in [
        (
            json!({ "python": null }),
            "`python` is missing: give a text such as",
        ),
        (json!({ "system": "beos" }), "in `system`: "),
        (
            json!({ "exclude-newer": "2026-01-01" }),
            "there is no field `exclude-newer`: did you mean `excludeNewer`?",
        ),
        (json!({ "nixpkgsInventory": 3 }), "in `nixpkgsInventory`: "),
        (
            json!({ "nixpkgsInventory": { "python311": { "lib": { "version": 1 } } } }),
            "in `nixpkgsInventory`: ",
        ),
        (
            json!({ "indexUrls": "file:///index" }),
            "file:///index is not the URL of an index",
        ),
        (
            json!({ "requirements": "app ==" }),
            "requirements.txt, line 1, column ",
        ),
        (
            json!({ "requirements": "-r other.txt" }),
            "requirements.txt, line 1, column 1: cannot read `other.txt`",
        ),
        (
            json!({ "requirements": "--find-links .\napp" }),
            "`--find-links .` is a path, and a text has no folder",
        ),
        (
            json!({ "requirements": null, "pyproject": "[project]\nname = 'a'\nversion = '1'\ndynamic = ['dependencies']" }),
            "pyproject.toml, line 4, column ",
        ),
        (
            json!({ "pypiData": "no.snapshot" }),
            "there is no snapshot at no.snapshot",
        ),
        (
            json!({ "pypiData": "query.json" }),
            "query.json is not a snapshot",
        ),
        (
            json!({ "excludeNewer": "2999-01-01" }),
            "`excludeNewer` is 2999-01-02T00:00:00Z, which is in the future",
        ),
    ] {
        let message = error(&run(&workdir, &query(&workdir, fields), ""), 2, "usage");
        assert!(message.starts_with(expected), "{message}");
    }
    assert_eq!(workdir.index.requests(), 0);
    let message = error(&workdir.lock("--query nowhere.json"), 2, "usage");
    assert!(message.starts_with("cannot read nowhere.json: "), "{message}");
}

#[test]
fn failures_of_the_network_are_external() {
    let workdir = workdir();
    let query = query(&workdir, json!({ "indexUrls": "http://127.0.0.1:9/simple" }));
    let message = error(&run(&workdir, &query, ""), 3, "external");
    assert!(
        message.starts_with("cannot get http://127.0.0.1:9/simple/app/"),
        "{message}"
    );
}

/// All inputs are in the query. Variables are for other runs, and change nothing.
#[test]
fn other_inputs_are_refused() {
    let workdir = workdir();
    let text = query(&workdir, json!({})).to_string();
    workdir.write("query.json", &text);
    for (words, other) in [
        ("app", "leave out the requirements on the command line"),
        ("--python 3.12", "leave out --python"),
        ("-r requirements.txt", "leave out --requirement"),
        ("--index-url http://127.0.0.1:9/simple", "leave out --index-url"),
        ("--check", "leave out --check"),
        ("--format json", "leave out --format"),
        ("-o -", "leave out --output"),
    ] {
        let ran = workdir.lock(&format!("--query query.json {words}"));
        let stderr = ran.ends(2);
        assert!(stderr.starts_with("error: with --query, "), "{stderr}");
        assert!(stderr.ends_with(&format!("{other}\n")), "{stderr}");
        assert_eq!(ran.stdout(), "");
    }
    let plain = answer(&workdir.lock("--query query.json"));
    let variables = [
        ("MACH_NIX_PYTHON", "3.12"),
        ("MACH_NIX_INDEX_URL", "http://127.0.0.1:9/simple"),
        ("MACH_NIX_EXCLUDE_NEWER", "2026-01-15"),
        ("MACH_NIX_PROVIDERS", "sdist"),
    ];
    let ran = workdir.run_in(".", &["lock", "--query", "query.json"], &variables);
    assert_eq!(answer(&ran), plain);
}

#[test]
fn credentials_are_not_in_answers() {
    let workdir = workdir();
    for requirement in [
        "app @ https://user:secret@127.0.0.1:9/app-1.0-py3-none-any.whl",
        "https://user:secret@127.0.0.1:9/app-1.0.zip",
    ] {
        let mut query = query(&workdir, json!({ "requirements": requirement }));
        for _ in 0..2 {
            let ran = run(&workdir, &query, "");
            assert_ne!(ran.code(), Some(0));
            assert!(!ran.stdout().contains("secret"), "{}", ran.stdout());
            assert!(!ran.stderr().contains("secret"), "{}", ran.stderr());
            query = over_snapshot(&workdir, query);
        }
    }
}

/// The documents and the header name every field, and no other.
#[test]
fn all_fields_are_documented() {
    let workdir = workdir();
    let message = error(
        &run(&workdir, &query(&workdir, json!({ "zzz": 1 })), ""),
        2,
        "usage",
    );
    let (_, fields) = message.split_once("there are ").unwrap();
    let fields: BTreeSet<&str> = fields.split(", ").collect();
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: &str| fs::read_to_string(top.join(path)).unwrap();

    let protocol = read("docs/protocol.md");
    let table = protocol.split_once("## The query").unwrap().1;
    let table = table.split_once("## The answer").unwrap().0;
    let documented: BTreeSet<&str> = table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .flat_map(|line| line.split('|').nth(1).unwrap().split(','))
        .map(|field| field.trim().trim_matches('`'))
        .collect();
    assert_eq!(documented, fields);

    let header = read("crates/plugin/include/mach_nix.h");
    let is_field = |word: &&str| word.starts_with(|c: char| c.is_ascii_lowercase());
    let documented: BTreeSet<&str> = header
        .lines()
        .filter_map(|line| line.strip_prefix(" *   "))
        .filter_map(|line| line.split_whitespace().next().filter(|_| !line.starts_with(' ')))
        .filter(is_field)
        .collect();
    assert_eq!(documented, fields);

    let builtin = read("crates/plugin/src/nix/builtin.rs");
    for field in &fields {
        assert!(builtin.contains(&format!("`{field}`")), "{field}");
    }
}

/// The query of the document has an answer over the snapshot that ships.
#[test]
fn the_documented_query_works() {
    let workdir = workdir();
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let protocol = fs::read_to_string(top.join("docs/protocol.md")).unwrap();
    let query = protocol
        .split_once("```json\n")
        .unwrap()
        .1
        .split_once("```")
        .unwrap()
        .0;
    fs::copy(
        top.join("nixlib/snapshot/common.snapshot"),
        workdir.path("common.snapshot"),
    )
    .unwrap();
    workdir.write("query.json", query);
    let ran = workdir.lock("--query query.json");
    ran.ends(0);
    assert_eq!(
        answer(&ran)["lock"]["request"]["requirements"],
        json!(["flask>=3", "requests"])
    );
}
