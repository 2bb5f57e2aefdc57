//! pip's own reader of requirements files, as an independent oracle, on generated folders of files.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mach_nix_manifest::{Entry, FindLinks, ManifestError, ReadContext, Requirements, parse_requirements};
use mach_nix_model::{Provider, Requirement};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use tempfile::TempDir;

const NAMES: [&str; 3] = ["flask", "click", "zope-interface"];
const FOLDERS: usize = 400;

fn ask(questions: &[Value]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle.py");
    mach_nix_oracle::ask(&script, &json!(questions))
}

fn requirement() -> BoxedStrategy<String> {
    let name = prop_oneof![Just("flask"), Just("Click"), Just("zope.interface"), Just("a_b")];
    let extras = prop_oneof![4 => Just(""), 1 => Just("[x]"), 1 => Just(" [X, y]")];
    let version = prop_oneof![
        2 => Just(""), 2 => Just("==1.0"), 1 => Just(" >= 1 ,<2"), 1 => Just("\\\n  ==2.0"), 1 => Just("==${VERSION}"),
        1 => Just("!=1.*"), 1 => Just("~=1.2"), 1 => Just(" @ https://x.test/${unset}/a-1.zip#sha1=0"),
    ];
    let marker = prop_oneof![
        3 => Just(""), 1 => Just(" ; python_version > '3'"), 1 => Just(" ; os_name == 'a-b' or os_name==\"c\""),
        1 => Just(" ; os_name == 'a -b'"), 1 => Just(" ;\\\n sys_platform != 'win32'"),
    ];
    let hash = || {
        (0_u8..3, any::<bool>(), any::<bool>()).prop_map(|(value, equals, next)| {
            let sign = if equals { '=' } else { ' ' };
            let before = if next { " \\\n   " } else { " " };
            format!("{before}--hash{sign}sha256:{value:064x}")
        })
    };
    (
        name,
        extras,
        version,
        marker,
        prop::collection::vec(hash(), 0..3),
        comment(),
    )
        .prop_map(|(name, extras, version, marker, hashes, comment)| {
            format!("{name}{extras}{version}{marker}{}{comment}", hashes.concat())
        })
        .boxed()
}

fn comment() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just(""), 1 => Just("  # why"), 1 => Just("\t#"), 1 => Just("   "), 1 => Just(" # more \\")]
}

fn option() -> BoxedStrategy<String> {
    let option = prop::sample::select(vec![
        "--extra-index-url https://a.test/simple",
        "--extra-index-url='https://b.test/simple'",
        "--pre",
        "--require-hashes",
        "--prefer-binary",
        "-f links",
        "--find-links=sub",
        "-f 'https://c.test/l inks'",
        "--no-binary :all:",
        "--only-binary=flask,Click",
        "--no-binary zope_interface",
        "--only-binary :none:",
        "--no-binary=:all:,:none:,click",
        "--trusted-host d.test",
        "--pre --find-links \"sub\"",
        "--extra-index https://${VERSION}.test/",
        "-e ./lib",
        "-e git+https://x.test/r#egg=lib",
        "--editable=.",
    ]);
    (option, comment())
        .prop_map(|(option, comment)| format!("{option}{comment}"))
        .boxed()
}

fn text(includes: bool) -> BoxedStrategy<String> {
    let nothing =
        prop::sample::select(vec!["", "# comment \\", "   ", "\t# x", "\\"]).prop_map(str::to_owned);
    let include = prop::sample::select(vec![
        "-r sub/more.txt",
        "--requirement=sub/more.txt",
        "-rsub/more.txt",
        "-c limits.txt",
    ]);
    let include = include.prop_map(str::to_owned);
    let line =
        prop_oneof![6 => requirement(), 3 => option(), 2 => nothing, if includes { 2 } else { 0 } => include];
    let end = prop::sample::select(vec!["\n", "\r\n"]);
    (
        prop::collection::vec(line, 0..6),
        end,
        prop::bool::weighted(0.1),
        any::<bool>(),
    )
        .prop_map(|(lines, end, mark, index)| {
            let mark = if mark { "\u{feff}" } else { "" };
            let index = if index {
                "-i https://index.test/simple\n"
            } else {
                ""
            };
            mark.to_owned() + &(index.to_owned() + &lines.join("\n") + "\n").replace('\n', end)
        })
        .boxed()
}

#[derive(Debug)]
struct Folder {
    files: BTreeMap<&'static str, String>,
}

fn folders() -> Vec<Folder> {
    let limits = prop::collection::vec(
        prop_oneof![
            Just("flask<3"),
            Just("click==1 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000001")
        ],
        0..3,
    );
    let strategy = (text(true), text(false), limits).prop_map(|(main, more, limits)| Folder {
        files: [
            ("main.txt", main),
            (
                "sub/more.txt",
                more.replace("-i https://index.test", "-f https://more.test"),
            ),
            ("limits.txt", limits.join("\n")),
        ]
        .into(),
    });
    let mut runner = TestRunner::deterministic();
    (0..FOLDERS)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect()
}

