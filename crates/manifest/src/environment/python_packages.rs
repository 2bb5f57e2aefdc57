//! The conda packages of an environment as Python packages of the same names, where channels are not to be used
//! (docs/decisions/0075).
//!
//! <https://docs.conda.io/projects/conda/en/stable/user-guide/concepts/pkg-specs.html#package-match-specifications>

use mach_nix_model::{Requirement, VersionOrUrl};

use crate::{Entry, Location, ManifestError, Requirements};

impl Requirements {
    /// Requires Python packages of the same names instead of the conda packages of environment files; a warning lists them.
    ///
    /// # Errors
    /// If one is not a Python package, or has another name, or if its match spec is about more than the version.
    pub fn read_conda_as_python(&mut self) -> Result<(), ManifestError> {
        let entries = std::mem::take(&mut self.conda.requirements);
        self.conda.channels = None;
        let mut read_as = Vec::new();
        for entry in &entries {
            let text = entry.spec.to_string();
            let meaning = MatchSpec::read(&text).and_then(|spec| spec.requirement());
            let mut requirement = meaning.map_err(|reason| entry.location.error(reason))?;
            requirement.marker.and(entry.marker.clone());
            let written = requirement.to_string();
            read_as.push(format!("`{written}`"));
            self.requirements.push(Entry {
                requirement,
                location: Location {
                    text: written,
                    ..entry.location.clone()
                },
                hashes: Vec::new(),
                is_locked: false,
            });
        }
        if let Some(first) = entries.first() {
            self.warnings.push(format!(
                "{}: its conda packages are read as Python packages of the same names: {}",
                first.location.path.as_deref().unwrap_or("command line"),
                read_as.join(", ")
            ));
        }
        Ok(())
    }
}

/// `name`, `name=1.2`, `name>=1,<2`, `channel::name 1.2.*`
#[derive(Debug, PartialEq, Eq)]
struct MatchSpec {
    name: String,
    /// The versions as Python version specifiers; empty for any version.
    versions: String,
}

/// Packages with other names on the Python index.
const OTHER_NAMES: [(&str, &str); 10] = [
    ("dask-core", "dask"),
    ("matplotlib-base", "matplotlib"),
    ("opencv", "opencv-python"),
    ("py-opencv", "opencv-python"),
    ("pytables", "tables"),
    ("python-graphviz", "graphviz"),
    ("pytorch", "torch"),
    ("pytorch-cpu", "torch"),
    ("pytorch-gpu", "torch"),
    ("typing_extensions", "typing-extensions"),
];

/// Packages that are not Python packages, although the Python index may use their names.
const NOT_PYTHON: [&str; 16] = [
    "blas",
    "c-compiler",
    "compilers",
    "cuda",
    "cudatoolkit",
    "cudnn",
    "cxx-compiler",
    "ffmpeg",
    "gcc",
    "git",
    "gxx",
    "mkl",
    "nodejs",
    "openblas",
    "openjdk",
    "openmpi",
];

