//! What is required, whatever it was read from.

use std::path::{Path, PathBuf};

use mach_nix_hash::Sha256;
use mach_nix_model::{PackageName, Requirement, VersionOrUrl, VersionSpecifiers};
use mach_nix_tags::PythonVersion;
use url::Url;

use crate::{ComputedProject, ForeignFile, FormatControl, ManifestError, SourceTree, UvSettings};

/// What the inputs say, taken together.
#[derive(Debug, Clone, Default)]
pub struct Requirements {
    /// The requirements, in the order of the files.
    pub requirements: Vec<Entry>,
    /// The constraints, from `-c` files.
    pub constraints: Vec<Entry>,
    /// What is required by the address of its sources, and perhaps without a name: see [`SourceTree::named`].
    pub sources: Vec<SourceTree>,
    /// Projects whose requirements only a build can tell.
    pub computed: Vec<ComputedProject>,
    /// `--index-url`, if a file sets it; the last one counts.
    pub index_url: Option<Url>,
    /// `--extra-index-url`, in order.
    pub extra_index_urls: Vec<Url>,
    /// The indexes of packages that come from no others; the last entry of a package counts. There is one index but
    /// where a lock takes the versions of a package from several. A `file:` URL is a folder of files.
    pub index_of: Vec<(PackageName, Vec<Url>)>,
    /// The files of packages that come from no index, but from the addresses that a lock has.
    pub files_of: Vec<(PackageName, Vec<ForeignFile>)>,
    /// Whether `--no-index` was set: there are no indexes, only what `find_links` finds.
    pub no_index: bool,
    /// `--find-links`, in order.
    pub find_links: Vec<FindLinks>,
    /// Whether `--pre` was set.
    pub pre: bool,
    /// Whether `--require-hashes` was set.
    pub require_hashes: bool,
    /// `--no-binary` and `--only-binary`.
    pub formats: FormatControl,
    /// What the settings of uv say, which options override.
    pub uv: UvSettings,
    /// `--trusted-host`: hosts that pip would not ask for a certificate.
    pub trusted_hosts: Vec<String>,
    /// The Python versions that projects and scripts are for.
    pub requires_python: Vec<RequiresPython>,
    /// The Python version that an environment names.
    pub python: Option<PythonVersion>,
    /// What is no error but may surprise, a sentence each.
    pub warnings: Vec<String>,
    /// The files of projects that name a build backend, or have a `setup.py` beside them.
    pub projects: Vec<PathBuf>,
    /// The lines that say all this, for the digest of the request, before variables are put in. Lines that only name
    /// other files are not among them; what those files say is. A `pyproject.toml` gives its requirement strings as
    /// written, one a line, and so does `nixlib/internal/pyproject.nix`.
    pub lines: Vec<String>,
}

/// A requirement with its place.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What is required.
    pub requirement: Requirement,
    /// The line as written, without comment; variables are not put in.
    pub text: String,
    /// The file as the user named it; `None` for the command line.
    pub path: Option<String>,
    /// One-based line; 0 for the command line.
    pub line: usize,
    /// The files that `--hash` allows; empty where nothing is said.
    pub hashes: Vec<Sha256>,
    /// Whether another tool's lock pins it. Its hashes are for this package only, where one in a requirements file is a
    /// promise for everything.
    pub is_locked: bool,
}

/// A place to look for files in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindLinks {
    /// A page of links, or a folder (`file:`).
    Url(Url),
    /// A folder, or a page of links on the disk.
    Path {
        /// The path seen from the file that names it. As for pip, it counts if it exists.
        beside: PathBuf,
        /// The path as written, seen from where the command runs. It counts if the other does not exist.
        written: PathBuf,
    },
}

/// A `requires-python`, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiresPython {
    /// The Python versions.
    pub specifiers: VersionSpecifiers,
    /// The file as the user named it.
    pub path: String,
    /// One-based line.
    pub line: usize,
}

impl FindLinks {
    /// Reads the value of a `--find-links`, in a file of this folder or on the command line.
    #[must_use]
    pub fn read(value: &str, folder: Option<&Path>) -> Self {
        match Url::parse(value) {
            Ok(url) if value.contains("://") || url.scheme() == "file" => Self::Url(url),
            _ => Self::Path {
                beside: folder.map_or_else(|| PathBuf::from(value), |folder| folder.join(value)),
                written: PathBuf::from(value),
            },
        }
    }
}

impl RequiresPython {
    /// Where it stands, for messages.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}, line {},", self.path, self.line)
    }
}

impl Requirements {
    /// Adds a single requirement.
    pub fn add(&mut self, entry: Entry) {
        self.lines.push(entry.text.clone());
        self.requirements.push(entry);
    }

