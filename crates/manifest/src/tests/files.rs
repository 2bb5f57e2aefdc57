//! Requirements files.

use super::{lines, read_files};
use crate::{Entry, FindLinks, ManifestError, Requirements, parse_requirements};

const ZERO: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn parse(files: &[(&str, &str)]) -> Result<Requirements, ManifestError> {
    read_files(files, parse_requirements)
}

fn one(text: &str) -> Result<Requirements, ManifestError> {
    parse(&[("app/requirements.txt", text)])
}

#[test]
fn follows_included_files() {
    let found = parse(&[
        (
            "app/requirements.txt",
            "-r base.txt\n-c ../limits.txt\n--extra-index-url https://example.org/simple\nflask",
        ),
        ("app/base.txt", "click>=8 ; python_version > '3.8'"),
        ("app/../limits.txt", "-r more.txt\nwerkzeug<3"),
        ("app/../more.txt", "jinja2<4"),
    ])
    .unwrap();
    let names = |entries: &[Entry]| -> Vec<String> {
        entries
            .iter()
            .map(|entry| entry.requirement.name.to_string())
            .collect()
    };
    assert_eq!(names(&found.requirements), ["click", "flask"]);
    assert_eq!(names(&found.constraints), ["jinja2", "werkzeug"]);
    assert_eq!(found.options.extra_index_urls.len(), 1);
    assert_eq!(
        found.lines,
        [
            "--extra-index-url https://example.org/simple",
            "flask",
            "click>=8 ; python_version > '3.8'",
            "-c werkzeug<3",
            "-c jinja2<4",
        ]
    );
}

#[test]
fn reads_every_option() {
    let found = one(
        "\u{feff}-i https://a/simple\r\n--index-url=https://b/simple --pre\n--no-index\n-f wheels\n-f https://c/links\n\
         --prefer-binary\n--require-hashes\n--trusted-host d\n--no-binary :all:\n--only-binary=flask\n",
    )
    .unwrap();
    assert_eq!(found.options.index_url.unwrap().as_str(), "https://b/simple");
    assert!(found.options.pre && found.options.no_index && found.options.require_hashes);
    assert_eq!(found.options.trusted_hosts, ["d"]);
    assert_eq!(
        found.options.find_links,
        [
            FindLinks::Path {
                from_file: "app/wheels".into(),
                from_folder: "wheels".into()
            },
            FindLinks::Url("https://c/links".parse().unwrap()),
        ]
    );
    let allows = |name: &str, provider| found.options.formats.allows(&name.parse().unwrap(), &provider);
    assert!(
        allows("flask", mach_nix_model::Provider::Wheel) && !allows("flask", mach_nix_model::Provider::Sdist)
    );
    assert!(!allows("click", mach_nix_model::Provider::Wheel));
}

#[test]
fn keeps_hashes() {
    let found = one(&format!(
        "flask==2 ; os_name == 'posix' \\\n  --hash=sha256:{ZERO} \\\n  --hash sha256:{} # two\n",
        "A".repeat(64)
    ))
    .unwrap();
    let entry = &found.requirements[0];
    assert_eq!(entry.requirement.to_string(), "flask==2 ; os_name == 'posix'");
    let read: Vec<String> = entry.hashes.iter().map(mach_nix_hash::Digest::to_pip).collect();
    assert_eq!(
        read,
        [format!("sha256:{ZERO}"), format!("sha256:{}", "a".repeat(64))]
    );
    assert!(found.check().is_ok());
}

#[test]
fn variables_are_put_in_but_not_shown() {
    let text = "--index-url https://u:${TOKEN}@x/simple\nflask ; ${TOKEN}\n";
    let error = one(text).unwrap_err().to_string();
    assert!(!error.contains("s3cret"), "{error}");
    let found = one("--index-url https://u:${TOKEN}@x/${token}/simple\n").unwrap();
    assert_eq!(found.options.index_url.unwrap().password(), Some("s3cret"));
    assert_eq!(found.lines, ["--index-url https://u:${TOKEN}@x/${token}/simple"]);
    for line in [
        "--index-url https://u:${UNSET}@x/simple",
        "a @ https://${UNSET}/a.whl",
        "-r ${UNSET}/more.txt",
        "./${UNSET}/lib",
    ] {
        let shown = one(&format!("flask\n{line}\n")).unwrap_err().to_string();
        assert!(
            shown.starts_with(
                "app/requirements.txt, line 2, column 1: the environment variable `UNSET` is not set"
            ),
            "{shown}"
        );
    }
    assert!(one("flask # ${UNSET}\n").is_ok());
}

