//! Named texts, and locations in them.

use std::io;
use std::path::{Component, Path, PathBuf};

use crate::context::ReadContext;
use crate::encoding::{self, Decoded, Undecodable};
use crate::{Location, ManifestError};

/// The prefix of the line before a part from another file; written by `nixlib`.
const PART: &str = "# mach-nix: ";

/// A file, or an argument of the command line.
#[derive(Debug, Clone)]
pub struct Document {
    /// The path as given by the user.
    pub shown: String,
    /// The text, without a byte order mark.
    pub text: String,
    /// The encoding, unless it is UTF-8.
    pub encoding: Option<String>,
}

/// The name of a file for messages, and its bytes.
fn contents(path: &Path, context: &ReadContext<'_>) -> Result<(String, Vec<u8>), ManifestError> {
    let shown = path.display().to_string();
    if shown.starts_with("http:/") || shown.starts_with("https:/") {
        // A lock needs inputs that do not change.
        return Err(Location::file(&shown).error(format!(
            "this is an address, and inputs are files: download it with `curl -fLO {shown}`, and name the file"
        )));
    }
    match (context.read)(path) {
        Ok(bytes) => Ok((shown, bytes)),
        Err(error) => Err(Location::file(&shown).error(match error.kind() {
            io::ErrorKind::NotFound => format!("there is no file `{shown}`: correct the name"),
            io::ErrorKind::IsADirectory => {
                let mut names = ["pyproject.toml", "requirements.txt", "setup.cfg", "setup.py"].iter();
                let inside = names.find(|name| (context.exists)(&context.folder.join(path).join(name)));
                let inside = inside.map_or_else(String::new, |name| {
                    format!(", such as `{}`", path.join(name).display())
                });
                format!("`{shown}` is a folder, and inputs are files: name a file in it{inside}")
            }
            _ => format!("cannot read `{shown}`: {error}"),
        })),
    }
}

impl Document {
    /// Reads a file in UTF-8.
    pub fn open(path: &Path, context: &ReadContext<'_>) -> Result<Self, ManifestError> {
        let (shown, bytes) = contents(path, context)?;
        match encoding::utf8(&bytes) {
            Ok(text) => Ok(Self {
                shown,
                text,
                encoding: None,
            }),
            Err(fault) => Err(undecodable(&shown, &bytes, fault)),
        }
    }

    /// Reads a requirements file, which may have another encoding.
    pub fn open_requirements(path: &Path, context: &ReadContext<'_>) -> Result<Self, ManifestError> {
        let (shown, bytes) = contents(path, context)?;
        match encoding::requirements(&bytes) {
            Ok(Decoded { text, encoding }) => Ok(Self {
                shown,
                text,
                encoding,
            }),
            Err(fault) => Err(undecodable(&shown, &bytes, fault)),
        }
    }

    /// The parts of a text that the Nix library concatenated, as separate documents.
    pub fn parts(&self) -> Vec<Self> {
        let mut parts = vec![Self {
            text: String::new(),
            ..self.clone()
        }];
        for line in self.text.split_inclusive('\n') {
            if let Some(shown) = line.strip_prefix(PART) {
                parts.push(Self {
                    shown: shown.trim().to_owned(),
                    text: String::new(),
                    encoding: None,
                });
            } else if let Some(part) = parts.last_mut() {
                part.text.push_str(line);
            }
        }
        parts
    }

    /// An error for the file as a whole.
    pub fn whole(&self, reason: impl Into<String>) -> ManifestError {
        Location::file(&self.shown).error(reason)
    }

    /// An error at this byte offset.
    pub fn at(&self, offset: usize, reason: impl Into<String>) -> ManifestError {
        let (line, column) = self.line_and_column(offset);
        let text = self.text.lines().nth(line - 1).unwrap_or_default();
        let location = Location {
            column,
            ..Location::line(&self.shown, line, text)
        };
        location.error(reason)
    }

    /// The one-based line and column (in characters) of a byte offset.
    pub fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        (line, before[start..].chars().count() + 1)
    }
}

/// An encoding error.
fn undecodable(shown: &str, bytes: &[u8], fault: Undecodable) -> ManifestError {
    let Some((number, offset)) = fault.at else {
        return Location::file(shown).error(fault.reason);
    };
    let line = bytes.split(|byte| *byte == b'\n').nth(number).unwrap_or_default();
    let before = line.get(..offset).unwrap_or_default();
    let location = Location {
        column: String::from_utf8_lossy(before).chars().count() + 1,
        ..Location::line(shown, number + 1, String::from_utf8_lossy(line).trim_end())
    };
    location.error(fault.reason)
}

/// The path with `.` and `..` resolved lexically.
#[must_use]
pub fn normalized(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(normal.components().next_back(), Some(Component::Normal(_))) => {
                normal.pop();
            }
            Component::ParentDir if normal.has_root() => {}
            other => normal.push(other),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undecodable_text_has_a_location() {
        let refusal = |bytes: &[u8]| {
            let context = ReadContext {
                read: &|_| Ok(bytes.to_vec()),
                exists: &|_| true,
                folders: &|_| Vec::new(),
                variable: &|_| None,
                folder: Path::new("/"),
            };
            let error = Document::open_requirements(Path::new("r.txt"), &context).unwrap_err();
            error.to_string()
        };
        assert!(refusal(b"flask\n# caf\xe9\n").starts_with("r.txt, line 2, column 6: this is not UTF-8"));
        assert!(
            refusal(b"# coding: nonsense\n# caf\xe9\n")
                .starts_with("r.txt, line 1, column 1: the file cannot be read as `nonsense`")
        );
        assert!(
            refusal(b"\xff\xfe\x00\xd8").starts_with("r.txt: the file has the byte order mark of UTF-16")
        );
    }

    #[test]
    fn paths_are_compared_in_normal_form() {
        for (path, normal) in [
            ("a/./b", "a/b"),
            ("a/../b", "b"),
            ("../a", "../a"),
            ("a/../../b", "../b"),
            ("/../a", "/a"),
        ] {
            assert_eq!(normalized(Path::new(path)), Path::new(normal), "{path}");
        }
    }
}
