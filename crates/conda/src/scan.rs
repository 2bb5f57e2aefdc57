//! Finding the records of a `repodata.json` that arrives in pieces
//! ([CEP 36](https://conda.org/learn/ceps/cep-0036/), with `base_url` of [CEP 15](https://conda.org/learn/ceps/cep-0015/)
//! and `v3` of [CEP 48](https://conda.org/learn/ceps/cep-0048/)).
//!
//! Such a file has up to some hundred megabytes, of which a resolution needs the records of some dozen names. So the
//! records are found and not read: the scanner follows strings and brackets. Whether a record is valid shows when it is
//! read.

use std::collections::HashSet;

use serde::Deserialize;

use crate::skip::Skip;
use crate::{PackageFile, RepodataTable};

/// Maximum length of a key.
const MAX_KEY: usize = 1024;

/// Maximum size of the values that are read: `info` and `removed`.
const MAX_VALUE: usize = 64 * 1024 * 1024;

/// A `repodata.json` that is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RepodataError {
    /// A character that cannot be there.
    #[error("it is not valid JSON at byte {0}")]
    Syntax(u64),
    /// The end comes too early.
    #[error("it is incomplete: it ends after {0} bytes")]
    Incomplete(u64),
    /// A part beyond its limit.
    #[error("{0}")]
    TooLarge(String),
    /// `info` or `removed` has not the form that it must have.
    #[error("`{key}`: {reason}")]
    Value {
        /// The key.
        key: &'static str,
        /// What is wrong.
        reason: String,
    },
}

/// What an object is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// The whole.
    Top,
    /// `v3`: records by kind of file.
    V3,
    /// Records by file, whose names lack this ending.
    Records(&'static str),
}

/// What the value of a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Nothing,
    Info,
    Removed,
    Record,
}

#[derive(Debug)]
enum State {
    /// Before the outermost object.
    Start,
    /// Where a key or the end of an object may come.
    Key,
    /// In a key.
    InKey { escaped: bool },
    /// Before the colon.
    Colon,
    /// Before a value.
    Value,
    /// In a value.
    InValue { skip: Skip, of: Use, start: u64 },
    /// After the outermost object.
    End,
}

/// Finds the records of a `repodata.json`.
///
/// ```
/// use mach_nix_conda::RepodataScanner;
///
/// let json = br#"{"info": {"subdir": "linux-64"}, "packages": {}, "packages.conda": {"a-1-0.conda": {"name": "a"}}}"#;
/// let mut scanner = RepodataScanner::default();
/// for piece in json.chunks(7) {
///     scanner.add(piece)?;
/// }
/// let table = scanner.finish()?;
/// let record = table.records("a").next().expect("there is one");
/// let start = usize::try_from(record.offset)?;
/// assert_eq!(&json[start..start + record.length], br#"{"name": "a"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct RepodataScanner {
    state: State,
    levels: Vec<Level>,
    /// The bytes that came before the piece.
    before: u64,
    key: Vec<u8>,
    value: Vec<u8>,
    table: RepodataTable,
    removed: HashSet<Box<str>>,
}

impl Default for RepodataScanner {
    fn default() -> Self {
        Self {
            state: State::Start,
            levels: Vec::new(),
            before: 0,
            key: Vec::new(),
            value: Vec::new(),
            table: RepodataTable::default(),
            removed: HashSet::new(),
        }
    }
}

impl RepodataScanner {
    /// Reads the next piece.
    ///
    /// # Errors
    /// When it cannot be a part of a `repodata.json`.
    pub fn add(&mut self, piece: &[u8]) -> Result<(), RepodataError> {
        let mut at = 0;
        while at < piece.len() {
            at += self.step(&piece[at..], self.before + at as u64)?;
        }
        self.before += piece.len() as u64;
        Ok(())
    }

    /// The records, after the last piece.
    ///
    /// # Errors
    /// When the file is incomplete.
    pub fn finish(mut self) -> Result<RepodataTable, RepodataError> {
        if !matches!(self.state, State::End) {
            return Err(RepodataError::Incomplete(self.before));
        }
        let removed = std::mem::take(&mut self.removed);
        self.table.sort(|file| removed.contains(file));
        Ok(self.table)
    }

