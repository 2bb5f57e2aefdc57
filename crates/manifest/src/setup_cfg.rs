//! `setup.cfg` of setuptools: `[options] install_requires` and `python_requires`, `[options.extras_require]`.
//!
//! The format is that of Python's `RawConfigParser`; lists are parsed as in setuptools: one item per line, or separated
//! by `;` on a single line. <https://setuptools.pypa.io/en/latest/userguide/declarative_config.html> A comment after an
//! item begins at ` #`; a backslash joins an item with the next one.

use std::path::Path;
use std::str::FromStr;

use mach_nix_model::{ExtraName, specifier_list};

use crate::document::Document;
use crate::selection::known;
use crate::{
    DynamicProject, Entry, Location, ManifestError, ReadContext, Requirements, RequiresPython, Selection,
    specifier,
};

/// Reads a `setup.cfg`: the requirements of the project and of the selected extras.
///
/// # Errors
/// If the file cannot be read, is not valid, or lacks a selected extra.
pub fn parse_setup_cfg(
    path: &Path,
    selection: &Selection,
    context: &ReadContext<'_>,
) -> Result<Requirements, ManifestError> {
    let document = Document::open(path, context)?;
    if let Some(group) = selection.groups.first() {
        return Err(document.whole(format!(
            "there is no group `{group}`: a setup.cfg has extras only"
        )));
    }
    let options = options(&document)?;
    let of = |section: &str, key: &str| {
        options
            .iter()
            .find(|option| option.section == section && option.key == key)
    };
    if !options.iter().any(|option| option.section.starts_with("options")) {
        return Err(document.whole("there is no `[options]` with requirements: give a requirements file"));
    }
    let mut found = Requirements::default();
    let sibling = |name| context.folder.join(path).with_file_name(name);
    if (context.exists)(&sibling("setup.py")) || (context.exists)(&sibling("pyproject.toml")) {
        found.projects.files.push(path.to_owned());
    }
    if let Some(option) = of("options", "python_requires") {
        let values: Vec<&str> = option.values.iter().map(|value| value.text.as_str()).collect();
        let text = values.join(" ");
        let specifiers = specifier_list(&text).map_err(|error| document.at(option.offset, error.message))?;
        let line = document.line_and_column(option.offset).0;
        found.requires_python.push(RequiresPython {
            specifiers,
            location: Location::line(&document.shown, line, text),
        });
    }
    let extras: Vec<_> = options
        .iter()
        .filter(|option| option.section == "options.extras_require")
        .collect();
    let mut selected: Vec<&Setting> = of("options", "install_requires").into_iter().collect();
    for extra in &selection.extras {
        let same = |option: &&&Setting| ExtraName::from_str(&option.key).is_ok_and(|name| name == *extra);
        let Some(option) = extras.iter().find(same) else {
            let known = known(extras.iter().map(|option| &option.key));
            return Err(document.whole(format!("there is no extra `{extra}`: {known}")));
        };
        selected.push(option);
    }
    if let Some(unbuilt) = selected.iter().find_map(|option| option.followed(&document)) {
        found
            .projects
            .dynamic
            .push(DynamicProject::new(path, selection, unbuilt));
        return Ok(found);
    }
    for option in selected {
        option.add_to(&document, &mut found)?;
    }
    found.checked(context)
}

struct Setting {
    section: String,
    key: String,
    /// The byte offset of the key.
    offset: usize,
    /// Whether the value continues after the line of the key.
    is_dangling: bool,
    values: Vec<Value>,
}

/// A line of a value.
struct Value {
    text: String,
    offset: usize,
}

impl Setting {
    /// The error if it refers to a file or a variable, which only a build resolves.
    fn followed(&self, document: &Document) -> Option<ManifestError> {
        let value = self.values.first()?;
        let directive = ["file:", "attr:"]
            .into_iter()
            .find(|directive| value.text.starts_with(directive))?;
        Some(document.at(
            value.offset,
            format!(
                "`{directive}` is resolved only by a build of the project, and nothing is built here: \
                 give the files that it names"
            ),
        ))
    }

    fn add_to(&self, document: &Document, found: &mut Requirements) -> Result<(), ManifestError> {
        for value in self.members() {
            let requirement = specifier::requirement(&value.text).map_err(|fault| {
                let bytes: usize = value.text.chars().take(fault.column).map(char::len_utf8).sum();
                document.at(value.offset + bytes, fault.reason)
            })?;
            found.add(Entry {
                location: Location::line(
                    &document.shown,
                    document.line_and_column(value.offset).0,
                    requirement.to_string(),
                ),
                requirement,
                hashes: Vec::new(),
                is_locked: false,
            });
        }
        Ok(())
    }

    /// Setuptools splits at `;` only if the value is on the line of its key; then no item can have a marker.
    fn members(&self) -> Vec<Value> {
        let mut members = Vec::new();
        for value in &self.values {
            let mut offset = value.offset;
            let parts = if self.is_dangling {
                vec![value.text.as_str()]
            } else {
                value.text.split(';').collect()
            };
            for part in parts {
                let lead = part.len() - part.trim_start().len();
                let text = without_comment(part.trim());
                if !text.is_empty() {
                    members.push(Value {
                        text: text.to_owned(),
                        offset: offset + lead,
                    });
                }
                offset += part.len() + 1;
            }
        }
        joined(members)
    }
}

/// An item without its comment, as in setuptools.
fn without_comment(member: &str) -> &str {
    let end = member.find(" #").unwrap_or(member.len());
    if member.starts_with('#') {
        ""
    } else {
        member[..end].trim_end()
    }
}

