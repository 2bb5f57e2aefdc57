//! Projects and scripts.

use super::{lines, read_files, read_one};
use crate::{
    ManifestError, ManifestKind, Requirements, Selection, parse_manifest, parse_pyproject, parse_script,
};

fn selection(extras: &[&str], groups: &[&str]) -> Selection {
    Selection {
        extras: extras.iter().map(|name| name.parse().unwrap()).collect(),
        groups: groups.iter().map(|name| name.parse().unwrap()).collect(),
    }
}

fn project(text: &str, extras: &[&str], groups: &[&str]) -> Result<Requirements, ManifestError> {
    let selection = selection(extras, groups);
    read_one("pyproject.toml", text, |path, context| {
        parse_pyproject(path, &selection, context)
    })
}

const PROJECT: &str = r#"[project]
name = "My.App"
requires-python = ">=3.10"
dependencies = [
    "flask>=2",
    "my-app[web] ; os_name == 'posix'",
]
[project.optional-dependencies]
web = ["gunicorn"]
All_Of = ["my_app[web,cli]", "tqdm"]
cli = ["rich", "my-app[all-of]"]
[dependency-groups]
Test_Tools = ["pytest", { include-group = "lint" }, "my-app[web]"]
lint = ["ruff>=1 ; python_version > '3.10'"]
"#;

#[test]
fn reads_dependencies_extras_and_groups() {
    let found = project(PROJECT, &[], &[]).unwrap();
    assert_eq!(lines(&found), ["5 flask>=2", "9 gunicorn ; os_name == 'posix'"]);
    // As in nixlib/requirements/readPyproject.nix, which follows extras but not markers.
    assert_eq!(
        found.lines,
        ["flask>=2", "my-app[web] ; os_name == 'posix'", "gunicorn"]
    );
    assert_eq!(
        (
            found.requires_python[0].specifiers.to_string().as_str(),
            found.requires_python[0].location.line
        ),
        (">=3.10", Some(3))
    );
    let found = project(PROJECT, &["all.of"], &["test-tools"]).unwrap();
    assert_eq!(
        lines(&found)[2..],
        [
            "9 gunicorn",
            "11 rich",
            "10 tqdm",
            "13 pytest",
            "14 ruff>=1 ; python_version > '3.10'",
            "9 gunicorn"
        ]
    );
}

#[test]
fn dynamic_metadata_needs_a_build() {
    const GROUPS: &str = "[dependency-groups]\ndev = ['pytest']\n";
    for (text, extras, complaint) in [
        (
            "[project]\nname = 'a'\ndynamic = ['version', 'dependencies']\n",
            &[][..],
            "pyproject.toml, line 3, column 23: `dependencies` is dynamic: only a build",
        ),
        (
            "[project]\nname = 'a'\ndependencies = ['b']\ndynamic = ['optional-dependencies']\n",
            &["x"],
            "pyproject.toml, line 4, column 12: `optional-dependencies` is dynamic",
        ),
        (
            "[build-system]\nrequires = ['setuptools']\n",
            &[],
            "pyproject.toml, line 1, column 1: there is neither `[project]`",
        ),
    ] {
        let found = project(&format!("{text}{GROUPS}"), extras, &["dev"]).unwrap();
        assert_eq!(lines(&found).len(), 1, "groups are not computed: {text}");
        let [computed] = found.projects.dynamic.as_slice() else {
            panic!("{text}");
        };
        assert_eq!(computed.extras.len(), extras.len());
        let shown = computed.unbuilt.to_string();
        assert!(shown.starts_with(complaint), "{shown}");
    }
    let dynamic = "[project]\nname = 'a'\ndependencies = ['b']\ndynamic = ['optional-dependencies']\n";
    assert!(project(dynamic, &[], &[]).unwrap().projects.dynamic.is_empty());
}

