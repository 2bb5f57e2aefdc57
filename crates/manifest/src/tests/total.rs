//! No text makes a parser panic, and the parsed requirements round-trip.

use std::fmt::Write;

use proptest::prelude::*;

use super::{lines, read_one};
use crate::{Selection, parse_manifest, parse_requirements};

const FILES: [&str; 9] = [
    "requirements.txt",
    "pyproject.toml",
    "setup.cfg",
    "script.py",
    "pylock.toml",
    "uv.lock",
    "poetry.lock",
    "Pipfile.lock",
    "tool",
];

fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        "[ -~\\n\\\\é\\t]{0,6}",
        prop::sample::select(vec![
            "flask",
            "==1",
            "[a]",
            " ; ",
            "python_version",
            "'3'",
            "--hash=sha256:",
            "-r ",
            "-e ",
            "${A}",
            "\\\n",
            "#",
            "https://x/",
            "a-1-py3-none-any.whl",
            "[project]\n",
            "dependencies = [",
            "\"a\"",
            "]\n",
            "[[package]]\n",
            "name = \"a\"\n",
            "version = \"1\"\n",
            "version = 1\n",
            "# /// script\n",
            "# ///\n",
            "lock-version = \"1.0\"\n",
            "[options]\n",
            "install_requires =\n  ",
            "[[packages]]\n",
            "[metadata]\n",
            "marker = \"",
            "source = { virtual = \".\" }\n",
            "hash = \"sha256:",
            "wheels = [{ ",
            "}",
            "[dependency-groups]\n",
            "a = [",
            "{ include-group = \"a\" }",
            "{\"_meta\": {\"pipfile-spec\": 6}, \"default\": {",
            "\"a\": {\"version\": \"==1\", ",
            "\"markers\": \"",
            "\"file\": ",
            "}}",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(fragment, 0..14).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_text_panics(text in fragments()) {
        for file in FILES {
            let selection = Selection { groups: ["a".parse().unwrap()].into(), ..Selection::default() };
            for selection in [Selection::default(), selection] {
                let read = read_one(file, &text, |path, context| parse_manifest(path, &selection, context));
                if let Err(error) = read {
                    prop_assert!(error.to_string().starts_with(file));
                }
            }
        }
    }

    #[test]
    fn what_was_read_is_read_again(
        entries in prop::collection::vec(("[a-z]{1,5}(\\[[a-z]{1,3}\\])?", "(==[0-9]\\.[0-9]|>=[0-9],<[0-9]{2})?", "( ; (os_name == 'nt'|python_version < '3\\.9'))?", 0_u8..3), 0..5)
    ) {
        let mut text = String::new();
        for (name, version, marker, hashes) in &entries {
            write!(text, "{name}{version}{marker}").unwrap();
            for hash in 0..*hashes {
                write!(text, " \\\n    --hash=sha256:{hash:064x}").unwrap();
            }
            text.push('\n');
        }
        let first = read_one("r.txt", &text, parse_requirements).unwrap();
        let mut again = String::new();
        for entry in &first.requirements {
            write!(again, "{}", entry.requirement).unwrap();
            for hash in &entry.hashes {
                write!(again, " --hash={}", hash.to_pip()).unwrap();
            }
            again.push('\n');
        }
        let second = read_one("r.txt", &again, parse_requirements).unwrap();
        let plain = |found: &crate::Requirements| -> Vec<_> {
            found.requirements.iter().map(|entry| (entry.requirement.clone(), entry.hashes.clone())).collect()
        };
        prop_assert_eq!(plain(&first), plain(&second));
        prop_assert_eq!(lines(&first).len(), entries.len());
    }
}
