//! Markers that distinguish a lock's targets.
//!
//! A [dependency specifier's marker](https://packaging.python.org/en/latest/specifications/dependency-specifiers/) uses
//! the common variables that all tools support: `python_version`, `sys_platform`, `platform_machine`. It is true for
//! exactly the given ones *of the lock's targets*, so that it is short: if targets differ only in the system, it tests
//! only the system. [`environment`] is the full marker of a target, which excludes all other environments.

use std::collections::BTreeSet;

use mach_nix_tags::{NixSystem, PythonVersion};

use crate::LockedTarget;
use crate::targets::{Block, TargetSet, blocks};

/// The shortest marker that is true for exactly these of the lock's targets; `None` for all targets.
pub fn marker(targets: &[LockedTarget], set: &TargetSet) -> Option<String> {
    let pythons: BTreeSet<_> = targets.iter().map(|target| target.python).collect();
    let systems: BTreeSet<_> = targets.iter().map(|target| target.system).collect();
    let mut alternatives = Vec::new();
    for Block {
        pythons: chosen,
        systems: on,
    } in blocks(targets, set)
    {
        let python = chosen.map(|chosen| python_alternatives(&chosen, &pythons));
        let system = on.map(|on| system_alternatives(&on, &systems));
        match (python, system) {
            (None, None) => return None,
            (Some(python), Some(system)) => {
                alternatives.push(format!("{} and {}", grouped(&python), grouped(&system)));
            }
            (Some(one), None) | (None, Some(one)) => alternatives.extend(one),
        }
    }
    Some(alternatives.join(" or "))
}

/// The marker that holds on this target and on no other that mach-nix knows.
pub fn environment(target: &LockedTarget) -> String {
    format!(
        "{} and {}",
        python_is(target.python, &BTreeSet::from([target.python])),
        system_is(target.system)
    )
}

/// The `Requires-Python` specifier for exactly the Python versions of the targets.
pub fn requires_python(targets: &[LockedTarget]) -> Option<String> {
    let pythons: BTreeSet<_> = targets.iter().map(|target| target.python).collect();
    let (first, last) = (*pythons.first()?, *pythons.last()?);
    if first == last {
        let any_patch = if first.patch().is_none() { ".*" } else { "" };
        return Some(format!("=={first}{any_patch}"));
    }
    let minors: BTreeSet<_> = pythons.iter().map(|python| python.minor()).collect();
    let mut text = format!(">={first}");
    for minor in first.minor()..last.minor() {
        if !minors.contains(&minor) {
            text += &format!(",!={}.{minor}.*", first.major());
        }
    }
    // `3.12` sorts before `3.12.1`, but covers all of 3.12.
    let last_minor = pythons.iter().filter(|python| python.minor() == last.minor());
    match last.patch() {
        Some(_) if last_minor.clone().all(|python| python.patch().is_some()) => text += &format!(",<={last}"),
        _ => text += &format!(",<{}.{}", last.major(), last.minor() + 1),
    }
    Some(text)
}

/// The condition, in parentheses if it needs them next to an `and`.
fn grouped(alternatives: &[String]) -> String {
    match alternatives {
        [one] => one.clone(),
        several => format!("({})", several.join(" or ")),
    }
}

/// Alternative conditions: one is true for each chosen Python, and none for the others.
fn python_alternatives(chosen: &BTreeSet<PythonVersion>, all: &BTreeSet<PythonVersion>) -> Vec<String> {
    if let Some(range) = python_range(chosen, all) {
        return vec![range];
    }
    chosen.iter().map(|python| python_is(*python, all)).collect()
}

