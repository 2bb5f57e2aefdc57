//! The platform tags of each Nix system, best first.

use crate::NixSystem;

/// The newest glibc that wheels may require, as (major, minor).
///
/// nixpkgs 24.11 to 25.11 have glibc 2.40, and 26.05 has 2.42 ([NixOS/nixpkgs#379542]). The lower one is used: a lock
/// must have the same result with each of them, and a wheel that requires more would load with some and fail with the
/// others.
///
/// [NixOS/nixpkgs#379542]: https://github.com/NixOS/nixpkgs/pull/379542
pub const GLIBC: (u8, u8) = (2, 40);

/// The newest macOS that wheels may require, as (major, minor), on both processors.
///
/// The oldest macOS supported by nixpkgs since 25.11 (its [release notes]).
///
/// [release notes]: https://github.com/NixOS/nixpkgs/blob/master/doc/release-notes/rl-2511.section.md
pub const MACOS: (u8, u8) = (14, 0);

/// The platform tags that `system` supports, best first, in the order of `packaging.tags` 26.3 and newer: wheels for
/// the plain system precede manylinux ones, because they are offered on purpose (PyPI does not accept them).
pub(crate) fn platform_tags(system: NixSystem) -> Vec<Box<str>> {
    let machine = system.machine();
    let tags = if system.is_linux() {
        linux(machine)
    } else {
        macos(machine)
    };
    tags.into_iter().map(String::into_boxed_str).collect()
}

fn linux(machine: &str) -> Vec<String> {
    // PEP 599 is the first profile that supports processors other than Intel's.
    let oldest_minor = if machine == "x86_64" { 5 } else { 17 };
    let mut tags = vec![format!("linux_{machine}")];
    let (major, newest_minor) = GLIBC;
    for minor in (oldest_minor..=newest_minor).rev() {
        tags.push(format!("manylinux_{major}_{minor}_{machine}"));
        if let Some(alias) = legacy_alias(minor) {
            tags.push(format!("{alias}_{machine}"));
        }
    }
    tags
}

/// The name of a profile before PEP 600 introduced names based on the version of glibc.
fn legacy_alias(glibc_minor: u8) -> Option<&'static str> {
    match glibc_minor {
        5 => Some("manylinux1"),
        12 => Some("manylinux2010"),
        17 => Some("manylinux2014"),
        _ => None,
    }
}

fn macos(machine: &str) -> Vec<String> {
    // Names of multi-architecture binaries from different eras; most specific first.
    let formats: &[&str] = match machine {
        "x86_64" => &["x86_64", "intel", "fat64", "fat3", "universal2", "universal"],
        _ => &["arm64", "universal2"],
    };
    // Before macOS 11 there was no Apple silicon, but the Intel half of a universal2 wheel may be older.
    let formats_before_11: &[&str] = if machine == "x86_64" {
        formats
    } else {
        &["universal2"]
    };

    // From 11 on, the second number is an update, which is 0 in tags.
    let new = (11..=MACOS.0).rev().map(|major| (major, 0, formats));
    // 10.16 is the version that macOS 11 reports to older programs; 10.4 is the first one on Intel.
    let old = (4..=16).rev().map(|minor| (10, minor, formats_before_11));
    new.chain(old)
        .flat_map(|(major, minor, formats)| {
            formats
                .iter()
                .map(move |format| format!("macosx_{major}_{minor}_{format}"))
        })
        .collect()
}
