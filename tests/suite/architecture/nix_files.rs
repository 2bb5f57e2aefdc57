//! The files of the Nix library, and which of them imports which other.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::cycles::Graph;

/// The graph of the Nix files below a folder, without those of tests.
pub fn graph(root: &Path) -> Graph {
    let root = root.canonicalize().unwrap();
    let mut files = Vec::new();
    find(&root, &mut files);
    let shown = |path: &Path| path.strip_prefix(&root).unwrap().display().to_string();
    let mut graph = Graph::new();
    for file in &files {
        let used = imports(file).into_iter();
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
