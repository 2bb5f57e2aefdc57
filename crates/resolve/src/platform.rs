//! Readable names for the operating systems and machines of platform tags.

/// The operating system of a platform tag.
pub fn system_of(platform: &str) -> &'static str {
    match platform {
        "any" => "any system",
        tag if tag.starts_with("musllinux") => "musl Linux",
        tag if tag.contains("linux") => "Linux",
        tag if tag.starts_with("macosx") => "macOS",
        tag if tag.starts_with("win") => "Windows",
        _ => "other systems",
    }
}

/// The machine at the end of a platform tag; `None` for several machines.
pub fn machine_of(platform: &str) -> Option<&'static str> {
    const MACHINES: [&str; 9] = [
        "x86_64", "aarch64", "arm64", "i686", "armv7l", "armv6l", "ppc64le", "s390x", "riscv64",
    ];
    MACHINES
        .into_iter()
        .find(|machine| platform.ends_with(&format!("_{machine}")))
}
