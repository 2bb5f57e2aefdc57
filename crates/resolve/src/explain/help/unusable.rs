//! What would help where versions are there and cannot be used.

use mach_nix_model::{DistributionFile, PackageName, Provider, Target, Version};
use mach_nix_tags::CompatibleTags;

use super::super::demands::is_limited;
use super::super::spans::{Group, by_reason, day};
use super::super::wheels::{elsewhere, fits, has_sdist, has_wheel_for, other_machine, other_pythons};
use super::super::{Demands, placed, without_marker};
use super::{MOST_TRIED, first_pin, loosen};
use crate::candidates::Unusable;
use crate::problem::RootRequirement;
use crate::refusal::Fact;
use crate::search::Search;
use crate::trial::{Change, Outcome, Trials};

/// More than so many suggestions help nobody.
const MOST: usize = 4;

/// Suggestions for a package none of whose `versions` can be used, although nothing else speaks against them.
pub fn help(
    package: &PackageName,
    versions: &[(Version, Unusable)],
    facts: &[Fact],
    search: &Search<'_>,
    trials: &Trials<'_, '_>,
) -> Vec<String> {
    let demands = Demands::on(package, facts);
    let allowed: Vec<(Version, Unusable)> = versions
        .iter()
        .filter(|(version, _)| demands.allow(version))
        .cloned()
        .collect();
    let mut help = Vec::new();
    if let Some((newest, _)) = allowed.last() {
        help.extend(other_version(package, newest, &demands, search, trials));
    }
    for group in by_reason(&allowed) {
        for line in remedies(package, &group, facts, search, trials) {
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
        help.extend(loosen(facts, search, trials));
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
    trials: &Trials<'_, '_>,
) -> Option<String> {
    let limited = demands.asked.iter().any(|root| is_limited(&root.requirement));
    if !limited || !demands.constraints.is_empty() {
        return None;
    }
    let candidates = search.candidates(package).ok()?;
    let usable = |slot: &u32| {
        demands.others_allow(candidates.version(*slot)) && candidates.artifact(*slot, &search.rules).is_ok()
    };
    let newer = (0..candidates.len()).filter(|slot| candidates.version(*slot) > newest);
    let older = (0..candidates.len())
        .rev()
        .filter(|slot| candidates.version(*slot) < newest);
    let tried = newer
        .filter(usable)
        .take(MOST_TRIED)
        .chain(older.filter(usable).take(MOST_TRIED))
        .map(|slot| candidates.version(slot));
    let (version, outcome) = first_pin(package, tried, trials)?;
    let word = if version > newest { "a newer" } else { "an older" };
    Some(match outcome {
        Outcome::Met(chosen) => format!(
            "ask for {word} version: `{package}=={version}` is usable here{}",
            chosen.proviso()
        ),
        _ => format!("ask for {word} version, such as `{package}=={version}`"),
    })
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
fn remedies(
    package: &PackageName,
    group: &Group<'_>,
    facts: &[Fact],
    search: &Search<'_>,
    trials: &Trials<'_, '_>,
) -> Vec<String> {
    let versions = &group.versions;
    let (Ok(candidates), Some(newest)) = (search.candidates(package), versions.last()) else {
        return Vec::new();
    };
    let files = candidates.files_of(newest);
    let mut help = Vec::new();
    match group.reason {
        Unusable::Tags | Unusable::Python(_) => {
            // The newest version that another Python can use, not only the newest one.
            let elsewhere = |target| trials.may_help(&Change::Target(target));
            let here = search.rules.target;
            let pythons = versions.iter().rev().flat_map(|version| {
                let pythons = other_pythons(&candidates.files_of(version), package, search);
                pythons.into_iter().map(move |python| (version, python))
            });
            let found = pythons.take(MOST_TRIED).find(|(_, python)| {
                elsewhere(Target {
                    python: *python,
                    ..here
                })
            });
            if let Some((version, python)) = found {
                let tags = CompatibleTags::for_target(python, here.system);
                let kind = kind_for(&candidates.files_of(version), package, &tags, search);
                help.push(format!(
                    "{OTHER_PYTHON}: {version} has {kind} for `--python {python}`"
                ));
            } else if let Some(system) = other_machine(&files, package, search)
                && elsewhere(Target { system, ..here })
            {
                let tags = CompatibleTags::for_target(here.python, system);
                let kind = kind_for(&files, package, &tags, search);
                help.push(format!(
                    "use another system: {newest} has {kind} for `--system {system}`"
                ));
            } else if !has_sdist(&files, package) {
                help.extend(marker(package, &files, facts, search, trials));
            }
        }
        Unusable::Prerelease => {
            let fits = |file: &DistributionFile| fits(file, package, search.rules.target, search);
            if versions
                .iter()
                .flat_map(|version| candidates.files_of(version))
                .any(|file| fits(&file))
                && trials.may_help(&Change::Prereleases)
            {
                help.push("allow pre-releases: `--prerelease allow`".to_owned());
            }
        }
        Unusable::TooNew => help.extend(later_limit(package, versions, search, trials)),
        Unusable::Yanked(_) if !trials.may_help(&Change::Pin(package, newest)) => {}
        Unusable::Yanked(_) => help.push(format!("{WITHDRAWN} all the same: `{package}=={newest}`")),
        Unusable::Hash => help.extend(hash(package, newest, &files, search)),
        Unusable::NoFile | Unusable::Absent => {}
    }
    help.extend(other_provider(package, files, search, trials));
    help
}

/// The line that allows a file of a version, with the digest that the index announces.
fn hash(
    package: &PackageName,
    version: &Version,
    files: &[DistributionFile],
    search: &Search<'_>,
) -> Option<String> {
    let mut fitting = files
        .iter()
        .filter(|file| fits(file, package, search.rules.target, search));
    let digest = fitting
        .find_map(|file| search.rules.hashes.digest_of(file))?
        .to_hex();
    Some(format!(
        "hashes are checked: if you trust it, add the line `{package}=={version} --hash=sha256:{digest}` to the requirements"
    ))
}

/// What a release has for a target, of which it has something.
fn kind_for(
    files: &[DistributionFile],
    package: &PackageName,
    tags: &CompatibleTags,
    search: &Search<'_>,
) -> &'static str {
    let takes_wheels = search.problem.providers.of(package).allows(&Provider::Wheel);
    if takes_wheels && has_wheel_for(files, package, tags) {
        "a wheel"
    } else {
        "a source distribution"
    }
}

/// The kind of file that the provider list leaves out, where there is one.
fn other_provider(
    package: &PackageName,
    files: Vec<DistributionFile>,
    search: &Search<'_>,
    trials: &Trials<'_, '_>,
) -> Option<String> {
    let in_time = |file: &DistributionFile| {
        let limit = search.rules.exclude_newer;
        limit.is_none_or(|limit| file.upload_time.is_some_and(|time| time < limit))
    };
    let files: Vec<DistributionFile> = files.into_iter().filter(in_time).collect();
    let providers = search.problem.providers.of(package);
    let (how, kind) = if has_sdist(&files, package) && !providers.allows(&Provider::Sdist) {
        ("build it from source", Provider::Sdist)
    } else if has_wheel_for(&files, package, &search.rules.tags) && !providers.allows(&Provider::Wheel) {
        ("take its wheel", Provider::Wheel)
    } else {
        return None;
    };
    let list = format!("{providers},{kind}");
    let change = Change::Providers(package, list.parse().ok()?);
    trials
        .may_help(&change)
        .then(|| format!("{how}: `--provider {package}={list}`"))
}

/// The earliest day that lets a version in.
fn later_limit(
    package: &PackageName,
    versions: &[Version],
    search: &Search<'_>,
    trials: &Trials<'_, '_>,
) -> Option<String> {
    let candidates = search.candidates(package).ok()?;
    let times = versions
        .iter()
        .flat_map(|version| candidates.files_of(version))
        .filter(|file| fits(file, package, search.rules.target, search));
    let earliest = day(times.filter_map(|file| file.upload_time).min()?);
    let change = Change::ExcludeNewer(earliest.parse().ok()?);
    trials
        .may_help(&change)
        .then(|| format!("move the date limit: `--exclude-newer {earliest}`"))
}

/// A marker for a package of another operating system, on the one requirement of the user that leads to it.
fn marker(
    package: &PackageName,
    files: &[DistributionFile],
    facts: &[Fact],
    search: &Search<'_>,
    trials: &Trials<'_, '_>,
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
    if !trials.may_help(&Change::Drop(root)) {
        return None;
    }
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