/// Joins items that end in a backslash with the next one.
fn joined(members: Vec<Value>) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    let mut continues = false;
    for member in members {
        let (text, open) = match member.text.strip_suffix('\\') {
            Some(text) => (text.trim_end().to_owned(), true),
            None => (member.text, false),
        };
        match all.last_mut() {
            Some(last) if continues => last.text.push_str(&text),
            _ => all.push(Value {
                text,
                offset: member.offset,
            }),
        }
        continues = open;
    }
    all
}

/// The settings of the file. Lines with a deeper indentation than a key continue its value; `#` and `;` begin comment
/// lines.
fn options(document: &Document) -> Result<Vec<Setting>, ManifestError> {
    let mut section = String::new();
    let mut settings: Vec<Setting> = Vec::new();
    let mut indent_of_key = None;
    let mut start = 0;
    for raw in document.text.split_inclusive('\n') {
        let line = raw.trim_end();
        let text = line.trim_start();
        let offset = start + (line.len() - text.len());
        start += raw.len();
        if text.is_empty() || text.starts_with(['#', ';']) {
            continue;
        }
        let indent = line.len() - text.len();
        if indent_of_key.is_some_and(|key| indent > key) {
            if let Some(setting) = settings.last_mut() {
                setting.is_dangling = true;
                setting.values.push(Value {
                    text: text.to_owned(),
                    offset,
                });
            }
            continue;
        }
        if let Some(name) = text
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'))
            .map(|(name, _)| name)
        {
            name.clone_into(&mut section);
            indent_of_key = None;
            continue;
        }
        let Some((key, value)) = text.split_once(['=', ':']) else {
            return Err(document.at(
                offset,
                "this is neither `[section]` nor `key = value`: write it as one of them",
            ));
        };
        indent_of_key = Some(indent);
        let lead = value.len() - value.trim_start().len();
        let first = Value {
            text: value.trim().to_owned(),
            offset: offset + key.len() + 1 + lead,
        };
        settings.push(Setting {
            section: section.clone(),
            key: key.trim().to_owned(),
            offset,
            is_dangling: false,
            values: if first.text.is_empty() {
                Vec::new()
            } else {
                vec![first]
            },
        });
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{lines, read_one};

    const FILE: &str = "[metadata]\nname = x\n[options]\npython_requires = >=3.8\ninstall_requires =\n    flask>=2 ; os_name == 'posix'\n    # a comment\n\n    click\n\
        [options.extras_require]\nCli_Tools = rich>=1; tqdm\n";

    fn read(text: &str, extras: &[&str]) -> Result<Requirements, ManifestError> {
        let selection = Selection {
            extras: extras.iter().map(|extra| extra.parse().unwrap()).collect(),
            ..Selection::default()
        };
        read_one("setup.cfg", text, |path, context| {
            parse_setup_cfg(path, &selection, context)
        })
    }

    #[test]
    fn reads_requirements_and_extras() {
        let found = read(FILE, &["cli-tools"]).unwrap();
        assert_eq!(
            lines(&found),
            [
                "6 flask>=2 ; os_name == 'posix'",
                "9 click",
                "11 rich>=1",
                "11 tqdm"
            ]
        );
        assert_eq!(found.requires_python[0].specifiers.to_string(), ">=3.8");
        assert_eq!(found.lines[0], "flask>=2 ; os_name == 'posix'");
    }

    #[test]
    fn comments_after_members_are_dropped() {
        let found = read(
            "[options]\npython_requires = >=3.8,\ninstall_requires =\n  six>=1.10,  # why\n  #no\n  ; no\n  \
             a @ https://x.test/a#egg=a # from there\n  b>=1, \\\n  <2\n\
             [options.extras_require]\nx = rich>=1 # shown; tqdm # no\n",
            &["x"],
        )
        .unwrap();
        assert_eq!(
            lines(&found),
            [
                "4 six>=1.10",
                "7 a @ https://x.test/a#egg=a",
                "8 b>=1,<2",
                "11 rich>=1",
                "11 tqdm"
            ]
        );
        assert_eq!(found.requires_python[0].specifiers.to_string(), ">=3.8");
    }

    #[test]
    fn references_to_files_need_a_build() {
        for (text, extras) in [
            ("[options]\ninstall_requires = file: r.txt\n", &[][..]),
            ("[options]\ninstall_requires =\n  attr: demo.requires\n", &[]),
            (
                "[options]\ninstall_requires = a\n[options.extras_require]\nx = file: x.txt\n",
                &["x"],
            ),
        ] {
            let found = read(text, extras).unwrap();
            assert!(found.requirements.is_empty() && found.lines.is_empty(), "{text}");
            let project = &found.projects.dynamic[0];
            assert_eq!(project.extras.len(), extras.len(), "{text}");
            assert!(project.unbuilt.to_string().contains("only by a build"), "{text}");
        }
    }

    #[test]
    fn errors_have_a_location() {
        for (text, extras, expected) in [
            (
                "[options]\ninstall_requires =\n  click=8\n",
                &[][..],
                "setup.cfg, line 3, column 8: `=` is not an operator",
            ),
            (
                "[options]\nnonsense\n",
                &[],
                "setup.cfg, line 2, column 1: this is neither",
            ),
            (
                "[metadata]\nname = x\n",
                &[],
                "setup.cfg: there is no `[options]`",
            ),
            (
                FILE,
                &["x"],
                "setup.cfg: there is no extra `x`: there are `Cli_Tools`",
            ),
        ] {
            let shown = read(text, extras).unwrap_err().to_string();
            assert!(shown.starts_with(expected), "{shown}");
        }
    }
}