#[test]
fn errors_of_projects_have_a_location() {
    for (text, extras, groups, expected) in [
        (
            "[project\n",
            &[][..],
            &[][..],
            "pyproject.toml, line 1, column 9: this is not TOML",
        ),
        (
            "[project]\nname = 'a'\ndependencies = [\n  'click=>8',\n]\n",
            &[],
            &[],
            "pyproject.toml, line 4, column 9: `=>` is not an operator: write `>=`\n  |   'click=>8',\n  |         ^",
        ),
        (
            "[project]\ndependencies = 'a'\n",
            &[],
            &[],
            "pyproject.toml, line 2, column 16: `dependencies` must be an array, and this is a string",
        ),
        (
            "[project]\ndependencies = [1]\n",
            &[],
            &[],
            "pyproject.toml, line 2, column 17: `dependencies` must be a string, and this is an integer",
        ),
        (
            "[project]\nrequires-python = 'new'\n",
            &[],
            &[],
            "pyproject.toml, line 2, column 20: a version specifier begins with an operator, as in `>=new`",
        ),
        (
            PROJECT,
            &["x"],
            &[],
            "pyproject.toml: there is no extra `x`: there are `all-of`, `cli`, `web`",
        ),
        (
            PROJECT,
            &[],
            &["x"],
            "pyproject.toml: there is no group `x`: there are `lint`, `Test_Tools`",
        ),
        (
            "[project]\nname = 'a'\ndependencies = ['a[x]']",
            &[],
            &[],
            "pyproject.toml, line 3, column 1: the project has no extra `x`: none available",
        ),
        (
            "[dependency-groups]\na = [{ include-group = 'b' }]\nb = [{ include-group = 'A' }]\n",
            &[],
            &["a"],
            "pyproject.toml, line 3, column 24: the group `a` includes itself",
        ),
        (
            "[dependency-groups]\na = [{ include-group = 'b' }]\n",
            &[],
            &["a"],
            "pyproject.toml, line 2, column 24: there is no group `b`: there are `a`",
        ),
        (
            "[dependency-groups]\na = [{ include = 'b' }]\n",
            &[],
            &["a"],
            "pyproject.toml, line 2, column 6: a group has requirements and",
        ),
        (
            "[dependency-groups]\na_b = []\nA-B = []\n",
            &[],
            &[],
            "pyproject.toml, line ",
        ),
        (
            "[tool.poetry]\nname = 'a'\n",
            &[],
            &[],
            "pyproject.toml: the dependencies are in Poetry's own form",
        ),
        ("", &[], &[], "pyproject.toml: there is neither `[project]`"),
    ] {
        let shown = project(text, extras, groups).unwrap_err().to_string();
        assert!(shown.starts_with(expected), "{text}\n{shown}");
    }
}

#[test]
fn reads_scripts() {
    let script = "#!/usr/bin/env python\n# é\n# /// script\n# requires-python = \">=3.11\"\n#\n# dependencies = [\n#   \"requests<3\",\n# ]\n# ///\nimport requests\n";
    for text in [script.to_owned(), script.replace('\n', "\r\n")] {
        let found = read_one("a.py", &text, parse_script).unwrap();
        assert_eq!(lines(&found), ["7 requests<3"]);
        assert_eq!(found.requires_python[0].location.line, Some(4));
    }
    for (text, expected) in [
        ("import os\n", "a.py: the script has no metadata block"),
        (
            "# /// script\n# a = 1\nimport os\n",
            "a.py, line 1, column 1: this block does not end",
        ),
        (
            "# /// script\n# ///\n\n# /// script\n# ///\n",
            "a.py, line 4, column 1: this is a second block",
        ),
        (
            "x\n# /// script\n# dependencies = ['a=1']\n# ///\n",
            "a.py, line 3, column 21: `=` is not an operator",
        ),
        ("# /// script\n# dependencies = [\n# ///\n", "a.py, line "),
    ] {
        let shown = read_one("a.py", text, parse_script).unwrap_err().to_string();
        assert!(shown.starts_with(expected), "{text}\n{shown}");
    }
}

#[test]
fn files_are_known_by_name() {
    for (name, kind) in [
        ("a/requirements.txt", ManifestKind::Requirements),
        ("pyproject.toml", ManifestKind::Pyproject),
        ("setup.cfg", ManifestKind::SetupCfg),
        ("tool.py", ManifestKind::Script),
        ("pylock.toml", ManifestKind::Pylock),
        ("pylock.dev.toml", ManifestKind::Pylock),
        ("pylock.a.b.toml", ManifestKind::Requirements),
        ("x/uv.lock", ManifestKind::UvLock),
        ("tool.py.lock", ManifestKind::UvLock),
        ("poetry.lock", ManifestKind::PoetryLock),
        ("x/Pipfile.lock", ManifestKind::PipfileLock),
        ("Pipfile", ManifestKind::Requirements),
    ] {
        assert_eq!(ManifestKind::of(name.as_ref()), kind, "{name}");
    }
    let read = |name: &str, text: &str| {
        read_one(name, text, |path, context| {
            parse_manifest(path, &Selection::default(), context)
        })
    };
    assert_eq!(
        lines(&read("tool", "# /// script\n# dependencies = ['a']\n# ///\n").unwrap()),
        ["2 a"]
    );
    assert_eq!(lines(&read("tool", "a\n").unwrap()), ["1 a"]);
    assert!(
        read("pylock.a.b.toml", "")
            .unwrap_err()
            .to_string()
            .contains("TOML files are")
    );
    let environment = read("env-dev.yaml", "dependencies: [a]\n").unwrap();
    assert_eq!(environment.conda.requirements[0].spec.to_string(), "a");
}

