//! The encodings of input files, as in pip and Python.

use encoding_rs::Encoding;

/// Byte order marks. One of UTF-32 starts with one of UTF-16, so that UTF-32 comes first.
const MARKS: [(&[u8], Mark); 5] = [
    (&[0xef, 0xbb, 0xbf], Mark::Utf8),
    (&[0xff, 0xfe, 0, 0], Mark::Utf32(u32::from_le_bytes)),
    (&[0, 0, 0xfe, 0xff], Mark::Utf32(u32::from_be_bytes)),
    (&[0xff, 0xfe], Mark::Utf16(u16::from_le_bytes)),
    (&[0xfe, 0xff], Mark::Utf16(u16::from_be_bytes)),
];

#[derive(Clone, Copy)]
enum Mark {
    Utf8,
    Utf16(fn([u8; 2]) -> u16),
    Utf32(fn([u8; 4]) -> u32),
}

/// A text that cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecodable {
    /// The zero-based line of the fault, and the offset in its bytes; `None` for the file as a whole.
    pub at: Option<(usize, usize)>,
    /// The problem, and the remedy.
    pub reason: String,
}

/// A decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// The encoding, if only Python supports it.
    pub encoding: Option<String>,
}

/// Decodes UTF-8, with or without a byte order mark.
pub fn utf8(bytes: &[u8]) -> Result<String, Undecodable> {
    if let Some((_, Mark::Utf16(_) | Mark::Utf32(_))) = marked(bytes) {
        return Err(Undecodable {
            at: None,
            reason: "the file is in UTF-16: save it as UTF-8".to_owned(),
        });
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    match str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let line = before.split(|byte| *byte == b'\n').count() - 1;
            let start = before
                .iter()
                .rposition(|byte| *byte == b'\n')
                .map_or(0, |at| at + 1);
            Err(Undecodable {
                at: Some((line, before.len() - start)),
                reason: "this is not UTF-8: save the file as UTF-8".to_owned(),
            })
        }
    }
}

/// Decodes a requirements file according to its byte order mark, or to a `# -*- coding: NAME -*-` in its first two
/// lines (PEP 263), or as UTF-8. pip falls back to the encoding of the locale instead, which differs between machines.
pub fn requirements(bytes: &[u8]) -> Result<Decoded, Undecodable> {
    match marked(bytes) {
        Some((rest, Mark::Utf16(read))) => {
            let units = rest.as_chunks().0.iter().map(|pair| read(*pair));
            let text = char::decode_utf16(units).collect::<Result<String, _>>();
            wide("UTF-16", text.ok())
        }
        Some((rest, Mark::Utf32(read))) => {
            let units = rest.as_chunks().0.iter().map(|unit| char::from_u32(read(*unit)));
            wide("UTF-32", units.collect())
        }
        Some((_, Mark::Utf8)) => plain(bytes),
        None if bytes.is_ascii() => plain(bytes),
        None => match declared(bytes) {
            Some((line, name)) => of_label(bytes, line, name),
            None => plain(bytes),
        },
    }
}

fn plain(bytes: &[u8]) -> Result<Decoded, Undecodable> {
    Ok(Decoded {
        text: utf8(bytes)?,
        encoding: None,
    })
}

fn wide(name: &str, text: Option<String>) -> Result<Decoded, Undecodable> {
    match text {
        Some(text) => Ok(Decoded {
            text,
            encoding: Some(name.to_owned()),
        }),
        None => Err(Undecodable {
            at: None,
            reason: format!(
                "the file has the byte order mark of {name}, but is not valid {name}: save it as UTF-8"
            ),
        }),
    }
}

fn marked(bytes: &[u8]) -> Option<(&[u8], Mark)> {
    MARKS
        .iter()
        .find_map(|(mark, meaning)| Some((bytes.strip_prefix(*mark)?, *meaning)))
}

/// The encoding declared in the first two lines, with its line number.
fn declared(bytes: &[u8]) -> Option<(usize, String)> {
    let lines = bytes.split(|byte| *byte == b'\n').take(2).enumerate();
    let mut comments = lines.filter(|(_, line)| line.starts_with(b"#"));
    comments.find_map(|(at, line)| {
        let line = String::from_utf8_lossy(line);
        let mut after = line
            .match_indices("coding")
            .map(|(at, word)| &line[at + word.len()..]);
        let value = after.find_map(|rest| rest.strip_prefix([':', '=']))?;
        let name = value
            .trim_start()
            .split(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
        let name = name.into_iter().next().filter(|name| !name.is_empty())?;
        Some((at, name.to_owned()))
    })
}

fn of_label(bytes: &[u8], line: usize, name: String) -> Result<Decoded, Undecodable> {
    let folded = name.to_ascii_lowercase().replace('_', "-");
    let text = match folded.as_str() {
        "utf-8" | "utf8" | "utf-8-sig" => return plain(bytes),
        // Python's Latin-1 is ISO 8859-1, in which each byte is the code point of its character.
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "l1" => {
            bytes.iter().map(|byte| char::from(*byte)).collect()
        }
        label => {
            let encoding = Encoding::for_label(label.as_bytes());
            let text =
                encoding.and_then(|one| one.decode_without_bom_handling_and_without_replacement(bytes));
            let Some(text) = text else {
                return Err(Undecodable {
                    at: Some((line, 0)),
                    reason: format!(
                        "the file cannot be read as `{name}`: save it as UTF-8 and remove this line"
                    ),
                });
            };
            text.into_owned()
        }
    };
    Ok(Decoded {
        text,
        encoding: Some(name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> String {
        requirements(bytes).unwrap().text
    }

    #[test]
    fn reads_requirements_as_pip_does() {
        assert_eq!(read(b"\xef\xbb\xbfflask"), "flask");
        assert_eq!(read("# é\n".as_bytes()), "# é\n");
        let little: Vec<u8> = "\u{feff}flask # é\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(read(&little), "flask # é\r\n");
        let big: Vec<u8> = "\u{feff}flask"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(read(&big), "flask");
        let wide: Vec<u8> = "\u{feff}é"
            .chars()
            .flat_map(|c| u32::from(c).to_le_bytes())
            .collect();
        assert_eq!(read(&wide), "é");
        for (text, expected) in [
            (&b"# -*- coding: latin-1 -*-\n# caf\xe9\n"[..], "café"),
            (b"#!x\n# vim: set fileencoding=latin_1 :\n# caf\xe9\n", "café"),
            (b"# coding: cp1252\n# \x80\n", "€"),
            (b"# coding=koi8-r\n# \xc1\n", "а"),
            ("# coding: utf_8\n# é".as_bytes(), "# é"),
        ] {
            assert!(read(text).contains(expected), "{}", read(text));
        }
        assert_eq!(requirements(&little).unwrap().encoding.as_deref(), Some("UTF-16"));
        assert_eq!(requirements(b"# coding: latin-1\na").unwrap().encoding, None);
    }

    #[test]
    fn a_fault_has_its_line_and_byte() {
        let refused = |bytes: &[u8]| requirements(bytes).unwrap_err();
        assert_eq!(refused(b"flask\n# caf\xe9\n").at, Some((1, 5)));
        assert_eq!(refused(b"# coding: nonsense\n# caf\xe9\n").at, Some((0, 0)));
        assert_eq!(refused(b"\xff\xfe\x00\xd8").at, None);
        assert_eq!(
            utf8(b"\xff\xfef\0").unwrap_err().reason,
            "the file is in UTF-16: save it as UTF-8"
        );
        assert_eq!(utf8(b"\xef\xbb\xbfa"), Ok("a".to_owned()));
    }
}
