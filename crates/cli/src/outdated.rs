//! `mach-nix outdated`: the locked packages that have newer versions.

use std::path::Path;

use mach_nix_engine::Request;
use mach_nix_lock::{Lock, LockedPackage, LockedSource};
use mach_nix_model::{DistributionFile, PackageName, Version, Yanked};
use serde::Serialize;
use serde_json::json;

use crate::args::lock::LockOptions;
use crate::color::{Color, Stream};
use crate::failure::Failure;
use crate::resolved::{Resolved, resolved};
use crate::{lock_file, output, project};

/// A locked package with newer versions.
#[derive(Debug, Serialize)]
struct Outdated {
    name: String,
    /// The locked version.
    current: String,
    /// The version that `mach-nix update` locks.
    compatible: String,
    /// The newest version of all.
    newest: String,
}

pub fn run(options: &LockOptions, quiet: bool) -> Result<(), Failure> {
    options.refuse_other_inputs("outdated")?;
    let project = project::required("outdated")?;
    let lock = lock_file::read(&project.lock_path())?;
    let mut options = options.clone();
    options.upgrade = Some(Vec::new());
    let options = project.whole_with_targets(&options, Some(&lock))?;
    let found = resolved(&options, quiet, |found| outdated(&lock, &found))?;
    let packages = found.unwrap_or_default();
    if options.json {
        return output::print(&format!("{}\n", json!({ "packages": packages })));
    }
    if packages.is_empty() {
        if !quiet {
            output::note(format_args!(
                "{}: all versions are the newest",
                shown(&project.lock_path())
            ));
        }
        return Ok(());
    }
    output::print(&table(&packages, Stream::Output))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn outdated(lock: &Lock, found: &Resolved<'_>) -> Result<Vec<Outdated>, Failure> {
    let mut packages: Vec<Outdated> = Vec::new();
    for package in &lock.packages {
        let compatible = successor(lock, package, &found.locked.lock);
        let newest = match (package.project(), &package.source) {
            (Some(name), LockedSource::Index(_)) => newest(name, package, found)?,
            _ => None,
        };
        let current = package.version.to_string();
        let newest = match (newest, compatible.python_version()) {
            (Some(newest), Some(compatible)) => newest.max(compatible).to_string(),
            _ => compatible.version.to_string(),
        };
        let entry = Outdated {
            name: package.name.to_string(),
            compatible: compatible.version.to_string(),
            current,
            newest,
        };
        let is_known = |known: &Outdated| known.name == entry.name && known.current == entry.current;
        if (entry.current != entry.compatible || entry.current != entry.newest)
            && !packages.iter().any(is_known)
        {
            packages.push(entry);
        }
    }
    Ok(packages)
}

/// The package that replaces a locked one for the first of its targets; itself, where an update drops it.
fn successor<'a>(lock: &'a Lock, package: &'a LockedPackage, new: &'a Lock) -> &'a LockedPackage {
    let targets = lock.targets_of(package);
    let mut others = new.packages.iter().filter(|other| other.name == package.name);
    let replacing = others.find(|other| !new.targets_of(other).is_disjoint(&targets));
    replacing.unwrap_or(package)
}

/// The newest version on the index: not withdrawn, and a pre-release only where one is locked or nothing else exists.
fn newest(
    name: &PackageName,
    package: &LockedPackage,
    found: &Resolved<'_>,
) -> Result<Option<Version>, Failure> {
    let Some(project) = found.index.project(name).map_err(Failure::external)? else {
        return Ok(None);
    };
    let usable = |release: usize| {
        project
            .files(release)
            .iter()
            .any(|file| is_usable(name, file, found.request))
    };
    let has_prerelease = package
        .python_version()
        .is_some_and(|version| version.any_prerelease());
    let versions = || project.versions().iter().enumerate().rev();
    let stable = versions()
        .filter(|(_, version)| has_prerelease || !version.any_prerelease())
        .find(|(release, _)| usable(*release));
    let newest = stable.or_else(|| versions().find(|(release, _)| usable(*release)));
    Ok(newest.map(|(_, version)| version.clone()))
}

fn is_usable(name: &PackageName, file: &DistributionFile, request: &Request) -> bool {
    let in_time = match (request.policy.limits.of(name), file.upload_time) {
        (Some(limit), Some(time)) => time < limit,
        (Some(_), None) => false,
        (None, _) => true,
    };
    in_time && file.yanked == Yanked::No
}

/// One line per package, in columns. A version that is not the locked one has a color.
fn table(packages: &[Outdated], stream: Stream) -> String {
    let head = ["Package", "Current", "Compatible", "Newest"];
    let row = |package: &Outdated| {
        [
            &package.name,
            &package.current,
            &package.compatible,
            &package.newest,
        ]
        .map(String::clone)
    };
    let rows: Vec<[String; 4]> = packages.iter().map(row).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([head[column].len()]).max().unwrap_or_default()
    };
    let widths = [0, 1, 2, 3].map(width);
    let padded = |column: usize, text: &str| format!("{text:<width$}", width = widths[column]);
    let titles = [0, 1, 2, 3].map(|column| padded(column, head[column]));
    let mut text = stream.painted(Color::Bold, titles.join("  ").trim_end()) + "\n";
    for row in &rows {
        let cells = [0, 1, 2, 3].map(|column| {
            let cell = padded(column, &row[column]);
            match column {
                2 if row[2] != row[1] => stream.painted(Color::Green, &cell),
                3 if row[3] != row[2] => stream.painted(Color::Yellow, &cell),
                _ => cell,
            }
        });
        text += cells.join("  ").trim_end();
        text.push('\n');
    }
    text
}
