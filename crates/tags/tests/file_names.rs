//! File names as indexes really have them, and the words of refusal.

use mach_nix_tags::{FilenameFault, SdistFilename, SdistFormat, WheelFilename};

fn wheel(file_name: &str) -> WheelFilename {
    file_name.parse().expect("a wheel's name")
}

#[track_caller]
fn refused(file_name: &str, message: &str) {
    assert_eq!(
        file_name
            .parse::<WheelFilename>()
            .expect_err("no wheel's name")
            .to_string(),
        message
    );
}

#[test]
fn a_wheel_with_everything() {
    let wheel = wheel(
        "Zope.Interface_X-1!2.0rc1+cu118-1build2-cp310.cp311-ABI3.none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    );
    assert_eq!(wheel.name(), "Zope.Interface_X");
    assert!(wheel.belongs_to("zope-interface-x"));
    assert!(!wheel.belongs_to("zope-interface"));
    assert!(!wheel.belongs_to("zope-interface-x-y"));
    assert_eq!(wheel.version().to_string(), "1!2.0rc1+cu118");
    assert_eq!(wheel.build().map(ToString::to_string).as_deref(), Some("1build2"));
    assert_eq!(wheel.python().iter().collect::<Vec<_>>(), ["cp310", "cp311"]);
    assert_eq!(wheel.abi().as_str(), "abi3.none");
    assert!(wheel.platform().contains("manylinux2014_x86_64"));
    assert!(!wheel.platform().contains("manylinux2014"));
}

#[test]
fn build_tags_sort_by_number_first() {
    let tag = |build: &str| wheel(&format!("a-1{build}-py3-none-any.whl")).build().cloned();
    let sorted = ["", "-1", "-1a", "-1b", "-2", "-010", "-20200101123456"].map(tag);
    assert!(sorted.is_sorted_by(|one, other| one < other), "{sorted:?}");
    assert_eq!(tag(""), None);
    assert_eq!(tag("-01"), tag("-1"));
}

#[test]
fn refusals_of_wheels() {
    refused(
        "https://example.org/a-1-py3-none-any.whl",
        "file name `https://example.org/a-1-py3-none-any.whl` contains '/'; give the bare, decoded name of the file, not its path or URL",
    );
    refused(
        "a-1.tar.gz",
        "file name `a-1.tar.gz` is not that of a wheel; a wheel ends in `.whl`",
    );
    refused(
        "a-1.whl",
        "file name `a-1.whl` has 2 parts where a wheel has 5 or 6; rename it to `name-version(-build)-python-abi-platform.whl`",
    );
    refused(
        "python-dateutil-2-1-py3-none-any-x.whl",
        "file name `python-dateutil-2-1-py3-none-any-x.whl` has 8 parts where a wheel has 5 or 6; rename it to `name-version(-build)-python-abi-platform.whl`",
    );
    refused(
        "a__b-1-py3-none-any.whl",
        "file name `a__b-1-py3-none-any.whl` has the malformed project name `a__b`; use letters, digits, dots and single `_` only",
    );
    refused(
        "a-one-py3-none-any.whl",
        "file name `a-one-py3-none-any.whl` has a malformed version: expected version to start with a number, but no leading ASCII digits were found; rename it to a version of PEP 440",
    );
    refused(
        "a-1-b-py3-none-any.whl",
        "file name `a-1-b-py3-none-any.whl` has the malformed build tag `b`; a build tag starts with a number of at most 64 bits",
    );
    for tags in ["py3..py2", "3", ""] {
        refused(
            &format!("a-1-{tags}-none-any.whl"),
            &format!(
                "file name `a-1-{tags}-none-any.whl` has the malformed tag `{tags}`; tags look like `py3`, or `cp311.cp312` where there are several"
            ),
        );
    }
    for file_name in [
        "a-1-py3-none-any.whl ",
        "a-1-py3-none-ány.whl",
        "a-1%2Bb-py3-none-any.whl",
        "..\\a-1-py3-none-any.whl",
    ] {
        let error = file_name.parse::<WheelFilename>().expect_err(file_name);
        assert!(
            matches!(error.fault(), FilenameFault::Character { .. }),
            "{error}"
        );
        assert_eq!(error.file_name(), file_name);
    }
}

#[test]
fn the_project_divides_name_from_version() {
    for (file_name, project, version) in [
        ("flask-3.0.0.tar.gz", "flask", "3.0.0"),
        ("Flask_SQLAlchemy-3.0.tar.gz", "flask-sqlalchemy", "3.0"),
        ("zope.interface-5.4.0.zip", "zope-interface", "5.4.0"),
        ("a-1-1.zip", "a", "1.post1"),
        ("a-1-1.zip", "a-1", "1"),
        ("a--b-1.tar.gz", "a-b", "1"),
        ("python-foo-2-rc-1.tar.bz2", "python-foo", "2rc1"),
        ("x-1.0+ubuntu-1.tar.gz", "x", "1.0+ubuntu.1"),
    ] {
        let sdist = SdistFilename::parse(file_name, project).expect(file_name);
        assert_eq!(sdist.version().to_string(), version, "{file_name} of {project}");
        assert!(file_name.starts_with(sdist.name()) && file_name.ends_with(sdist.format().extension()));
    }
}

#[test]
fn refusals_of_sdists() {
    for (file_name, project, message) in [
        (
            "flask-3.0.0.rpm",
            "flask",
            "file name `flask-3.0.0.rpm` is not that of an sdist; an sdist ends in `.tar.gz`, `.zip` or `.tar.bz2`",
        ),
        (
            "flask-login-0.6.tar.gz",
            "django",
            "file name `flask-login-0.6.tar.gz` does not belong to project `django`; expected `django-<version>` and an ending",
        ),
        (
            "flask.tar.gz",
            "flask",
            "file name `flask.tar.gz` does not belong to project `flask`; expected `flask-<version>` and an ending",
        ),
        (
            "flask-login-0.6.tar.gz",
            "flask",
            "file name `flask-login-0.6.tar.gz` has a malformed version: expected version to start with a number, but no leading ASCII digits were found; rename it to a version of PEP 440",
        ),
    ] {
        let error = SdistFilename::parse(file_name, project).expect_err(file_name);
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn the_archive_of_the_specification_is_preferred() {
    assert_eq!(SdistFormat::ALL.into_iter().max(), Some(SdistFormat::TarGz));
    assert!(SdistFormat::ALL.is_sorted_by(|one, other| one > other));
}