    /// Reads as much as the state allows, at least one byte; returns how much.
    fn step(&mut self, rest: &[u8], at: u64) -> Result<usize, RepodataError> {
        let byte = rest[0];
        match &mut self.state {
            State::InValue { skip, of, start } => {
                let (read, ended) = skip.advance(rest);
                let (of, start) = (*of, *start);
                self.keep(of, &rest[..read])?;
                if ended {
                    self.state = State::Key;
                    self.use_value(of, start, at + read as u64)?;
                }
                return Ok(read);
            }
            State::InKey { escaped } => {
                let ended = byte == b'"' && !*escaped;
                *escaped = byte == b'\\' && !*escaped;
                if ended {
                    self.state = State::Colon;
                } else if self.key.len() == MAX_KEY {
                    return Err(RepodataError::TooLarge(format!(
                        "a key has more than {MAX_KEY} bytes"
                    )));
                } else {
                    self.key.push(byte);
                }
            }
            _ if byte.is_ascii_whitespace() => {}
            State::Start if byte == b'{' => {
                self.levels.push(Level::Top);
                self.state = State::Key;
            }
            State::Key if byte == b',' => {}
            State::Key if byte == b'"' => {
                self.key.clear();
                self.state = State::InKey { escaped: false };
            }
            State::Key if byte == b'}' => {
                self.levels.pop();
                if self.levels.is_empty() {
                    self.state = State::End;
                }
            }
            State::Colon if byte == b':' => self.state = State::Value,
            // Without reading a byte of the value, which is left to the next step.
            State::Value => {
                self.begin_value(byte, at);
                return Ok(usize::from(matches!(self.state, State::Key)));
            }
            _ => return Err(RepodataError::Syntax(at)),
        }
        Ok(1)
    }

    /// Goes into the objects that have records, and notes what any other value is for.
    fn begin_value(&mut self, byte: u8, at: u64) {
        let level = *self.levels.last().expect("a key is in an object");
        let inner = match (level, &*self.key) {
            (Level::Top, b"packages" | b"packages.conda") => Some(Level::Records("")),
            (Level::Top, b"v3") => Some(Level::V3),
            (Level::V3, b"conda") => Some(Level::Records(PackageFile::CONDA)),
            (Level::V3, b"tar.bz2") => Some(Level::Records(PackageFile::TAR_BZ2)),
            _ => None,
        };
        if let Some(inner) = inner.filter(|_| byte == b'{') {
            self.levels.push(inner);
            self.state = State::Key;
            return;
        }
        let of = match (level, &*self.key) {
            (Level::Records(_), _) => Use::Record,
            (Level::Top, b"info") => Use::Info,
            (Level::Top, b"removed") => Use::Removed,
            _ => Use::Nothing,
        };
        self.value.clear();
        self.state = State::InValue {
            skip: Skip::default(),
            of,
            start: at,
        };
    }

    fn keep(&mut self, of: Use, bytes: &[u8]) -> Result<(), RepodataError> {
        if !matches!(of, Use::Info | Use::Removed) {
            return Ok(());
        }
        if self.value.len() + bytes.len() > MAX_VALUE {
            return Err(RepodataError::TooLarge(format!(
                "`info` or `removed` has more than {MAX_VALUE} bytes"
            )));
        }
        self.value.extend_from_slice(bytes);
        Ok(())
    }

    fn use_value(&mut self, of: Use, start: u64, end: u64) -> Result<(), RepodataError> {
        match of {
            Use::Nothing => {}
            Use::Record => {
                let Some(Level::Records(ending)) = self.levels.last() else {
                    return Ok(());
                };
                let file = format!(
                    "{}{ending}",
                    key_text(&self.key).ok_or(RepodataError::Syntax(start))?
                );
                let added = self.table.add(&file, start, end - start);
                added.ok_or_else(|| {
                    RepodataError::TooLarge("it has more records than can be used".to_owned())
                })?;
            }
            Use::Info => {
                let info: Option<Info> = value("info", &self.value)?;
                let info = info.unwrap_or_default();
                self.table.set_info(info.base_url, info.subdir);
            }
            Use::Removed => {
                let removed: Option<HashSet<Box<str>>> = value("removed", &self.value)?;
                self.removed.extend(removed.unwrap_or_default());
            }
        }
        Ok(())
    }
}

/// The keys of `info` that are used. Relations to other channels (CEP 42) are not: a request names its channels.
#[derive(Default, Deserialize)]
struct Info {
    #[serde(default)]
    subdir: Option<String>,
    #[serde(default)]
    base_url: Option<String>,
}

fn value<'a, T: Deserialize<'a>>(key: &'static str, bytes: &'a [u8]) -> Result<T, RepodataError> {
    serde_json::from_slice(bytes).map_err(|error| RepodataError::Value {
        key,
        reason: error.to_string(),
    })
}

