//! Requirements files.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use mach_nix_model::Requirement;
use url::Url;

use crate::ManifestError;
use crate::lines::{Line, logical_lines};

/// What the requirements files given say, taken together.
#[derive(Debug, Clone, Default)]
pub struct Requirements {
    /// The requirements, in the order of the files.
    pub requirements: Vec<Entry>,
    /// The constraints, from `-c` files.
    pub constraints: Vec<Entry>,
    /// `--index-url`, if a file sets it; the last one counts.
    pub index_url: Option<Url>,
    /// `--extra-index-url`, in order.
    pub extra_index_urls: Vec<Url>,
    /// Whether `--pre` was set.
    pub pre: bool,
    /// The lines that say all this, for the digest of the request; lines that only name other files are not among
    /// them, what those files say is.
    pub lines: Vec<String>,
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
        self.index_url = other.index_url.or(self.index_url.take());
        self.extra_index_urls.extend(other.extra_index_urls);
        self.pre |= other.pre;
        self.lines.extend(other.lines);
    }

    /// Takes the requirements as constraints, as `-c FILE` on the command line asks.
    #[must_use]
    pub fn into_constraints(mut self) -> Self {
        self.constraints.append(&mut self.requirements);
        self.lines = self.lines.iter().map(|line| format!("-c {line}")).collect();
        self
    }
}

/// A requirement with its place.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What is required.
    pub requirement: Requirement,
    /// The line as written, for the digest of the request.
    pub text: String,
    /// The file as the user named it; `None` for the command line.
    pub path: Option<String>,
    /// One-based line; 0 for the command line.
    pub line: usize,
}

/// Reads a requirement given on the command line.
///
/// # Errors
/// When it is no dependency specifier (PEP 508).
pub fn parse_requirement(text: &str) -> Result<Entry, ManifestError> {
    let line = Line {
        number: 0,
        text: text.trim().to_owned(),
        indent: 0,
    };
    entry(&line, None)
}

/// Reads a requirements file and the files it names, relative to its own folder.
///
/// # Errors
/// When a file cannot be read (by `read`), a line is no requirement, or an option is unknown; the error names file,
/// line and column.
pub fn parse_requirements(
    path: &Path,
    read: &dyn Fn(&Path) -> std::io::Result<String>,
) -> Result<Requirements, ManifestError> {
    let mut reader = Reader {
        read,
        found: Requirements::default(),
        open: Vec::new(),
    };
    reader.file(path, Kind::Requirements, None)?;
    Ok(reader.found)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Requirements,
    Constraints,
}

struct Reader<'a> {
    read: &'a dyn Fn(&Path) -> std::io::Result<String>,
    found: Requirements,
    /// The files being read, outermost first: a file among them that is named again is a cycle.
    open: Vec<PathBuf>,
}

impl Reader<'_> {
    fn file(&mut self, path: &Path, kind: Kind, named_at: Option<Fault<'_>>) -> Result<(), ManifestError> {
        let shown = path.display().to_string();
        let refuse = |reason: String| match named_at {
            Some(fault) => fault.error(reason),
            None => ManifestError {
                path: Some(shown.clone()),
                line: 0,
                column: 0,
                text: String::new(),
                reason,
            },
        };
        if self.open.iter().any(|open| open == path) {
            return Err(refuse(format!(
                "`{shown}` includes itself: take one of the `-r` lines out"
            )));
        }
        let text = (self.read)(path).map_err(|error| refuse(format!("cannot read `{shown}`: {error}")))?;
        self.open.push(path.to_owned());
        for line in logical_lines(text.strip_prefix('\u{feff}').unwrap_or(&text)) {
            self.line(&line, path, &shown, kind)?;
        }
        self.open.pop();
        Ok(())
    }

    fn line(&mut self, line: &Line, path: &Path, shown: &str, kind: Kind) -> Result<(), ManifestError> {
        if !line.text.starts_with('-') {
            let entry = entry(line, Some(shown))?;
            match kind {
                Kind::Requirements => self.found.add(entry),
                Kind::Constraints => {
                    self.found.lines.push(format!("-c {}", line.text));
                    self.found.constraints.push(entry);
                }
            }
            return Ok(());
        }
        let fault = Fault {
            line,
            path: Some(shown),
            column: 0,
        };
        let (name, value) = option(&line.text);
        let url = || Url::parse(value).map_err(|error| fault.error(format!("`{value}` is no URL: {error}")));
        match (name, value) {
            ("--pre", "") => self.found.pre = true,
            (_, "") => return Err(fault.error(unknown(name))),
            ("-r" | "--requirement", _) => self.file(&beside(path, value), kind, Some(fault))?,
            ("-c" | "--constraint", _) => self.file(&beside(path, value), Kind::Constraints, Some(fault))?,
            ("-i" | "--index-url", _) => self.found.index_url = Some(url()?),
            ("--extra-index-url", _) => self.found.extra_index_urls.push(url()?),
            _ => return Err(fault.error(unknown(name))),
        }
        if !matches!(name, "-r" | "--requirement" | "-c" | "--constraint") {
            self.found.lines.push(line.text.clone());
        }
        Ok(())
    }
}

