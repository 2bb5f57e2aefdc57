//! Manifests before and after an edit: only the lines that have to change do.

use std::path::Path;

use super::{Part, added, removed};

fn add(path: &str, text: &str, part: &Part, requirement: &str) -> String {
    let name = crate::specifier::requirement(requirement).unwrap().name;
    added(Path::new(path), text, part, &name, requirement).unwrap()
}

fn remove(path: &str, text: &str, part: &Part, name: &str) -> Option<String> {
    removed(Path::new(path), text, part, &name.parse().unwrap()).unwrap()
}

fn group(name: &str) -> Part {
    Part::Group(name.parse().unwrap())
}

fn extra(name: &str) -> Part {
    Part::Extra(name.parse().unwrap())
}

/// Arrays of `[project] dependencies` without and with `x>=1`.
const ARRAYS: [(&str, &str); 9] = [
    ("[]", "[\"x>=1\"]"),
    ("[ ]", "[\"x>=1\"]"),
    ("[\"a\"]", "[\"a\", \"x>=1\"]"),
    ("[\"a\", 'b' ]", "[\"a\", 'b', \"x>=1\" ]"),
    ("[\n  \"a\",\n]", "[\n  \"a\",\n  \"x>=1\",\n]"),
    ("[\n    \"a\"\n]", "[\n    \"a\",\n    \"x>=1\"\n]"),
    (
        "[\n\t\"a\",  # why\n\t\"b[c]>=1; python_version<'3.9'\",  # so\n]",
        "[\n\t\"a\",  # why\n\t\"b[c]>=1; python_version<'3.9'\",  # so\n\t\"x>=1\",\n]",
    ),
    (
        "[\n    \"a\",\n    # last\n]",
        "[\n    \"a\",\n    \"x>=1\",\n    # last\n]",
    ),
    ("[\"a\",\n    \"b\",\n]", "[\"a\",\n    \"b\",\n    \"x>=1\",\n]"),
];

#[test]
fn arrays_keep_their_form() {
    for (before, after) in ARRAYS {
        let document = |array: &str| {
            format!("# head\n[project]\nname = 'p'\ndependencies = {array}\n\n[tool.x]\ny = 1\n")
        };
        let text = document(before);
        let edited = add("pyproject.toml", &text, &Part::Project, "x>=1");
        assert_eq!(edited, document(after), "{before}");
        // What was added can be removed again, but for the comma or the spaces that an array had.
        let again = remove("pyproject.toml", &edited, &Part::Project, "X").unwrap();
        let plain = |text: &str| text.replace([',', ' '], "");
        assert_eq!(plain(&again), plain(&text), "{before}");
        assert_eq!(
            remove("pyproject.toml", &again, &Part::Project, "x"),
            None,
            "{before}"
        );
    }
}

#[test]
fn a_requirement_with_the_same_name_is_replaced() {
    let text = "[project]\ndependencies = [\n  \"a\",\n  \"My.Pkg>=1\",  # pinned\n]\n";
    assert_eq!(
        add("pyproject.toml", text, &Part::Project, "my-pkg>=2"),
        text.replace("My.Pkg>=1", "my-pkg>=2")
    );
    let text = "a\nMy_Pkg>=1  # pinned\n-r more.txt\n";
    assert_eq!(
        add("requirements.txt", text, &Part::Project, "my-pkg>=2"),
        text.replace("My_Pkg>=1", "my-pkg>=2")
    );
}

#[test]
fn parts_are_made_where_they_are_missing() {
    let text = "[project]\nname = \"p\"\n\n[tool.x]\ny = 1\n";
    assert_eq!(
        add("pyproject.toml", text, &Part::Project, "a"),
        "[project]\nname = \"p\"\ndependencies = [\n    \"a\",\n]\n\n[tool.x]\ny = 1\n"
    );
    assert_eq!(
        add("pyproject.toml", text, &group("dev"), "a"),
        format!("{text}\n[dependency-groups]\ndev = [\n    \"a\",\n]\n")
    );
    assert_eq!(
        add("pyproject.toml", text, &extra("fast"), "a"),
        format!("{text}\n[project.optional-dependencies]\nfast = [\n    \"a\",\n]\n")
    );
    let text = "[project]\nname = \"p\"\n[project.optional-dependencies]\nFast_One = [\"a\"]\n";
    assert_eq!(
        add("pyproject.toml", text, &extra("fast-one"), "b"),
        text.replace("[\"a\"]", "[\"a\", \"b\"]")
    );
    let marked = add(
        "pyproject.toml",
        text,
        &extra("fast-one"),
        "b ; os_name == \"nt\"",
    );
    assert!(marked.contains("'b ; os_name == \"nt\"'"), "{marked}");
}