/// The result, in the form of the oracle.
fn found(folder: &Path) -> Result<Value, ManifestError> {
    let context = ReadContext {
        read: &|path| fs::read(folder.join(path)),
        exists: &|_| true,
        folders: &|_| Vec::new(),
        variable: &|name| (name == "VERSION").then(|| "1.5".to_owned()),
        folder,
    };
    let found = parse_requirements(Path::new("main.txt"), &context)?;
    Ok(json!({
        "requirements": entries(&found.requirements, "-r"),
        "constraints": entries(&found.constraints, "-c"),
        "editables": found.sources.iter().map(|source| source.location.line).collect::<Vec<_>>(),
        "index_urls": indexes(&found),
        "find_links": found.options.find_links.iter().map(|links| match links {
            FindLinks::Url(url) => url.to_string(),
            FindLinks::Path { from_file, .. } if folder.join(from_file).exists() => from_file.display().to_string(),
            FindLinks::Path { from_folder, .. } => from_folder.display().to_string(),
        }).collect::<Vec<_>>(),
        "no_index": found.options.no_index,
        "pre": found.options.pre,
        "require_hashes": found.options.require_hashes,
        "formats": NAMES.map(|name| {
            let allows = |provider| found.options.formats.allows(&name.parse().unwrap(), &provider);
            [allows(Provider::Wheel), allows(Provider::Sdist)]
        }),
    }))
}

fn indexes(found: &Requirements) -> Vec<String> {
    found
        .options
        .index_url
        .iter()
        .chain(&found.options.extra_index_urls)
        .map(ToString::to_string)
        .collect()
}

fn entries(entries: &[Entry], option: &str) -> Vec<Value> {
    let shown = |entry: &Entry| {
        let mut hashes: Vec<String> = entry.hashes.iter().map(mach_nix_hash::Digest::to_pip).collect();
        hashes.sort();
        let place = format!(
            "{option} {} (line {})",
            entry.location.path.as_deref().unwrap(),
            entry.location.line.unwrap_or_default()
        );
        json!([entry.requirement.to_string(), hashes, place])
    };
    entries.iter().map(shown).collect()
}

/// The oracle's result, with requirements in normal form.
fn expected(answer: &Value) -> Value {
    // pip adds the requirements of a file as often as it is included.
    let mut read: Vec<&Value> = Vec::new();
    for one in answer["requirements"].as_array().unwrap() {
        if !read.contains(&one) {
            read.push(one);
        }
    }
    let list = |constraint: bool| -> Vec<Value> {
        let all = read.iter();
        let wanted = all.filter(|one| one["constraint"] == constraint && one["editable"] == false);
        wanted
            .map(|one| {
                let requirement: Requirement = one["text"].as_str().unwrap().parse().unwrap();
                let mut hashes: Vec<&str> = one["hashes"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter_map(Value::as_str)
                    .collect();
                hashes.dedup();
                json!([requirement.to_string(), hashes, one["place"]])
            })
            .collect()
    };
    let editables = read.iter().filter(|one| one["editable"] == true);
    let line = |one: &&Value| -> usize {
        let place = one["place"].as_str().unwrap();
        place
            .rsplit("(line ")
            .next()
            .unwrap()
            .trim_end_matches(')')
            .parse()
            .unwrap()
    };
    let urls = |key: &str| -> Vec<String> {
        let urls = answer[key]
            .as_array()
            .unwrap()
            .iter()
            .map(|url| url.as_str().unwrap());
        // Addresses in the normal form of the URL standard.
        urls.map(|url| {
            if url.contains("://") {
                url::Url::parse(url).unwrap().to_string()
            } else {
                url.to_owned()
            }
        })
        .collect()
    };
    json!({
        "requirements": list(false),
        "constraints": list(true),
        "editables": editables.map(line).collect::<Vec<_>>(),
        "index_urls": urls("index_urls"),
        "find_links": urls("find_links"),
        "no_index": answer["no_index"],
        "pre": answer["pre"],
        "require_hashes": answer["require_hashes"],
        "formats": NAMES.map(|name| {
            let formats = answer["formats"][name].as_array().unwrap();
            [formats.contains(&json!("binary")), formats.contains(&json!("source"))]
        }),
    })
}

#[test]
fn agrees_with_pip() {
    let place = TempDir::new().unwrap();
    let folders = folders();
    let mut questions = Vec::new();
    for (number, folder) in folders.iter().enumerate() {
        let path = place.path().join(number.to_string());
        fs::create_dir_all(path.join("sub")).unwrap();
        for (name, text) in &folder.files {
            fs::write(path.join(name), text).unwrap();
        }
        questions.push(json!({ "folder": path, "file": "main.txt", "environment": { "VERSION": "1.5" }, "names": NAMES }));
    }
    let answers = ask(&questions);
    let refused = answers
        .iter()
        .filter(|answer| answer.get("error").is_some())
        .count();
    assert!(
        (1..FOLDERS / 3).contains(&refused),
        "the files are lopsided: pip refuses {refused} of {FOLDERS}"
    );
    let read = answers
        .iter()
        .filter_map(|answer| answer["requirements"].as_array());
    let requirements: usize = read.map(Vec::len).sum();
    assert!(
        requirements > FOLDERS,
        "the files are nearly empty: {requirements} requirements in all"
    );
    for ((number, folder), answer) in folders.iter().enumerate().zip(&answers) {
        match found(&place.path().join(number.to_string())) {
            Ok(ours) if answer.get("error").is_none() => assert_eq!(ours, expected(answer), "{folder:#?}"),
            Err(_) if answer.get("error").is_some() => {}
            other => panic!("ours: {other:?}\npip: {answer}\n{folder:#?}"),
        }
    }
}
