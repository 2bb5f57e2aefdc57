use std::fmt;
use std::str::FromStr;

/// A supported system, by its name in Nix.
///
/// Ordered as in [`NixSystem::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NixSystem {
    /// `x86_64-linux`
    X86_64Linux,
    /// `aarch64-linux`
    Aarch64Linux,
    /// `x86_64-darwin`: macOS on Intel
    X86_64Darwin,
    /// `aarch64-darwin`: macOS on Apple silicon
    Aarch64Darwin,
}

impl NixSystem {
    /// Every supported system.
    pub const ALL: [Self; 4] = [
        Self::X86_64Linux,
        Self::Aarch64Linux,
        Self::X86_64Darwin,
        Self::Aarch64Darwin,
    ];

    /// The name in Nix, such as `x86_64-linux`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::X86_64Linux => "x86_64-linux",
            Self::Aarch64Linux => "aarch64-linux",
            Self::X86_64Darwin => "x86_64-darwin",
            Self::Aarch64Darwin => "aarch64-darwin",
        }
    }

    /// The processor in Python's `platform.machine()` and in wheel tags: 64-bit ARM is `aarch64` on Linux and `arm64`
    /// on macOS.
    #[must_use]
    pub const fn machine(self) -> &'static str {
        match self {
            Self::X86_64Linux | Self::X86_64Darwin => "x86_64",
            Self::Aarch64Linux => "aarch64",
            Self::Aarch64Darwin => "arm64",
        }
    }

    /// Whether the system is Linux; otherwise it is macOS.
    #[must_use]
    pub const fn is_linux(self) -> bool {
        matches!(self, Self::X86_64Linux | Self::Aarch64Linux)
    }

    /// Whether the system is macOS.
    #[must_use]
    pub const fn is_darwin(self) -> bool {
        !self.is_linux()
    }
}

impl fmt::Display for NixSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for NixSystem {
    type Err = ParseNixSystemError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|system| system.as_str() == text)
            .ok_or_else(|| ParseNixSystemError {
                input: text.to_owned(),
            })
    }
}

/// A text that names no supported system.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unsupported system `{input}`; use one of {}", NixSystem::ALL.map(NixSystem::as_str).join(", "))]
pub struct ParseNixSystemError {
    input: String,
}
