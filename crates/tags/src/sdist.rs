use std::str::FromStr;

use pep440_rs::Version;

use crate::filename_error::check_characters;
use crate::name::normalizes_to;
use crate::{FilenameError, FilenameFault, SdistFormat};

/// The parsed file name of a source distribution: `name-version` and the extension of its archive.
///
/// ```
/// use mach_nix_tags::SdistFilename;
///
/// let sdist = SdistFilename::parse("python-dateutil-2.8.2-1.tar.gz", "python-dateutil")?;
/// assert_eq!(sdist.version().to_string(), "2.8.2.post1");
/// # Ok::<(), mach_nix_tags::FilenameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SdistFilename {
    name: Box<str>,
    version: Version,
    format: SdistFormat,
}

impl SdistFilename {
    /// Parses `file_name`, which is listed under the project with the given name in normal form.
    ///
    /// The name is needed: PEP 625 came late, and older files have dashes in the name, in the version or in both
    /// (`a-1-1.zip` is version 1 of `a-1`, or `1.post1` of `a`). At most one of the possible splits has the expected
    /// name before it.
    ///
    /// # Errors
    ///
    /// If the extension is unknown, the project differs, or the rest is not a version of PEP 440.
    pub fn parse(file_name: &str, normalized_name: &str) -> Result<Self, FilenameError> {
        parse(file_name, normalized_name).map_err(|fault| FilenameError::new(file_name, fault))
    }

    /// The project name as written in the file name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version.
    #[must_use]
    pub const fn version(&self) -> &Version {
        &self.version
    }

    /// The kind of archive.
    #[must_use]
    pub const fn format(&self) -> SdistFormat {
        self.format
    }
}

fn parse(file_name: &str, normalized_name: &str) -> Result<SdistFilename, FilenameFault> {
    check_characters(file_name)?;
    let (stem, format) = SdistFormat::split(file_name).ok_or(FilenameFault::NotAnSdist)?;
    let (name, version) = stem
        .match_indices('-')
        .map(|(dash, _)| (&stem[..dash], &stem[dash + 1..]))
        .find(|(name, _)| normalizes_to(name, normalized_name))
        .ok_or_else(|| FilenameFault::OtherProject {
            expected: normalized_name.into(),
        })?;
    let version = Version::from_str(version).map_err(FilenameFault::Version)?;
    Ok(SdistFilename {
        name: name.into(),
        version,
        format,
    })
}
