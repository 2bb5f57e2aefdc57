//! Inline script metadata (PEP 723).
//!
//! <https://packaging.python.org/en/latest/specifications/inline-script-metadata/>

use std::path::Path;

use crate::document::Document;
use crate::toml_item::{Table, parse};
use crate::{ManifestError, ReadContext, Requirements, uv_settings};

const OPENING: &str = "# /// script";
const CLOSING: &str = "# ///";

/// Reads the metadata of a script.
///
/// # Errors
/// If the file cannot be read, lacks a `# /// script` block, or has several or an invalid one.
pub fn parse_script(path: &Path, context: &ReadContext<'_>) -> Result<Requirements, ManifestError> {
    read(&Document::open(path, context)?, context)
}

/// Reads the metadata of a script from a document.
pub fn read(document: &Document, context: &ReadContext<'_>) -> Result<Requirements, ManifestError> {
    let block = block(document)?;
    let values = parse(document, &block)?;
    let root = Table::root(document, &values);
    let mut found = Requirements::default();
    found.requires_python.extend(
        root.get("requires-python")
            .map(|item| item.requires_python())
            .transpose()?,
    );
    for item in root.array("dependencies")? {
        found.add(item.requirement()?);
    }
    uv_settings::apply(&root, &mut found, context)?;
    found.checked(context)
}

/// Whether a text contains a metadata block: a file without an extension may be a script.
pub fn is_script(text: &str) -> bool {
    text.lines().any(|line| line.trim_end_matches('\r') == OPENING)
}

/// The TOML of the block, with everything else blank to preserve locations.
///
/// The regular expression of the specification extends the block over all following comment lines, up to the last one
/// that closes a block.
fn block(document: &Document) -> Result<String, ManifestError> {
    let lines: Vec<&str> = document
        .text
        .split('\n')
        .map(|line| line.trim_end_matches('\r'))
        .collect();
    let mut found: Option<(usize, usize)> = None;
    let mut at = 0;
    while at < lines.len() {
        if lines[at] != OPENING {
            at += 1;
            continue;
        }
        let length = lines[at + 1..]
            .iter()
            .take_while(|line| **line == "#" || line.starts_with("# "))
            .count();
        let comment = at + 1..at + 1 + length;
        let Some(end) = comment.clone().rev().find(|line| lines[*line] == CLOSING) else {
            return Err(error_at(
                document,
                at,
                "this block does not end: close it with a line `# ///`",
            ));
        };
        if found.is_some() {
            return Err(error_at(
                document,
                at,
                "this is a second block of script metadata: put both into one (PEP 723)",
            ));
        }
        found = Some((at, end));
        at = end + 1;
    }
    let Some((start, end)) = found else {
        return Err(document.whole(
            "the script has no metadata block: add `# /// script` (PEP 723), \
             or give a requirements file",
        ));
    };
    let blank = |(number, line): (usize, &str)| {
        // The length in bytes is preserved, so that offsets stay valid.
        if number > start && number < end {
            line.replacen('#', " ", 1)
        } else {
            let end = if line.ends_with('\r') { "\r" } else { "" };
            " ".repeat(line.len() - end.len()) + end
        }
    };
    Ok(document
        .text
        .split('\n')
        .enumerate()
        .map(blank)
        .collect::<Vec<_>>()
        .join("\n"))
}

fn error_at(document: &Document, line: usize, reason: &str) -> ManifestError {
    let offset = document.text.split_inclusive('\n').take(line).map(str::len).sum();
    document.at(offset, reason)
}
