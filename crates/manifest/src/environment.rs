//! `environment.yml`, conda's format ([CEP 24](https://conda.org/learn/ceps/cep-0024/)).
//!
//! Entries of `dependencies` are match specs, in conda's namespace; entries of `pip:` are lines of a requirements file, in
//! Python's. Two spellings of platform selectors become markers. `python` selects the interpreter, and `pip` is dropped.
//!
//! The digest of a request is over the lines of the file as they are, so that Nix can compute it without a parser of YAML: see
//! `digest_text`.

mod channel;
mod file;
pub(crate) mod python;
mod python_packages;
mod selector;

use std::path::Path;

use mach_nix_conda::{CondaSpec, Interpreter, Subdir};
use mach_nix_model::Marker;
use serde_saphyr::Spanned;

use crate::conda::CondaEntry;
use crate::document::Document;
use crate::lines::digest_lines;
use crate::requirements_file::Reader;
use crate::{Location, ManifestError, ReadContext, Requirements};
use file::{Dependency, File};

/// Reads an `environment.yml`.
///
/// # Errors
/// If the file cannot be read or is not an environment, or an entry is not a match spec.
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
        path,
        context,
        found: Requirements::default(),
    };
    environment.head(&file)?;
    for dependency in &file.dependencies {
        environment.dependency(dependency)?;
    }
    let lines = digest_lines(&digest_text(&document.text));
    environment.found.lines.splice(0..0, lines);
    environment.found.checked(context)
}

/// The text whose lines are those of the digest. Selectors are comments and have a meaning, so their brackets are not
/// comments there. `nixlib/requirements/readRequirements.nix` does the same.
fn digest_text(text: &str) -> String {
    text.replace("# [", "[").replace("#[", "[")
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
    path: &'a Path,
    context: &'a ReadContext<'a>,
    found: Requirements,
}

impl Environment<'_> {
    /// Reads everything except the dependencies.
    fn head(&mut self, file: &File) -> Result<(), ManifestError> {
        for key in &file.unknown {
            let location = self.location(key, &key.value);
            self.found.warnings.push(format!(
                "{location}: `{}` is not a key of environment files: it is ignored",
                key.value
            ));
        }
        if let Some(channels) = &file.channels {
            let mut read = Vec::new();
            for channel in channels {
                read.extend(channel::read(
                    &channel.value,
                    &self.location(channel, &channel.value),
                    self.context,
                )?);
            }
            self.found.conda.channels = Some(read);
        }
        for platform in &file.platforms {
            let Ok(subdir) = platform.value.parse() else {
                let location = self.location(platform, &platform.value);
                self.found.warnings.push(format!(
                    "{location}: `{}` is not a supported platform: it is ignored",
                    platform.value
                ));
                continue;
            };
            self.found.conda.platforms.push(subdir);
        }
        self.found.conda.variables.clone_from(&file.variables);
        Ok(())
    }

    fn dependency(&mut self, dependency: &Spanned<Dependency>) -> Result<(), ManifestError> {
        let mut marker = self.selector_of_line(line_of(dependency));
        match &dependency.value {
            Dependency::Conda(text) => self.conda(text, marker, dependency),
            Dependency::Selected { selector, spec } => {
                let selected = selector::marker(selector).map_err(|reason| {
                    self.error(
                        dependency,
                        format!("`sel({selector})` is not a selector: {reason}"),
                    )
                })?;
                marker.and(selected);
                self.conda(spec, marker, dependency)
            }
            Dependency::Pip(list) => {
                for requirement in list {
                    self.pip(requirement, &marker)?;
                }
                Ok(())
            }
        }
    }

    fn pip(&mut self, text: &Spanned<String>, outer: &Marker) -> Result<(), ManifestError> {
        let line = line_of(text);
        let mut reader = Reader::new(self.context);
        reader.single(self.path, &self.document.shown, &text.value, line)?;
        let mut marker = self.selector_of_line(line);
        marker.and(outer.clone());
        for entry in &mut reader.found.requirements {
            entry.requirement.marker.and(marker.clone());
        }
        // The line itself is one of the file; those of a file that it includes are not.
        let own = digest_lines(&text.value);
        reader.found.lines.retain(|line| !own.contains(line));
        self.found.append(reader.found);
        Ok(())
    }

    fn conda<T>(&mut self, text: &str, marker: Marker, place: &Spanned<T>) -> Result<(), ManifestError> {
        let location = self.location(place, text);
        let spec: CondaSpec = text
            .parse()
            .map_err(|error: mach_nix_conda::CondaSpecError| self.error(place, error.to_string()))?;
        match spec.name().as_str() {
            "pip" => return Ok(()),
            "python" => {
                return python::add(&spec, text, location, &mut self.found)
                    .map_err(|reason| self.error(place, reason));
            }
            // An export pins the builds of what marks conda's interpreters.
            _ if Interpreter::owns(spec.name()) && spec.names_a_build() => return Ok(()),
            _ => {}
        }
        self.found.conda.requirements.push(CondaEntry {
            spec,
            marker,
            location,
        });
        Ok(())
    }

    /// The marker of the selector in the comment of a line. Conda itself sees a comment only, so another text in brackets is
    /// not an error.
    fn selector_of_line(&mut self, line: usize) -> Marker {
        let text = self
            .document
            .text
            .lines()
            .nth(line.saturating_sub(1))
            .unwrap_or_default();
        let Some(selector) = selector::of_line(text) else {
            return Marker::TRUE;
        };
        selector::marker(selector).unwrap_or_else(|reason| {
            let location = Location::line(&self.document.shown, line, text);
            self.found.warnings.push(format!(
                "{location}: the comment `# [{selector}]` is not a selector, and is ignored: {reason}"
            ));
            Marker::TRUE
        })
    }

    fn location<T>(&self, spanned: &Spanned<T>, text: &str) -> Location {
        Location::line(&self.document.shown, line_of(spanned), text)
    }

    fn error<T>(&self, spanned: &Spanned<T>, reason: impl Into<String>) -> ManifestError {
        let (line, column) = (spanned.referenced.line(), spanned.referenced.column());
        at(self.document, line, column, reason)
    }
}

/// The marker of a platform.
pub(crate) fn platform_marker(platform: Subdir) -> Marker {
    selector::marker(platform.as_str()).unwrap_or(Marker::TRUE)
}

fn line_of<T>(spanned: &Spanned<T>) -> usize {
    usize::try_from(spanned.referenced.line()).unwrap_or_default()
}
