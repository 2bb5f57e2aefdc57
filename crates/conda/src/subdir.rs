//! Subdirs: the folders of a channel ([CEP 26](https://conda.org/learn/ceps/cep-0026/)).

use std::fmt;
use std::str::FromStr;

use mach_nix_tags::NixSystem;

/// A folder of a channel: the packages of one system, or those of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subdir {
    /// `noarch`: packages that are the same on every system.
    Noarch,
    /// `linux-64`
    Linux64,
    /// `linux-aarch64`
    LinuxAarch64,
    /// `osx-64`
    Osx64,
    /// `osx-arm64`
    OsxArm64,
}

/// A text that is not a subdir of a supported system.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a subdir of a supported system, which are linux-64, linux-aarch64, osx-64, osx-arm64 and noarch", .0.escape_debug())]
pub struct SubdirError(String);

impl Subdir {
    /// Every supported subdir.
    pub const ALL: [Self; 5] = [
        Self::Noarch,
        Self::Linux64,
        Self::LinuxAarch64,
        Self::Osx64,
        Self::OsxArm64,
    ];

    /// The subdir of a system. Its packages and those of [`Subdir::Noarch`] can be installed on it.
    #[must_use]
    pub const fn of(system: NixSystem) -> Self {
        match system {
            NixSystem::X86_64Linux => Self::Linux64,
            NixSystem::Aarch64Linux => Self::LinuxAarch64,
            NixSystem::X86_64Darwin => Self::Osx64,
            NixSystem::Aarch64Darwin => Self::OsxArm64,
        }
    }

    /// The system whose packages these are; `None` for those of all.
    #[must_use]
    pub const fn system(self) -> Option<NixSystem> {
        match self {
            Self::Noarch => None,
            Self::Linux64 => Some(NixSystem::X86_64Linux),
            Self::LinuxAarch64 => Some(NixSystem::Aarch64Linux),
            Self::Osx64 => Some(NixSystem::X86_64Darwin),
            Self::OsxArm64 => Some(NixSystem::Aarch64Darwin),
        }
    }

    /// The name of the folder.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Noarch => "noarch",
            Self::Linux64 => "linux-64",
            Self::LinuxAarch64 => "linux-aarch64",
            Self::Osx64 => "osx-64",
            Self::OsxArm64 => "osx-arm64",
        }
    }
}

impl FromStr for Subdir {
    type Err = SubdirError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|subdir| subdir.as_str() == text);
        known.ok_or_else(|| SubdirError(text.chars().take(64).collect()))
    }
}

impl fmt::Display for Subdir {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
