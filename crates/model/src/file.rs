//! Projects of a package index, their releases and files.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::SystemTime;

use mach_nix_conda::CondaRecord;
use mach_nix_hash::Sha256;
use mach_nix_tags::{SdistFilename, WheelFilename};
use pep440_rs::{Version, VersionSpecifiers};
use pep508_rs::PackageName;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An instant, serialized as RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// The beginning of 1970.
    pub(crate) const EPOCH: Self = Self(jiff::Timestamp::UNIX_EPOCH);

    pub(crate) const fn of(instant: jiff::Timestamp) -> Self {
        Self(instant)
    }

    pub(crate) const fn instant(self) -> jiff::Timestamp {
        self.0
    }

    /// The milliseconds since the beginning of 1970.
    #[must_use]
    pub fn milliseconds(self) -> i64 {
        self.0.as_millisecond()
    }

    /// Whether it is later than this time of the system.
    #[must_use]
    pub fn is_after(self, time: std::time::SystemTime) -> bool {
        jiff::Timestamp::try_from(time).is_ok_and(|time| self.0 > time)
    }
}

/// Fails for system times outside of the calendar's range.
impl TryFrom<SystemTime> for Timestamp {
    type Error = TimestampError;

    fn try_from(time: SystemTime) -> Result<Self, Self::Error> {
        let instant = jiff::Timestamp::try_from(time);
        instant
            .map(Self)
            .map_err(|error| TimestampError(error.to_string()))
    }
}

/// Serializes as text in human-readable formats, and as microseconds since 1970 in binary formats.
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(&self.0)
        } else {
            serializer.serialize_i64(self.0.as_microsecond())
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?
                .parse()
                .map_err(de::Error::custom)
        } else {
            let microseconds = i64::deserialize(deserializer)?;
            jiff::Timestamp::from_microsecond(microseconds)
                .map(Self)
                .map_err(de::Error::custom)
        }
    }
}

/// An invalid date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date: write `2026-11-01` or `2026-11-01T12:00:00Z`")]
pub struct TimestampError(String);

impl FromStr for Timestamp {
    type Err = TimestampError;

    /// Parses an RFC 3339 instant, or a date, which stands for the end of that day in UTC: as in uv, a limit of
    /// `2026-11-01` includes uploads of that day (docs/decisions/0003). An instant without an offset is in UTC, because
    /// some indexes omit the offset.
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
    /// Not yanked.
    #[default]
    No,
    /// Yanked, with the reason, which may be empty.
    Yes(Box<str>),
}

/// Whether an index serves a file's metadata at the file's address plus `.metadata` (PEP 658/714).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum MetadataFile {
    /// Not announced; some indexes serve metadata without announcing it.
    #[default]
    Unannounced,
    /// Announced as absent.
    Absent,
    /// Announced, with its digest if the index lists one.
    Announced(Option<Sha256>),
}

/// A downloadable file of a release, as listed by the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistributionFile {
    /// The file name, which contains version and tags.
    pub filename: Box<str>,
    /// The absolute download URL.
    pub url: Box<str>,
    /// The digest announced by the index, if any.
    pub hash: Option<Sha256>,
    /// The size in bytes, if the index lists it (PEP 700).
    pub size: Option<u64>,
    /// The `requires-python` listed by the index; unparsed, because most files are never considered.
    pub requires_python: Option<Box<str>>,
    /// Whether the file was yanked.
    pub yanked: Yanked,
    /// The time of upload, if the index lists it (PEP 700).
    pub upload_time: Option<Timestamp>,
    /// The metadata file next to this one.
    pub metadata_file: MetadataFile,
}

/// The kind of a distribution.
#[derive(Debug, Clone)]
pub enum FileKind {
    /// A built distribution.
    Wheel(WheelFilename),
    /// A source distribution.
    Sdist(SdistFilename),
}

impl FileKind {
    /// Parses the kind and version from `filename`; `None` for files that are not a wheel or source distribution of
    /// `project`: eggs, installers, signatures, and files of other projects, which a page may list as well.
    #[must_use]
    pub fn of(filename: &str, project: &PackageName) -> Option<Self> {
        if filename.ends_with(".whl") {
            let wheel: WheelFilename = filename.parse().ok()?;
            wheel.belongs_to(project.as_ref()).then_some(Self::Wheel(wheel))
        } else {
            SdistFilename::parse(filename, project.as_ref())
                .ok()
                .map(Self::Sdist)
        }
    }

