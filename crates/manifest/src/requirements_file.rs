//! Requirements files: <https://pip.pypa.io/en/stable/reference/requirements-file-format/>.
//!
//! Where this differs from pip, it refuses what pip ignores (words after options, options beside a requirement or
//! beside an `-r`), reads `-r` within a constraints file as constraints (as uv does), and takes files only, no URLs.

use std::path::{Path, PathBuf};

use url::Url;

use crate::lines::{Line, digest_lines, logical_lines};
use crate::options::{self, Name, Setting};
use crate::package::{Package, Place, editable, package};
use crate::place::{Document, normalized};
use crate::{Entry, FindLinks, ManifestError, Requirements, Surroundings};

/// Files that include each other are refused at the first repetition; links on the disk can make one without end.
const DEEPEST: usize = 64;

/// Reads a requirement given on the command line: a dependency specifier (PEP 508).
///
/// # Errors
/// When it is none.
pub fn parse_requirement(text: &str) -> Result<Entry, ManifestError> {
    let line = argument(text);
    let place = Place {
        line: &line,
        path: None,
    };
    let requirement =
        crate::specifier::requirement(&line.text).map_err(|fault| place.error(fault.column, fault.reason))?;
    Ok(Entry {
        requirement,
        text: line.text.clone(),
        path: None,
        line: 0,
        hashes: Vec::new(),
        is_locked: false,
    })
}

fn argument(text: &str) -> Line {
    Line {
        number: 0,
        text: text.trim().to_owned(),
        written: text.trim().to_owned(),
        indent: 0,
    }
}

impl Requirements {
    /// Adds an argument of the command line: a dependency specifier, a URL or a path, as pip takes them.
    ///
    /// # Errors
    /// When it is none of these.
    pub fn add_argument(&mut self, text: &str, surroundings: &Surroundings<'_>) -> Result<(), ManifestError> {
        let line = argument(text);
        let place = Place {
            line: &line,
            path: None,
        };
        let package = package(place, &line.text, &[], surroundings)?;
        self.lines.push(line.text.clone());
        self.take(package);
        Ok(())
    }

    fn take(&mut self, package: Package) {
        match package {
            Package::Entry(entry) => self.requirements.push(entry),
            Package::Source(source) => self.sources.push(source),
        }
    }
}

/// Reads a requirements file and the files it names, relative to its own folder.
///
/// # Errors
/// When a file cannot be read, a line is no requirement, or an option cannot be served; the error names file, line and
/// column.
pub fn parse_requirements(
    path: &Path,
    surroundings: &Surroundings<'_>,
) -> Result<Requirements, ManifestError> {
    let mut reader = Reader::new(surroundings);
    reader.document(path, &Document::open(path, surroundings)?, Kind::Requirements)?;
    Ok(reader.found)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Requirements,
    Constraints,
}

pub struct Reader<'a> {
    surroundings: &'a Surroundings<'a>,
    pub found: Requirements,
    /// The files being read, outermost first, in normal form: one among them that is named again is a cycle.
    open: Vec<PathBuf>,
}

impl<'a> Reader<'a> {
    pub fn new(surroundings: &'a Surroundings<'a>) -> Self {
        Self {
            surroundings,
            found: Requirements::default(),
            open: Vec::new(),
        }
    }

    /// Reads a line that stands in a file of another form.
    pub fn single(
        &mut self,
        path: &Path,
        shown: &str,
        text: &str,
        number: usize,
    ) -> Result<(), ManifestError> {
        self.found.lines.extend(digest_lines(text));
        for line in logical_lines(text, self.surroundings.variable) {
            let line = Line { number, ..line };
            let place = Place {
                line: &line,
                path: Some(shown),
            };
            self.line(place, path, Kind::Requirements)?;
        }
        Ok(())
    }

    fn document(&mut self, path: &Path, document: &Document, kind: Kind) -> Result<(), ManifestError> {
        self.open.push(normalized(path));
        let lines = digest_lines(&document.text).into_iter().map(|line| match kind {
            Kind::Requirements => line,
            Kind::Constraints => format!("-c {line}"),
        });
        self.found.lines.extend(lines);
        for line in logical_lines(&document.text, self.surroundings.variable) {
            let place = Place {
                line: &line,
                path: Some(&document.shown),
            };
            self.line(place, path, kind)?;
        }
        self.open.pop();
        Ok(())
    }

