//! Requirements files: <https://pip.pypa.io/en/stable/reference/requirements-file-format/>.
//!
//! Differences from pip: words after options, and options after a requirement or an `-r`, are errors and not ignored;
//! an `-r` in a constraints file reads constraints (as in uv); only files can be included, not URLs; unset variables
//! are errors; and the requirements of a file are added only once, however many lines include it.

use std::path::{Path, PathBuf};

use mach_nix_model::CondaRequirement;
use url::Url;

use crate::document::{Document, normalized};
use crate::file_line::FileLine;
use crate::included::included;
use crate::line_options::{self, Name, Setting};
use crate::lines::{Line, digest_lines, logical_lines};
use crate::package::{Package, editable, package};
use crate::{CondaEntry, Entry, FindLinks, Location, ManifestError, ReadContext, Requirements};

/// Maximum depth of nested files: a cycle is rejected at the first repetition, but symbolic links can make an endless
/// one.
const MAX_DEPTH: usize = 64;

/// Maximum length of a line, in bytes. Lines with the hashes of many files have some hundred kilobytes.
const MAX_LINE: usize = 4 << 20;

/// Maximum number of inclusions: files that each include two others can multiply without bound.
const MAX_INCLUDED: usize = 10_000;

/// Reads a requirement given on the command line: a dependency specifier (PEP 508).
///
/// # Errors
/// If it is invalid.
pub fn parse_requirement(text: &str) -> Result<Entry, ManifestError> {
    let line = argument(text);
    let location = FileLine {
        line: &line,
        path: None,
    };
    let requirement = crate::specifier::requirement(&line.text)
        .map_err(|fault| location.error(fault.column, fault.reason))?;
    Ok(Entry {
        requirement,
        location: location.to_location(),
        hashes: Vec::new(),
        is_locked: false,
    })
}

fn argument(text: &str) -> Line {
    Line {
        number: None,
        text: text.trim().to_owned(),
        written: text.trim().to_owned(),
        unset: None,
        indent: 0,
    }
}

impl Requirements {
    /// Adds an argument of the command line: a dependency specifier, a URL or a path, as in pip.
    ///
    /// # Errors
    /// If it is neither.
    pub fn add_argument(&mut self, text: &str, context: &ReadContext<'_>) -> Result<(), ManifestError> {
        let line = argument(text);
        let location = FileLine {
            line: &line,
            path: None,
        };
        if line.text.starts_with("conda:") {
            let requirement: Result<CondaRequirement, _> = line.text.parse();
            let CondaRequirement { spec, marker } =
                requirement.map_err(|error| location.error(0, error.to_string()))?;
            self.lines.push(line.text.clone());
            self.conda_arguments.push(CondaEntry {
                spec,
                marker,
                location: Location::argument(line.text.clone()),
            });
            return Ok(());
        }
        let mut argument = Self::default();
        argument.take(package(location, &line.text, &[], context)?);
        argument.lines.push(line.text.clone());
        self.append(argument.checked(context)?);
        Ok(())
    }

    fn take(&mut self, package: Package) {
        match package {
            Package::Entry(entry) => self.requirements.push(entry),
            Package::Source(source) => self.sources.push(source),
        }
    }
}

/// Reads a requirements file and the files it includes, relative to its own folder.
///
/// # Errors
/// If a file cannot be read, a line is not a requirement, or an option is not supported; the error contains file, line
/// and column.
pub fn parse_requirements(path: &Path, context: &ReadContext<'_>) -> Result<Requirements, ManifestError> {
    read(path, &Document::open_requirements(path, context)?, context)
}

/// Parses a requirements file from a document.
pub fn read(
    path: &Path,
    document: &Document,
    context: &ReadContext<'_>,
) -> Result<Requirements, ManifestError> {
    let mut reader = Reader::new(context);
    reader.document(path, document, Kind::Requirements)?;
    reader.found.checked(context)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Requirements,
    Constraints,
}