#[test]
fn inline_elements_are_removed_with_their_commas() {
    for (before, name, after) in [
        ("[\"a\", \"b\", \"c\"]", "a", "[\"b\", \"c\"]"),
        ("[\"a\", \"b\", \"c\"]", "b", "[\"a\", \"c\"]"),
        ("[\"a\", \"b\", \"c\"]", "c", "[\"a\", \"b\"]"),
        ("[\"a\"]", "a", "[]"),
        ("[\n  \"a\", \"b\",\n  \"c\",\n]", "a", "[\n  \"b\",\n  \"c\",\n]"),
        ("[\n  \"a\",\n  \"c\"  # last\n]", "c", "[\n  \"a\",\n]"),
        (
            "[\"a\", { include-group = \"b\" }, \"c\"]",
            "c",
            "[\"a\", { include-group = \"b\" }]",
        ),
    ] {
        let document = |array: &str| format!("[dependency-groups]\ndev = {array}\n");
        let edited = remove("pyproject.toml", &document(before), &group("dev"), name);
        assert_eq!(edited, Some(document(after)), "{before} without {name}");
    }
}

#[test]
fn requirements_files_change_by_lines() {
    for (before, name, after) in [
        ("a\nb\n", "a", "b\n"),
        ("a\r\nb\r\n", "b", "a\r\n"),
        ("# a\nA.B[x] >= 1 ; os_name == 'nt'  # why\nc", "a-b", "# a\nc"),
        (
            "a==1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\nb\n",
            "a",
            "b\n",
        ),
        ("-r a.txt\n-c b.txt\na\n", "a", "-r a.txt\n-c b.txt\n"),
        ("a @ https://x.test/a.whl\nb\n", "a", "b\n"),
    ] {
        assert_eq!(
            remove("requirements.txt", before, &Part::Project, name).as_deref(),
            Some(after),
            "{before}"
        );
    }
    assert_eq!(remove("requirements.txt", "ab\n# a\n", &Part::Project, "a"), None);
    for (before, after) in [("", "x\n"), ("a", "a\nx\n"), ("a\r\n", "a\r\nx\r\n")] {
        assert_eq!(
            add("requirements.txt", before, &Part::Project, "x"),
            after,
            "{before:?}"
        );
    }
}

#[test]
fn other_files_are_not_edited() {
    let refused = |path: &str, part: &Part| {
        let name = "a".parse().unwrap();
        added(Path::new(path), "", part, &name, "a")
            .unwrap_err()
            .to_string()
    };
    assert!(refused("environment.yml", &Part::Project).contains("change this file by hand"));
    assert!(refused("requirements.txt", &group("dev")).contains("no extras and groups"));
    assert!(refused("pyproject.toml", &Part::Project).contains("there is no `[project]`"));
}

#[test]
fn editable_sources_have_a_line_of_their_own() {
    let path = Path::new("pyproject.toml");
    let name = "my-lib".parse().unwrap();
    let text = "[project]\nname = 'p'\ndependencies = [\"my-lib\"]\n";
    let edited = super::with_source(path, text, &name, "../lib").unwrap();
    let source = "my-lib = { path = \"../lib\", editable = true }\n";
    assert_eq!(edited, format!("{text}\n[tool.uv.sources]\n{source}"));
    // Once more it replaces the source.
    let moved = super::with_source(path, &edited, &name, "lib").unwrap();
    assert_eq!(moved, edited.replace("../lib", "lib"));
    // With the requirement the source goes.
    assert_eq!(
        remove("pyproject.toml", &edited, &Part::Project, "my_lib").unwrap(),
        text.replace("[\"my-lib\"]", "[]")
    );
    let others = format!("[tool.uv.sources] # ours\nother = {{ git = 'https://x.test' }}\n\n{text}");
    let edited = super::with_source(path, &others, &name, "lib").unwrap();
    assert_eq!(
        edited,
        others.replace(
            "# ours\n",
            &format!("# ours\n{}", source.replace("../lib", "lib"))
        )
    );
    // A source that a group still needs stays.
    let grouped = format!("{edited}[dependency-groups]\ndev = [\"my-lib>=1\"]\n");
    let rest = remove("pyproject.toml", &grouped, &Part::Project, "my-lib").unwrap();
    assert!(rest.contains("my-lib = { path"), "{rest}");
}

#[test]
fn editable_folders_are_lines_of_requirements() {
    let name = "lib".parse().unwrap();
    let text = added(
        Path::new("requirements.txt"),
        "a\n",
        &Part::Project,
        &name,
        "-e ./lib",
    )
    .unwrap();
    assert_eq!(text, "a\n-e ./lib\n");
    assert_eq!(
        remove("requirements.txt", &text, &Part::Project, "lib").unwrap(),
        "a\n"
    );
}
