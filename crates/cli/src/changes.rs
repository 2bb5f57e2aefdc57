//! What a new lock changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use mach_nix_lock::{Lock, LockedPackage};
use mach_nix_model::PackageName;
use serde_json::json;

use crate::color::{Color, Stream};
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

/// A package whose versions differ between two locks.
struct Change {
    name: String,
    before: Option<String>,
    after: Option<String>,
}

/// The differences, by name.
fn changes(old: Option<&Lock>, new: &Lock) -> Vec<Change> {
    let mut before = old.map(versions).unwrap_or_default();
    let mut changes = Vec::new();
    for (name, version) in versions(new) {
        let known = before.remove(&name);
        if known.as_ref() != Some(&version) {
            changes.push(Change {
                name,
                before: known,
                after: Some(version),
            });
        }
    }
    changes.extend(before.into_iter().map(|(name, version)| Change {
        name,
        before: Some(version),
        after: None,
    }));
    changes.sort_by(|a, b| a.name.cmp(&b.name));
    changes
}

/// Notes the difference between two locks on standard error. A first lock is all new, and its packages are listed only where
/// one of them was just added to the requirements.
pub fn note(old: Option<&Lock>, new: &Lock, passed: Duration, is_listed: bool) {
    match old {
        Some(old) => note_requirements(old, new),
        None if !is_listed => return,
        None => {}
    }
    let changes = changes(old, new);
    for Change { name, before, after } in &changes {
        let (color, line) = match (before, after) {
            (Some(old), Some(new)) => (Color::Yellow, format!("~ {name} {old} \u{2192} {new}")),
            (Some(old), None) => (Color::Red, format!("- {name} {old}")),
            (None, new) => (
                Color::Green,
                format!("+ {name} {}", new.as_deref().unwrap_or_default()),
            ),
        };
        output::note(Stream::Error.painted(color, &line));
    }
    if !changes.is_empty() {
        output::note(format_args!("locked in {:.1} s", passed.as_secs_f64()));
    }
}

/// The new lock and its difference to the old one, as an object of JSON.
pub fn as_json(old: Option<&Lock>, new: &Lock, path: &Path) -> String {
    let (mut added, mut removed, mut updated) = (Vec::new(), Vec::new(), Vec::new());
    for Change { name, before, after } in changes(old, new) {
        match (before, after) {
            (Some(old), Some(new)) => updated.push(json!({ "name": name, "from": old, "to": new })),
            (Some(old), None) => removed.push(json!({ "name": name, "version": old })),
            (None, new) => added.push(json!({ "name": name, "version": new })),
        }
    }
    let packages = versions(new);
    let packages = packages
        .iter()
        .map(|(name, version)| json!({ "name": name, "version": version }));
    let targets = new.targets.iter();
    let targets = targets.map(|target| json!({ "python": target.python, "system": target.system }));
    let object = json!({
        "path": path,
        "targets": targets.collect::<Vec<_>>(),
        "packages": packages.collect::<Vec<_>>(),
        "added": added,
        "removed": removed,
        "updated": updated,
    });
    format!("{object}\n")
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
