//! Remedies for users of the Nix library work as printed: the refusal of each scenario is rendered for Nix, its arguments exist
//! in the library, and each is followed and the scenario resolved again.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mach_nix_engine::{EngineError, NixSurface, lock};
use mach_nix_resolve::{Refusal, Remedy, ResolveError};
use mach_nix_tests::{Ask, MemoryIndex, Scenario};
use rnix::SyntaxKind;
use rnix::ast::{Attr, Entry, Expr, HasEntry, InterpolPart, Param, Str};

/// An argument as a remedy prints it: its path, and the text in its value.
#[derive(Debug, PartialEq, Eq)]
struct Argument {
    path: Vec<String>,
    value: String,
}

#[test]
fn the_suggestions_of_every_refusal_work_in_nix() {
    let (of_functions, of_import) = (function_arguments(), import_arguments());
    let mut followed = BTreeSet::new();
    for (path, scenario) in scenarios() {
        let Some(refusal) = refusal(&scenario.ask, &scenario) else {
            continue;
        };
        let lines = refusal.help(&NixSurface::default());
        for (line, remedy) in lines.iter().zip(&refusal.remedies) {
            let shown = format!("{}: {line}", path.display());
            assert_eq!(line.matches('`').count() % 2, 0, "{shown}");
            for code in line.split('`').skip(1).step_by(2) {
                let is_line = ["--pre", "--extra-index-url URL"].contains(&code);
                assert!(!code.starts_with("--") || is_line, "{shown}");
            }
            let Some(argument) = argument(line) else {
                continue;
            };
            let known = if line.ends_with("in the import of mach-nix") {
                &of_import
            } else {
                &of_functions
            };
            assert!(known.contains(&argument.path[0]), "{shown}");
            if *remedy == Remedy::NoSnapshot {
                continue;
            }
            let changed = changed(&scenario.ask, &argument);
            let again = self::refusal(&changed, &scenario);
            assert!(again.is_none(), "{shown}\n{changed:?}\n{}", again.unwrap());
            followed.insert(argument.path[0].clone());
        }
    }
    assert_eq!(
        Vec::from_iter(followed),
        ["excludeNewer", "pkgs", "pre-releases", "providers", "python"]
    );
}

fn scenarios() -> Vec<(PathBuf, Scenario)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/scenarios");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .map(|path| {
            let scenario = Scenario::read(&fs::read_to_string(&path).unwrap()).unwrap();
            (path, scenario)
        })
        .collect()
}

fn refusal(ask: &Ask, scenario: &Scenario) -> Option<Refusal> {
    match lock(&ask.request(), &MemoryIndex::of(scenario), None) {
        Err(EngineError::Unresolved {
            source: ResolveError::Refused(refusal),
            ..
        }) => Some(*refusal),
        _ => None,
    }
}

/// The argument that a line names, where it names one. The line of a requirements file is one, too.
fn argument(line: &str) -> Option<Argument> {
    if line.contains("the line `--pre` in the requirements") {
        return Some(Argument {
            path: vec!["pre-releases".to_owned()],
            value: String::new(),
        });
    }
    let code = line.split('`').skip(1).step_by(2);
    let code = code.filter(|code| code.ends_with(';')).collect::<Vec<_>>();
    let [code] = code.as_slice() else {
        assert!(code.is_empty(), "{line}");
        return None;
    };
    let parsed = rnix::Root::parse(&format!("{{ {code} }}"));
    assert!(parsed.errors().is_empty(), "{line}: {:?}", parsed.errors());
    let Some(Expr::AttrSet(set)) = parsed.tree().expr() else {
        panic!("{line}");
    };
    let entries: Vec<Entry> = set.entries().collect();
    let [Entry::AttrpathValue(entry)] = entries.as_slice() else {
        panic!("{line}");
    };
    let nodes = parsed.syntax().descendants();
    let texts = nodes.filter(|node| node.kind() == SyntaxKind::NODE_STRING);
    let value = texts.last().map(|node| node.text().to_string());
    Some(Argument {
        path: entry
            .attrpath()
            .unwrap()
            .attrs()
            .map(|attr| name(&attr))
            .collect(),
        value: value.unwrap_or_default().trim_matches('"').to_owned(),
    })
}

fn name(attr: &Attr) -> String {
    match attr {
        Attr::Ident(ident) => ident.to_string(),
        Attr::Str(text) => content(text),
        Attr::Dynamic(_) => panic!("{attr}"),
    }
}

fn content(text: &Str) -> String {
    let parts = text.normalized_parts().into_iter().map(|part| match part {
        InterpolPart::Literal(text) => text,
        InterpolPart::Interpolation(_) => panic!("{text}"),
    });
    parts.collect()
}

/// The request with an argument of the Nix library.
fn changed(ask: &Ask, argument: &Argument) -> Ask {
    let mut ask = ask.clone();
    let value = argument.value.clone();
    match argument.path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["python"] => ask.python = format!("3.{}", value.strip_prefix("python3").unwrap()),
        ["pkgs"] => ask.system = value,
        ["providers", package] => ask.provider.push(format!("{package}={value}")),
        ["excludeNewer"] => ask.exclude_newer = Some(value),
        ["pre-releases"] => ask.prerelease = Some("allow".to_owned()),
        _ => panic!("a new argument: {argument:?}"),
    }
    ask
}

fn library(file: &str) -> Expr {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../nixlib").join(file);
    let text = fs::read_to_string(path).unwrap();
    let Some(Expr::Lambda(function)) = rnix::Root::parse(&text).tree().expr() else {
        panic!("{file} is not a function");
    };
    Expr::Lambda(function)
}

/// The arguments of the functions of the library, with the line of a requirements file.
fn function_arguments() -> BTreeSet<String> {
    let Expr::Lambda(function) = library("arguments/knownArguments.nix") else {
        unreachable!()
    };
    let Some(Expr::AttrSet(set)) = function.body() else {
        panic!("the arguments are not an attribute set");
    };
    let names = set.entries().map(|entry| match entry {
        Entry::AttrpathValue(entry) => name(&entry.attrpath().unwrap().attrs().next().unwrap()),
        Entry::Inherit(_) => panic!("an inherited argument"),
    });
    names.chain(["pre-releases".to_owned()]).collect()
}

/// The arguments of the import of the library.
fn import_arguments() -> BTreeSet<String> {
    let Expr::Lambda(function) = library("default.nix") else {
        unreachable!()
    };
    let Some(Param::Pattern(pattern)) = function.param() else {
        panic!("the library does not name its arguments");
    };
    let names = pattern
        .pat_entries()
        .map(|entry| entry.ident().unwrap().to_string());
    names.collect()
}
