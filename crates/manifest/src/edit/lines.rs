//! Requirements files, line by line.

use std::ops::Range;

use mach_nix_model::PackageName;

use crate::specifier;

pub fn added(text: &str, name: &PackageName, requirement: &str) -> String {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    if let Some(found) = find(text, name).into_iter().next() {
        let (line, end) = content(&text[found.clone()]);
        let comment = comment(line).unwrap_or_default();
        return format!(
            "{}{requirement}{comment}{end}{}",
            &text[..found.start],
            &text[found.end..]
        );
    }
    let between = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        newline
    };
    format!("{text}{between}{requirement}{newline}")
}

pub fn removed(text: &str, name: &PackageName) -> Option<String> {
    let found = find(text, name);
    if found.is_empty() {
        return None;
    }
    let mut rest = text.to_owned();
    for range in found.into_iter().rev() {
        rest.replace_range(range, "");
    }
    Some(rest)
}

/// A line without its end, and the end.
fn content(line: &str) -> (&str, &str) {
    let content = line.trim_end_matches(['\r', '\n']);
    (content, &line[content.len()..])
}

/// The comment at the end of a line, with the space before it.
fn comment(line: &str) -> Option<&str> {
    let at = line.find(" #").or_else(|| line.find("\t#"))?;
    Some(&line[line[..at].trim_end().len()..])
}

/// The lines that require a package, with the lines that continue them.
fn find(text: &str, name: &PackageName) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut whole = String::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        let (written, _) = content(line);
        if let Some(begin) = written.strip_suffix('\\') {
            whole += begin;
            if at < text.len() {
                continue;
            }
        } else {
            whole += written;
        }
        if required(&whole).as_ref() == Some(name) {
            found.push(start..at);
        }
        start = at;
        whole.clear();
    }
    found
}

/// The name that a line requires.
fn required(line: &str) -> Option<PackageName> {
    let line = line
        .strip_suffix(comment(line).unwrap_or_default())
        .unwrap_or(line)
        .trim();
    if let Some(folder) = editable(line) {
        // Only the folder is known here, and it usually has the name of the package.
        let named = folder
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default();
        return named.parse().ok();
    }
    if line.starts_with(['#', '-']) || line.is_empty() {
        return None;
    }
    // Options such as `--hash` come after the requirement.
    let line = line.split(" --").next().unwrap_or(line).trim();
    specifier::requirement(line)
        .ok()
        .map(|requirement| requirement.name)
}

/// The folder of an editable requirement.
fn editable(line: &str) -> Option<&str> {
    let long = || line.strip_prefix("--")?.strip_prefix("editable");
    let rest = line.strip_prefix("-e").or_else(long)?;
    Some(rest.trim_start_matches('=').trim()).filter(|folder| !folder.is_empty())
}
