//! What would help where versions are there and cannot be used.

use mach_nix_model::{DistributionFile, PackageName, Provider, Version};

use super::super::demands::is_limited;
use super::super::spans::{Group, by_reason, day};
use super::super::wheels::{elsewhere, fits, has_sdist, has_wheel_for, other_machine, other_python};
use super::super::{Demands, placed, without_marker};
use super::loosen;
use crate::candidates::Unusable;
use crate::problem::RootRequirement;
use crate::refusal::Fact;
use crate::search::Search;

/// More than so many suggestions help nobody.
const MOST: usize = 4;

/// Suggestions for a package none of whose `versions` can be used, although nothing else speaks against them.
pub fn help(
    package: &PackageName,
    versions: &[(Version, Unusable)],
    facts: &[Fact],
    search: &Search<'_>,
) -> Vec<String> {
    let demands = Demands::on(package, facts);
    let allowed: Vec<(Version, Unusable)> = versions
        .iter()
        .filter(|(version, _)| demands.allow(version))
        .cloned()
        .collect();
    let mut help = Vec::new();
    if let Some((newest, _)) = allowed.last() {
        help.extend(other_version(package, newest, &demands, search));
    }
    for group in by_reason(&allowed) {
        for line in remedies(package, &group, facts, search) {
            // One other Python is enough, that for the newest version.
            let again = line.starts_with(OTHER_PYTHON)
                && help.iter().any(|known: &String| known.starts_with(OTHER_PYTHON));
            if !again && !help.contains(&line) {
                help.push(line);
            }
        }
    }
    // To take what was withdrawn is the last thing to do.
    help.sort_by_key(|line| line.starts_with(WITHDRAWN));
    help.truncate(MOST);
    if help.len() < MOST && !help.is_empty() && another_way(package, facts) {
        help.extend(loosen(facts));
    }
    help
}

const WITHDRAWN: &str = "take the withdrawn version";
const OTHER_PYTHON: &str = "use another Python";

/// Another version, where only the user's own requirement on the package keeps it out.
fn other_version(
    package: &PackageName,
    newest: &Version,
    demands: &Demands<'_>,
    search: &Search<'_>,
) -> Option<String> {
    let limited = demands.asked.iter().any(|root| is_limited(&root.requirement));
    if !limited || !demands.constraints.is_empty() {
        return None;
    }
    let candidates = search.candidates(package).ok()?;
    let usable = |slot: &u32| {
        demands.others_allow(candidates.version(*slot)) && candidates.artifact(*slot, &search.rules).is_ok()
    };
    let newer = (0..candidates.len())
        .filter(|slot| candidates.version(*slot) > newest)
        .find(usable);
    let older = (0..candidates.len())
        .rev()
        .filter(|slot| candidates.version(*slot) < newest)
        .find(usable);
    let version = candidates.version(newer.or(older)?);
    let word = if newer.is_some() { "a newer" } else { "an older" };
    Some(format!(
        "ask for {word} version: `{package}=={version}` is usable here"
    ))
}

/// Whether a limit of the user elsewhere leads to the package: without the limit, what needs it may need other versions.
fn another_way(package: &PackageName, facts: &[Fact]) -> bool {
    facts.iter().any(|fact| match fact {
        Fact::Asked {
            package: asked,
            requirements,
            ..
        } => asked != package && requirements.iter().any(|root| is_limited(&root.requirement)),
        Fact::Constrained { .. } => true,
        _ => false,
    })
}

