//! `setup.py`: code that only a build may run.

use std::path::Path;

use crate::document::Document;
use crate::script::is_script;
use crate::{DynamicProject, ManifestError, ReadContext, Requirements, Selection, parse_script};

/// Reads a `setup.py`: its project, unless it is a script with inline metadata under that name.
///
/// # Errors
/// If the file cannot be read, or a group is selected.
pub fn parse_setup_py(
    path: &Path,
    selection: &Selection,
    context: &ReadContext<'_>,
) -> Result<Requirements, ManifestError> {
    let document = Document::open(path, context)?;
    if is_script(&document.text) {
        return parse_script(path, context);
    }
    if let Some(group) = selection.groups.first() {
        return Err(document.whole(format!("there is no group `{group}`: a setup.py has extras only")));
    }
    let mut found = Requirements::default();
    found.projects.files.push(path.to_owned());
    found.projects.dynamic.push(DynamicProject::new(
        path,
        selection,
        document.whole(
            "only a build of the project determines the requirements of a setup.py, and nothing is built here: \
             give a requirements file",
        ),
    ));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::read_one;

    fn read(text: &str, selection: &Selection) -> Result<Requirements, ManifestError> {
        read_one("setup.py", text, |path, context| {
            parse_setup_py(path, selection, context)
        })
    }

    #[test]
    fn is_left_to_a_build() {
        let selection = Selection {
            extras: ["fast".parse().unwrap()].into(),
            ..Selection::default()
        };
        let found = read("from setuptools import setup\nsetup()\n", &selection).unwrap();
        assert!(found.requirements.is_empty());
        let [project] = found.projects.dynamic.as_slice() else {
            panic!("{:?}", found.projects.dynamic);
        };
        assert_eq!(project.path, Path::new("setup.py"));
        assert_eq!(project.extras, ["fast".parse().unwrap()]);
        assert_eq!(found.projects.files, [Path::new("setup.py")]);
    }

    #[test]
    fn may_be_a_script() {
        let text = "# /// script\n# dependencies = ['rich']\n# ///\n";
        let found = read(text, &Selection::default()).unwrap();
        assert!(found.projects.dynamic.is_empty());
        assert_eq!(found.requirements.len(), 1);
    }

    #[test]
    fn has_no_groups() {
        let selection = Selection {
            groups: ["dev".parse().unwrap()].into(),
            ..Selection::default()
        };
        let error = read("", &selection).unwrap_err().to_string();
        assert!(error.contains("there is no group `dev`"), "{error}");
    }
}
