//! Summaries of the reasons why versions are not usable.

use mach_nix_model::{PackageName, Provider, ProviderPreference, Timestamp, Version};

use super::wheels::wheel_span;
use crate::fact::ReleaseFiles;
use crate::refusal::Refusal;
use crate::unusable::{Group, Unusable, by_reason};

/// A short form of ascending versions: one, a few, or a range.
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

/// The reasons why the versions of a package are not usable, one line each.
pub fn reasons(
    package: &PackageName,
    versions: &[(Version, Unusable)],
    files: &[(Version, ReleaseFiles)],
    refusal: &Refusal,
) -> Vec<String> {
    let described = |group: &Group<'_>| {
        let newest = group.versions.last();
        let found = files.iter().find(|(version, _)| Some(version) == newest);
        let none = ReleaseFiles::default();
        let detail = detail(package, group, found.map_or(&none, |(_, files)| files), refusal);
        format!("{package} {}: {detail}", span(&group.versions))
    };
    by_reason(versions).iter().map(described).collect()
}

/// The reasons in one line, for a package with other usable versions that matter more.
pub fn reasons_in_short(
    package: &PackageName,
    versions: &[(Version, Unusable)],
    providers: &ProviderPreference,
) -> Option<String> {
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
        Unusable::Conda(_) => "conda's builds are not for this target",
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

/// The details of a reason: of wheels and dates, with the files of the newest version.
fn detail(package: &PackageName, group: &Group<'_>, files: &ReleaseFiles, refusal: &Refusal) -> String {
    let target = refusal.target;
    let several = group.versions.len() > 1;
    match group.reason {
        Unusable::Tags => {
            let sdist = if files.has_sdist {
                "; there is a source distribution"
            } else {
                ""
            };
            let wheels = wheel_span(files, target.system);
            format!("no wheel for {target}; its wheels are for {wheels}{sdist}")
        }
        Unusable::TooNew => too_new(several, files, refusal.limits.of(package)),
        Unusable::Python(demand) if !group.uniform => format!(
            "for other Pythons, the newest for {demand}, and the target has {}",
            target.python
        ),
        Unusable::Yanked(_) if !group.uniform => format!("yanked; of the newest: {}", group.reason),
        Unusable::Python(demand) => format!("for Python {demand}, and the target has {}", target.python),
        Unusable::Prerelease if several => "pre-releases".to_owned(),
        Unusable::Conda(_) if !group.uniform => format!("of conda's newest build: {}", group.reason),
        Unusable::Conda(reason) => format!("of conda's builds: {reason}"),
        Unusable::NoFile => match (files.has_wheel(), files.has_sdist) {
            (true, false) => "no source distribution, only wheels".to_owned(),
            (false, true) => "no wheel, only a source distribution".to_owned(),
            _ => group.reason.to_string(),
        },
        other => other.to_string(),
    }
}

fn too_new(several: bool, files: &ReleaseFiles, limit: Option<Timestamp>) -> String {
    let limit = limit.map(Timestamp::as_limit).unwrap_or_default();
    let Some(first) = files.uploaded else {
        return "the index does not list its upload time, and there is a date limit".to_owned();
    };
    if several {
        return format!("uploaded after the date limit {limit}");
    }
    let day = first.day();
    // The day suffices if the limit is another day.
    let uploaded = if limit.starts_with(&day) {
        first.to_string()
    } else {
        day
    };
    format!("uploaded on {uploaded}, after the date limit {limit}")
}