    /// The version in the file name.
    #[must_use]
    pub fn version(&self) -> &Version {
        match self {
            Self::Wheel(wheel) => wheel.version(),
            Self::Sdist(sdist) => sdist.version(),
        }
    }
}

impl DistributionFile {
    /// The file of a conda package.
    #[must_use]
    pub fn of_conda(record: &CondaRecord) -> Self {
        Self {
            filename: record.file.clone(),
            url: record.url.clone(),
            hash: record.sha256,
            size: record.size,
            requires_python: None,
            yanked: Yanked::No,
            upload_time: None,
            metadata_file: MetadataFile::Absent,
        }
    }

    /// Whether this is a wheel, by its ending.
    #[must_use]
    pub fn is_wheel(&self) -> bool {
        self.filename.ends_with(".whl")
    }

    /// Whether this is a local file.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.url.starts_with("file:")
    }

    /// The supported Python versions.
    ///
    /// An invalid specifier is treated as absent, as in pip and uv: early uploads were not validated.
    #[must_use]
    pub fn python_demand(&self) -> Option<VersionSpecifiers> {
        self.requires_python
            .as_deref()
            .and_then(|text| crate::lenient_specifiers(text).ok())
    }
}

/// The releases and files that an index lists for a name.
pub struct Project {
    /// The name in normal form.
    pub name: PackageName,
    /// The URL of the index that listed the project, without credentials.
    pub index: Arc<str>,
    versions: Vec<Version>,
    files: Box<dyn ReleaseFiles>,
    /// The names of listed files that are not distributions of the project.
    skipped: Vec<Box<str>>,
}

/// Access to the files of a project's releases.
///
/// Most releases are never considered, so an implementation may read a release's files lazily, on every call.
pub trait ReleaseFiles: Send + Sync {
    /// The files of the release at this position, sorted by name.
    fn files(&self, release: usize) -> Vec<DistributionFile>;
}

impl ReleaseFiles for Vec<Vec<DistributionFile>> {
    fn files(&self, release: usize) -> Vec<DistributionFile> {
        self[release].clone()
    }
}

impl Project {
    /// Creates a project; `versions` ascend, and `files` has as many releases.
    #[must_use]
    pub fn new(
        name: PackageName,
        index: Arc<str>,
        versions: Vec<Version>,
        files: Box<dyn ReleaseFiles>,
    ) -> Self {
        debug_assert!(versions.is_sorted());
        Self {
            name,
            index,
            versions,
            files,
            skipped: Vec::new(),
        }
    }

    /// Sorts files into releases by the versions in their names; files that are not distributions of `name` are skipped.
    #[must_use]
    pub fn from_files(name: PackageName, index: Arc<str>, files: Vec<DistributionFile>) -> Self {
        let is_skipped = |file: &&DistributionFile| FileKind::of(&file.filename, &name).is_none();
        let skipped = files.iter().filter(is_skipped).map(|file| file.filename.clone());
        let skipped = skipped.collect();
        let (versions, files): (Vec<_>, Vec<_>) = releases(&name, files).into_iter().unzip();
        Self {
            name,
            index,
            versions,
            files: Box::new(files),
            skipped,
        }
    }

    /// The names of listed files that are neither wheels nor source distributions of this project.
    #[must_use]
    pub fn skipped_files(&self) -> &[Box<str>] {
        &self.skipped
    }

    /// The versions of the releases, ascending.
    #[must_use]
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The files of the release at this position among the versions, sorted by name.
    #[must_use]
    pub fn files(&self, release: usize) -> Vec<DistributionFile> {
        self.files.files(release)
    }

    /// The files of a version.
    #[must_use]
    pub fn files_of(&self, version: &Version) -> Vec<DistributionFile> {
        self.versions
            .binary_search(version)
            .map(|release| self.files(release))
            .unwrap_or_default()
    }
}

impl fmt::Debug for Project {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} with {} releases on {}",
            self.name,
            self.versions.len(),
            self.index
        )
    }
}

/// The files, grouped by the versions in their names.
#[must_use]
pub fn releases(
    name: &PackageName,
    mut files: Vec<DistributionFile>,
) -> BTreeMap<Version, Vec<DistributionFile>> {
    files.sort_by(|a, b| a.filename.cmp(&b.filename));
    files.dedup_by(|a, b| a.filename == b.filename);
    let mut releases = BTreeMap::<Version, Vec<DistributionFile>>::new();
    for file in files {
        if let Some(kind) = FileKind::of(&file.filename, name) {
            releases.entry(kind.version().clone()).or_default().push(file);
        }
    }
    releases
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