#[test]
fn addresses_of_wheels_are_requirements() {
    for (line, expected) in [
        (
            "./w/Foo_Bar-1.0-py3-none-any.whl",
            "1 foo-bar @ file:///work/w/Foo_Bar-1.0-py3-none-any.whl",
        ),
        (
            "../foo-1.0-py3-none-any.whl[x, y] ; os_name == 'posix'",
            "1 foo[x,y] @ file:///work/foo-1.0-py3-none-any.whl ; os_name == 'posix'",
        ),
        (
            "foo-1.0+cpu-py3-none-any.whl",
            "1 foo @ file:///work/foo-1.0+cpu-py3-none-any.whl",
        ),
        (
            "https://x/foo-1.0-py3-none-any.whl ; os_name == 'posix'",
            "1 foo @ https://x/foo-1.0-py3-none-any.whl ; os_name == 'posix'",
        ),
        (
            "file:///w/foo-1%2Bcpu-py3-none-any.whl",
            "1 foo @ file:///w/foo-1%2Bcpu-py3-none-any.whl",
        ),
        (
            "foo @ https://x/foo-1.0-py3-none-any.whl",
            "1 foo @ https://x/foo-1.0-py3-none-any.whl",
        ),
    ] {
        assert_eq!(lines(&one(line).unwrap()), [expected], "{line}");
    }
    let hashed = format!("https://x/foo-1-py3-none-any.whl#sha256={ZERO}");
    assert_eq!(one(&hashed).unwrap().requirements[0].allowed().count(), 1);
    assert!(!one(&hashed).unwrap().checks_hashes());
    assert!(
        one(&format!("--require-hashes\n{hashed}"))
            .unwrap()
            .check()
            .is_ok()
    );
}

#[test]
fn paths_are_seen_from_the_file_that_names_them_or_as_pip_sees_them() {
    let found = parse(&[
        (
            "app/requirements.txt",
            "-r deps/more.txt\n./here-1-py3-none-any.whl",
        ),
        (
            "app/deps/more.txt",
            "../w/x-1-py3-none-any.whl\nelsewhere-1-py3-none-any.whl",
        ),
        ("/work/app/w/x-1-py3-none-any.whl", ""),
    ])
    .unwrap();
    assert_eq!(
        lines(&found),
        [
            "1 x @ file:///work/app/w/x-1-py3-none-any.whl",
            "2 elsewhere @ file:///work/elsewhere-1-py3-none-any.whl",
            "2 here @ file:///work/here-1-py3-none-any.whl",
        ]
    );
    let shown = one("app/gone-1-py3-none-any.whl").unwrap_err().to_string();
    assert!(
        shown.contains(
            "there is no `/work/app/app/gone-1-py3-none-any.whl` and no `/work/app/gone-1-py3-none-any.whl`"
        ),
        "{shown}"
    );
}

#[test]
fn sources_without_names_are_recorded() {
    for (line, kind, url) in [
        ("-e .", "folder", "file:///work"),
        ("-e ./lib[x]", "folder", "file:///work/lib"),
        ("./lib", "folder", "file:///work/lib"),
        ("lib/sub ; os_name == 'nt'", "folder", "file:///work/lib/sub"),
        ("foo-1.0.tar.gz", "archive", "file:///work/foo-1.0.tar.gz"),
        ("https://x/foo-1.0.tar.gz", "archive", "https://x/foo-1.0.tar.gz"),
        (
            "git+https://x/foo@v1#egg=foo",
            "repository",
            "git+https://x/foo@v1#egg=foo",
        ),
        (
            "--editable=git+ssh://git@x/foo",
            "repository",
            "git+ssh://git@x/foo",
        ),
    ] {
        let found = one(line).unwrap();
        assert_eq!(found.sources[0].url.as_str(), url, "{line}");
        assert!(found.check().is_ok());
        let shown = found.into_constraints().unwrap_err().to_string();
        assert!(
            shown.contains(&format!("{kind} of sources, which cannot be a constraint")),
            "{shown}"
        );
        assert!(
            shown.starts_with("app/requirements.txt, line 1, column 1: "),
            "{shown}"
        );
    }
}

