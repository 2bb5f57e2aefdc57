//! `environment.yml`, conda's format:
//! <https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html>.
//!
//! There is no provider for conda's packages yet. The entries of `pip:` are read as lines of a requirements file. Conda's
//! own entries become requirements of Python packages with the same names (docs/decisions/0022), and a warning says so.

mod match_spec;

use std::fmt;
use std::path::Path;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

use crate::document::Document;
use crate::requirements_file::Reader;
use crate::{Entry, Location, ManifestError, ReadContext, Requirements, RequiresPython};
use match_spec::{MatchSpec, Meaning};

/// The relevant part of the file. The other keys (`name`, `prefix`, `variables`) do not affect which packages are in it.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    dependencies: Vec<Spanned<Dependency>>,
}

/// An element of `dependencies`.
enum Dependency {
    /// A match specification of conda.
    Conda(String),
    /// `pip:` with requirements.
    Pip(Vec<Spanned<String>>),
}

impl<'de> Deserialize<'de> for Dependency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Element;

        impl<'de> Visitor<'de> for Element {
            type Value = Dependency;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a package, or `pip:` with a list of requirements")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Dependency, E> {
                Ok(Dependency::Conda(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Dependency, A::Error> {
                let key: Option<String> = map.next_key()?;
                if key.as_deref() != Some("pip") {
                    let key = key.unwrap_or_default();
                    return Err(de::Error::custom(format!(
                        "`{key}:` is not known here: only `pip:` can have a list of its own"
                    )));
                }
                let list: Option<Vec<Spanned<String>>> = map.next_value()?;
                Ok(Dependency::Pip(list.unwrap_or_default()))
            }
        }

        deserializer.deserialize_any(Element)
    }
}

/// Reads an `environment.yml`.
///
/// # Errors
/// When the file cannot be read or is not an environment, or where an entry can only be a package of conda.
pub fn parse_environment(path: &Path, context: &ReadContext<'_>) -> Result<Requirements, ManifestError> {
    let document = Document::open(path, context)?;
    let file: File = serde_saphyr::from_str(&document.text).map_err(|error| {
        let reason = error.without_snippet().to_string();
        let reason = reason.lines().next().unwrap_or_default();
        match error.location() {
            Some(location) => at(&document, location.line(), location.column(), reason),
            None => document.whole(reason),
        }
    })?;
    let mut environment = Environment {
        document: &document,
        found: Requirements::default(),
        read_as: Vec::new(),
    };
    for dependency in &file.dependencies {
        let (line, column) = (dependency.referenced.line(), dependency.referenced.column());
        match &dependency.value {
            Dependency::Conda(text) => environment
                .conda(text, line)
                .map_err(|reason| at(&document, line, column, reason))?,
            Dependency::Pip(list) => {
                for requirement in list {
                    let line = usize::try_from(requirement.referenced.line()).unwrap_or_default();
                    let mut reader = Reader::new(context);
                    reader.single(path, &document.shown, &requirement.value, line)?;
                    environment.found.append(reader.found);
                }
            }
        }
    }
    environment.finish().checked(context)
}

fn at(document: &Document, line: u64, column: u64, reason: impl Into<String>) -> ManifestError {
    let line = usize::try_from(line).unwrap_or_default();
    let text = document.text.lines().nth(line.saturating_sub(1));
    let location = Location {
        column: usize::try_from(column).unwrap_or(1),
        ..Location::line(&document.shown, line, text.unwrap_or_default())
    };
    location.error(reason)
}

struct Environment<'a> {
    document: &'a Document,
    found: Requirements,
    /// The requirements that conda's entries were read as.
    read_as: Vec<String>,
}

impl Environment<'_> {
    fn conda(&mut self, text: &str, line: u64) -> Result<(), String> {
        let line = usize::try_from(line).unwrap_or_default();
        match MatchSpec::read(text)?.meaning()? {
            Meaning::Nothing => {}
            Meaning::Python(specifiers, version) => {
                self.found.lines.push(format!("python{specifiers}"));
                self.found.python = version.or(self.found.python.take());
                self.found.requires_python.push(RequiresPython {
                    specifiers,
                    location: Location::line(&self.document.shown, line, text),
                });
            }
            Meaning::Requirement(requirement) => {
                let written = requirement.to_string();
                self.read_as.push(format!("`{written}`"));
                self.found.add(Entry {
                    requirement,
                    location: Location::line(&self.document.shown, line, written),
                    hashes: Vec::new(),
                    is_locked: false,
                });
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Requirements {
        if !self.read_as.is_empty() {
            self.found.warnings.push(format!(
                "{}: packages of conda are not available; what it lists is taken as Python packages of the same names: {}",
                self.document.shown,
                self.read_as.join(", ")
            ));
        }
        self.found
    }
}
