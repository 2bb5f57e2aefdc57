//! The choice of a source's `Cargo.lock`.
//!
//! cargo looks for it next to the `Cargo.toml` of the workspace: in the folder of the current `Cargo.toml`, or above
//! it. pyproject.toml may specify that `Cargo.toml`; otherwise it is in the project's folder, unless a `setup.py` uses
//! another one somewhere below. All possible ones are combined: cargo uses the versions of the one it finds.

use std::collections::BTreeMap;
use std::fs;

use mach_nix_model::{Crate, Crates, IndexError};

use super::cargo_lock;
use super::tree_files::TreeFiles;
use crate::local_file::unreadable;

/// The `Cargo.lock` files of a source, by path.
pub type Locks = BTreeMap<String, Vec<u8>>;

const NAME: &str = "Cargo.lock";

/// Maximum number and depth of the folders searched below a project.
const MAX_FOLDERS: usize = 2000;
const MAX_DEPTH: usize = 5;

/// Folders without sources of a project.
const NO_SOURCES: [&str; 3] = ["node_modules", "target", "venv"];

/// The crates pinned by the `Cargo.lock` files of a project; `project` is its folder in the source.
pub fn crates(locks: &Locks, project: &str, pyproject: &toml::Table) -> Crates {
    let chosen = Manifests::of(project, pyproject).chosen(locks);
    let mut crates: Vec<Crate> = Vec::new();
    for (path, content) in &chosen {
        match cargo_lock::read(content) {
            Ok(more) => crates.extend(more),
            Err(reason) => return Crates::Unusable(format!("its `{path}` cannot be used: {reason}")),
        }
    }
    crates.sort();
    crates.dedup();
    let same = |two: &&[Crate]| two[0].name == two[1].name && two[0].version == two[1].version;
    if let Some([Crate { name, version, .. }, _]) = crates.windows(2).find(same) {
        return Crates::Unusable(format!("it has two checksums for the crate `{name} {version}`"));
    }
    if chosen.is_empty() {
        Crates::Unpinned
    } else {
        Crates::Pinned(crates)
    }
}

/// The relevant `Cargo.lock` files in a tree. Folders below the project are searched if `below` is set.
pub fn of_tree(
    tree: &TreeFiles,
    project: &str,
    pyproject: &toml::Table,
    below: bool,
) -> Result<Locks, IndexError> {
    let manifests = Manifests::of(project, pyproject);
    let mut locks = Locks::new();
    for folder in &manifests.folders {
        for folder in ancestors(folder) {
            add(&mut locks, tree, folder)?;
        }
    }
    if locks.is_empty() && !manifests.are_stated && below {
        let mut left = MAX_FOLDERS;
        add_below(&mut locks, tree, project, MAX_DEPTH, &mut left)?;
    }
    Ok(locks)
}

fn add(locks: &mut Locks, tree: &TreeFiles, folder: &str) -> Result<(), IndexError> {
    let name = joined(folder, NAME);
    if let Some(content) = tree.read(&name)? {
        locks.insert(name, content);
    }
    Ok(())
}

fn add_below(
    locks: &mut Locks,
    tree: &TreeFiles,
    folder: &str,
    depth: usize,
    left: &mut usize,
) -> Result<(), IndexError> {
    add(locks, tree, folder)?;
    let path = tree.root().join(folder);
    let entries = fs::read_dir(&path).map_err(|error| unreadable(&path, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(&path, &error))?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_folder || name.starts_with('.') || NO_SOURCES.contains(&name) || depth == 0 || *left == 0 {
            continue;
        }
        *left -= 1;
        add_below(locks, tree, &joined(folder, name), depth - 1, left)?;
    }
    Ok(())
}

/// The folders of each `Cargo.toml` that a build backend uses.
struct Manifests {
    folders: Vec<String>,
    /// Whether pyproject.toml specifies them.
    are_stated: bool,
    project: String,
}

impl Manifests {
    fn of(project: &str, pyproject: &toml::Table) -> Self {
        let project = project.trim_matches('/').to_owned();
        let stated = stated(pyproject);
        let folders: Vec<String> = stated
            .iter()
            .filter_map(|path| folder_of(&project, path))
            .collect();
        Self {
            are_stated: !folders.is_empty(),
            folders: if folders.is_empty() {
                vec![project.clone()]
            } else {
                folders
            },
            project,
        }
    }

    fn chosen<'a>(&self, locks: &'a Locks) -> Vec<(&'a String, &'a Vec<u8>)> {
        let of_manifests = |path: &str| {
            let place = parent(path);
            self.folders.iter().any(|folder| is_within(folder, place))
        };
        let chosen: Vec<_> = locks.iter().filter(|(path, _)| of_manifests(path)).collect();
        if !chosen.is_empty() || self.are_stated {
            return chosen;
        }
        let below = |path: &str| is_within(parent(path), &self.project);
        locks.iter().filter(|(path, _)| below(path)).collect()
    }
}

/// The paths specified in pyproject.toml: <https://www.maturin.rs/config>,
/// <https://setuptools-rust.readthedocs.io/en/latest/reference.html>
fn stated(pyproject: &toml::Table) -> Vec<&str> {
    let tool = |name| pyproject.get("tool").and_then(|tool| tool.get(name));
    let maturin = tool("maturin").and_then(|maturin| maturin.get("manifest-path")?.as_str());
    let modules = ["ext-modules", "bins"]
        .into_iter()
        .filter_map(|kind| tool("setuptools-rust")?.get(kind)?.as_array())
        .flatten()
        .map(|module| {
            module
                .get("path")
                .and_then(toml::Value::as_str)
                .unwrap_or("Cargo.toml")
        });
    maturin.into_iter().chain(modules).collect()
}