#[test]
fn errors_have_line_and_column() {
    let shown = one("flask\n\n  click=>8\n").unwrap_err().to_string();
    assert_eq!(
        shown,
        "app/requirements.txt, line 3, column 8: `=>` is not an operator: write `>=`\n  |   click=>8\n  |        ^"
    );
    let shown = one("https://x/a-1-py3-none-any.whl ; bad")
        .unwrap_err()
        .to_string();
    assert!(
        shown.starts_with("app/requirements.txt, line 1, column 3"),
        "{shown}"
    );
}

#[test]
fn rejects_lines_that_pip_ignores() {
    for (line, part) in [
        ("flask --hash=sha256:00", "64"),
        (
            "flask --hash=md5:00",
            "hashes of the kind `md5` are not supported",
        ),
        ("flask --hash=00", "`00` is not a hash"),
        ("flask --pre", "`--pre` does not apply to a single requirement"),
        ("flask --config-settings a=b", "`--config-settings` is for builds"),
        ("-e . -C a=b", "`--config-settings` is for builds"),
        ("flask --install-option=x", "`--install-option` is for builds"),
        ("flask --global-option=x", "`--global-option` is for builds"),
        ("--hash=sha256:00", "`--hash` applies to a requirement"),
        ("--all-releases flask", "write one as in `NAME>=0.dev0`"),
        ("pkg-resources==0.0.0", "delete this line"),
        ("pkg_resources == 0.0.0 ; os_name == 'posix'", "delete this line"),
        ("--no-binary a;b", "`a;b` is not a package name"),
        ("-r missing.txt", "there is no file `app/missing.txt`"),
        ("-r requirements.txt", "includes itself"),
        ("-r ../app/./requirements.txt", "includes itself"),
        (
            "-r https://x/r.txt",
            "download it with `curl -fLO https://x/r.txt`",
        ),
        ("-r a -r b", "must be on its own line"),
        ("--index-url nowhere", "the value of `--index-url` is not a URL"),
        ("~/lib", "`~` is not expanded"),
        (
            "git://x/lib.git@v1#egg=lib",
            "write `git+https://x/lib.git@v1#egg=lib`",
        ),
        ("git@x:u/lib.git", "write `git+ssh://git@x/u/lib.git`"),
        (
            "file:///work/app/gone",
            "there is no `/work/app/gone`: correct the address; where conda's",
        ),
        ("https://x/foo-1.whl", "`foo-1.whl`"),
        (
            "foo @ https://x/bar-1-py3-none-any.whl",
            "is a wheel of `bar`, not of `foo`",
        ),
        ("https://x/a b", "a URL has no spaces"),
    ] {
        let shown = one(line).unwrap_err().to_string();
        assert!(shown.contains(part), "{line}: {shown}");
        assert!(
            shown.starts_with("app/requirements.txt, line 1, column 1"),
            "{line}: {shown}"
        );
    }
    for (line, part) in [
        ("flask[async]", "cannot have extras"),
        ("./lib", "cannot be a constraint"),
    ] {
        let shown = parse(&[("r.txt", "-c c.txt"), ("c.txt", line)])
            .unwrap_err()
            .to_string();
        assert!(
            shown.starts_with("c.txt, line 1") && shown.contains(part),
            "{shown}"
        );
    }
}

#[test]
fn hash_checking_leaves_nothing_open() {
    let hash = format!("--hash=sha256:{ZERO}");
    for (text, part) in [
        (format!("a==1 {hash}\nb==1"), "this has none"),
        (format!("a>=1 {hash}"), "leaves the version open"),
        (format!("a==1.* {hash}"), "leaves the version open"),
        ("--require-hashes\na==1".to_owned(), "this has none"),
    ] {
        let shown = one(&text).unwrap().check().unwrap_err().to_string();
        assert!(shown.contains(part), "{text}: {shown}");
    }
    let limits = format!("b==1 {hash}");
    let text = format!("a==1 {hash}\nb\n-c limits.txt");
    let found = parse(&[("r.txt", text.as_str()), ("limits.txt", limits.as_str())]).unwrap();
    assert!(found.check().is_ok());
}
