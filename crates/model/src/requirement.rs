//! Dependency specifiers: a package, its versions or source, and a condition.
//!
//! Specification: <https://packaging.python.org/en/latest/specifications/dependency-specifiers/>. `pep508_rs` parses
//! them too, but panics on some invalid ones (`a-[x]`, `a[x.]`), and its markers do not conform to the specification:
//! see [`Marker`].

use std::fmt;
use std::str::FromStr;

use indexmap::IndexSet;
use pep440_rs::VersionSpecifiers;
use pep508_rs::{ExtraName, MarkerEnvironment, PackageName, VersionOrUrl};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::Marker;
use crate::specifier_list::dependency_list;

/// A dependency specifier; its URL, if any, is absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The required package.
    pub name: PackageName,
    /// The required extras, in the order written.
    pub extras: Vec<ExtraName>,
    /// The accepted versions, or the source; `None` for any version.
    pub version_or_url: Option<VersionOrUrl<Url>>,
    /// The condition.
    pub marker: Marker,
}

/// An invalid dependency specifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RequirementError {
    /// The problem, and the remedy.
    pub message: String,
    /// The zero-based byte offset.
    pub start: usize,
}

impl Requirement {
    /// Whether the requirement applies in an environment with these extras: see [`Marker::evaluate`].
    #[must_use]
    pub fn evaluate_markers(&self, environment: &MarkerEnvironment, extras: &[ExtraName]) -> bool {
        self.marker.evaluate(environment, extras)
    }
}

impl FromStr for Requirement {
    type Err = RequirementError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut reader = Reader { text, at: 0 };
        let name = reader.name("a package name")?;
        let name = checked(name, "package name")?;
        let extras = reader.extras()?;
        let version_or_url = if reader.takes('@') {
            Some(VersionOrUrl::Url(reader.url()?))
        } else {
            reader.specifiers()?.map(VersionOrUrl::VersionSpecifier)
        };
        let marker = match reader.rest() {
            "" => Marker::TRUE,
            rest if rest.starts_with(';') => {
                let at = reader.at + 1;
                let marker = text[at..].parse::<Marker>();
                marker.map_err(|error| RequirementError {
                    start: at + error.start,
                    message: error.message,
                })?
            }
            _ => return Err(reader.error("expected a version such as `>=1.0`, or `;` before a marker")),
        };
        Ok(Self {
            name,
            extras,
            version_or_url,
            marker,
        })
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    /// The rest, without leading white space.
    fn rest(&mut self) -> &'t str {
        let rest = self.text[self.at..].trim_start();
        self.at = self.text.len() - rest.len();
        rest
    }

    fn error(&self, message: impl Into<String>) -> RequirementError {
        RequirementError {
            message: message.into(),
            start: self.at,
        }
    }

    fn takes(&mut self, c: char) -> bool {
        let found = self.rest().starts_with(c);
        self.at += if found { c.len_utf8() } else { 0 };
        found
    }

    /// A name, and its offset.
    fn name(&mut self, what: &str) -> Result<(&'t str, usize), RequirementError> {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')));
        let name = &rest[..end.unwrap_or(rest.len())];
        if name.is_empty() {
            return Err(self.error(format!("expected {what} here")));
        }
        let start = self.at;
        self.at += name.len();
        Ok((name, start))
    }

    fn extras(&mut self) -> Result<Vec<ExtraName>, RequirementError> {
        if !self.takes('[') || self.takes(']') {
            return Ok(Vec::new());
        }
        let mut extras = IndexSet::new();
        loop {
            let extra = self.name("the name of an extra")?;
            extras.insert(checked(extra, "name of an extra")?);
            if self.takes(']') {
                return Ok(extras.into_iter().collect());
            }
            if !self.takes(',') {
                return Err(self.error("expected `,` or `]` after the name of an extra"));
            }
        }
    }

    /// A URL ends at white space; a `;` directly after it is a part of it.
    fn url(&mut self) -> Result<Url, RequirementError> {
        let rest = self.rest();
        let end = rest.find([' ', '\t', '\n', '\r']).unwrap_or(rest.len());
        let url = rest[..end].parse();
        let url = url.map_err(|error| self.error(format!("`{}` is not a URL: {error}", &rest[..end])))?;
        self.at += end;
        Ok(url)
    }

    fn specifiers(&mut self) -> Result<Option<VersionSpecifiers>, RequirementError> {
        let enclosed = self.takes('(');
        let rest = self.rest();
        let end = rest.find([';', ')']).unwrap_or(rest.len());
        let text = rest[..end].trim_end();
        // The caller reports text that is not a specifier at all.
        let specifiers = match text.chars().next() {
            Some('<' | '>' | '=' | '!' | '~') => {
                let read = dependency_list(text).map_err(|error| RequirementError {
                    message: error.message,
                    start: self.at + error.start,
                })?;
                self.at += text.len();
                Some(read)
            }
            _ => None,
        };
        if enclosed && !self.takes(')') {
            return Err(self.error("expected `)` after the versions"));
        }
        Ok(specifiers.filter(|list| !list.is_empty()))
    }
}

/// Parses a name more strictly than `pep508_rs`.
fn checked<T: FromStr>((name, at): (&str, usize), what: &str) -> Result<T, RequirementError> {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let legal = ends(name.chars().next()) && ends(name.chars().next_back());
    name.parse()
        .ok()
        .filter(|_| legal)
        .ok_or_else(|| RequirementError {
            message: format!("`{name}` is not a valid {what}: it begins and ends with a letter or digit"),
            start: at,
        })
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)?;
        if !self.extras.is_empty() {
            let extras: Vec<&str> = self.extras.iter().map(ExtraName::as_ref).collect();
            write!(f, "[{}]", extras.join(","))?;
        }
        match &self.version_or_url {
            None => {}
            Some(VersionOrUrl::VersionSpecifier(list)) => {
                let list: Vec<String> = list.iter().map(ToString::to_string).collect();
                f.write_str(&list.join(","))?;
            }
            Some(VersionOrUrl::Url(url)) => write!(f, " @ {url}")?,
        }
        if self.marker.is_true() {
            return Ok(());
        }
        write!(f, " ; {}", self.marker)
    }
}

impl Serialize for Requirement {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Requirement {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_part() {
        for (read, written) in [
            (
                "A.b [x , Y] (>=1, <2);os_name=='nt'",
                "a-b[x,y]>=1,<2 ; os_name == 'nt'",
            ),
            ("a@https://x.test/a.whl;y", "a @ https://x.test/a.whl;y"),
            (
                "a @ https://x.test/a.whl ; extra == 'x'",
                "a @ https://x.test/a.whl ; extra == 'x'",
            ),
            (" a[] ", "a"),
        ] {
            assert_eq!(read.parse::<Requirement>().unwrap().to_string(), written);
        }
    }

    #[test]
    fn names_that_are_none_are_errors() {
        for (text, start) in [
            ("a-[x]", 0),
            ("a[x.]", 2),
            ("a_", 0),
            ("a[x", 3),
            ("é", 0),
            ("a b", 2),
            ("a[,]", 2),
        ] {
            assert_eq!(text.parse::<Requirement>().unwrap_err().start, start, "{text}");
        }
    }
}