/// The text of a key, which stands between quotation marks.
fn key_text(key: &[u8]) -> Option<String> {
    if !key.contains(&b'\\') {
        return std::str::from_utf8(key).ok().map(str::to_owned);
    }
    serde_json::from_slice(&[b"\"", key, b"\""].concat()).ok()
}

#[cfg(test)]
mod tests {
    use super::{RepodataError, RepodataScanner};
    use crate::RepodataTable;

    fn scan(json: &str, piece: usize) -> Result<RepodataTable, RepodataError> {
        let mut scanner = RepodataScanner::default();
        for piece in json.as_bytes().chunks(piece) {
            scanner.add(piece)?;
        }
        scanner.finish()
    }

    const REPODATA: &str = r#" {
        "info": {"subdir": "linux-64", "base_url": "../files"},
        "other": [1, {"packages": {"no-1-0.conda": {}}}, "}"], "number": -1.5e3 , "word": true,
        "packages": {
            "b-1-0.tar.bz2": {"name": "b", "text": "a \"quoted\" } brace \\", "list": [[], {}]},
            "b-c-1-0.tar.bz2": {"name": "b-c"},
            "removed-1-0.tar.bz2": {"name": "removed"},
            "\u0061-1-0.tar.bz2" : {"name": "a"} , "not a file": 1
        },
        "packages.conda": {"b-1-0.conda": {"name": "b"}, "a-2-0.conda": 7, "a-2-0.conda": 8},
        "removed": ["removed-1-0.tar.bz2"],
        "v3": {"conda": {"a-3-0": {"name": "a"}}, "whl": {"a-4-0": {"name": "a"}}, "tar.bz2": {"b-3-0": null}},
        "repodata_version": 2
    } "#;

    #[test]
    fn records_are_found_wherever_the_pieces_are_cut() {
        for piece in 1..REPODATA.len() {
            let table = scan(REPODATA, piece).unwrap();
            assert_eq!(
                (table.subdir(), table.base_url()),
                (Some("linux-64"), Some("../files"))
            );
            assert_eq!(table.names().collect::<Vec<_>>(), ["a", "b", "b-c"]);
            let records = |name: &str| {
                let records = table.records(name);
                let text = |offset: u64, length| &REPODATA[usize::try_from(offset).unwrap()..][..length];
                records
                    .map(|place| (place.file.to_owned(), text(place.offset, place.length)))
                    .collect::<Vec<_>>()
            };
            assert_eq!(
                records("a"),
                [
                    ("a-1-0.tar.bz2".to_owned(), r#"{"name": "a"}"#),
                    ("a-2-0.conda".to_owned(), "8"),
                    ("a-3-0.conda".to_owned(), r#"{"name": "a"}"#),
                ]
            );
            let b = r#"{"name": "b", "text": "a \"quoted\" } brace \\", "list": [[], {}]}"#;
            assert_eq!(
                records("b"),
                [
                    ("b-1-0.conda".to_owned(), r#"{"name": "b"}"#),
                    ("b-1-0.tar.bz2".to_owned(), b),
                    ("b-3-0.tar.bz2".to_owned(), "null"),
                ]
            );
            assert_eq!(records("c"), []);
        }
    }

    #[test]
    fn what_is_not_repodata_is_refused_with_its_location() {
        let cases = [
            ("", RepodataError::Incomplete(0)),
            (
                "{\"packages\": {\"a-1-0.conda\": {\"name\"",
                RepodataError::Incomplete(36),
            ),
            ("<html>", RepodataError::Syntax(0)),
            ("{} x", RepodataError::Syntax(3)),
            ("{\"a\" 1}", RepodataError::Syntax(5)),
            ("{1: 2}", RepodataError::Syntax(1)),
        ];
        for (json, expected) in cases {
            assert_eq!(scan(json, 3).unwrap_err(), expected, "{json}");
        }
        let error = |json: &str| scan(json, 5).unwrap_err().to_string();
        assert!(error("{\"info\": 1}").starts_with("`info`: "));
        assert!(error("{\"removed\": {}}").starts_with("`removed`: "));
        assert!(error(&format!("{{\"{}\": 1}}", "k".repeat(2000))).contains("1024"));
    }

    #[test]
    fn a_channel_may_be_empty() {
        for json in [
            "{}",
            "{\"packages\": {}}",
            "{\"info\": null, \"packages\": null, \"removed\": null, \"v3\": []}",
        ] {
            assert!(scan(json, 2).unwrap().is_empty(), "{json}");
        }
    }
}
