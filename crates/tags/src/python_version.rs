use std::fmt;
use std::str::FromStr;

/// The version of a CPython interpreter, such as `3.11` or `3.12.7`.
///
/// Wheel tags depend only on the first two numbers; the patch number, if given, determines `python_full_version` in
/// markers. A version without a patch number sorts before the same version with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PythonVersion {
    major: u8,
    minor: u8,
    patch: Option<u8>,
}

impl PythonVersion {
    /// The oldest supported version: before it, the ABI depended on the width of characters.
    pub const OLDEST: Self = Self {
        major: 3,
        minor: 3,
        patch: None,
    };

    /// `3.minor`, or `None` if it is older than [`PythonVersion::OLDEST`].
    #[must_use]
    pub const fn python3(minor: u8) -> Option<Self> {
        if minor < Self::OLDEST.minor {
            return None;
        }
        Some(Self {
            major: 3,
            minor,
            patch: None,
        })
    }

    /// The first number, currently always 3.
    #[must_use]
    pub const fn major(self) -> u8 {
        self.major
    }

    /// The second number: 12 in 3.12.7.
    #[must_use]
    pub const fn minor(self) -> u8 {
        self.minor
    }

    /// The third number, if it was given: 7 in 3.12.7.
    #[must_use]
    pub const fn patch(self) -> Option<u8> {
        self.patch
    }

    /// The version without its patch number.
    #[must_use]
    pub const fn without_patch(self) -> Self {
        Self { patch: None, ..self }
    }
}

impl fmt::Display for PythonVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        match self.patch {
            Some(patch) => write!(f, ".{patch}"),
            None => Ok(()),
        }
    }
}

impl FromStr for PythonVersion {
    type Err = ParsePythonVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).map_err(|fault| ParsePythonVersionError {
            input: text.to_owned(),
            fault,
        })
    }
}

fn parse(text: &str) -> Result<PythonVersion, Fault> {
    if text.starts_with(['<', '>', '=', '!', '~', '^']) || text.contains([',', '*']) {
        return Err(Fault::Range);
    }
    // Nix users know the attribute names of nixpkgs (`python312`).
    if let Some(digits) = text.strip_prefix("python3").or_else(|| text.strip_prefix("cp3")) {
        let minor = digits.trim_start_matches('.');
        return Err(Fault::Prefixed {
            suggestion: if minor.is_empty() {
                "3.12".into()
            } else {
                format!("3.{minor}")
            },
        });
    }
    if text.ends_with('t') && text[..text.len() - 1].split('.').all(is_number) {
        return Err(Fault::FreeThreaded);
    }
    let parts: Vec<&str> = text.split('.').collect();
    if !parts.iter().all(|part| is_number(part)) {
        return Err(Fault::NotNumbers);
    }
    let (major, minor, patch) = match parts[..] {
        ["3"] => return Err(Fault::NoMinor),
        [_] => return Err(Fault::NotNumbers),
        [major, minor] => (major, minor, None),
        [major, minor, patch] => (major, minor, Some(patch)),
        _ => return Err(Fault::TooManyNumbers),
    };
    let number = |text: &str| text.parse::<u8>().map_err(|_| Fault::NoSuchVersion);
    let version = PythonVersion {
        major: number(major)?,
        minor: number(minor)?,
        patch: patch.map(number).transpose()?,
    };
    match version.major {
        3 if version.without_patch() >= PythonVersion::OLDEST => Ok(version),
        0..=3 => Err(Fault::TooOld),
        _ => Err(Fault::NoSuchVersion),
    }
}

/// Rejects signs and leading zeros: `3.07` is more likely a mistake than 3.7.
fn is_number(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'))
}

/// An invalid or unsupported version of CPython.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("python version `{input}` {fault}")]
pub struct ParsePythonVersionError {
    input: String,
    fault: Fault,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error("has no minor number; write both, like `3.12`")]
    NoMinor,
    #[error("has more than three numbers; write it like `3.12` or `3.12.7`")]
    TooManyNumbers,
    #[error("is not two or three plain numbers; write it like `3.12` or `3.12.7`")]
    NotNumbers,
    #[error("is a range, and a target has one version; write it like `3.12`")]
    Range,
    #[error("is a name, not a version; write `{suggestion}`")]
    Prefixed { suggestion: String },
    #[error("is the free-threaded build, which is not supported; remove the `t`")]
    FreeThreaded,
    #[error("is too old; the oldest supported one is {}", PythonVersion::OLDEST)]
    TooOld,
    #[error("does not exist; write it like `3.12` or `3.12.7`")]
    NoSuchVersion,
}
