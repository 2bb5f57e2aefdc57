//! `[tool.uv.sources]` in `pyproject.toml`.

use std::fmt::Write;
use std::path::Path;

use mach_nix_model::PackageName;

use super::toml::{document, line_of, literal, replaced};
use crate::toml_item::{Item, Table, parse};
use crate::{ManifestError, specifier};

const HEADER: &str = "[tool.uv.sources]";

pub fn added(path: &Path, text: &str, name: &PackageName, folder: &str) -> Result<String, ManifestError> {
    let document = document(path, text);
    let values = parse(&document, text)?;
    let root = Table::root(&document, &values);
    let source = format!("{{ path = {}, editable = true }}", literal(folder));
    let sources = table(&root)?;
    if let Some(item) = sources.as_ref().and_then(|sources| of(sources, name)) {
        if text[item.span().start..].starts_with('{') {
            return Ok(replaced(text, item.span(), &source));
        }
        return Err(item.error(format!("`{name}` has another source: remove it first")));
    }
    let entry = format!("{name} = {source}\n");
    let mut edited = text.to_owned();
    let end_of_header = text
        .find(HEADER)
        .and_then(|at| Some(at + text[at..].find('\n')? + 1));
    match (sources, end_of_header) {
        (Some(_), Some(at)) => edited.insert_str(at, &entry),
        (Some(sources), None) => {
            return Err(sources.error(format!(
                "the sources are not in a table `{HEADER}` of their own: write `{}` there",
                entry.trim_end()
            )));
        }
        (None, _) => {
            let newline = if edited.is_empty() || edited.ends_with('\n') {
                ""
            } else {
                "\n"
            };
            let _ = write!(edited, "{newline}\n{HEADER}\n{entry}");
        }
    }
    Ok(edited)
}

/// Removes the source of a package that nothing requires any more. A source that is not in a line of its own stays.
pub fn removed(path: &Path, text: &str, name: &PackageName) -> Result<String, ManifestError> {
    let document = document(path, text);
    let values = parse(&document, text)?;
    let root = Table::root(&document, &values);
    let Some(item) = table(&root)?.as_ref().and_then(|sources| of(sources, name)) else {
        return Ok(text.to_owned());
    };
    let (line, _) = line_of(text, item.span());
    let key = text[line.start..item.span().start].trim_end().strip_suffix('=');
    let is_whole_line =
        key.is_some_and(|key| key.trim().trim_matches(['"', '\'']).parse().ok().as_ref() == Some(name));
    if !is_whole_line || is_required(&root, name)? {
        return Ok(text.to_owned());
    }
    let end = (line.end + 1).min(text.len());
    let edited = replaced(text, line.start..end, "");
    // A header without entries goes as well.
    let empty = format!("\n{HEADER}\n");
    Ok(match edited.strip_suffix(&empty) {
        Some(rest) => rest.to_owned(),
        None => edited,
    })
}

fn table<'a>(root: &Table<'a>) -> Result<Option<Table<'a>>, ManifestError> {
    let uv = match root.table("tool")? {
        Some(tool) => tool.table("uv")?,
        None => None,
    };
    uv.map_or(Ok(None), |uv| uv.table("sources"))
}

fn of<'a>(sources: &Table<'a>, name: &PackageName) -> Option<Item<'a>> {
    let mut entries = sources.entries().into_iter();
    let found = entries.find(|(key, _)| key.parse::<PackageName>().ok().as_ref() == Some(name));
    found.map(|(_, item)| item)
}

/// Whether a part of the project requires the package.
fn is_required(root: &Table<'_>, name: &PackageName) -> Result<bool, ManifestError> {
    let project = root.table("project")?;
    let optional = project
        .map(|project| project.table("optional-dependencies"))
        .transpose()?
        .flatten();
    let groups = root.table("dependency-groups")?;
    let parts = optional
        .iter()
        .chain(&groups)
        .flat_map(Table::entries)
        .map(|(_, item)| item);
    let own = project.and_then(|project| project.get("dependencies"));
    let arrays = own.into_iter().chain(parts).map(|item| item.array());
    let members = arrays.collect::<Result<Vec<_>, _>>()?;
    Ok(members.iter().flatten().any(|member| {
        let requirement = specifier::requirement(member.maybe_string().unwrap_or_default());
        requirement.is_ok_and(|requirement| requirement.name == *name)
    }))
}
