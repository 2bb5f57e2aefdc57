//! `mach-nix doctor`: whether the lock of the project and the nixpkgs in use go together.

use mach_nix_engine::Inventory;
use mach_nix_fetch::Cache;
use mach_nix_lock::{Lock, LockedPackage, LockedSource};
use mach_nix_model::{PackageName, Target};
use mach_nix_nix::{DEFAULT_TIMEOUT, EvaluatedInventory, Nix, NixError};
use mach_nix_tags::PythonVersion;

use crate::args::lock::LockOptions;
use crate::color::{Color, Stream};
use crate::failure::Failure;
use crate::project::{self, Project};
use crate::remote::cache_folder;
use crate::{inputs, lock_file, output, resolved};

/// A finding: what was looked at, and the result.
struct Finding {
    is_good: bool,
    subject: &'static str,
    text: String,
}

pub fn run(options: &LockOptions) -> Result<(), Failure> {
    options.refuse_other_inputs("doctor")?;
    let project = project::required("doctor")?;
    let lock = lock_file::read(&project.lock_path())?;
    let nix = Nix::new(options.nixpkgs.clone());
    let mut findings = vec![state(&project, options, &lock)?];
    match nix.package_set() {
        Ok(_) => {
            findings.push(python(&lock, &nix)?);
            findings.extend(same_versions(&lock, &nix, options)?);
        }
        Err(error) => findings.push(no_nixpkgs(&error)),
    }
    let text: String = findings.iter().map(shown).collect();
    output::print(&text)?;
    if findings.iter().all(|finding| finding.is_good) {
        return Ok(());
    }
    Err(Failure::impossible("the lines above with `!` need attention"))
}

fn shown(finding: &Finding) -> String {
    let (color, mark) = if finding.is_good {
        (Color::Green, "ok")
    } else {
        (Color::Yellow, "! ")
    };
    let mark = Stream::Output.painted(color, mark);
    format!("{mark} {:<8} {}\n", finding.subject, finding.text)
}

fn no_nixpkgs(error: &NixError) -> Finding {
    Finding {
        is_good: false,
        subject: "nixpkgs",
        text: error.to_string(),
    }
}

/// Whether the lock is the one of the manifest.
fn state(project: &Project, options: &LockOptions, lock: &Lock) -> Result<Finding, Failure> {
    let whole = project.whole_with_targets(options, Some(lock))?;
    let path = project.lock_path();
    let stale = resolved::compared(&whole)?;
    let count = lock.packages.len();
    Ok(Finding {
        is_good: stale.is_none(),
        subject: "lock",
        text: match stale {
            None => format!(
                "{}: {count} packages, as {} requires",
                path.display(),
                project.manifest.display()
            ),
            Some(reason) => format!(
                "{} is stale: {reason}; to renew it, run `mach-nix lock`",
                path.display()
            ),
        },
    })
}

/// Whether nixpkgs has the Python of the lock.
fn python(lock: &Lock, nix: &Nix) -> Result<Finding, Failure> {
    let system = inputs::this_system()?;
    let known: Vec<PythonVersion> = nix
        .evaluate("command/pythons.nix", &(), DEFAULT_TIMEOUT)
        .map_err(Failure::external)?;
    let minor = |python: PythonVersion| -> String {
        let text = python.to_string();
        text.split('.').take(2).collect::<Vec<_>>().join(".")
    };
    let has = |python| known.iter().any(|known| minor(*known) == minor(python));
    let here: Vec<PythonVersion> = lock
        .targets
        .iter()
        .filter(|target| target.system == system)
        .map(|target| target.python)
        .collect();
    let shown = |versions: &[PythonVersion]| {
        let versions: Vec<String> = versions.iter().map(|python| minor(*python)).collect();
        versions.join(", ")
    };
    let is_good = here.iter().any(|python| has(*python));
    let text = if here.is_empty() {
        format!("the lock is not for {system}: `mach-nix lock --system {system}` makes one for it")
    } else if is_good {
        format!("{} on {system}, which nixpkgs has", shown(&here))
    } else {
        format!(
            "nixpkgs has no Python {} (it has {}): lock for another one with --python, or use another nixpkgs with --nixpkgs",
            shown(&here),
            shown(&known)
        )
    };
    Ok(Finding {
        is_good,
        subject: "python",
        text,
    })
}

/// The packages from an index that nixpkgs has in the same version.
fn same_versions(lock: &Lock, nix: &Nix, options: &LockOptions) -> Result<Option<Finding>, Failure> {
    let system = inputs::this_system()?;
    let Some(target) = lock.targets.iter().position(|target| target.system == system) else {
        return Ok(None);
    };
    let packages = lock.packages.iter();
    let from_index: Vec<(&PackageName, &LockedPackage)> = packages
        .filter(|package| matches!(package.source, LockedSource::Index(_)))
        .filter(|package| lock.targets_of(package).contains(&target))
        .filter_map(|package| Some((package.project()?, package)))
        .collect();
    let target = Target {
        python: lock.targets[target].python,
        system,
    };
    let inventory = EvaluatedInventory::new(nix, Cache::new(cache_folder(options.cache_dir.as_ref())));
    let names: Vec<PackageName> = from_index.iter().map(|(name, _)| (*name).clone()).collect();
    inventory.expect(&names, target);
    let mut same = Vec::new();
    for (name, package) in &from_index {
        // A set without this Python has its own finding.
        let Ok(Some(found)) = inventory.package(name, target) else {
            continue;
        };
        if package.python_version().as_ref() == Some(&found.version) {
            same.push(*package);
        }
    }
    let text = if same.is_empty() {
        format!(
            "no package of {} from an index has the same version there",
            from_index.len()
        )
    } else {
        format!(
            "{} of {} packages from an index have the same version there: {}\n            to use its builds{}, run `mach-nix lock \
             --providers 'nixpkgs|wheel,sdist'`",
            same.len(),
            from_index.len(),
            listed(&same),
            savings(&same),
        )
    };
    Ok(Some(Finding {
        is_good: true,
        subject: "nixpkgs",
        text,
    }))
}

fn listed(packages: &[&LockedPackage]) -> String {
    let names: Vec<String> = packages.iter().map(|package| package.name.to_string()).collect();
    names.join(", ")
}

/// What the builds of nixpkgs save: downloads of wheels, and builds of sources.
fn savings(packages: &[&LockedPackage]) -> String {
    let bytes: u64 = packages.iter().filter_map(|package| package.file()?.size).sum();
    let builds = packages.iter().filter(|package| package.build.is_some()).count();
    let mut parts = Vec::new();
    if bytes >= 100_000 {
        parts.push(format!(
            "{}.{} MB of downloads",
            bytes / 1_000_000,
            bytes / 100_000 % 10
        ));
    }
    match builds {
        0 => {}
        1 => parts.push("a build".to_owned()),
        _ => parts.push(format!("{builds} builds")),
    }
    if parts.is_empty() {
        String::new()
    } else {
        format!(" and save {}", parts.join(" and "))
    }
}