impl MatchSpec {
    /// Reads an entry.
    ///
    /// # Errors
    /// For syntax that only conda supports: builds, alternatives, brackets.
    fn read(text: &str) -> Result<Self, String> {
        let text = text.split(" #").next().unwrap_or(text).trim();
        let text = text.rsplit_once("::").map_or(text, |(_, spec)| spec);
        if text.contains('[') {
            return Err(only_conda("a condition in brackets"));
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        if name.is_empty() {
            return Err(format!("`{text}` does not begin with the name of a package"));
        }
        Ok(Self {
            name: name.to_ascii_lowercase(),
            versions: versions(rest.trim())?,
        })
    }

    /// The requirement of the Python package with the same name.
    ///
    /// # Errors
    /// If it is not a Python package, or a Python package of another name.
    fn requirement(&self) -> Result<Requirement, String> {
        let Self { name, versions } = self;
        if let Some((_, other)) = OTHER_NAMES.iter().find(|(conda, _)| conda == name)
            && other.replace('-', "_") != name.replace('-', "_")
        {
            return Err(format!(
                "conda's `{name}` is `{other}` among the Python packages: write `{other}{versions}` under `pip:`"
            ));
        }
        if NOT_PYTHON.contains(&name.as_str()) || name.starts_with("r-") || name.starts_with('_') {
            return Err(format!(
                "`{name}` is a package of conda and not a Python package: take it from a channel, or remove it here"
            ));
        }
        let requirement = format!("{name}{versions}").parse::<Requirement>();
        let requirement = requirement.map_err(|error| format!("`{name}{versions}`: {error}"))?;
        debug_assert!(!matches!(requirement.version_or_url, Some(VersionOrUrl::Url(_))));
        Ok(requirement)
    }
}

/// Converts the text after the name to Python version specifiers: `=1.2` becomes `==1.2.*`.
fn versions(text: &str) -> Result<String, String> {
    if text.contains('|') {
        return Err(only_conda("a choice between versions (`|`)"));
    }
    let mut fuzzy = false;
    let mut rest = text;
    if let Some(after) = text.strip_prefix('=')
        && !after.starts_with('=')
    {
        fuzzy = true;
        rest = after.trim_start();
    }
    let exact = rest.strip_prefix("==").unwrap_or(rest).trim_start();
    // The text after a version and a space or `=` is a build string.
    let is_operator = |c: char| matches!(c, '<' | '>' | '!' | '~' | '=');
    if !exact.starts_with(is_operator) && exact.contains(['=', ' ']) && !exact.contains(',') {
        return Err(only_conda("the build of a package"));
    }
    let part = |part: &str| {
        let part = part.trim();
        if part.is_empty() || part == "*" {
            return String::new();
        }
        let is_fuzzy = part.starts_with('=') && !part.starts_with("==");
        if part.starts_with(is_operator) && !is_fuzzy {
            // A star after an ordering means nothing to conda, and is not valid in Python.
            let ordered = part.starts_with(['<', '>', '~']);
            let bare = if ordered {
                part.trim_end_matches(".*")
            } else {
                part
            };
            return bare.replace(' ', "");
        }
        let version = part.trim_start_matches('=').trim();
        match version.strip_suffix('*') {
            Some(start) => format!("=={}.*", start.trim_end_matches('.')),
            None if fuzzy || is_fuzzy => format!("=={version}.*"),
            None => format!("=={version}"),
        }
    };
    let parts: Vec<String> = rest
        .split(',')
        .map(part)
        .filter(|part| !part.is_empty())
        .collect();
    Ok(parts.join(","))
}

fn only_conda(what: &str) -> String {
    format!("this names {what}, which only conda can serve: take it from a channel, or name a version only")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_said_in_the_words_of_python() {
        for (text, expected) in [
            ("numpy", "numpy"),
            ("NumPy=1.26", "numpy==1.26.*"),
            ("numpy =1.26", "numpy==1.26.*"),
            ("numpy==1.26.4", "numpy==1.26.4"),
            ("numpy 1.26.4", "numpy==1.26.4"),
            ("numpy 1.26.*", "numpy==1.26.*"),
            ("numpy=1.26*", "numpy==1.26.*"),
            ("numpy >=1.20, <2", "numpy>=1.20,<2"),
            ("numpy>=1.20.*", "numpy>=1.20"),
            ("numpy!=1.5", "numpy!=1.5"),
            ("numpy~=1.5", "numpy~=1.5"),
            ("numpy *", "numpy"),
            ("conda-forge::numpy=1", "numpy==1.*"),
            ("conda-forge/linux-64::typing_extensions", "typing-extensions"),
        ] {
            let requirement = MatchSpec::read(text).unwrap().requirement().unwrap();
            assert_eq!(requirement.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn rejects_packages_of_conda_alone() {
        for (text, part) in [
            ("numpy=1.26=py311_0", "the build of a package"),
            ("numpy=1.26.4=*mkl*", "the build of a package"),
            ("numpy 1.26 py311_0", "the build of a package"),
            ("numpy[version='>=1']", "a condition in brackets"),
            ("numpy=1|2", "a choice between versions"),
            ("pytorch>=2", "write `torch>=2` under `pip:`"),
            ("r-ggplot2", "not a Python package"),
            ("cudatoolkit=11", "not a Python package"),
            (">=3", "does not begin with the name"),
            ("numpy=a b c", "the build of a package"),
            ("numpy>=x", "`numpy>=x`"),
        ] {
            let reason = MatchSpec::read(text).and_then(|spec| spec.requirement().map(drop));
            let reason = reason.unwrap_err();
            assert!(reason.contains(part), "{text}: {reason}");
        }
    }
}
