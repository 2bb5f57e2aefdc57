//! Which conda packages are Python projects.
//!
//! Conda has one namespace for everything, and Python projects in it often have another name: `pytorch` is `torch`, and
//! `matplotlib` only depends on `matplotlib-base`, which has the files. For each project exactly one package of a channel
//! *owns* it. Every other package is something of its own, even if it is called as a project is: conda's `graphviz` is a
//! program, and `python-graphviz` owns the project `graphviz`.
//!
//! A package that has the name of a project owns it unless the table says otherwise, and only if its records
//! [look like Python](crate::CondaRecord::looks_like_python).
//!
//! ```
//! use mach_nix_conda::owners;
//!
//! let has = |name: &str| ["matplotlib", "matplotlib-base", "typing_extensions"].contains(&name);
//! assert_eq!(owners::owner("matplotlib", has).unwrap().as_str(), "matplotlib-base");
//! assert_eq!(owners::owner("typing-extensions", has).unwrap().as_str(), "typing_extensions");
//! assert_eq!(owners::project(&"matplotlib".parse()?, has), None);
//! // A channel without `-base` packages has the files in the package of the plain name.
//! assert_eq!(owners::project(&"matplotlib".parse()?, |name| name == "matplotlib").as_deref(), Some("matplotlib"));
//! # Ok::<(), mach_nix_conda::CondaNameError>(())
//! ```

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::CondaName;

/// Projects whose owners do not follow from their names. `data/owners.py` makes it.
static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("../data/owners.txt")));

struct Table {
    owners: HashMap<&'static str, Vec<&'static str>>,
    projects: HashMap<&'static str, &'static str>,
}

impl Table {
    fn read(text: &'static str) -> Self {
        let mut table = Self {
            owners: HashMap::new(),
            projects: HashMap::new(),
        };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split(' ');
            let project = words.next().expect("the first word of a line");
            let owners: Vec<&str> = words.collect();
            table
                .projects
                .extend(owners.iter().map(|owner| (*owner, project)));
            table.owners.insert(project, owners);
        }
        table
    }
}

/// The conda packages that may own a project, best first. The name of the project is in normal form (PEP 503).
#[must_use]
pub fn candidates(project: &str) -> Vec<CondaName> {
    let names: Vec<String> = match TABLE.owners.get(project) {
        Some(owners) => owners.iter().map(|owner| (*owner).to_owned()).collect(),
        None => vec![
            project.to_owned(),
            project.replace('-', "_"),
            project.replace('-', "."),
        ],
    };
    let mut names: Vec<CondaName> = names.iter().filter_map(|name| name.parse().ok()).collect();
    names.dedup();
    names
}

/// The conda package that owns a project in a channel that `has` such packages.
pub fn owner(project: &str, has: impl Fn(&str) -> bool) -> Option<CondaName> {
    candidates(project).into_iter().find(|name| has(name.as_str()))
}

/// The project that a conda package owns in a channel that `has` such packages.
pub fn project(name: &CondaName, has: impl Fn(&str) -> bool) -> Option<String> {
    let listed = TABLE
        .projects
        .get(name.as_str())
        .map(|project| (*project).to_owned());
    let project = listed.unwrap_or_else(|| normal(name.as_str()));
    (owner(&project, has).as_ref() == Some(name)).then_some(project)
}

/// The normal form of the name of a project (PEP 503).
fn normal(name: &str) -> String {
    let words = name.split(['-', '_', '.']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{TABLE, candidates, normal, owner, project};
    use crate::CondaName;

    fn all(_: &str) -> bool {
        true
    }

    #[test]
    fn packages_own_what_they_hold() {
        let cases = [
            ("pytorch", Some("torch")),
            ("matplotlib-base", Some("matplotlib")),
            ("matplotlib", None),
            ("dask-core", Some("dask")),
            ("dask", None),
            ("pytables", Some("tables")),
            ("py-opencv", Some("opencv-python")),
            ("python-graphviz", Some("graphviz")),
            ("graphviz", None),
            ("docker-py", Some("docker")),
            ("docker", None),
            ("python-tzdata", Some("tzdata")),
            ("tzdata", None),
            ("brotli-python", Some("brotli")),
            ("brotli", None),
            ("python-blosc", Some("blosc")),
            ("blosc", None),
            ("python-flatbuffers", Some("flatbuffers")),
            ("flatbuffers", None),
            ("typing_extensions", None),
            ("typing-extensions", Some("typing-extensions")),
            ("ruamel.yaml", None),
            ("numpy", Some("numpy")),
            ("_libgcc_mutex", None),
        ];
        for (name, expected) in cases {
            let name: CondaName = name.parse().unwrap();
            // `_libgcc_mutex` has the normal form of a project, which it does not look like; its name is not a spelling.
            assert_eq!(project(&name, all).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn the_spelling_that_a_channel_has_is_the_owner() {
        let only = |name: &'static str| move |other: &str| other == name;
        for name in ["typing_extensions", "ruamel.yaml", "importlib_metadata"] {
            let conda: CondaName = name.parse().unwrap();
            assert_eq!(project(&conda, only(name)), Some(normal(name)), "{name}");
            assert_eq!(owner(&normal(name), only(name)), Some(conda));
        }
        assert_eq!(owner("numpy", |_| false), None);
    }

    /// Two projects of one package would be two owners of its files.
    #[test]
    fn no_package_owns_two_projects() {
        let mut seen = HashSet::new();
        for owners in TABLE.owners.values() {
            for owner in owners {
                assert!(owner.parse::<CondaName>().is_ok(), "{owner}");
                assert!(seen.insert(*owner), "{owner}");
            }
        }
        assert!(seen.len() > 700, "{}", seen.len());
        assert!(TABLE.owners.keys().all(|project| normal(project) == *project));
    }

    /// The names that decision 22 knows, of packages that have files of their own.
    #[test]
    fn the_names_of_environments_without_conda_are_known() {
        let known = [
            ("dask-core", "dask"),
            ("matplotlib-base", "matplotlib"),
            ("py-opencv", "opencv-python"),
            ("pytables", "tables"),
            ("python-graphviz", "graphviz"),
            ("pytorch", "torch"),
        ];
        for (name, expected) in known {
            assert_eq!(project(&name.parse().unwrap(), all).as_deref(), Some(expected));
        }
        for name in ["opencv", "pytorch-cpu", "pytorch-gpu"] {
            assert!(
                !candidates("torch")
                    .iter()
                    .chain(&candidates("opencv-python"))
                    .any(|one| one.as_str() == name)
            );
        }
    }

    #[test]
    fn candidates_are_not_repeated() {
        assert_eq!(candidates("numpy").len(), 1);
        assert_eq!(candidates("a-b").len(), 3);
    }
}
