//! The files of the Nix library, and which of them uses which other: by its path, or by its name in `files.nix` as an argument.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use rnix::ast::{Expr, Param};

use super::cycles::Graph;

/// The graph of the Nix files below a folder, without those of tests.
pub fn graph(root: &Path) -> Graph {
    let root = root.canonicalize().unwrap();
    let mut files = Vec::new();
    find(&root, &mut files);
    let map = root.join("files.nix");
    let named = names(&map);
    let shown = |path: &Path| path.strip_prefix(&root).unwrap().display().to_string();
    let mut graph = Graph::new();
    for file in &files {
        let mut used = imports(file);
        // The map and what wires it depend on every file, and no file on them.
        if named.values().any(|one| one == file) {
            used.extend(arguments(file).iter().filter_map(|name| named.get(name).cloned()));
        }
        let used = used.into_iter();
        let used = used.filter(|used| files.contains(used) && used != file);
        graph.insert(shown(file), used.map(|used| shown(&used)).collect());
    }
    graph
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            find(&path, files);
        } else if name.ends_with(".nix") && !name.ends_with(".test.nix") {
            files.push(path);
        }
    }
}

/// The files by the names that others use as arguments.
fn names(map: &Path) -> BTreeMap<String, PathBuf> {
    let text = fs::read_to_string(map).unwrap();
    let entries = text
        .lines()
        .filter_map(|line| line.trim().strip_suffix(';')?.split_once(" = "));
    let named = entries.map(|(name, path)| {
        let path = map.parent().unwrap().join(path).canonicalize().unwrap();
        (name.trim_matches('"').to_owned(), path)
    });
    let named: BTreeMap<_, _> = named.collect();
    assert!(named.contains_key("mkPython"), "{}", map.display());
    named
}

/// The names that a file begins with: the arguments of its outermost function.
fn arguments(file: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(file).unwrap();
    let Some(Expr::Lambda(function)) = rnix::Root::parse(&text).tree().expr() else {
        panic!("{} is not a function of the names that it uses", file.display());
    };
    let Some(Param::Pattern(pattern)) = function.param() else {
        panic!("{} does not name what it uses", file.display());
    };
    let names = pattern.pat_entries().filter_map(|entry| entry.ident());
    names.map(|name| name.to_string()).collect()
}

/// The files that a file names by path literals; a folder stands for its `default.nix`.
fn imports(file: &Path) -> BTreeSet<PathBuf> {
    let text = fs::read_to_string(file).unwrap();
    let parsed = rnix::Root::parse(&text);
    assert!(
        parsed.errors().is_empty(),
        "{}: {:?}",
        file.display(),
        parsed.errors()
    );
    let literals = parsed.syntax().descendants();
    let literals = literals.filter(|node| format!("{:?}", node.kind()).starts_with("NODE_PATH"));
    let folder = file.parent().unwrap();
    let target = |written: String| {
        let path = folder.join(written).canonicalize().ok()?;
        Some(if path.is_dir() {
            path.join("default.nix")
        } else {
            path
        })
    };
    literals
        .filter_map(|literal| target(literal.text().to_string()))
        .collect()
}
