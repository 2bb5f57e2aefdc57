//! What a package index lists: projects, their releases and files.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use mach_nix_hash::Sha256;
use mach_nix_tags::{SdistFilename, WheelFilename};
use pep440_rs::{Version, VersionSpecifiers};
use pep508_rs::PackageName;
use serde::{Deserialize, Serialize};

/// An instant; written as RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(jiff::Timestamp);

/// A date that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date: write `2026-11-01` or `2026-11-01T12:00:00Z`")]
pub struct TimestampError(String);

impl FromStr for Timestamp {
    type Err = TimestampError;

    /// Reads an RFC 3339 instant, or a date, which stands for the end of that day in UTC: a limit of `2026-11-01`
    /// includes what was uploaded on that day, as in uv (docs/decisions/0003). An instant without offset is taken as
    /// UTC, because some indexes leave the offset out.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        use jiff::civil::{Date, DateTime};
        use jiff::tz::TimeZone;

        let day = |date: Date| date.tomorrow().and_then(|next| next.to_zoned(TimeZone::UTC));
        let zoned = |time: DateTime| time.to_zoned(TimeZone::UTC);
        let is_date = text.len() == "2026-11-01".len();
        let read = if is_date {
            text.parse().and_then(day).map(|end| end.timestamp())
        } else {
            text.parse()
                .or_else(|_| text.parse().and_then(zoned).map(|time| time.timestamp()))
        };
        read.map(Self).map_err(|_| TimestampError(text.to_owned()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether a file was withdrawn by its authors (PEP 592).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Yanked {
    /// In good standing.
    #[default]
    No,
    /// Withdrawn, with the reason given, which may be empty.
    Yes(Box<str>),
}

/// Whether an index serves a file's metadata beside it, at the file's address plus `.metadata` (PEP 658/714).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum MetadataFile {
    /// The index does not say; some have it all the same.
    #[default]
    Unannounced,
    /// The index says there is none.
    Absent,
    /// There is one, with this digest where the index says.
    Announced(Option<Sha256>),
}

/// One downloadable file of a release, as the index lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistributionFile {
    /// The file's name; it carries version and tags.
    pub filename: Box<str>,
    /// Where it is downloaded from; absolute.
    pub url: Box<str>,
    /// The digest the index announces; an index may have none.
    pub hash: Option<Sha256>,
    /// Size in bytes, if the index says (PEP 700).
    pub size: Option<u64>,
    /// The Python versions this file is for, as the index lists it; unparsed, because most files are never looked at.
    pub requires_python: Option<Box<str>>,
    /// Whether it was withdrawn.
    pub yanked: Yanked,
    /// When it was uploaded, if the index says (PEP 700).
    pub upload_time: Option<Timestamp>,
    /// Whether there is a metadata file beside this one.
    pub metadata_file: MetadataFile,
}

/// What kind of distribution a file is.
#[derive(Debug, Clone)]
pub enum FileKind {
    /// A built distribution.
    Wheel(WheelFilename),
    /// A source distribution.
    Sdist(SdistFilename),
}

impl FileKind {
    /// Reads the kind and version of `filename` off its name; `None` for files that are neither a wheel nor a source
    /// distribution of `project` (eggs, installers, signatures).
    #[must_use]
    pub fn of(filename: &str, project: &PackageName) -> Option<Self> {
        if filename.ends_with(".whl") {
            filename.parse().ok().map(Self::Wheel)
        } else {
            SdistFilename::parse(filename, project.as_ref())
                .ok()
                .map(Self::Sdist)
        }
    }

    /// The version in the name.
    #[must_use]
    pub fn version(&self) -> &Version {
        match self {
            Self::Wheel(wheel) => wheel.version(),
            Self::Sdist(sdist) => sdist.version(),
        }
    }
}

impl DistributionFile {
    /// Whether this is a wheel, by its ending.
    #[must_use]
    pub fn is_wheel(&self) -> bool {
        self.filename.ends_with(".whl")
    }

    /// The Python versions this file is for.
    ///
    /// A value that is no specifier counts as no demand, as pip and uv treat it: old uploads were not checked.
    #[must_use]
    pub fn python_demand(&self) -> Option<VersionSpecifiers> {
        self.requires_python
            .as_deref()
            .and_then(|text| crate::lenient_specifiers(text).ok())
    }
}

/// All files of one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The version, in normal form.
    pub version: Version,
    /// Its files, sorted by name.
    pub files: Vec<DistributionFile>,
}

/// What an index knows about a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// The name, in normal form.
    pub name: PackageName,
    /// The address of the index that answered, without credentials.
    pub index: Arc<str>,
    /// Releases in ascending order of their versions.
    pub releases: Vec<Release>,
}

impl Project {
    /// Sorts files into releases by the versions in their names; files that are no distribution of `name` are left out.
    #[must_use]
    pub fn from_files(name: PackageName, index: Arc<str>, mut files: Vec<DistributionFile>) -> Self {
        files.sort_by(|a, b| a.filename.cmp(&b.filename));
        files.dedup_by(|a, b| a.filename == b.filename);
        let mut by_version = std::collections::BTreeMap::<Version, Vec<DistributionFile>>::new();
        for file in files {
            if let Some(kind) = FileKind::of(&file.filename, &name) {
                by_version.entry(kind.version().clone()).or_default().push(file);
            }
        }
        let releases = by_version
            .into_iter()
            .map(|(version, files)| Release { version, files })
            .collect();
        Self {
            name,
            index,
            releases,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_stands_for_its_end() {
        let read = |text: &str| text.parse::<Timestamp>().map(|time| time.to_string());
        assert_eq!(read("2026-11-01").unwrap(), "2026-11-02T00:00:00Z");
        assert_eq!(read("2026-11-01T12:00:00Z").unwrap(), "2026-11-01T12:00:00Z");
        assert_eq!(read("2026-11-01T12:00:00+02:00").unwrap(), "2026-11-01T10:00:00Z");
        assert_eq!(read("2023-01-17T18:23:03").unwrap(), "2023-01-17T18:23:03Z");
        assert_eq!(
            read("yesterday").unwrap_err().to_string(),
            "`yesterday` is not a date: write `2026-11-01` or `2026-11-01T12:00:00Z`"
        );
    }
}
