//! Summaries of the tags of a release's wheels.

use mach_nix_tags::NixSystem;

use crate::fact::ReleaseFiles;
use crate::platform::{machine_of, system_of};

/// The Python and platform tags of a release's wheels. Machines are included if there are wheels for the target's
/// operating system but not for its machine.
pub fn wheel_span(files: &ReleaseFiles, target: NixSystem) -> String {
    let mut pythons = files.pythons.clone();
    pythons.sort_by_key(|tag| (tag.len(), tag.clone()));
    pythons.dedup();
    let here = if target.is_darwin() { "macOS" } else { "Linux" };
    let platforms = &files.platforms;
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
