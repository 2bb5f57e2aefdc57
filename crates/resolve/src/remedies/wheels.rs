//! The targets of a release's files.

use mach_nix_model::{DistributionFile, FileKind, PackageName, Provider, Target, specifier};
use mach_nix_tags::{CompatibleTags, NixSystem, PythonVersion, WheelFilename};

use crate::platform::system_of;
use crate::remedy::OtherSystems;
use crate::search::Search;

/// Whether the files of a release include a source distribution.
pub fn has_sdist(files: &[DistributionFile], package: &PackageName) -> bool {
    let kinds = files.iter().map(|file| FileKind::of(&file.filename, package));
    kinds.flatten().any(|kind| matches!(kind, FileKind::Sdist(_)))
}

/// Whether the files of a release include a wheel for the target.
pub fn has_wheel_for(files: &[DistributionFile], package: &PackageName, tags: &CompatibleTags) -> bool {
    wheels(files, package).any(|wheel| tags.compatibility(&wheel).is_some())
}

fn wheels(files: &[DistributionFile], package: &PackageName) -> impl Iterator<Item = WheelFilename> {
    files
        .iter()
        .filter_map(|file| match FileKind::of(&file.filename, package) {
            Some(FileKind::Wheel(wheel)) => Some(wheel),
            _ => None,
        })
}

/// Whether a file is usable for a target, apart from its date and being yanked: its wheel tags and Python versions fit,
/// and the provider list allows its kind.
pub fn fits(file: &DistributionFile, package: &PackageName, target: Target, search: &Search<'_>) -> bool {
    let providers = search.problem.policy.providers.of(package);
    let right_kind = match FileKind::of(&file.filename, package) {
        Some(FileKind::Wheel(wheel)) => {
            let tags = CompatibleTags::for_target(target.python, target.system);
            providers.allows(&Provider::Wheel) && tags.compatibility(&wheel).is_some()
        }
        Some(FileKind::Sdist(_)) => providers.allows(&Provider::Sdist),
        None => false,
    };
    right_kind
        && file.python_demand().is_none_or(|demand| {
            let full = target.marker_environment().python_full_version().version.clone();
            specifier::matches_all(&demand, &full)
        })
}

/// The other Python versions for which one of the files is usable, by distance, newer ones first at equal distance.
pub fn other_pythons(
    files: &[DistributionFile],
    package: &PackageName,
    search: &Search<'_>,
) -> Vec<PythonVersion> {
    let Target { python, system } = search.rules.target;
    let mut others: Vec<PythonVersion> = (8..=15).filter_map(PythonVersion::python3).collect();
    others.retain(|other| other.minor() != python.minor());
    others.sort_by_key(|other| {
        (
            other.minor().abs_diff(python.minor()),
            std::cmp::Reverse(other.minor()),
        )
    });
    others.retain(|other| {
        let target = Target {
            python: *other,
            system,
        };
        files.iter().any(|file| fits(file, package, target, search))
    });
    others
}

/// The same operating system on the other machine, if one of the files is usable there.
pub fn other_machine(
    files: &[DistributionFile],
    package: &PackageName,
    search: &Search<'_>,
) -> Option<NixSystem> {
    let Target { python, system } = search.rules.target;
    let mut others = NixSystem::ALL
        .into_iter()
        .filter(|other| *other != system && other.is_linux() == system.is_linux());
    others.find(|other| {
        let target = Target {
            python,
            system: *other,
        };
        files.iter().any(|file| fits(file, package, target, search))
    })
}

/// The operating systems of wheels, if none is for that of the target.
pub fn elsewhere(
    files: &[DistributionFile],
    package: &PackageName,
    system: NixSystem,
) -> Option<OtherSystems> {
    let mut systems: Vec<&'static str> = wheels(files, package)
        .flat_map(|wheel| wheel.platform().iter().map(system_of).collect::<Vec<_>>())
        .map(|name| if name == "musl Linux" { "Linux" } else { name })
        .collect();
    systems.sort_unstable();
    systems.dedup();
    let here = if system.is_darwin() { "macOS" } else { "Linux" };
    if systems.is_empty() || systems.contains(&here) || systems.contains(&"any system") {
        return None;
    }
    Some(match systems.as_slice() {
        ["Windows"] => OtherSystems::Windows,
        ["macOS"] => OtherSystems::MacOs,
        ["Linux"] => OtherSystems::Linux,
        _ if system.is_darwin() => OtherSystems::NotMacOs,
        _ => OtherSystems::NotLinux,
    })
}

/// The kind of file that a release has for a target; it must have one.
pub fn kind_for(
    files: &[DistributionFile],
    package: &PackageName,
    tags: &CompatibleTags,
    search: &Search<'_>,
) -> Provider {
    let providers = search.problem.policy.providers.of(package);
    if providers.allows(&Provider::Wheel) && has_wheel_for(files, package, tags) {
        Provider::Wheel
    } else {
        Provider::Sdist
    }
}
