use pep440_rs::VersionParseError;

/// A file name that is not that of a wheel or sdist, or not of the expected project.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("file name `{file_name}` {fault}")]
pub struct FilenameError {
    file_name: Box<str>,
    fault: FilenameFault,
}

impl FilenameError {
    pub(crate) fn new(file_name: &str, fault: FilenameFault) -> Self {
        Self {
            file_name: file_name.into(),
            fault,
        }
    }

    /// The whole file name.
    #[must_use]
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// The problem.
    #[must_use]
    pub const fn fault(&self) -> &FilenameFault {
        &self.fault
    }
}

/// The problem of a file name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilenameFault {
    /// It contains a slash, a space or a similar character.
    #[error("contains {character:?}; give the bare, decoded name of the file, not its path or URL")]
    Character {
        /// The first such character.
        character: char,
    },
    /// It does not end in `.whl`.
    #[error("is not that of a wheel; a wheel ends in `.whl`")]
    NotAWheel,
    /// It does not have the extension of a source archive.
    #[error(
        "is not that of an sdist; an sdist ends in {}",
        crate::SdistFormat::expected()
    )]
    NotAnSdist,
    /// A wheel's name has too few or too many parts.
    #[error(
        "has {found} parts where a wheel has 5 or 6; rename it to `name-version(-build)-python-abi-platform.whl`"
    )]
    PartCount {
        /// Number of parts between dashes.
        found: usize,
    },
    /// Its project name is malformed.
    #[error("has the malformed project name `{name}`; use letters, digits, dots and single `_` only")]
    Name {
        /// The first part of the file name.
        name: Box<str>,
    },
    /// Its version does not conform to PEP 440.
    #[error("has a malformed version: {}; rename it to a version of PEP 440", one_line(.0))]
    Version(VersionParseError),
    /// Its build tag is malformed.
    #[error("has the malformed build tag `{build}`; a build tag starts with a number of at most 64 bits")]
    BuildTag {
        /// The third of six parts.
        build: Box<str>,
    },
    /// One of the last three parts has an empty tag, or a Python tag that is not an identifier.
    #[error("has the malformed tag `{tags}`; tags look like `py3`, or `cp311.cp312` where there are several")]
    Tags {
        /// The part with the fault.
        tags: Box<str>,
    },
    /// The file name of the sdist is that of another project.
    #[error("does not belong to project `{expected}`; expected `{expected}-<version>` and an ending")]
    OtherProject {
        /// The name of the expected project, in normal form.
        expected: Box<str>,
    },
}

/// Joins the lines of a message from `pep440_rs`.
fn one_line(error: &VersionParseError) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Rejects characters that would make the name a path or a URL, or unprintable.
pub(crate) fn check_characters(file_name: &str) -> Result<(), FilenameFault> {
    let stray = |character: &char| matches!(character, '/' | '\\' | '%') || !character.is_ascii_graphic();
    match file_name.chars().find(stray) {
        Some(character) => Err(FilenameFault::Character { character }),
        None => Ok(()),
    }
}