/// A range of two or more adjacent Python versions of the lock.
fn python_range(chosen: &BTreeSet<PythonVersion>, all: &BTreeSet<PythonVersion>) -> Option<String> {
    let (first, last) = (chosen.first()?, chosen.last()?);
    let neighbours = all.range(first..=last).count() == chosen.len();
    if chosen.len() < 2 || !neighbours || !one_per_minor(all) {
        return None;
    }
    let from = format!("python_version >= '{}'", first.without_patch());
    let Some(next) = all.range(last..).nth(1) else {
        return Some(from);
    };
    let to = format!("python_version < '{}'", next.without_patch());
    if all.first() == Some(first) {
        return Some(to);
    }
    Some(format!("{from} and {to}"))
}

fn one_per_minor(all: &BTreeSet<PythonVersion>) -> bool {
    let minors: BTreeSet<_> = all.iter().map(|python| python.without_patch()).collect();
    minors.len() == all.len()
}

/// The condition for one of the Python versions.
fn python_is(python: PythonVersion, all: &BTreeSet<PythonVersion>) -> String {
    if python.patch().is_some() && (all.len() == 1 || !one_per_minor(all)) {
        return format!("python_full_version == '{python}'");
    }
    let mut text = format!("python_version == '{}'", python.without_patch());
    let same_minor = all
        .iter()
        .filter(|other| **other != python && other.without_patch() == python.without_patch());
    for other in same_minor {
        text += &format!(" and python_full_version != '{other}'");
    }
    text
}

/// Alternative conditions: one is true for each chosen system, and none for the others.
fn system_alternatives(chosen: &BTreeSet<NixSystem>, all: &BTreeSet<NixSystem>) -> Vec<String> {
    for condition in [sys_platform, platform_machine] {
        let conditions: BTreeSet<String> = chosen.iter().map(|system| condition(*system)).collect();
        let exact = all
            .iter()
            .all(|system| conditions.contains(&condition(*system)) == chosen.contains(system));
        if exact {
            return conditions.into_iter().collect();
        }
    }
    chosen.iter().map(|system| system_is(*system)).collect()
}

fn system_is(system: NixSystem) -> String {
    format!("{} and {}", sys_platform(system), platform_machine(system))
}

fn sys_platform(system: NixSystem) -> String {
    let platform = if system.is_darwin() { "darwin" } else { "linux" };
    format!("sys_platform == '{platform}'")
}

fn platform_machine(system: NixSystem) -> String {
    format!("platform_machine == '{}'", system.machine())
}

#[cfg(test)]
mod tests {
    use mach_nix_model::{MarkerTree, Target, Version, VersionSpecifiers};

    use super::*;

    fn targets(pythons: &[&str], systems: &[NixSystem]) -> Vec<LockedTarget> {
        let python = |text: &&str| text.parse().unwrap();
        let of = |python| {
            systems.iter().map(move |system| LockedTarget {
                python,
                system: *system,
                virtual_packages: Vec::new(),
            })
        };
        pythons.iter().map(python).flat_map(of).collect()
    }

    fn holds(marker: &str, target: &LockedTarget) -> bool {
        let tree: MarkerTree = marker.parse().unwrap();
        tree.evaluate(&Target::from(target).marker_environment(), &[])
    }