fn sourced(sources: &str) -> Result<Requirements, ManifestError> {
    let text = format!(
        "[project]\nname = 'app'\ndependencies = ['ours>=1', 'flask']\n[dependency-groups]\ndev = ['tool[x]']\n{sources}"
    );
    project(&text, &[], &["dev"])
}

#[test]
fn sources_of_uv_are_followed() {
    let git = "git = 'https://git.test/ours'";
    for (source, requirement) in [
        (git.to_owned(), "ours @ git+https://git.test/ours"),
        (
            format!("{git}, tag = 'v1'"),
            "ours @ git+https://git.test/ours@v1",
        ),
        (
            format!("{git}, rev = 'abc', subdirectory = 'py', lfs = true"),
            "ours @ git+https://git.test/ours@abc#subdirectory=py",
        ),
        (
            "url = 'https://files.test/ours-1.tar.gz'".to_owned(),
            "ours @ https://files.test/ours-1.tar.gz",
        ),
        (
            "path = '../ours', editable = true".to_owned(),
            "ours @ file:///ours",
        ),
    ] {
        let found = sourced(&format!("[tool.uv.sources]\nOurs = {{ {source} }}\n")).unwrap();
        assert_eq!(lines(&found)[0], format!("3 {requirement}"), "{source}");
        assert_eq!(lines(&found)[1..], ["3 flask", "5 tool[x]"]);
        // The digest covers the requirements as written.
        assert_eq!(found.lines, ["ours>=1", "flask", "tool[x]"]);
    }
    let found = sourced("[tool.uv.sources]\nTOOL = { git = 'https://git.test/tool' }").unwrap();
    assert_eq!(lines(&found)[2], "5 tool[x] @ git+https://git.test/tool");

    // The index serves it if no marker applies.
    let found = sourced(
        "[tool.uv.sources]\nours = [\n  { url = 'https://a.test/a.whl', marker = \"os_name == 'nt'\" },\n  \
         { path = './b', marker = \"os_name == 'posix'\" },\n]",
    )
    .unwrap();
    assert_eq!(
        lines(&found)[..3],
        [
            "3 ours>=1",
            "3 ours @ https://a.test/a.whl ; os_name == 'nt'",
            "3 ours @ file:///work/b ; os_name == 'posix'"
        ]
    );
}

#[test]
fn indexes_of_uv_are_used() {
    let found = sourced(
        "[tool.uv.sources]\nours = { index = 'private' }\n\
         [[tool.uv.index]]\nname = 'private'\nurl = 'https://private.test/simple'\nexplicit = true\n\
         [[tool.uv.index]]\nurl = 'https://first.test/simple'\n\
         [[tool.uv.index]]\nurl = 'https://main.test/simple'\ndefault = true\n\
         [[tool.uv.index]]\nurl = './wheels'\nformat = 'flat'\n\
         [tool.uv]\nconstraint-dependencies = ['flask<3']\noverride-dependencies = ['click==8']\n",
    )
    .unwrap();
    let bound: Vec<String> = found
        .options
        .index_of
        .iter()
        .map(|(name, url)| format!("{name}={}", url[0]))
        .collect();
    assert_eq!(bound, ["ours=https://private.test/simple"]);
    assert_eq!(lines(&found)[0], "3 ours>=1");
    assert_eq!(found.options.extra_index_urls.len(), 1);
    assert_eq!(
        found.options.extra_index_urls[0].as_str(),
        "https://first.test/simple"
    );
    assert_eq!(
        found.options.index_url.unwrap().as_str(),
        "https://main.test/simple"
    );
    assert_eq!(found.options.find_links.len(), 1);
    assert_eq!(found.constraints[0].requirement.to_string(), "flask<3");
    assert_eq!(
        found.warnings,
        ["pyproject.toml, line 22: `override-dependencies` of uv is not followed"]
    );
}

