//! Locations of packages, and restrictions on their files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mach_nix_model::{ExcludeNewer, PackageName, Prerelease};
use url::Url;

use crate::{ForeignFile, FormatControl};

/// The options set by the inputs.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `--index-url`; the last one wins.
    pub index_url: Option<Url>,
    /// `--extra-index-url`, in order.
    pub extra_index_urls: Vec<Url>,
    /// The names of indexes, with their addresses.
    pub index_names: Vec<(String, Url)>,
    /// Pinned indexes of packages. The last entry of a package wins. It has one index unless a lock takes the versions
    /// of a package from several. A `file:` URL is a folder of files.
    pub index_of: Vec<(PackageName, Vec<Url>)>,
    /// The files of packages that are not from an index, but from the addresses in a lock.
    pub files_of: Vec<(PackageName, Vec<ForeignFile>)>,
    /// `--no-index`: only `find_links` is searched.
    pub no_index: bool,
    /// `--find-links`, in order.
    pub find_links: Vec<FindLinks>,
    /// `--pre`
    pub pre: bool,
    /// `--require-hashes`
    pub require_hashes: bool,
    /// `--no-binary` and `--only-binary`.
    pub formats: FormatControl,
    /// `--trusted-host`, and `allow-insecure-host` of uv: hosts whose connections need not be secure.
    pub trusted_hosts: Vec<String>,
    /// Settings of uv, which the command's options override.
    pub uv: UvSettings,
}

/// A location to search for files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindLinks {
    /// A page of links, or a folder (`file:`).
    Url(Url),
    /// A folder, or a local page of links.
    Path {
        /// The path relative to the file that contains it. As in pip, it is preferred if it exists.
        from_file: PathBuf,
        /// The path relative to the current folder, as the fallback.
        from_folder: PathBuf,
    },
}

impl FindLinks {
    /// Parses the value of a `--find-links`, in a file in this folder or on the command line.
    #[must_use]
    pub fn read(value: &str, folder: Option<&Path>) -> Self {
        match Url::parse(value) {
            Ok(url) if value.contains("://") || url.scheme() == "file" => Self::Url(url),
            _ => Self::Path {
                from_file: folder.map_or_else(|| PathBuf::from(value), |folder| folder.join(value)),
                from_folder: PathBuf::from(value),
            },
        }
    }
}

impl Options {
    /// Adds the options of a further file.
    pub(crate) fn append(&mut self, other: Self) {
        self.index_url = other.index_url.or(self.index_url.take());
        self.extra_index_urls.extend(other.extra_index_urls);
        self.index_names.extend(other.index_names);
        self.index_of.extend(other.index_of);
        self.files_of.extend(other.files_of);
        self.no_index |= other.no_index;
        self.find_links.extend(other.find_links);
        self.pre |= other.pre;
        self.require_hashes |= other.require_hashes;
        self.formats.append(&other.formats);
        self.trusted_hosts.extend(other.trusted_hosts);
        self.uv.append(&other.uv);
    }
}

/// Settings of uv, which options of mach-nix with the same meaning override.
#[derive(Debug, Clone, Default)]
pub struct UvSettings {
    /// `exclude-newer`: files uploaded later are skipped.
    pub exclude_newer: Option<ExcludeNewer>,
    /// `exclude-newer-package`: the same for single packages.
    pub exclude_newer_package: BTreeMap<PackageName, ExcludeNewer>,
    /// `prerelease`: the rule for pre-releases.
    pub prerelease: Option<Prerelease>,
    /// `no-binary`, `no-build` and the same for single packages.
    pub formats: FormatControl,
}

impl UvSettings {
    /// Adds the settings of a further file.
    pub(crate) fn append(&mut self, other: &Self) {
        self.exclude_newer = other.exclude_newer.clone().or(self.exclude_newer.take());
        self.exclude_newer_package
            .extend(other.exclude_newer_package.clone());
        self.prerelease = other.prerelease.or(self.prerelease);
        self.formats.append(&other.formats);
    }
}