    /// Adds what further files say.
    pub fn append(&mut self, other: Self) {
        self.requirements.extend(other.requirements);
        self.constraints.extend(other.constraints);
        self.sources.extend(other.sources);
        self.index_url = other.index_url.or(self.index_url.take());
        self.extra_index_urls.extend(other.extra_index_urls);
        self.index_of.extend(other.index_of);
        self.files_of.extend(other.files_of);
        self.no_index |= other.no_index;
        self.find_links.extend(other.find_links);
        self.pre |= other.pre;
        self.require_hashes |= other.require_hashes;
        self.formats.append(&other.formats);
        self.uv.append(&other.uv);
        self.trusted_hosts.extend(other.trusted_hosts);
        self.requires_python.extend(other.requires_python);
        self.python = other.python.or(self.python.take());
        self.warnings.extend(other.warnings);
        self.computed.extend(other.computed);
        self.projects.extend(other.projects);
        self.lines.extend(other.lines);
    }

    /// Takes the requirements as constraints, as `-c FILE` on the command line asks.
    ///
    /// # Errors
    /// When one of them can be no constraint.
    pub fn into_constraints(mut self) -> Result<Self, ManifestError> {
        for entry in &self.requirements {
            entry.check_as_constraint()?;
        }
        if let Some(source) = self.sources.first() {
            return Err(source.as_constraint());
        }
        if let Some(project) = self.computed.first() {
            return Err(project.error(
                "only a build can tell what this says, which can be no constraint: require it instead",
            ));
        }
        self.constraints.append(&mut self.requirements);
        self.lines = self.lines.iter().map(|line| format!("-c {line}")).collect();
        Ok(self)
    }

    /// Whether every file must have a hash that is allowed: it is asked for, or one requirement names a hash. As for
    /// pip, one hash in any requirements file is a promise for everything.
    #[must_use]
    pub fn checks_hashes(&self) -> bool {
        let has_hash = |entry: &Entry| !entry.is_locked && !entry.hashes.is_empty();
        self.require_hashes || self.requirements.iter().any(has_hash)
    }

    /// Whether all of it can be served.
    ///
    /// # Errors
    /// Where hashes must be checked, at a requirement that has none or leaves the version open.
    pub fn check(&self) -> Result<(), ManifestError> {
        if !self.checks_hashes() {
            return Ok(());
        }
        if let Some(source) = self.sources.iter().find(|source| !source.is_pinned_by_content()) {
            return Err(source.error(
                "hashes are checked, and this has none: add `--hash=sha256:…` to an archive, or take all hashes out",
            ));
        }
        if let Some(project) = self.computed.first() {
            return Err(project.error(
                "hashes are checked, and what only a build tells has none: take all hashes out, or lock the project apart",
            ));
        }
        let has_hash = |entry: &Entry| {
            let same = |other: &&Entry| other.requirement.name == entry.requirement.name;
            entry.allowed().next().is_some()
                || self
                    .constraints
                    .iter()
                    .filter(same)
                    .any(|other| other.allowed().next().is_some())
        };
        for entry in &self.requirements {
            if !has_hash(entry) {
                return Err(entry.error(
                    "hashes are checked, and this has none: add `--hash=sha256:…`, or take all hashes out",
                ));
            }
            let pinned = self
                .constraints
                .iter()
                .filter(|other| other.requirement.name == entry.requirement.name)
                .chain([entry])
                .any(Entry::is_pinned);
            if !pinned {
                return Err(
                    entry.error("hashes are checked, and this leaves the version open: pin it with `==`")
                );
            }
        }
        Ok(())
    }
}

impl Entry {
    /// The files that are allowed: those with a `--hash`, and the one that an address promises by `#sha256=…`. As for pip,
    /// an address alone does not ask that hashes be checked everywhere.
    pub(crate) fn allowed(&self) -> impl Iterator<Item = Sha256> {
        let promised = match &self.requirement.version_or_url {
            Some(VersionOrUrl::Url(url)) => crate::package::fragment(url, "sha256"),
            _ => None,
        };
        let promised = promised.and_then(|hex| Sha256::from_hex(&hex).ok());
        self.hashes.iter().copied().chain(promised)
    }

    /// Whether only one version can be meant.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        match &self.requirement.version_or_url {
            None => false,
            Some(VersionOrUrl::Url(_)) => true,
            Some(VersionOrUrl::VersionSpecifier(specifiers)) => specifiers.iter().any(|specifier| {
                matches!(specifier.operator().to_string().as_str(), "==" | "===")
                    && !specifier.to_string().ends_with('*')
            }),
        }
    }

    /// A complaint about it.
    #[must_use]
    pub fn error(&self, reason: impl Into<String>) -> ManifestError {
        ManifestError {
            path: self.path.clone(),
            line: self.line,
            column: 1,
            text: self.text.clone(),
            reason: reason.into(),
        }
    }

    /// A constraint is no requirement: it cannot ask for extras.
    pub(crate) fn check_as_constraint(&self) -> Result<(), ManifestError> {
        match self.requirement.extras.first() {
            Some(extra) => Err(self.error(format!("a constraint cannot have extras: take `[{extra}]` out"))),
            None => Ok(()),
        }
    }
}
