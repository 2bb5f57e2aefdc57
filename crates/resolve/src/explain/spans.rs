//! Many versions in few words.

use mach_nix_model::{DistributionFile, FileKind, PackageName, Version};

use crate::candidates::Unusable;
use crate::search::Search;

/// Ascending versions as a person would say them: one, a few, or from – to.
pub fn span(versions: &[Version]) -> String {
    match versions {
        [] => String::new(),
        [only] => only.to_string(),
        [first, .., last] if versions.len() > 3 => format!("{first} to {last}"),
        several => {
            let texts: Vec<String> = several.iter().map(ToString::to_string).collect();
            texts.join(", ")
        }
    }
}

/// Why the versions of a package cannot be used, a line per reason.
pub fn reasons(package: &PackageName, versions: &[(Version, Unusable)], search: &Search<'_>) -> Vec<String> {
    let mut groups: Vec<(&Unusable, Vec<Version>)> = Vec::new();
    for (version, unusable) in versions {
        match groups.iter_mut().find(|(known, _)| *known == unusable) {
            Some((_, group)) => group.push(version.clone()),
            None => groups.push((unusable, vec![version.clone()])),
        }
    }
    // The reason of the newest versions matters most.
    groups.sort_by(|(_, a), (_, b)| b.last().cmp(&a.last()));
    let described = |(unusable, versions): &(&Unusable, Vec<Version>)| {
        let detail = versions
            .last()
            .and_then(|newest| detail(package, newest, unusable, search));
        format!(
            "{package} {}: {}",
            span(versions),
            detail.unwrap_or_else(|| unusable.to_string())
        )
    };
    groups.iter().map(described).collect()
}

/// What the files of a version are for, where the target is not among it.
fn detail(
    package: &PackageName,
    version: &Version,
    unusable: &Unusable,
    search: &Search<'_>,
) -> Option<String> {
    let candidates = search.candidates(package).ok()?;
    let files = candidates.files_of(version);
    let target = search.rules.target;
    match unusable {
        Unusable::Tags => {
            let sdist = if has_sdist(&files, package) {
                "; there is a source distribution"
            } else {
                ""
            };
            Some(format!(
                "no wheel for {target}; its wheels are for {}{sdist}",
                wheel_span(&files, package)
            ))
        }
        Unusable::TooNew => {
            let limit = search.rules.exclude_newer?;
            Some(format!(
                "uploaded after {limit}, or at a time the index does not say"
            ))
        }
        Unusable::Python(demand) => Some(format!("needs Python {demand}, and the target is {target}")),
        _ => None,
    }
}

/// Whether a source distribution is among the files of a release.
pub fn has_sdist(files: &[DistributionFile], package: &PackageName) -> bool {
    let kinds = files.iter().map(|file| FileKind::of(&file.filename, package));
    kinds.flatten().any(|kind| matches!(kind, FileKind::Sdist(_)))
}

/// The Python and platform tags of a release's wheels, in few words.
fn wheel_span(files: &[DistributionFile], package: &PackageName) -> String {
    let mut pythons = Vec::new();
    let mut platforms = Vec::new();
    for file in files {
        let Some(FileKind::Wheel(wheel)) = FileKind::of(&file.filename, package) else {
            continue;
        };
        pythons.extend(wheel.python().iter().map(str::to_owned));
        platforms.extend(wheel.platform().iter().map(system_of));
    }
    pythons.sort_by_key(|tag| (tag.len(), tag.clone()));
    pythons.dedup();
    platforms.sort_unstable();
    platforms.dedup();
    format!("{} on {}", pythons.join(", "), platforms.join(", "))
}

fn system_of(platform: &str) -> &'static str {
    match platform {
        "any" => "any system",
        tag if tag.starts_with("musllinux") => "musl Linux",
        tag if tag.contains("linux") => "Linux",
        tag if tag.starts_with("macosx") => "macOS",
        tag if tag.starts_with("win") => "Windows",
        _ => "other systems",
    }
}
