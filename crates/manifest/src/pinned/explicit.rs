//! `@EXPLICIT`: the addresses of package files, one in a line ([CEP 23](https://conda.org/learn/ceps/cep-0023/)).

use super::pins::{PinnedFile, Pins};
use crate::document::Document;
use crate::lines::logical_lines;
use crate::{ManifestError, ReadContext, Requirements};

/// Whether a text has a line `@EXPLICIT`.
pub fn is_explicit(text: &str) -> bool {
    text.lines().any(|line| line.trim() == "@EXPLICIT")
}

/// Reads an explicit file.
///
/// # Errors
/// If a line is not the address of a conda package.
pub fn read(document: &Document, context: &ReadContext<'_>) -> Result<Requirements, ManifestError> {
    let mut pins = Pins::new(document);
    for line in logical_lines(&document.text, context.variable) {
        let number = line.number.unwrap_or(1);
        if let Some(name) = &line.unset {
            return Err(pins.location(number).error(format!(
                "the environment variable `{name}` is not set, or empty: set it with `export {name}=…`"
            )));
        }
        if line.text == "@EXPLICIT" {
            continue;
        }
        let (url, digest) = line.text.split_once('#').unwrap_or((&line.text, ""));
        let digest = digest.strip_prefix("sha256:").unwrap_or(digest);
        let is_hex = digest.chars().all(|c| c.is_ascii_hexdigit());
        let (sha256, md5) = match digest.len() {
            0 => (None, None),
            64 if is_hex => (Some(digest), None),
            32 if is_hex => (None, Some(digest)),
            _ => {
                return Err(pins
                    .location(number)
                    .error("after the `#` there has to be an MD5 or SHA-256 in hexadecimal digits"));
            }
        };
        let file = PinnedFile {
            url,
            sha256,
            md5,
            platform: None,
        };
        pins.conda(&file, number)?;
    }
    pins.finish(context)
}