    fn line(&mut self, place: Place<'_>, path: &Path, kind: Kind) -> Result<(), ManifestError> {
        let (requirement, options) = options::split(&place.line.text);
        let settings =
            options::settings(options).map_err(|reason| place.error(requirement.chars().count(), reason))?;
        if !requirement.is_empty() {
            let package = package(place, requirement, &settings, self.surroundings)?;
            return self.package(package, kind);
        }
        if let [
            Setting {
                name: Name::Editable,
                value,
            },
        ] = settings.as_slice()
        {
            let package = editable(place, value, self.surroundings)?;
            return self.package(package, kind);
        }
        for setting in &settings {
            let alone = matches!(
                setting.name,
                Name::Requirement | Name::Constraint | Name::Editable
            );
            if alone && settings.len() > 1 {
                return Err(place.error(
                    0,
                    format!(
                        "`{}` stands on a line of its own: pip would ignore the rest of this one",
                        setting.name.long()
                    ),
                ));
            }
            self.setting(place, path, kind, setting)?;
        }
        Ok(())
    }

    fn package(&mut self, package: Package, kind: Kind) -> Result<(), ManifestError> {
        match (package, kind) {
            (Package::Entry(entry), Kind::Constraints) => {
                entry.check_as_constraint()?;
                self.found.constraints.push(entry);
            }
            (Package::Source(source), Kind::Constraints) => return Err(source.as_constraint()),
            (package, Kind::Requirements) => self.found.take(package),
        }
        Ok(())
    }

    fn setting(
        &mut self,
        place: Place<'_>,
        path: &Path,
        kind: Kind,
        setting: &Setting,
    ) -> Result<(), ManifestError> {
        let value = setting.value.as_str();
        let found = &mut self.found;
        let url = || {
            Url::parse(value).map_err(|error| {
                place.error(
                    0,
                    format!("the value of `{}` is no URL: {error}", setting.name.long()),
                )
            })
        };
        match setting.name {
            Name::Requirement => self.include(place, path, value, kind)?,
            Name::Constraint => self.include(place, path, value, Kind::Constraints)?,
            Name::IndexUrl => found.index_url = Some(url()?),
            Name::ExtraIndexUrl => found.extra_index_urls.push(url()?),
            Name::NoIndex => found.no_index = true,
            Name::FindLinks => found.find_links.push(FindLinks::read(value, path.parent())),
            Name::Pre => found.pre = true,
            Name::RequireHashes => found.require_hashes = true,
            Name::TrustedHost => found.trusted_hosts.push(value.to_owned()),
            Name::NoBinary => found
                .formats
                .no_binary(value)
                .map_err(|word| place.error(0, no_name(&word)))?,
            Name::OnlyBinary => found
                .formats
                .only_binary(value)
                .map_err(|word| place.error(0, no_name(&word)))?,
            // Which of several files of the newest version is taken is a matter of providers here; pip's option also
            // takes an older version for the sake of a wheel, which is what the default list `wheel,sdist` means.
            Name::PreferBinary | Name::Editable => {}
            Name::UseFeature => {
                return Err(place.error(0, "`--use-feature` is about pip itself: take it out"));
            }
            Name::Hash | Name::GlobalOption | Name::ConfigSettings => {
                return Err(place.error(
                    0,
                    format!(
                        "`{}` belongs to a requirement: write it after one, on the same line",
                        setting.name.long()
                    ),
                ));
            }
        }
        Ok(())
    }

    fn include(
        &mut self,
        place: Place<'_>,
        path: &Path,
        value: &str,
        kind: Kind,
    ) -> Result<(), ManifestError> {
        let lower = value.to_ascii_lowercase();
        if ["http:", "https:", "file:"]
            .iter()
            .any(|scheme| lower.starts_with(scheme))
        {
            return Err(place.error(
                0,
                "only files can be included, and this is a URL: download it, and name the file",
            ));
        }
        let named = path
            .parent()
            .map_or_else(|| PathBuf::from(value), |folder| folder.join(value));
        if self.open.contains(&normalized(&named)) || self.open.len() > DEEPEST {
            return Err(place.error(
                0,
                format!(
                    "`{}` includes itself: take one of the `-r` lines out",
                    named.display()
                ),
            ));
        }
        let document = Document::open(&named, self.surroundings).map_err(|error| match error.line {
            0 => place.error(0, error.reason),
            _ => error,
        })?;
        self.document(&named, &document, kind)
    }
}

fn no_name(word: &str) -> String {
    format!("`{word}` is no package name: write names with commas between them, `:all:` or `:none:`")
}