    /// Checks every subset of several kinds of locks on each target.
    #[test]
    fn is_exact_among_the_targets_of_the_lock() {
        let mut locks = vec![
            targets(&["3.11"], &NixSystem::ALL),
            targets(&["3.9", "3.10", "3.11", "3.12", "3.13"], &NixSystem::ALL[..1]),
            targets(&["3.10", "3.11", "3.13"], &NixSystem::ALL[1..]),
            targets(&["3.11", "3.12"], &NixSystem::ALL),
            targets(&["3.11", "3.11.4", "3.11.7", "3.12.1"], &NixSystem::ALL[2..]),
        ];
        // Some combinations of Python and system are missing.
        let mut ragged = targets(&["3.10", "3.11", "3.12"], &NixSystem::ALL[..3]);
        ragged.remove(4);
        locks.push(ragged);
        for lock in locks {
            for bits in 1..1_u32 << lock.len() {
                let set: TargetSet = (0..lock.len()).filter(|target| bits >> target & 1 == 1).collect();
                let marker = marker(&lock, &set);
                assert_eq!(marker.is_none(), set.len() == lock.len());
                let Some(marker) = marker else { continue };
                for (index, target) in lock.iter().enumerate() {
                    assert_eq!(
                        holds(&marker, target),
                        set.contains(&index),
                        "{marker} on {target:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn is_as_short_as_people_write_it() {
        use NixSystem::{Aarch64Darwin, Aarch64Linux, X86_64Darwin, X86_64Linux};
        let systems = targets(&["3.11"], &[X86_64Linux, Aarch64Darwin]);
        let four = targets(&["3.11"], &NixSystem::ALL);
        let pythons = targets(&["3.9", "3.10", "3.11", "3.12"], &[X86_64Linux]);
        let both = targets(&["3.11", "3.12"], &[X86_64Linux, Aarch64Linux, X86_64Darwin]);
        for (lock, set, expected) in [
            (&systems, &[0][..], "sys_platform == 'linux'"),
            (&four, &[0, 1], "sys_platform == 'linux'"),
            (&four, &[3], "platform_machine == 'arm64'"),
            (
                &four,
                &[1, 3],
                "platform_machine == 'aarch64' or platform_machine == 'arm64'",
            ),
            (
                &four,
                &[0],
                "sys_platform == 'linux' and platform_machine == 'x86_64'",
            ),
            (&pythons, &[2], "python_version == '3.11'"),
            (&pythons, &[0, 1], "python_version < '3.11'"),
            (&pythons, &[2, 3], "python_version >= '3.11'"),
            (
                &pythons,
                &[1, 2],
                "python_version >= '3.10' and python_version < '3.12'",
            ),
            (
                &pythons,
                &[0, 2],
                "python_version == '3.9' or python_version == '3.11'",
            ),
            (
                &both,
                &[2],
                "python_version == '3.11' and sys_platform == 'darwin'",
            ),
            (
                &both,
                &[2, 3, 4, 5],
                "python_version == '3.11' and sys_platform == 'darwin' or python_version == '3.12'",
            ),
        ] {
            let set = set.iter().copied().collect();
            assert_eq!(marker(lock, &set).unwrap(), expected);
        }
    }

    #[test]
    fn a_full_marker_holds_on_its_target_only() {
        let all = targets(&["3.10", "3.11", "3.11.4", "3.12.1"], &NixSystem::ALL);
        for (index, target) in all.iter().enumerate() {
            let marker = environment(target);
            let others = all.iter().enumerate().filter(|(other, _)| *other != index);
            assert!(holds(&marker, target), "{marker}");
            for (_, other) in others {
                // 3.11 is any 3.11, including 3.11.4.
                let part = target.python == other.python.without_patch() && target.system == other.system;
                assert_eq!(holds(&marker, other), part, "{marker} on {other:?}");
            }
        }
    }

    #[test]
    fn the_python_required_is_that_of_the_targets() {
        let linux = &NixSystem::ALL[..1];
        for (pythons, expected) in [
            (&["3.11"][..], "==3.11.*"),
            (&["3.11.7"], "==3.11.7"),
            (&["3.12", "3.11"], ">=3.11,<3.13"),
            (&["3.9", "3.11", "3.13"], ">=3.9,!=3.10.*,!=3.12.*,<3.14"),
            (&["3.11.4", "3.12.1"], ">=3.11.4,<=3.12.1"),
            (&["3.11", "3.11.4"], ">=3.11,<3.12"),
        ] {
            let found = requires_python(&targets(pythons, linux)).unwrap();
            assert_eq!(found, expected);
            let specifiers: VersionSpecifiers = found.parse().unwrap();
            for python in pythons {
                assert!(specifiers.contains(&python.parse::<Version>().unwrap()));
            }
        }
        assert_eq!(requires_python(&[]), None);
    }
}