#[test]
fn a_source_that_is_not_understood_is_no_reason_to_take_another_package() {
    for (source, complaint) in [
        ("{ workspace = true }", "`ours` is not a member of a workspace"),
        (
            "{ index = 'private' }",
            "there is no index `private` in `[[tool.uv.index]]`: none available",
        ),
        (
            "{ marker = \"os_name == 'nt'\" }",
            "this has no location for `ours`",
        ),
        (
            "{ git = 'https://git.test/ours', url = 'https://a.test/' }",
            "this has no location for `ours`",
        ),
        (
            "{ path = 'x', extra = 'cpu' }",
            "`extra` is an unknown key of a source, and `ours` must not come from elsewhere",
        ),
        (
            "{ git = 'git.test/ours' }",
            "`git+git.test/ours` is not an address",
        ),
    ] {
        let error = sourced(&format!("[tool.uv.sources]\nours = {source}\n"))
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with(&format!("pyproject.toml, line 7, column 8: {complaint}")),
            "{error}"
        );
    }
    let dynamic =
        "[project]\nname = 'a'\ndynamic = ['dependencies']\n[tool.uv.sources]\nb = { path = 'b' }\n";
    let error = project(dynamic, &[], &[]).unwrap_err().to_string();
    assert!(
        error.contains("`[tool.uv.sources]` has a source for `b`"),
        "{error}"
    );

    let poetry = "[project]\nname = 'a'\ndependencies = ['ours', 'other']\n\
                  [[tool.poetry.source]]\nname = 'private'\nurl = 'https://private.test/simple'\n\
                  [tool.poetry.dependencies]\npython = '^3.10'\n";
    let found = project(
        &format!("{poetry}other = {{ version = '^1', optional = true }}\n"),
        &[],
        &[],
    )
    .unwrap();
    assert!(found.warnings[0].starts_with("pyproject.toml, line 4: Poetry's indexes are not read"));
    let error = project(
        &format!("{poetry}ours = {{ version = '^1', source = 'private' }}\n"),
        &[],
        &[],
    )
    .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("pyproject.toml, line 9, column 8: Poetry takes `ours` from here"),
        "{error}"
    );
}

#[test]
fn sources_of_scripts_are_followed() {
    let text = "# /// script\n# dependencies = ['ours']\n# [tool.uv.sources]\n# ours = { git = 'https://git.test/ours' }\n# ///\n";
    let found = read_one("script.py", text, parse_script).unwrap();
    assert_eq!(lines(&found), ["2 ours @ git+https://git.test/ours"]);
}

const WORKSPACE: [(&str, &str); 5] = [
    (
        "/work/pyproject.toml",
        "[project]\nname = 'root'\nversion = '1'\ndependencies = ['web-app[x]>=1', 'click']\n\
         [tool.uv.sources]\nweb-app = { workspace = true }\n\
         [tool.uv.workspace]\nmembers = ['libs/*', 'apps/web']\nexclude = ['libs/old*']\n",
    ),
    (
        "/work/apps/web/pyproject.toml",
        "[project]\nname = 'web_app'\nversion = '1'\ndependencies = ['core', 'flask']\n\
         [build-system]\nrequires = []\n[tool.uv.sources]\ncore.workspace = true\n",
    ),
    (
        "/work/libs/core/pyproject.toml",
        "[project]\nname = 'core'\nversion = '1'\ndependencies = ['six']\n",
    ),
    (
        "/work/libs/old-one/pyproject.toml",
        "[project]\nname = 'old'\nversion = '1'\n",
    ),
    ("/work/libs/notes/readme", ""),
];

/// The files of a workspace with another root.
fn workspace(root: &str) -> Result<Requirements, ManifestError> {
    let mut files = WORKSPACE.to_vec();
    files[0].1 = root;
    read_files(&files, |path, context| {
        parse_pyproject(path, &Selection::default(), context)
    })
}

#[test]
fn members_of_a_workspace_come_from_their_folders() {
    let shown = |root: &str| -> Vec<String> {
        let found = workspace(root).unwrap();
        found
            .requirements
            .iter()
            .map(|entry| entry.requirement.to_string())
            .collect()
    };
    // What a member needs of the workspace comes from there as well.
    let (web, core) = (
        "web-app[x] @ file:///work/apps/web",
        "core @ file:///work/libs/core",
    );
    assert_eq!(shown(WORKSPACE[0].1), [web, core, "click"]);
    // A root without a project stands for its members.
    let root = "[tool.uv.workspace]\nmembers = ['libs/*', 'apps/w?b']\nexclude = ['libs/old-one']\n";
    assert_eq!(shown(root), ["web-app @ file:///work/apps/web", "six"]);
    let error = workspace("[tool.uv.workspace]\nmembers = ['libs/[']\n").unwrap_err();
    assert!(
        error.to_string().contains("`libs/[` is not a pattern of folders"),
        "{error}"
    );
}