fn unknown(name: &str) -> String {
    format!(
        "the option `{name}` is not supported or lacks its value; \
         known in requirements files: -r, -c, -i/--index-url, --extra-index-url, --pre"
    )
}

/// Splits `--option value`, `--option=value`, `-r value` and `-rvalue`.
fn option(text: &str) -> (&str, &str) {
    if !text.starts_with("--") && text.len() > 2 && text.is_char_boundary(2) {
        let (name, value) = text.split_at(2);
        return (name, value.trim_start_matches('=').trim());
    }
    match text.split_once(|c: char| c == '=' || c.is_whitespace()) {
        Some((name, value)) => (name, value.trim()),
        None => (text, ""),
    }
}

fn beside(path: &Path, named: &str) -> PathBuf {
    path.parent()
        .map_or_else(|| PathBuf::from(named), |folder| folder.join(named))
}

fn entry(line: &Line, path: Option<&str>) -> Result<Entry, ManifestError> {
    let fault = Fault {
        line,
        path,
        column: 0,
    };
    // Hash-checking is a promise; dropping it silently would break it.
    if let Some((_, rest)) = line.text.split_once(" --") {
        let name = rest
            .split(|c: char| c == '=' || c.is_whitespace())
            .next()
            .unwrap_or_default();
        return Err(fault.error(format!(
            "the per-requirement option `--{name}` is not supported yet"
        )));
    }
    if looks_like_path(&line.text) {
        return Err(fault.error("packages from paths and bare URLs are not supported yet".to_owned()));
    }
    let requirement = Requirement::from_str(&line.text).map_err(|error| {
        Fault {
            column: error.start,
            ..fault
        }
        .error(error.message.to_string())
    })?;
    Ok(Entry {
        requirement,
        text: line.text.clone(),
        path: path.map(str::to_owned),
        line: line.number,
    })
}

fn looks_like_path(text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or_default();
    word.starts_with(['.', '/', '~']) || (word.contains("://") && !text.contains('@'))
}

/// The place of a line that is at fault.
#[derive(Clone, Copy)]
struct Fault<'a> {
    line: &'a Line,
    path: Option<&'a str>,
    /// Zero-based character in the line's text.
    column: usize,
}

impl Fault<'_> {
    fn error(&self, reason: String) -> ManifestError {
        ManifestError {
            path: self.path.map(str::to_owned),
            line: self.line.number,
            column: self.line.indent + self.column + 1,
            text: " ".repeat(self.line.indent) + &self.line.text,
            reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io;

    use super::*;

    fn parse(files: &[(&str, &str)]) -> Result<Requirements, ManifestError> {
        let files: BTreeMap<PathBuf, String> = files
            .iter()
            .map(|(path, text)| (PathBuf::from(path), (*text).to_owned()))
            .collect();
        let read = |path: &Path| files.get(path).cloned().ok_or(io::ErrorKind::NotFound.into());
        parse_requirements(Path::new("app/requirements.txt"), &read)
    }

    #[test]
    fn follows_included_files() {
        let found = parse(&[
            (
                "app/requirements.txt",
                "-r base.txt\n-c ../limits.txt\n--extra-index-url https://example.org/simple\nflask",
            ),
            ("app/base.txt", "click>=8 ; python_version > '3.8'"),
            ("app/../limits.txt", "werkzeug<3"),
        ])
        .unwrap();
        let names = |entries: &[Entry]| -> Vec<String> {
            entries
                .iter()
                .map(|entry| entry.requirement.name.to_string())
                .collect()
        };
        assert_eq!(names(&found.requirements), ["click", "flask"]);
        assert_eq!(names(&found.constraints), ["werkzeug"]);
        assert_eq!(found.extra_index_urls.len(), 1);
    }

    #[test]
    fn names_the_place_of_a_fault() {
        let error = parse(&[("app/requirements.txt", "flask\n\n  click=>8\n")]).unwrap_err();
        let shown = error.to_string();
        assert!(
            shown.starts_with("app/requirements.txt, line 3, column 8: "),
            "{shown}"
        );
        assert!(shown.ends_with("\n  |   click=>8\n  |        ^"), "{shown}");
    }

    #[test]
    fn refuses_what_it_would_have_to_ignore() {
        for (line, part) in [
            ("flask --hash=sha256:00", "`--hash` is not supported"),
            ("--no-binary :all:", "`--no-binary` is not supported"),
            ("-e .", "`-e` is not supported"),
            ("./local", "not supported yet"),
            ("-r missing.txt", "cannot read"),
            ("-r requirements.txt", "includes itself"),
        ] {
            let shown = parse(&[("app/requirements.txt", line)]).unwrap_err().to_string();
            assert!(shown.contains(part), "{line}: {shown}");
        }
    }
}