/// What would make one of the versions usable.
fn remedies(package: &PackageName, group: &Group<'_>, facts: &[Fact], search: &Search<'_>) -> Vec<String> {
    let versions = &group.versions;
    let (Ok(candidates), Some(newest)) = (search.candidates(package), versions.last()) else {
        return Vec::new();
    };
    let files = candidates.files_of(newest);
    let mut help = Vec::new();
    match group.reason {
        Unusable::Tags | Unusable::Python(_) => {
            // The newest version that another Python can use, not only the newest one.
            let found = versions.iter().rev().find_map(|version| {
                let files = candidates.files_of(version);
                Some((version, other_python(&files, package, search)?))
            });
            if let Some((version, python)) = found {
                help.push(format!(
                    "{OTHER_PYTHON}: {version} has a wheel for `--python {python}`"
                ));
            } else if let Some(system) = other_machine(&files, package, search) {
                help.push(format!(
                    "use another system: {newest} has a wheel for `--system {system}`"
                ));
            } else if !has_sdist(&files, package) {
                help.extend(marker(package, &files, facts, search));
            }
        }
        Unusable::Prerelease => {
            let fits = |file: &DistributionFile| fits(file, package, search.rules.target, search);
            if versions.iter().flat_map(|version| candidates.files_of(version)).any(|file| fits(&file)) {
                help.push("allow pre-releases: `--prerelease allow`".to_owned());
            }
        }
        Unusable::TooNew => help.extend(later_limit(package, versions, search)),
        Unusable::Yanked(_) => help.push(format!("{WITHDRAWN} all the same: `{package}=={newest}`")),
        Unusable::Hash => help.push(format!(
            "hashes are checked: add `{package}=={newest}` with its `--hash=sha256:…` to the requirements, if you trust it"
        )),
        Unusable::NoFile | Unusable::Absent => {}
    }
    help.extend(other_provider(package, files, search));
    help
}

/// The kind of file that the provider list leaves out, where there is one.
fn other_provider(
    package: &PackageName,
    files: Vec<DistributionFile>,
    search: &Search<'_>,
) -> Option<String> {
    let in_time = |file: &DistributionFile| {
        let limit = search.rules.exclude_newer;
        limit.is_none_or(|limit| file.upload_time.is_some_and(|time| time < limit))
    };
    let files: Vec<DistributionFile> = files.into_iter().filter(in_time).collect();
    let providers = search.problem.providers.of(package);
    if has_sdist(&files, package) && !providers.allows(&Provider::Sdist) {
        return Some(format!(
            "build it from source: `--provider {package}={providers},sdist`"
        ));
    }
    if has_wheel_for(&files, package, &search.rules.tags) && !providers.allows(&Provider::Wheel) {
        return Some(format!(
            "take its wheel: `--provider {package}={providers},wheel`"
        ));
    }
    None
}

/// The earliest day that lets a version in.
fn later_limit(package: &PackageName, versions: &[Version], search: &Search<'_>) -> Option<String> {
    let candidates = search.candidates(package).ok()?;
    let times = versions
        .iter()
        .flat_map(|version| candidates.files_of(version))
        .filter(|file| fits(file, package, search.rules.target, search));
    let earliest = times.filter_map(|file| file.upload_time).min()?;
    Some(format!(
        "move the date limit: `--exclude-newer {}`",
        day(earliest)
    ))
}

/// A marker for a package of another operating system, on the one requirement of the user that leads to it.
fn marker(
    package: &PackageName,
    files: &[DistributionFile],
    facts: &[Fact],
    search: &Search<'_>,
) -> Option<String> {
    let (place, marker) = elsewhere(files, package, search.rules.target.system)?;
    let mut asked: Vec<&RootRequirement> = Vec::new();
    for fact in facts {
        if let Fact::Asked { requirements, .. } = fact {
            asked.extend(requirements);
        }
    }
    let [root] = asked.as_slice() else {
        return None;
    };
    if root.requirement.to_string() != without_marker(&root.requirement) {
        return Some(format!("let the marker of {} hold {place}", placed(root)));
    }
    let what = if root.requirement.name == *package {
        "it".to_owned()
    } else {
        root.requirement.name.to_string()
    };
    Some(format!(
        "ask for {what} {place}: `{} ; {marker}`",
        without_marker(&root.requirement)
    ))
}
