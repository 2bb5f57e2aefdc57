//! Arrays of requirements in `pyproject.toml`.

use std::fmt::Write;
use std::ops::Range;
use std::path::Path;

use mach_nix_model::{ExtraName, PackageName};

use super::part::Part;
use crate::document::Document;
use crate::toml_item::{Item, Table, parse};
use crate::{ManifestError, specifier};

pub fn added(
    path: &Path,
    text: &str,
    part: &Part,
    name: &PackageName,
    requirement: &str,
) -> Result<String, ManifestError> {
    let document = document(path, text);
    let values = parse(&document, text)?;
    let root = Table::root(&document, &values);
    let literal = literal(requirement);
    let Some(array) = array(&root, part)? else {
        return with_array(&root, text, part, &literal);
    };
    let members = array.array()?;
    if let Some(old) = members.iter().find(|member| is_of(member, name)) {
        return Ok(replaced(text, old.span(), &literal));
    }
    let Some(last) = members.last() else {
        let span = array.span();
        // A comment in an empty array stays in it.
        let inside = text[span.start + 1..span.end - 1].trim_end();
        let inner = if inside.is_empty() {
            format!("[{literal}]")
        } else {
            format!("[{inside}\n    {literal},\n]")
        };
        return Ok(replaced(text, span, &inner));
    };
    let (line, indent) = line_of(text, last.span());
    let end = last.span().end;
    if indent.is_none() {
        return Ok(replaced(text, end..end, &format!(", {literal}")));
    }
    let mut with = format!("\n{}{literal}", indent.unwrap_or_default());
    let after = &text[end..line.end];
    let has_comma = after.trim_start().starts_with(',');
    if has_comma {
        with.push(',');
    }
    let mut edited = text.to_owned();
    edited.insert_str(line.end, &with);
    if !has_comma {
        edited.insert(end, ',');
    }
    Ok(edited)
}

pub fn removed(
    path: &Path,
    text: &str,
    part: &Part,
    name: &PackageName,
) -> Result<Option<String>, ManifestError> {
    let document = document(path, text);
    let values = parse(&document, text)?;
    let Some(array) = array(&Table::root(&document, &values), part)? else {
        return Ok(None);
    };
    let members = array.array()?;
    let mut edited = text.to_owned();
    let mut is_found = false;
    for index in (0..members.len())
        .rev()
        .filter(|index| is_of(&members[*index], name))
    {
        is_found = true;
        let span = members[index].span();
        let (line, indent) = line_of(&edited, span.clone());
        let after = edited[span.end..line.end].trim_start();
        let after = after.strip_prefix(',').unwrap_or(after).trim_start();
        if indent.is_some() && (after.is_empty() || after.starts_with('#')) {
            let end = (line.end + 1).min(edited.len());
            edited.replace_range(line.start..end, "");
        } else if let Some(next) = members.get(index + 1).filter(|next| next.offset() < edited.len()) {
            edited.replace_range(span.start..next.offset(), "");
        } else if let Some(previous) = index.checked_sub(1).map(|index| members[index].span().end) {
            edited.replace_range(previous..span.end, "");
        } else {
            edited.replace_range(span, "");
        }
    }
    Ok(is_found.then_some(edited))
}

pub fn document(path: &Path, text: &str) -> Document {
    Document {
        shown: path.display().to_string(),
        text: text.to_owned(),
        encoding: None,
    }
}

pub fn replaced(text: &str, range: Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &text[..range.start], &text[range.end..])
}

/// A TOML string, in single quotes where double ones are in it.
pub fn literal(text: &str) -> String {
    if text.contains('"') && !text.contains('\'') {
        format!("'{text}'")
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

fn is_of(member: &Item<'_>, name: &PackageName) -> bool {
    let text = member.maybe_string().unwrap_or_default();
    specifier::requirement(text).is_ok_and(|requirement| requirement.name == *name)
}

/// The line of a value without its end, and the white space before the value where the line begins with it.
pub fn line_of(text: &str, span: Range<usize>) -> (Range<usize>, Option<String>) {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |at| span.end + at);
    let end = start + text[start..end].trim_end_matches('\r').len();
    let before = &text[start..span.start];
    let indent = before.trim().is_empty().then(|| before.to_owned());
    (start..end, indent)
}

/// The array of a part.
fn array<'a>(root: &Table<'a>, part: &Part) -> Result<Option<Item<'a>>, ManifestError> {
    let project = root.table("project")?;
    let named = |table: Option<Table<'a>>, wanted: &ExtraName| {
        let mut entries = table.map(|table| table.entries()).unwrap_or_default().into_iter();
        entries
            .find(|(name, _)| name.parse::<ExtraName>().ok().as_ref() == Some(wanted))
            .map(|(_, item)| item)
    };
    Ok(match part {
        Part::Project => project.and_then(|project| project.get("dependencies")),
        Part::Extra(name) => match project {
            Some(project) => named(project.table("optional-dependencies")?, name),
            None => None,
        },
        Part::Group(name) => named(root.table("dependency-groups")?, name),
    })
}

/// The text with a new array.
fn with_array(root: &Table<'_>, text: &str, part: &Part, literal: &str) -> Result<String, ManifestError> {
    let project = root.table("project")?;
    let array = format!("[\n    {literal},\n]");
    let (table, header, key) = match part {
        Part::Project => (project, "project", "dependencies".to_owned()),
        Part::Extra(name) => (
            match project {
                Some(project) => project.table("optional-dependencies")?,
                None => None,
            },
            "project.optional-dependencies",
            name.to_string(),
        ),
        Part::Group(name) => (
            root.table("dependency-groups")?,
            "dependency-groups",
            name.to_string(),
        ),
    };
    if project.is_none() && !matches!(part, Part::Group(_)) {
        return Err(root.error(
            "there is no `[project]`: write `[project]` with `name` and `version`, or add to a group",
        ));
    }
    let entry = format!("{key} = {array}\n");
    // After the last value of the table that is not a table itself.
    let values = table.map(|table| table.entries()).unwrap_or_default();
    let last = values
        .iter()
        .filter(|(_, item)| !is_own_table(text, item))
        .map(|(_, item)| item.span().end)
        .max();
    let mut edited = text.to_owned();
    let header_line = text.lines().position(|line| {
        line.split('#')
            .next()
            .unwrap_or_default()
            .replace([' ', '\t'], "")
            .trim_end()
            == format!("[{header}]")
    });
    let after = match (last, header_line) {
        (Some(end), _) => Some(text[end..].find('\n').map_or(text.len(), |at| end + at + 1)),
        (None, Some(line)) => Some(text.split_inclusive('\n').take(line + 1).map(str::len).sum()),
        (None, None) => None,
    };
    if let Some(at) = after {
        let newline = if edited[..at].ends_with('\n') { "" } else { "\n" };
        edited.insert_str(at, &format!("{newline}{entry}"));
    } else {
        if !edited.is_empty() && !edited.ends_with('\n') {
            edited.push('\n');
        }
        let _ = write!(edited, "\n[{header}]\n{entry}");
    }
    Ok(edited)
}

/// Whether a value is a table with a header of its own.
fn is_own_table(text: &str, item: &Item<'_>) -> bool {
    item.is_table() && !text[item.span().start..].starts_with('{')
}