/// The folder of the file at a path relative to the project; `None` outside of the source.
fn folder_of(project: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = project.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    parts.pop()?;
    Some(parts.join("/"))
}

pub fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn is_within(folder: &str, outer: &str) -> bool {
    outer.is_empty()
        || folder
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A folder and its ancestors.
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| {
        (!folder.is_empty()).then(|| parent(folder))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn lock(names: &[&str]) -> Vec<u8> {
        let package = |name: &&str| {
            format!(
                "[[package]]\nname = '{name}'\nversion = '1.0.0'\nchecksum = '{HEX}'\n\
                 source = 'registry+https://github.com/rust-lang/crates.io-index'\n"
            )
        };
        names.iter().map(package).collect::<String>().into_bytes()
    }

    /// A lock at each of these paths, which pins a crate named like its folder.
    fn locks(folders: &[&str]) -> Locks {
        let name = |folder: &str| format!("in-{}", folder.replace('/', "-"));
        folders
            .iter()
            .map(|folder| (joined(folder, NAME), lock(&[&name(folder)])))
            .collect()
    }

    fn names(found: Crates) -> Vec<String> {
        match found {
            Crates::Pinned(crates) => crates.into_iter().map(|found| found.name).collect(),
            other => vec![format!("{other:?}")],
        }
    }

    const MATURIN: &str = "[tool.maturin]\nmanifest-path = './rust/core/Cargo.toml'";

    #[test]
    fn the_lock_is_next_to_the_manifest_or_above_it() {
        for (folders, project, pyproject, expected) in [
            (&["", "fuzz"][..], "", "", &["in-"][..]),
            (&["src/_x", "src/_y"], "", "", &["in-src-_x", "in-src-_y"]),
            (&["", "rust", "rust/core/x"], "", MATURIN, &["in-", "in-rust"]),
            (&["rust/core"], "", MATURIN, &["in-rust-core"]),
            (&["other"], "", MATURIN, &["Unpinned"]),
            (&["", "py", "rust"], "py", "", &["in-", "in-py"]),
            (&["other", "py/rust"], "py", "", &["in-py-rust"]),
            (
                &["rust", "py"],
                "py",
                "[tool.maturin]\nmanifest-path = '../rust/Cargo.toml'",
                &["in-rust"],
            ),
            (
                &["a", "b", "c"],
                "",
                "[[tool.setuptools-rust.ext-modules]]\ntarget = 'x'\npath = 'a/Cargo.toml'\n\
                 [[tool.setuptools-rust.bins]]\npath = 'c/Cargo.toml'",
                &["in-a", "in-c"],
            ),
            (
                &["", "b"],
                "",
                "[[tool.setuptools-rust.ext-modules]]\ntarget = 'x'",
                &["in-"],
            ),
            (&[], "", "", &["Unpinned"]),
        ] {
            let pyproject = pyproject.parse().unwrap();
            let found = crates(&locks(folders), project, &pyproject);
            assert_eq!(names(found), expected, "{folders:?} {project:?} {pyproject}");
            // A folder contains the same files.
            let root = tempfile::tempdir().unwrap();
            fs::create_dir_all(root.path().join(project)).unwrap();
            for (path, content) in locks(folders) {
                let path = root.path().join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, content).unwrap();
            }
            let read = of_tree(&tree(root.path()), project, &pyproject, true).unwrap();
            assert_eq!(names(crates(&read, project, &pyproject)), expected, "{folders:?}");
        }
    }

    fn tree(folder: &std::path::Path) -> TreeFiles {
        TreeFiles::new(folder, "the tree".to_owned()).unwrap()
    }

    #[test]
    fn folders_without_sources_are_left_out() {
        let root = tempfile::tempdir().unwrap();
        for folder in ["target/package/x", ".git", "a/b/c/d/e/f", "rust"] {
            fs::create_dir_all(root.path().join(folder)).unwrap();
            fs::write(root.path().join(folder).join(NAME), lock(&["x"])).unwrap();
        }
        let table = toml::Table::new();
        let found = of_tree(&tree(root.path()), "", &table, true).unwrap();
        assert_eq!(found.keys().collect::<Vec<_>>(), ["rust/Cargo.lock"]);
        assert_eq!(
            of_tree(&tree(root.path()), "", &table, false).unwrap(),
            Locks::new()
        );
    }

    #[test]
    fn errors_name_the_file() {
        let table = toml::Table::new();
        let broken = Locks::from([("rust/Cargo.lock".to_owned(), b"[".to_vec())]);
        let Crates::Unusable(reason) = crates(&broken, "", &table) else {
            panic!()
        };
        assert!(
            reason.starts_with("its `rust/Cargo.lock` cannot be used: "),
            "{reason}"
        );

        let other = String::from_utf8(lock(&["x"])).unwrap().replace("e3b0", "ffff");
        let two = Locks::from([
            ("a/Cargo.lock".to_owned(), lock(&["x"])),
            ("b/Cargo.lock".to_owned(), other.into_bytes()),
        ]);
        assert_eq!(
            crates(&two, "", &table),
            Crates::Unusable("it has two checksums for the crate `x 1.0.0`".to_owned())
        );
    }
}
