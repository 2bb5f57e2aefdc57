//! What the files of a release are for.

use mach_nix_model::{DistributionFile, FileKind, PackageName, Provider, Target, specifier};
use mach_nix_tags::{CompatibleTags, NixSystem, PythonVersion, WheelFilename};

use crate::search::Search;

/// Whether a source distribution is among the files of a release.
pub fn has_sdist(files: &[DistributionFile], package: &PackageName) -> bool {
    let kinds = files.iter().map(|file| FileKind::of(&file.filename, package));
    kinds.flatten().any(|kind| matches!(kind, FileKind::Sdist(_)))
}

/// Whether a wheel is among the files of a release.
pub fn has_wheel(files: &[DistributionFile], package: &PackageName) -> bool {
    wheels(files, package).next().is_some()
}

/// Whether a wheel that fits the target is among the files of a release.
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

/// Whether a file can be used for a target, apart from its date and standing: its wheel tags and its Python versions fit,
/// and the provider list allows its kind.
pub fn fits(file: &DistributionFile, package: &PackageName, target: Target, search: &Search<'_>) -> bool {
    let providers = search.problem.providers.of(package);
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

/// The other Python versions for which one of the files can be used, the nearest first, and newer ones first among equally
/// near ones.
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

/// The same operating system on the other kind of machine, if one of the files can be used there.
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

/// For wheels of which none is for the target's operating system: where they are for, with the marker that says so.
pub fn elsewhere(
    files: &[DistributionFile],
    package: &PackageName,
    system: NixSystem,
) -> Option<(&'static str, &'static str)> {
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
    match systems.as_slice() {
        ["Windows"] => Some(("on Windows only", "sys_platform == 'win32'")),
        ["macOS"] => Some(("on macOS only", "sys_platform == 'darwin'")),
        ["Linux"] => Some(("on Linux only", "sys_platform == 'linux'")),
        _ if system.is_darwin() => Some(("everywhere but on macOS", "sys_platform != 'darwin'")),
        _ => Some(("everywhere but on Linux", "sys_platform != 'linux'")),
    }
}

/// The Python and platform tags of a release's wheels, in few words. Machines are named where the target's operating
/// system is among the platforms and its machine is not.
pub fn wheel_span(files: &[DistributionFile], package: &PackageName, target: NixSystem) -> String {
    let mut pythons = Vec::new();
    let mut platforms = Vec::new();
    for wheel in wheels(files, package) {
        pythons.extend(wheel.python().iter().map(str::to_owned));
        platforms.extend(wheel.platform().iter().map(str::to_owned));
    }
    pythons.sort_by_key(|tag| (tag.len(), tag.clone()));
    pythons.dedup();
    let here = if target.is_darwin() { "macOS" } else { "Linux" };
    let machines: Vec<Option<&str>> = platforms
        .iter()
        .filter(|tag| system_of(tag) == here)
        .map(|tag| machine_of(tag))
        .collect();
    let ours = |machine: Option<&str>| {
        machine
            .is_none_or(|name| name == target.machine() || (name, target.machine()) == ("arm64", "aarch64"))
    };
    let name_machines = !machines.is_empty() && !machines.iter().copied().any(ours);
    let mut systems: Vec<String> = platforms
        .iter()
        .map(|tag| match (system_of(tag), machine_of(tag)) {
            (system, Some(machine)) if name_machines => format!("{system} ({machine})"),
            (system, _) => system.to_owned(),
        })
        .collect();
    systems.sort_unstable();
    systems.dedup();
    format!("{} on {}", pythons.join(", "), systems.join(", "))
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

/// The machine at the end of a platform tag; none where the tag is for several.
fn machine_of(platform: &str) -> Option<&'static str> {
    const MACHINES: [&str; 9] = [
        "x86_64", "aarch64", "arm64", "i686", "armv7l", "armv6l", "ppc64le", "s390x", "riscv64",
    ];
    MACHINES
        .into_iter()
        .find(|machine| platform.ends_with(&format!("_{machine}")))
}
