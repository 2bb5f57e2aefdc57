//! Records: what a channel says of a package file ([CEP 34](https://conda.org/learn/ceps/cep-0034/),
//! [CEP 36](https://conda.org/learn/ceps/cep-0036/)).

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use mach_nix_hash::Sha256;
use serde::{Deserialize, Serialize};

use crate::{Channel, CondaName, CondaSpec, CondaVersion, Md5, Subdir};

/// What a channel says of a package file.
///
/// Values of keys that no rule of the solver needs are not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CondaRecord {
    /// The name of the package.
    pub name: CondaName,
    /// Its version.
    pub version: CondaVersion,
    /// The build string: what was built with what, such as `py312h8442bc7_0`.
    pub build: Box<str>,
    /// The build number, which orders builds of one version.
    pub build_number: u64,
    /// The channel.
    pub channel: Arc<Channel>,
    /// The folder of the channel.
    pub subdir: Subdir,
    /// The name of the file.
    pub file: Box<str>,
    /// The address of the file, without credentials.
    pub url: Box<str>,
    /// What has to be installed with it.
    pub depends: Vec<Arc<CondaSpec>>,
    /// What, if it is installed with it, has to be as stated.
    pub constrains: Vec<Arc<CondaSpec>>,
    /// Marks of a variant that is chosen on request only, by a spec that no other variant meets.
    pub track_features: Vec<Box<str>>,
    /// Whether it is the same on every system.
    pub noarch: Option<Noarch>,
    /// The time of the build, in milliseconds since 1970.
    pub timestamp: Option<i64>,
    /// The time when the channel got it, in milliseconds since 1970.
    pub indexed_timestamp: Option<i64>,
    /// The SHA-256 digest of the file.
    pub sha256: Option<Sha256>,
    /// The MD5 digest of the file.
    pub md5: Option<Md5>,
    /// The size of the file in bytes.
    pub size: Option<u64>,
    /// The licence, as the package states it.
    pub license: Option<Box<str>>,
    /// Where the package expects Python's packages, below the prefix (CEP 17).
    pub python_site_packages_path: Option<Box<str>>,
}

/// The kind of a package that is the same on every system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Noarch {
    /// Files that are installed as they are.
    Generic,
    /// A Python package, whose files go where the Python of the environment looks for them.
    Python,
}

impl CondaRecord {
    /// Whether the record meets a match spec.
    #[must_use]
    pub fn meets(&self, spec: &CondaSpec) -> bool {
        let parsed = spec.parsed();
        *spec.name() == self.name
            && spec.allows(&self.version, &self.build, self.build_number)
            && spec
                .channel()
                .is_none_or(|channel| self.channel.is_called(channel))
            && spec.subdir().is_none_or(|subdir| subdir == self.subdir.as_str())
            && parsed
                .md5
                .is_none_or(|md5| self.md5.is_some_and(|own| *own.as_bytes() == *md5))
            && parsed
                .sha256
                .is_none_or(|digest| self.sha256 == Some(<[u8; 32]>::from(digest).into()))
            && parsed.file_name.as_deref().is_none_or(|file| file == &*self.file)
            && parsed.url.as_ref().is_none_or(|url| url.as_str() == &*self.url)
            && parsed
                .license
                .as_deref()
                .is_none_or(|license| self.license.as_deref() == Some(license))
            && self.has_features(parsed.track_features.as_deref().unwrap_or_default())
    }

    fn has_features(&self, wanted: &[String]) -> bool {
        let has = |feature: &String| self.track_features.iter().any(|own| **own == **feature);
        wanted.iter().all(has)
    }

    /// The order in which conda prefers the records of one name, worst first: those without `track_features` go before
    /// others; then higher versions, build numbers and times; then the build string, so that no two records of a channel
    /// are equal.
    #[must_use]
    pub fn preference(&self, other: &Self) -> Ordering {
        let plain = self
            .track_features
            .is_empty()
            .cmp(&other.track_features.is_empty());
        plain
            .then_with(|| self.version.cmp(&other.version))
            .then_with(|| self.builds(other))
            .then_with(|| self.version.as_str().cmp(other.version.as_str()))
    }

    /// The order of the builds of one version, worst first.
    #[must_use]
    pub fn builds(&self, other: &Self) -> Ordering {
        let key = |record: &Self| (record.build_number, record.timestamp);
        key(self)
            .cmp(&key(other))
            .then_with(|| self.build.cmp(&other.build))
    }

    /// The time that a date limit is about, in milliseconds since 1970: when the channel got the file, else when it was
    /// built.
    #[must_use]
    pub fn time(&self) -> Option<i64> {
        self.indexed_timestamp.or(self.timestamp)
    }

    /// Whether the package looks like a Python package: by its kind, or because it needs Python.
    ///
    /// A conda package may have the name of a Python project without being one: `docker` and `graphviz` are programs.
    #[must_use]
    pub fn looks_like_python(&self) -> bool {
        let is_python = |spec: &Arc<CondaSpec>| matches!(spec.name().as_str(), "python" | "python_abi");
        self.noarch == Some(Noarch::Python) || self.depends.iter().any(is_python)
    }
}

/// `numpy 1.26.4 py312heda63a1_0 (conda-forge)`
impl fmt::Display for CondaRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} {} ({})",
            self.name, self.version, self.build, self.channel
        )
    }
}
