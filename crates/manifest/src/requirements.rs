//! The contents of input files, in a common form for all formats.

use mach_nix_tags::PythonVersion;

use crate::{
    CondaEntry, CondaEnvironment, Entry, ManifestError, Options, Projects, RequiresPython, SourceTree,
};

/// The contents of all inputs: requirements, options and projects.
#[derive(Debug, Clone, Default)]
pub struct Requirements {
    /// The requirements, in the order of the files.
    pub requirements: Vec<Entry>,
    /// The constraints, from `-c` files.
    pub constraints: Vec<Entry>,
    /// Requirements by the address of their sources, with or without a name: see [`SourceTree::named`].
    pub sources: Vec<SourceTree>,
    /// The Python versions that projects and scripts support.
    pub requires_python: Vec<RequiresPython>,
    /// The channels and match specs of environments.
    pub conda: CondaEnvironment,
    /// The requirements for conda packages on the command line.
    pub conda_arguments: Vec<CondaEntry>,
    /// The Python version that an environment names.
    pub python: Option<PythonVersion>,
    /// Locations of packages, and restrictions on their files.
    pub options: Options,
    /// The projects of the inputs.
    pub projects: Projects,
    /// Warnings, one sentence each.
    pub warnings: Vec<String>,
    /// The lines that form the digest of the request, before the expansion of variables. They include the lines of all
    /// files, except for those that only name other files. A `pyproject.toml` contributes its requirement strings as
    /// written, one per line, as in `nixlib/requirements/readPyproject.nix`.
    pub lines: Vec<String>,
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
        self.conda.append(other.conda);
        self.conda_arguments.extend(other.conda_arguments);
        self.python = other.python.or(self.python.take());
        self.options.append(other.options);
        self.projects.files.extend(other.projects.files);
        self.projects.dynamic.extend(other.projects.dynamic);
        self.warnings.extend(other.warnings);
        self.lines.extend(other.lines);
    }

    /// The requirements for conda packages, of environments and of the command line.
    pub fn conda_requirements(&self) -> impl Iterator<Item = &CondaEntry> {
        self.conda.requirements.iter().chain(&self.conda_arguments)
    }

    /// Converts the requirements to constraints. Those of a lock lose their extras, because the lock pins what these
    /// require.
    ///
    /// # Errors
    /// If one of them cannot be a constraint.
    pub fn into_constraints(mut self) -> Result<Self, ManifestError> {
        for entry in &mut self.requirements {
            if entry.is_locked {
                entry.requirement.extras.clear();
            }
            entry.check_as_constraint()?;
        }
        if let Some(entry) = self.conda.requirements.first() {
            return Err(entry.location.error(
                "conda packages of an environment file cannot be constraints: require the file instead",
            ));
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
