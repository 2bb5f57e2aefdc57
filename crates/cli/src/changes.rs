//! What a new lock changes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;
use std::path::Path;
use std::time::Duration;

use mach_nix_lock::{Lock, LockedPackage};
use mach_nix_model::PackageName;

use crate::failure::Failure;
use crate::output;

/// The versions of each package.
fn versions(lock: &Lock) -> BTreeMap<String, String> {
    let mut all = BTreeMap::<_, BTreeSet<_>>::new();
    for package in &lock.packages {
        all.entry(package.name.to_string())
            .or_default()
            .insert(&package.version);
    }
    let text = |versions: BTreeSet<&mach_nix_model::AnyVersion>| {
        let versions: Vec<String> = versions.into_iter().map(ToString::to_string).collect();
        versions.join(", ")
    };
    all.into_iter()
        .map(|(name, versions)| (name, text(versions)))
        .collect()
}

/// Notes the difference between two locks on standard error. A first lock is all new, and its packages are listed only where
/// one of them was just added to the requirements.
pub fn note(old: Option<&Lock>, new: &Lock, passed: Duration, is_listed: bool) {
    let empty = BTreeMap::new();
    let before = old.map(versions);
    let after = versions(new);
    if let Some(old) = old {
        note_requirements(old, new);
    } else if !is_listed {
        return;
    }
    let before = before.as_ref().unwrap_or(&empty);
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let mut is_changed = false;
    for name in names {
        let (color, line) = match (before.get(name), after.get(name)) {
            (None, Some(new)) => ("32", format!("+ {name} {new}")),
            (Some(old), None) => ("31", format!("- {name} {old}")),
            (Some(old), Some(new)) if old != new => ("33", format!("~ {name} {old} \u{2192} {new}")),
            _ => continue,
        };
        is_changed = true;
        output::note(painted(color, &line));
    }
    if is_changed {
        output::note(format_args!("locked in {:.1} s", passed.as_secs_f64()));
    }
}

/// A lock for other requirements is not replaced without a word.
fn note_requirements(old: &Lock, new: &Lock) {
    let (old, new) = (&old.request.requirements, &new.request.requirements);
    if !old.is_empty() && !new.is_empty() && !old.iter().any(|known| new.contains(known)) {
        output::note(format_args!(
            "the lock was for other requirements: {}",
            old.iter()
                .take(10)
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", ")
        ));
    }
}

fn painted(color: &str, text: &str) -> String {
    if std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) {
        format!("\u{1b}[{color}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

/// Refuses to upgrade what the lock does not have.
pub fn check_names(lock: &Lock, names: &[PackageName], path: &Path) -> Result<(), Failure> {
    let mut known = BTreeSet::new();
    let project = lock.project.iter().flat_map(|project| &project.build.packages);
    for package in lock.packages.iter().chain(project) {
        add_names(package, &mut known);
    }
    let Some(unknown) = names.iter().find(|name| !known.contains(name.as_ref())) else {
        return Ok(());
    };
    let near = known
        .iter()
        .map(|known| (strsim::jaro_winkler(known, unknown.as_ref()), known))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    let hint = match near {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None => "`mach-nix tree` shows what is in it".to_owned(),
    };
    Err(Failure::usage(format!(
        "{} has no package `{unknown}` to upgrade: {hint}",
        path.display()
    )))
}

fn add_names(package: &LockedPackage, known: &mut BTreeSet<String>) {
    known.insert(package.name.to_string());
    for tool in package.build.iter().flat_map(|build| &build.packages) {
        add_names(tool, known);
    }
}
