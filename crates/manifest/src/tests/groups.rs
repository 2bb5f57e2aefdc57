//! Dependency groups of a project, in the forms of all tools.

use super::{lines, read_one};
use crate::{ManifestError, Requirements, Selection, parse_pyproject};

fn groups(text: &str, groups: &[&str]) -> Result<Requirements, ManifestError> {
    let selection = Selection {
        groups: groups.iter().map(|name| name.parse().unwrap()).collect(),
        ..Selection::default()
    };
    read_one("pyproject.toml", text, |path, context| {
        parse_pyproject(path, &selection, context)
    })
}

#[test]
fn groups_of_uv_and_pdm_are_read() {
    let text = include_str!("../../../../tests/nix/projects/older-groups/pyproject.toml");
    let found = groups(text, &["dev", "docs"]).unwrap();
    assert_eq!(
        lines(&found),
        ["5 six", "8 pytest", "11 ruff", "14 tox", "15 sphinx"]
    );
    let alone = "[tool.pdm.dev-dependencies]\ntest = ['pytest>=8,']\n";
    assert_eq!(lines(&groups(alone, &["test"]).unwrap()), ["2 pytest>=8"]);
    let editable = "[tool.pdm.dev-dependencies]\ntest = ['-e file:///${PROJECT_ROOT}/x#egg=x']\n";
    let shown = groups(editable, &["test"]).unwrap_err().to_string();
    assert!(
        shown.starts_with("pyproject.toml, line 2, column 9: editable packages of PDM"),
        "{shown}"
    );
}

#[test]
fn groups_in_other_forms_are_named_with_the_way_to_them() {
    const PROJECT: &str = "[project]\nname = 'a'\ndependencies = []\n";
    for (text, group, part) in [
        (
            "[tool.poetry.group.dev.dependencies]\npytest = '^8'\n",
            "dev",
            "give `poetry.lock` with the group `dev`",
        ),
        (
            "[tool.poetry.dev-dependencies]\npytest = '^8'\n",
            "dev",
            "make a lock with `poetry lock`",
        ),
        (
            "[tool.hatch.envs.test]\ndependencies = ['pytest']\n",
            "test",
            "a Hatch environment",
        ),
        (
            "[tool.hatch.envs.test]\ndependencies = ['pytest']\n",
            "dev",
            "there is no group `dev`: none available",
        ),
    ] {
        let shown = groups(&format!("{PROJECT}{text}"), &[group])
            .unwrap_err()
            .to_string();
        assert!(
            shown.starts_with("pyproject.toml: ") && shown.contains(part),
            "{shown}"
        );
    }
}

#[test]
fn a_project_that_poetry_does_not_package_is_not_built() {
    const BACKEND: &str = "[build-system]\nrequires = ['poetry-core']\n";
    let text =
        format!("[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\nsix = '^1'\n{BACKEND}");
    let shown = groups(&text, &[]).unwrap_err().to_string();
    assert!(
        shown.contains("the dependencies are in Poetry's own form") && shown.contains("`-r poetry.lock`"),
        "{shown}"
    );
    let packaged = groups(&text.replace("package-mode = false\n", ""), &[]).unwrap();
    assert_eq!(packaged.projects.dynamic.len(), 1);
    let project = format!(
        "[project]\nname = 'a'\ndependencies = ['six']\n[tool.poetry]\npackage-mode = false\n{BACKEND}"
    );
    let found = groups(&project, &[]).unwrap();
    assert_eq!(lines(&found), ["3 six"]);
    assert!(found.projects.files.is_empty());
    let uv = groups(
        &project.replace("[tool.poetry]\npackage-mode", "[tool.uv]\npackage"),
        &[],
    )
    .unwrap();
    assert!(uv.projects.files.is_empty());
}
