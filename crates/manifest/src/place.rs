//! A text with its name, and places in it.

use std::io;
use std::path::{Component, Path, PathBuf};

use crate::ManifestError;
use crate::surroundings::Surroundings;

/// A file that was read, or an argument of the command line.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file as the user named it.
    pub shown: String,
    /// Its text, without byte order mark.
    pub text: String,
}

impl Document {
    /// Reads a file.
    pub fn open(path: &Path, surroundings: &Surroundings<'_>) -> Result<Self, ManifestError> {
        let shown = path.display().to_string();
        let bytes = (surroundings.read)(path).map_err(|error| ManifestError {
            path: Some(shown.clone()),
            line: 0,
            column: 0,
            text: String::new(),
            reason: match error.kind() {
                io::ErrorKind::NotFound => format!("there is no file `{shown}`: correct the name"),
                _ => format!("cannot read `{shown}`: {error}"),
            },
        })?;
        decode(shown, &bytes)
    }

    /// A complaint about the file as a whole.
    pub fn whole(&self, reason: impl Into<String>) -> ManifestError {
        ManifestError {
            path: Some(self.shown.clone()),
            line: 0,
            column: 0,
            text: String::new(),
            reason: reason.into(),
        }
    }

    /// A complaint about what stands at this byte.
    pub fn at(&self, offset: usize, reason: impl Into<String>) -> ManifestError {
        let (line, column) = self.line_and_column(offset);
        ManifestError {
            path: Some(self.shown.clone()),
            line,
            column,
            text: self.text.lines().nth(line - 1).unwrap_or_default().to_owned(),
            reason: reason.into(),
        }
    }

    /// One-based line and column (in characters) of a byte.
    pub fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        (line, before[start..].chars().count() + 1)
    }
}

/// UTF-8, with or without byte order mark. Python's own rule for sources (PEP 263) is the excuse of pip for other
/// encodings; a file that declares one is refused unless it is plain ASCII, which is the same in all of them.
fn decode(shown: String, bytes: &[u8]) -> Result<Document, ManifestError> {
    let refuse = |line, column, text: &[u8], reason: String| ManifestError {
        path: Some(shown.clone()),
        line,
        column,
        text: String::from_utf8_lossy(text).trim_end().to_owned(),
        reason,
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(refuse(
            0,
            0,
            b"",
            "the file is in UTF-16: save it as UTF-8".to_owned(),
        ));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let lines = || bytes.split(|byte| *byte == b'\n');
    if !bytes.is_ascii() {
        for (at, line) in lines().take(2).enumerate() {
            if let Some(encoding) = declared_encoding(line) {
                return Err(refuse(
                    at + 1,
                    1,
                    line,
                    format!(
                        "the file says that it is in `{encoding}`: save it as UTF-8 and take this line out"
                    ),
                ));
            }
        }
    }
    match str::from_utf8(bytes) {
        Ok(text) => Ok(Document {
            shown,
            text: text.to_owned(),
        }),
        Err(error) => {
            let (before, after) = bytes.split_at(error.valid_up_to());
            let line = lines().scan(0, |start, line| {
                let from = *start;
                *start += line.len() + 1;
                Some((from, line))
            });
            let at = line
                .enumerate()
                .take_while(|(_, (from, _))| *from <= before.len())
                .last();
            let (number, (from, line)) = at.unwrap_or((0, (0, after)));
            let column = String::from_utf8_lossy(&before[from..]).chars().count() + 1;
            let reason = "this is not UTF-8: save the file as UTF-8".to_owned();
            Err(refuse(number + 1, column, line, reason))
        }
    }
}

/// The encoding of a `# -*- coding: NAME -*-` line, if it is another than UTF-8.
fn declared_encoding(line: &[u8]) -> Option<String> {
    let line = String::from_utf8_lossy(line);
    let comment = line.trim_start().strip_prefix('#')?;
    let (_, value) = comment.split_once("coding")?;
    let name: String = value
        .strip_prefix([':', '='])?
        .trim_start_matches([' ', '\t'])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        .collect();
    let folded = name.to_ascii_lowercase().replace('_', "-");
    (!name.is_empty()
        && !matches!(
            folded.as_str(),
            "utf-8" | "utf8" | "utf-8-sig" | "ascii" | "us-ascii"
        ))
    .then_some(name)
}

/// The path without `.` and with `..` taken back, as far as that is possible without looking at the disk.
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

    fn refusal(bytes: &[u8]) -> String {
        decode("r.txt".to_owned(), bytes).unwrap_err().to_string()
    }

    #[test]
    fn reads_utf8_only() {
        let read = |bytes: &[u8]| decode("r.txt".to_owned(), bytes).unwrap().text;
        assert_eq!(read(b"\xef\xbb\xbfflask"), "flask");
        assert_eq!(read("# é\n".as_bytes()), "# é\n");
        assert_eq!(
            read(b"# -*- coding: latin-1 -*-\nflask"),
            "# -*- coding: latin-1 -*-\nflask"
        );
        assert_eq!(read("# coding: utf_8\n# é".as_bytes()), "# coding: utf_8\n# é");
        assert_eq!(
            refusal(b"\xff\xfef\0"),
            "r.txt: the file is in UTF-16: save it as UTF-8"
        );
        assert!(refusal(b"flask\n# caf\xe9\n").starts_with("r.txt, line 2, column 6: this is not UTF-8"));
        assert!(
            refusal(b"# vim: set fileencoding=latin-1 :\n# caf\xe9\n")
                .starts_with("r.txt, line 1, column 1: the file says that it is in `latin-1`")
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