pub struct Reader<'a> {
    context: &'a ReadContext<'a>,
    pub found: Requirements,
    /// The open files, outermost first, in normal form: including one of them again is a cycle.
    open: Vec<PathBuf>,
    /// All files read so far, in normal form.
    seen: Vec<(PathBuf, Kind)>,
    /// Number of open files that were read before.
    repeated: usize,
    /// Number of included files.
    included: usize,
}

impl<'a> Reader<'a> {
    pub fn new(context: &'a ReadContext<'a>) -> Self {
        Self {
            context,
            found: Requirements::default(),
            open: Vec::new(),
            seen: Vec::new(),
            repeated: 0,
            included: 0,
        }
    }

    /// Parses a single line of a file in another format.
    pub fn single(
        &mut self,
        path: &Path,
        shown: &str,
        text: &str,
        number: usize,
    ) -> Result<(), ManifestError> {
        self.found.lines.extend(digest_lines(text));
        for line in logical_lines(text, self.context.variable) {
            let line = Line {
                number: Some(number),
                ..line
            };
            let location = FileLine {
                line: &line,
                path: Some(shown),
            };
            self.line(location, path, Kind::Requirements)?;
        }
        Ok(())
    }

    fn document(&mut self, path: &Path, document: &Document, kind: Kind) -> Result<(), ManifestError> {
        self.open.push(normalized(path));
        self.seen.push((normalized(path), kind));
        if let Some(encoding) = document.encoding.as_ref().filter(|_| self.repeated == 0) {
            self.found.warnings.push(format!(
                "{}: the file is in {encoding}, which Nix does not read: save it as UTF-8",
                document.shown
            ));
        }
        let lines = if self.repeated > 0 { "" } else { &document.text };
        let lines = digest_lines(lines).into_iter().map(|line| match kind {
            Kind::Requirements => line,
            Kind::Constraints => format!("-c {line}"),
        });
        self.found.lines.extend(lines);
        for part in document.parts() {
            for line in logical_lines(&part.text, self.context.variable) {
                let location = FileLine {
                    line: &line,
                    path: Some(&part.shown),
                };
                self.line(location, path, kind)?;
            }
        }
        self.open.pop();
        Ok(())
    }

    fn line(&mut self, location: FileLine<'_>, path: &Path, kind: Kind) -> Result<(), ManifestError> {
        if location.line.text.len() > MAX_LINE {
            return Err(location.error(
                0,
                format!(
                    "this line has {} bytes, and the limit is {MAX_LINE}",
                    location.line.text.len()
                ),
            ));
        }
        if let Some(name) = &location.line.unset {
            return Err(location.error(
                0,
                format!(
                    "the environment variable `{name}` is not set, or empty: set it with `export {name}=…`"
                ),
            ));
        }
        let (requirement, options) = line_options::split(&location.line.text);
        let settings = line_options::settings(options)
            .map_err(|reason| location.error(requirement.chars().count(), reason))?;
        if !requirement.is_empty() {
            let package = package(location, requirement, &settings, self.context)?;
            return self.package(package, kind);
        }
        if let [
            Setting {
                name: Name::Editable,
                value,
            },
        ] = settings.as_slice()
        {
            let package = editable(location, value, self.context)?;
            return self.package(package, kind);
        }
        let for_builds = settings.iter().find_map(|setting| setting.name.for_builds());
        if let Some(reason) = for_builds.filter(|_| settings.len() > 1) {
            return Err(location.error(0, reason));
        }
        for setting in &settings {
            let alone = matches!(
                setting.name,
                Name::Requirement | Name::Constraint | Name::Editable
            );
            if alone && settings.len() > 1 {
                return Err(location.error(
                    0,
                    format!(
                        "`{}` must be on its own line: pip would ignore the rest of this one",
                        setting.name.long()
                    ),
                ));
            }
            self.setting(location, path, kind, setting)?;
        }
        Ok(())
    }

