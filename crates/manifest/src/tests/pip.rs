//! Requirements files in pip's own syntax.

use super::{lines, read_files, read_one};
use crate::{ManifestError, Requirements, parse_environment, parse_manifest, parse_requirements};

fn one(text: &str) -> Result<Requirements, ManifestError> {
    read_one("requirements.txt", text, parse_requirements)
}

#[test]
fn a_trailing_comma_means_nothing() {
    for (line, requirement) in [
        ("six>=1.10,", "six>=1.10"),
        ("six (>=1.10,)", "six>=1.10"),
        ("six==1.16.0,", "six==1.16.0"),
        (
            "six >= 1 , < 2 , ; os_name == 'nt'",
            "six>=1,<2 ; os_name == 'nt'",
        ),
    ] {
        assert_eq!(lines(&one(line).unwrap()), [format!("1 {requirement}")], "{line}");
    }
    for (line, expected) in [
        (
            "six>=3.1.3 <4",
            "requirements.txt, line 1, column 12: a comma is missing: write `>=3.1.3,<4`",
        ),
        (
            "six (>=1) (<2)",
            "requirements.txt, line 1, column 11: expected a version",
        ),
        (
            "six>=1,,<2",
            "requirements.txt, line 1, column 8: a version specifier such as `>=1.0` is missing",
        ),
        ("six (,)", "requirements.txt, line 1, column 6: "),
        ("six,", "requirements.txt, line 1, column 4: "),
    ] {
        let shown = one(line).unwrap_err().to_string();
        assert!(shown.starts_with(expected), "{shown}");
    }
}

#[test]
fn a_file_that_is_reached_twice_is_read_once() {
    let found = read_files(
        &[
            ("r.txt", "-r a.txt\n-r b.txt\n-c limits.txt\n-c ./limits.txt\n"),
            ("a.txt", "-r base.txt\nflask\n"),
            ("b.txt", "-r sub/../base.txt\nclick\n"),
            ("sub/../base.txt", "six>=1\n"),
            ("base.txt", "six>=1\n"),
            ("limits.txt", "six<2\n"),
            ("./limits.txt", "six<2\n"),
        ],
        parse_requirements,
    )
    .unwrap();
    assert_eq!(lines(&found), ["1 six>=1", "2 flask", "2 click"]);
    assert_eq!(found.constraints.len(), 1);
    assert_eq!(found.lines.iter().filter(|line| *line == "six>=1").count(), 1);
}

#[test]
fn options_about_pip_itself_are_skipped_with_a_warning() {
    let found = one("--use-feature=fast-deps\nflask\n--only-final :all:\n").unwrap();
    assert_eq!(
        found.warnings,
        [
            "requirements.txt, line 1: `--use-feature` is skipped, because it is about pip itself",
            "requirements.txt, line 3: `--only-final` is skipped, because it is about pip itself",
        ]
    );
    assert!(one("--all-releases :all:\nflask").unwrap().options.pre);
}

#[test]
fn file_addresses_may_be_relative_paths() {
    for (line, url, name, extras) in [
        (
            "-e file:.#egg=pk[x]",
            "file:///work#egg=pk",
            Some("pk"),
            &["x"][..],
        ),
        ("-e file:lib[y]", "file:///work/lib", None, &["y"]),
        ("file:./lib", "file:///work/lib", None, &[]),
        (
            "git+https://h.test/pk#egg=pk[x,y]&subdirectory=py",
            "git+https://h.test/pk#egg=pk[x,y]&subdirectory=py",
            Some("pk"),
            &["x", "y"],
        ),
    ] {
        let found = one(line).unwrap();
        let source = &found.sources[0];
        assert_eq!(source.url.as_str(), url, "{line}");
        assert_eq!(source.name.as_ref().map(AsRef::as_ref), name, "{line}");
        let found: Vec<&str> = source.extras.iter().map(AsRef::as_ref).collect();
        assert_eq!(found, extras, "{line}");
    }
    let wheel = one("file:w/a-1-py3-none-any.whl").unwrap();
    assert_eq!(lines(&wheel), ["1 a @ file:///work/w/a-1-py3-none-any.whl"]);
    let found = read_files(
        &[("r.txt", "-r file:more.txt"), ("more.txt", "six")],
        parse_requirements,
    );
    assert_eq!(lines(&found.unwrap()), ["1 six"]);
    let found = read_files(
        &[("r.txt", "-r file:///x/more.txt"), ("/x/more.txt", "six")],
        parse_requirements,
    );
    assert_eq!(lines(&found.unwrap()), ["1 six"]);
}

#[test]
fn a_marker_that_never_holds_is_a_warning() {
    let found = one("six ; python_version >= '3.6.*'\n-e . \nclick ; sys_platform == 'linux'\n").unwrap();
    assert_eq!(
        found.warnings,
        [
            "requirements.txt, line 1: `python_version >= '3.6.*'` never holds: write `python_version >= '3.6'`"
        ]
    );
    let environment = "dependencies:\n  - pip:\n    - six ; platform_system == 'linux'\n";
    let found = read_one("environment.yml", environment, parse_environment).unwrap();
    assert_eq!(found.warnings.len(), 1, "{:?}", found.warnings);
    let project = "[project]\nname = 'a'\ndependencies = ['six ; os_name == \"linux\"']\n";
    let found = read_one("pyproject.toml", project, |path, context| {
        parse_manifest(path, &crate::Selection::default(), context)
    });
    assert!(
        found.unwrap().warnings[0].starts_with("pyproject.toml, line 3: `os_name == 'linux'` never holds")
    );
}

#[test]
fn lines_that_nix_joins_have_their_own_origin() {
    let found = one("flask\n\n# mach-nix: the requirements of greeter\nsix\nclick=8\n")
        .unwrap_err()
        .to_string();
    assert!(
        found.starts_with("the requirements of greeter, line 2, column 6: `=` is not an operator"),
        "{found}"
    );
    let found = one("flask \\\n# mach-nix: the requirements of greeter\nsix\n").unwrap();
    let places: Vec<String> = found
        .requirements
        .iter()
        .map(|entry| entry.location.to_string())
        .collect();
    assert_eq!(
        places,
        ["requirements.txt, line 1", "the requirements of greeter, line 1"]
    );
    assert_eq!(found.lines, ["flask", "six"]);
}

#[test]
fn files_of_other_tools_are_refused_with_the_command_that_helps() {
    for (name, command) in [
        (
            "Pipfile",
            "lock it with `pipenv lock`, and give `-r Pipfile.lock`",
        ),
        ("pdm.lock", "pdm export -f pylock -o pylock.toml"),
        ("a-1.tar.gz", "require it by its path"),
        (
            "https://x.test/requirements.txt",
            "download it with `curl -fLO https://x.test/requirements.txt`",
        ),
    ] {
        let error = read_one(name, "", |path, context| {
            parse_manifest(path, &crate::Selection::default(), context)
        });
        let shown = error.unwrap_err().to_string();
        assert!(shown.starts_with(name) && shown.contains(command), "{shown}");
    }
}
