use std::str::FromStr;

use pep440_rs::Version;

use crate::filename_error::check_characters;
use crate::name::normalizes_to;
use crate::{BuildTag, FilenameError, FilenameFault, TagSet};

/// The parsed file name of a wheel: `name-version(-build)?-python-abi-platform.whl`.
///
/// The version and the tags are kept by meaning, so the file name cannot be restored from it: it is stored separately.
///
/// ```
/// use mach_nix_tags::WheelFilename;
///
/// let wheel: WheelFilename = "Flask_SQLAlchemy-3.0.5-py2.py3-none-any.whl".parse()?;
/// assert!(wheel.belongs_to("flask-sqlalchemy"));
/// assert!(wheel.python().contains("py3"));
/// # Ok::<(), mach_nix_tags::FilenameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WheelFilename {
    name: Box<str>,
    version: Version,
    build: Option<BuildTag>,
    python: TagSet,
    abi: TagSet,
    platform: TagSet,
}

impl WheelFilename {
    /// The project name as the file has it, which is seldom its normal form.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the file belongs to the project with this name in normal form.
    #[must_use]
    pub fn belongs_to(&self, normalized_name: &str) -> bool {
        normalizes_to(&self.name, normalized_name)
    }

    /// The version, local part included.
    #[must_use]
    pub const fn version(&self) -> &Version {
        &self.version
    }

    /// The build tag, if there is one.
    #[must_use]
    pub const fn build(&self) -> Option<&BuildTag> {
        self.build.as_ref()
    }

    /// The interpreters, such as `cp312` or `py2.py3`.
    #[must_use]
    pub const fn python(&self) -> &TagSet {
        &self.python
    }

    /// The binary interfaces, such as `cp312`, `abi3` or `none`.
    #[must_use]
    pub const fn abi(&self) -> &TagSet {
        &self.abi
    }

    /// The platforms, such as `any` or `manylinux_2_17_x86_64.manylinux2014_x86_64`.
    #[must_use]
    pub const fn platform(&self) -> &TagSet {
        &self.platform
    }
}

impl FromStr for WheelFilename {
    type Err = FilenameError;

    fn from_str(file_name: &str) -> Result<Self, Self::Err> {
        parse(file_name).map_err(|fault| FilenameError::new(file_name, fault))
    }
}

fn parse(file_name: &str) -> Result<WheelFilename, FilenameFault> {
    check_characters(file_name)?;
    let stem = file_name.strip_suffix(".whl").ok_or(FilenameFault::NotAWheel)?;
    let mut parts = [""; 6];
    let mut found = 0;
    for part in stem.split('-') {
        if let Some(place) = parts.get_mut(found) {
            *place = part;
        }
        found += 1;
    }
    let (name, version, build, tags) = match (found, parts) {
        (5, [name, version, python, abi, platform, _]) => (name, version, None, [python, abi, platform]),
        (6, [name, version, build, python, abi, platform]) => {
            (name, version, Some(build), [python, abi, platform])
        }
        _ => return Err(FilenameFault::PartCount { found }),
    };

    if !is_escaped_name(name) {
        return Err(FilenameFault::Name { name: name.into() });
    }
    let version = Version::from_str(version).map_err(FilenameFault::Version)?;
    let build = build
        .map(|text| BuildTag::parse(text).ok_or_else(|| FilenameFault::BuildTag { build: text.into() }))
        .transpose()?;
    let [python, abi, platform] =
        tags.map(|text| TagSet::parse(text).ok_or_else(|| FilenameFault::Tags { tags: text.into() }));
    let (python, abi, platform) = (python?, abi?, platform?);
    if !python.iter().all(is_identifier) {
        return Err(FilenameFault::Tags {
            tags: python.as_str().into(),
        });
    }
    Ok(WheelFilename {
        name: name.into(),
        version,
        build,
        python,
        abi,
        platform,
    })
}

/// Old names keep their dots and capitals. A double `_` is refused as `packaging` does it: escaping a name
/// never makes one, and where it stands for a dash too many, the parts of the file name are not what they
/// seem.
fn is_escaped_name(name: &str) -> bool {
    !name.is_empty()
        && !name.contains("__")
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_'))
}

fn is_identifier(tag: &str) -> bool {
    !tag.starts_with(|first: char| first.is_ascii_digit())
        && tag
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
