//! What would help: each suggestion was tried against the index before it is made.

use mach_nix_model::{FileKind, PackageName, Provider, Target, Version};
use mach_nix_tags::{CompatibleTags, PythonVersion};

use super::names::similar_name;
use super::spans::has_sdist;
use super::{contested, stuck};
use crate::candidates::Unusable;
use crate::refusal::Fact;
use crate::search::Search;

/// Suggestions, the most promising first.
pub fn help(facts: &[Fact], search: &Search<'_>) -> Vec<String> {
    for fact in facts {
        if let Fact::Unknown { package } = fact {
            return vec![unknown(package)];
        }
    }
    if let Some((package, versions)) = stuck(facts) {
        let mut help = for_unusable(package, versions, search);
        if contested(facts).contains(&package) {
            help.push(format!("loosen one of the requirements on `{package}`"));
        }
        if !help.is_empty() {
            return help;
        }
    }
    let own: Vec<&str> = facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::Asked { texts, .. } => Some(texts),
            _ => None,
        })
        .flatten()
        .map(String::as_str)
        .collect();
    match own.as_slice() {
        [] => Vec::new(),
        [only] => vec![format!("change or drop {only}")],
        several => vec![format!("loosen or drop one of: {}", several.join("; "))],
    }
}

fn unknown(package: &PackageName) -> String {
    match similar_name(package.as_ref()) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => "check the spelling; a private package needs its index: `--extra-index-url URL`".to_owned(),
    }
}

fn for_unusable(package: &PackageName, versions: &[(Version, Unusable)], search: &Search<'_>) -> Vec<String> {
    let Ok(candidates) = search.candidates(package) else {
        return Vec::new();
    };
    let Some((newest, reason)) = versions.last() else {
        return Vec::new();
    };
    let mut help = Vec::new();
    let usable = |slot: &u32| candidates.file(*slot, &search.rules).is_ok();
    let newer = (0..candidates.len())
        .filter(|slot| candidates.version(*slot) > newest)
        .find(usable);
    let older = (0..candidates.len())
        .rev()
        .filter(|slot| candidates.version(*slot) < newest)
        .find(usable);
    if let Some(slot) = newer.or(older) {
        let version = candidates.version(slot);
        let word = if newer.is_some() { "newer" } else { "older" };
        help.push(format!(
            "ask for a {word} version: `{package}=={version}` is usable here"
        ));
    }
    match reason {
        Unusable::Tags | Unusable::Python(_) => {
            if let Some(python) = other_python(package, newest, search) {
                help.push(format!(
                    "use another Python: {newest} has a wheel for `--python {python}`"
                ));
            }
        }
        Unusable::Prerelease => help.push("allow pre-releases: `--prerelease allow`".to_owned()),
        Unusable::TooNew => help.push("move the date limit: `--exclude-newer`".to_owned()),
        Unusable::Yanked(_) => {
            help.push(format!(
                "take the withdrawn version all the same: `{package}=={newest}`"
            ));
        }
        Unusable::Hash => help.push(format!(
            "hashes are checked: add `{package}=={newest}` with its `--hash=sha256:…` to the requirements, if you trust it"
        )),
        Unusable::NoFile => {}
    }
    let from_source = has_sdist(&candidates.files_of(newest), package);
    if from_source && !search.problem.providers.of(package).allows(&Provider::Sdist) {
        help.push(format!(
            "build it from source: `--provider {package}=wheel,sdist`"
        ));
    }
    help
}

/// The nearest Python version for which this version has a wheel, newer ones first among equally near ones.
fn other_python(package: &PackageName, version: &Version, search: &Search<'_>) -> Option<PythonVersion> {
    let candidates = search.candidates(package).ok()?;
    let files = candidates.files_of(version);
    let Target { python, system } = search.rules.target;
    let mut others: Vec<PythonVersion> = (8..=15).filter_map(PythonVersion::python3).collect();
    others.retain(|other| other.minor() != python.minor());
    others.sort_by_key(|other| {
        (
            other.minor().abs_diff(python.minor()),
            std::cmp::Reverse(other.minor()),
        )
    });
    others.into_iter().find(|other| {
        let tags = CompatibleTags::for_target(*other, system);
        files
            .iter()
            .any(|file| match FileKind::of(&file.filename, package) {
                Some(FileKind::Wheel(wheel)) => tags.compatibility(&wheel).is_some(),
                _ => false,
            })
    })
}