    fn package(&mut self, package: Package, kind: Kind) -> Result<(), ManifestError> {
        match (package, kind) {
            _ if self.repeated > 0 => {}
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
        location: FileLine<'_>,
        path: &Path,
        kind: Kind,
        setting: &Setting,
    ) -> Result<(), ManifestError> {
        let value = setting.value.as_str();
        let found = &mut self.found;
        let url = || {
            Url::parse(value).map_err(|error| {
                location.error(
                    0,
                    format!("the value of `{}` is not a URL: {error}", setting.name.long()),
                )
            })
        };
        match setting.name {
            Name::Requirement => self.include(location, path, value, kind)?,
            Name::Constraint => self.include(location, path, value, Kind::Constraints)?,
            Name::IndexUrl => found.options.index_url = Some(url()?),
            Name::ExtraIndexUrl => found.options.extra_index_urls.push(url()?),
            Name::NoIndex => found.options.no_index = true,
            Name::FindLinks => found
                .options
                .find_links
                .push(FindLinks::read(value, path.parent())),
            Name::Pre => found.options.pre = true,
            Name::RequireHashes => found.options.require_hashes = true,
            Name::TrustedHost => found.options.trusted_hosts.push(value.to_owned()),
            Name::NoBinary => found
                .options
                .formats
                .no_binary(value)
                .map_err(|word| location.error(0, no_name(&word)))?,
            Name::OnlyBinary => found
                .options
                .formats
                .only_binary(value)
                .map_err(|word| location.error(0, no_name(&word)))?,
            // The choice among several files of the newest version is a matter of providers here; pip's option also
            // takes an older version in favour of a wheel, which is the effect of the default list `wheel,sdist`.
            Name::PreferBinary | Name::Editable => {}
            Name::AllReleases if value == ":all:" => found.options.pre = true,
            Name::AllReleases => {
                return Err(location.error(
                    0,
                    "pre-releases of single packages are allowed by a version: write one as in `NAME>=0.dev0`",
                ));
            }
            // That is the default, unless nothing else satisfies the requirements.
            Name::OnlyFinal | Name::UseFeature => {
                let location = location.to_location();
                let name = setting.name.long();
                found.warnings.push(format!(
                    "{location}: `{name}` is skipped, because it is about pip itself"
                ));
            }
            Name::Hash | Name::GlobalOption | Name::ConfigSettings | Name::InstallOption => {
                return Err(location.error(
                    0,
                    format!(
                        "`{}` applies to a requirement: write it after one, on the same line",
                        setting.name.long()
                    ),
                ));
            }
        }
        Ok(())
    }

    fn include(
        &mut self,
        location: FileLine<'_>,
        path: &Path,
        value: &str,
        kind: Kind,
    ) -> Result<(), ManifestError> {
        let named = included(location, path, value)?;
        self.included += 1;
        if self.included > MAX_INCLUDED {
            return Err(location.error(
                0,
                format!("more than {MAX_INCLUDED} files are included: write them into fewer"),
            ));
        }
        if self.open.contains(&normalized(&named)) || self.open.len() > MAX_DEPTH {
            return Err(location.error(
                0,
                format!(
                    "`{}` includes itself: remove one of the `-r` lines",
                    named.display()
                ),
            ));
        }
        let document =
            Document::open_requirements(&named, self.context).map_err(|error| match error.location.line {
                None => location.error(0, error.reason),
                Some(_) => error,
            })?;
        // Its options apply again, after those in between, but its requirements are not added again.
        let again = self.seen.contains(&(normalized(&named), kind));
        self.repeated += usize::from(again);
        self.document(&named, &document, kind)?;
        self.repeated -= usize::from(again);
        Ok(())
    }
}

fn no_name(word: &str) -> String {
    format!("`{word}` is not a package name: write names with commas between them, `:all:` or `:none:`")
}
