//! The contents of input files, in one form for all formats.

use mach_nix_hash::Digest;
use mach_nix_model::{Requirement, VersionOrUrl, VersionSpecifiers};
use mach_nix_tags::PythonVersion;

use crate::{Location, ManifestError, Options, Projects, SourceTree};

/// The contents of all inputs: requirements, options and projects.
#[derive(Debug, Clone, Default)]
pub struct Requirements {
    /// The requirements, in the order of the files.
    pub requirements: Vec<Entry>,
    /// The constraints, from `-c` files.
    pub constraints: Vec<Entry>,
    /// Requirements by the address of their sources, perhaps without a name: see [`SourceTree::named`].
    pub sources: Vec<SourceTree>,
    /// The Python versions that projects and scripts are for.
    pub requires_python: Vec<RequiresPython>,
    /// The Python version that an environment names.
    pub python: Option<PythonVersion>,
    /// Where packages are looked for, and which of their files may be used.
    pub options: Options,
    /// The projects that the inputs belong to.
    pub projects: Projects,
    /// Warnings, a sentence each.
    pub warnings: Vec<String>,
    /// The lines that make up the digest of the request, before variables are expanded. Lines that only name other files
    /// are not among them; the lines of those files are. A `pyproject.toml` gives its requirement strings as written, one
    /// a line, and so does `nixlib/requirements/readPyproject.nix`.
    pub lines: Vec<String>,
}

/// A requirement with its location.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The requirement.
    pub requirement: Requirement,
    /// Where it is written.
    pub location: Location,
    /// The files that `--hash` allows; empty without `--hash`.
    pub hashes: Vec<Digest>,
    /// Whether another tool's lock pins it. Its hashes are for this package only, where one in a requirements file is a
    /// promise for everything.
    pub is_locked: bool,
}

/// A `requires-python`, with its location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiresPython {
    /// The Python versions.
    pub specifiers: VersionSpecifiers,
    /// Where it is written.
    pub location: Location,
}

impl Requirements {
    /// Adds a single requirement.
    pub fn add(&mut self, entry: Entry) {
        self.lines.push(entry.location.text.clone());
        self.requirements.push(entry);
    }

    /// Adds the contents of a further file.
    pub fn append(&mut self, other: Self) {
        self.requirements.extend(other.requirements);
        self.constraints.extend(other.constraints);
        self.sources.extend(other.sources);
        self.requires_python.extend(other.requires_python);
        self.python = other.python.or(self.python.take());
        self.options.append(other.options);
        self.projects.files.extend(other.projects.files);
        self.projects.dynamic.extend(other.projects.dynamic);
        self.warnings.extend(other.warnings);
        self.lines.extend(other.lines);
    }

    /// Turns the requirements into constraints.
    ///
    /// # Errors
    /// When one of them cannot be a constraint.
    pub fn into_constraints(mut self) -> Result<Self, ManifestError> {
        for entry in &self.requirements {
            entry.check_as_constraint()?;
        }
        if let Some(source) = self.sources.first() {
            return Err(source.as_constraint());
        }
        if let Some(project) = self.projects.dynamic.first() {
            return Err(project
                .error("this is known only after a build, and cannot be a constraint: require it instead"));
        }
        self.constraints.append(&mut self.requirements);
        self.lines = self.lines.iter().map(|line| format!("-c {line}")).collect();
        Ok(self)
    }
}

impl Entry {
    /// The allowed files: those with a `--hash`, and the one that an address promises by `#sha256=…` or one of the other algorithms. As in pip, an address
    /// alone does not make hashes be checked everywhere.
    pub(crate) fn allowed(&self) -> impl Iterator<Item = Digest> {
        let promised = match &self.requirement.version_or_url {
            Some(VersionOrUrl::Url(url)) => crate::address::promised_digest(url),
            _ => None,
        };
        self.hashes.iter().copied().chain(promised)
    }

    /// Whether it allows one version only.
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

    /// An error about it.
    #[must_use]
    pub fn error(&self, reason: impl Into<String>) -> ManifestError {
        self.location.error(reason)
    }

    /// Checks that it can be a constraint, which cannot have extras.
    pub(crate) fn check_as_constraint(&self) -> Result<(), ManifestError> {
        match self.requirement.extras.first() {
            Some(extra) => Err(self.error(format!("a constraint cannot have extras: remove `[{extra}]`"))),
            None => Ok(()),
        }
    }
}
