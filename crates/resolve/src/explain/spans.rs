//! Many versions in few words.

use mach_nix_model::{DistributionFile, PackageName, Provider, Timestamp, Version};

use super::wheels::{has_sdist, has_wheel, wheel_span};
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

/// Versions that cannot be used for the same kind of reason.
pub struct Group<'a> {
    /// That of the newest.
    pub reason: &'a Unusable,
    /// The versions, ascending.
    pub versions: Vec<Version>,
    /// Whether it is word for word the reason of all.
    pub uniform: bool,
}

/// Versions grouped by the kind of reason for which they cannot be used, the group of the newest version first. Each
/// version counts once, with the reason that brought it furthest.
pub fn by_reason(versions: &[(Version, Unusable)]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (at, (version, reason)) in versions.iter().enumerate() {
        // Ascending, so that of the same version's reasons the last is the greatest.
        if versions.get(at + 1).is_some_and(|(next, _)| next == version) {
            continue;
        }
        let kind = std::mem::discriminant(reason);
        let known = groups
            .iter_mut()
            .find(|group| std::mem::discriminant(group.reason) == kind);
        if let Some(group) = known {
            group.uniform &= group.reason == reason;
            group.reason = reason;
            group.versions.push(version.clone());
        } else {
            groups.push(Group {
                reason,
                versions: vec![version.clone()],
                uniform: true,
            });
        }
    }
    groups.sort_by(|a, b| b.versions.last().cmp(&a.versions.last()));
    // Who has newer versions to think about does not look for a pre-release.
    let mut at = 0;
    groups.retain(|group| {
        at += 1;
        at == 1 || *group.reason != Unusable::Prerelease
    });
    groups
}

/// Why the versions of a package cannot be used, a line per reason.
pub fn reasons(package: &PackageName, versions: &[(Version, Unusable)], search: &Search<'_>) -> Vec<String> {
    let described = |group: &Group<'_>| {
        let detail = detail(package, group, search);
        format!("{package} {}: {detail}", span(&group.versions))
    };
    by_reason(versions).iter().map(described).collect()
}

/// The same in one line, where other versions of the package can be used and matter more.
pub fn reasons_in_short(
    package: &PackageName,
    versions: &[(Version, Unusable)],
    search: &Search<'_>,
) -> Option<String> {
    let providers = search.problem.providers.of(package);
    let no_file = match (
        providers.allows(&Provider::Wheel),
        providers.allows(&Provider::Sdist),
    ) {
        (true, false) => "no wheel",
        (false, true) => "no source distribution",
        _ => "no file that can be used",
    };
    let short = |group: &Group<'_>| match group.reason {
        Unusable::Absent => "another provider's",
        Unusable::TooNew => "after the date limit",
        Unusable::NoFile => no_file,
        Unusable::Tags => "no wheel for this target",
        Unusable::Python(_) => "for another Python",
        Unusable::Hash => "no hash that is allowed",
        Unusable::Yanked(_) => "yanked",
        Unusable::Prerelease => "pre-release",
    };
    let groups = by_reason(versions);
    let mut all: Vec<Version> = groups.iter().flat_map(|group| group.versions.clone()).collect();
    all.sort();
    let reasons: Vec<&str> = groups.iter().map(short).collect();
    let count = match all.len() {
        0 => return None,
        1 => "1 other version".to_owned(),
        more => format!("{more} other versions"),
    };
    Some(format!(
        "{count} of {package} ({}) cannot be used: {}",
        span(&all),
        reasons.join(", ")
    ))
}

/// What is the matter with versions: of wheels and dates, with that of the newest one.
fn detail(package: &PackageName, group: &Group<'_>, search: &Search<'_>) -> String {
    let versions = &group.versions;
    let files = match (search.candidates(package), versions.last()) {
        (Ok(candidates), Some(newest)) => candidates.files_of(newest),
        _ => Vec::new(),
    };
    let target = search.rules.target;
    match group.reason {
        Unusable::Tags => {
            let sdist = if has_sdist(&files, package) {
                "; there is a source distribution"
            } else {
                ""
            };
            let wheels = wheel_span(&files, package, target.system);
            format!("no wheel for {target}; its wheels are for {wheels}{sdist}")
        }
        Unusable::TooNew => too_new(versions.len() > 1, &files, search),
        Unusable::Python(demand) if !group.uniform => format!(
            "for other Pythons, the newest for {demand}, and the target has {}",
            target.python
        ),
        Unusable::Yanked(_) if !group.uniform => format!("yanked; of the newest: {}", group.reason),
        Unusable::Python(demand) => format!("for Python {demand}, and the target has {}", target.python),
        Unusable::Prerelease if versions.len() > 1 => "pre-releases".to_owned(),
        Unusable::NoFile => match (has_wheel(&files, package), has_sdist(&files, package)) {
            (true, false) => "no source distribution, only wheels".to_owned(),
            (false, true) => "no wheel, only a source distribution".to_owned(),
            _ => group.reason.to_string(),
        },
        other => other.to_string(),
    }
}

fn too_new(several: bool, files: &[DistributionFile], search: &Search<'_>) -> String {
    let limit = search.rules.exclude_newer;
    let limit_said = limit.map(as_limit).unwrap_or_default();
    let Some(first) = files.iter().filter_map(|file| file.upload_time).min() else {
        return "the index does not say when it was uploaded, and there is a date limit".to_owned();
    };
    if several {
        return format!("uploaded after the date limit {limit_said}");
    }
    let day = day(first);
    // The day says it all where the limit is another day.
    let uploaded = if limit_said.starts_with(&day) {
        first.to_string()
    } else {
        day
    };
    format!("uploaded on {uploaded}, after the date limit {limit_said}")
}

/// The day of an instant, in UTC.
pub fn day(time: Timestamp) -> String {
    let text = time.to_string();
    text.split('T').next().unwrap_or(&text).to_owned()
}

/// A date limit as it was likely written: a day stands for its end ([`Timestamp`]), which is the next day's beginning.
fn as_limit(limit: Timestamp) -> String {
    let text = limit.to_string();
    let Some(end) = text.strip_suffix("T00:00:00Z") else {
        return text;
    };
    day_before(end).unwrap_or(text)
}

/// The day whose end is the beginning of `next`.
fn day_before(next: &str) -> Option<String> {
    let mut parts = next.split('-').map(|part| part.parse::<u32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let before = match (month, day) {
        (1, 1) => (year.checked_sub(1)?, 12, 31),
        (3, 1) => (year, 2, if leap { 29 } else { 28 }),
        (5 | 7 | 10 | 12, 1) => (year, month - 1, 30),
        (_, 1) => (year, month - 1, 31),
        _ => (year, month, day - 1),
    };
    Some(format!("{:04}-{:02}-{:02}", before.0, before.1, before.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_where_the_next_begins() {
        for day in [
            "2026-11-01",
            "2025-12-31",
            "2024-02-29",
            "2100-02-28",
            "2026-04-30",
        ] {
            let limit: Timestamp = day.parse().expect("a day");
            assert_eq!(as_limit(limit), day);
        }
        let instant = "2026-11-01T12:00:00Z";
        assert_eq!(as_limit(instant.parse().expect("an instant")), instant);
    }
}
