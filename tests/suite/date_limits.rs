//! Date limits: dates, durations and limits of single packages, in projects and as options.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use mach_nix_model::Timestamp;
use mach_nix_tests::{Manners, Package, Scenario, Workdir};

const HOUR: Duration = Duration::from_hours(1);

fn ago(hours: u32) -> Timestamp {
    (SystemTime::now() - HOUR * hours).try_into().unwrap()
}

/// Two packages with a release of 100 days, one of 20 days and one of an hour ago.
fn packages() -> Vec<Package> {
    let mut text = "reason = 'date limits'\nask.requirements = []\nexpect.packages = []\n".to_owned();
    for name in ["lib", "other"] {
        for (version, hours) in [("1.0", 2400), ("2.0", 480), ("3.0", 1)] {
            writeln!(
                text,
                "[[package]]\nrelease = '{name}=={version}'\nuploaded = '{}'",
                ago(hours)
            )
            .unwrap();
        }
    }
    Scenario::read(&text).unwrap().packages
}

fn workdir() -> Workdir {
    Workdir::new(&packages(), Manners::default())
}

fn project(workdir: &Workdir, settings: &str) {
    workdir.write(
        "pyproject.toml",
        &format!(
            "[project]\nname = \"p\"\nversion = \"1\"\ndependencies = [\"lib\", \"other\"]\n[tool.uv]\n{settings}\n"
        ),
    );
}

/// Locks a project with these settings and options; gives the versions.
fn versions(settings: &str, words: &str) -> String {
    let workdir = workdir();
    project(&workdir, settings);
    let ran = workdir.lock(&format!(
        "--pyproject pyproject.toml --format requirements {words}"
    ));
    ran.ends(0);
    ran.stdout().trim().replace('\n', " ")
}

#[test]
fn a_duration_counts_back_from_now() {
    for duration in ["P7D", "7 days", "1 week", "PT168H", "-P7D"] {
        let setting = format!("exclude-newer = '{duration}'");
        assert_eq!(versions(&setting, ""), "lib==2.0 other==2.0", "{duration}");
    }
    assert_eq!(versions("exclude-newer = 'P30D'", ""), "lib==1.0 other==1.0");
    let workdir = workdir();
    for (limit, version) in [("P7D", "2.0"), ("30days", "1.0"), ("false", "3.0")] {
        let ran = workdir.run(&[
            "lock",
            "lib",
            "--format",
            "requirements",
            "--exclude-newer",
            limit,
        ]);
        ran.ends(0);
        assert_eq!(ran.stdout(), format!("lib=={version}\n"), "{limit}");
    }
}

#[test]
fn a_package_has_its_own_limit_or_none() {
    let week = "exclude-newer = '1 week'\n";
    for (package, expected) in [
        ("false", "lib==3.0 other==2.0"),
        ("'P30D'", "lib==1.0 other==2.0"),
        ("'2999-01-01'", "lib==3.0 other==2.0"),
        ("2999-01-01", "lib==3.0 other==2.0"),
    ] {
        let settings = format!("{week}exclude-newer-package = {{ Lib = {package} }}");
        assert_eq!(versions(&settings, ""), expected, "{package}");
    }
    // Without a limit for all.
    assert_eq!(
        versions("exclude-newer-package = { lib = 'P7D' }", ""),
        "lib==2.0 other==3.0"
    );
}

#[test]
fn options_override_the_settings_of_a_project() {
    let settings = "exclude-newer = '1 week'\nexclude-newer-package = { lib = '30 days' }";
    assert_eq!(versions(settings, "--exclude-newer P30D"), "lib==1.0 other==1.0");
    assert_eq!(versions(settings, "--exclude-newer false"), "lib==1.0 other==3.0");
    assert_eq!(
        versions(settings, "--exclude-newer-package lib=false"),
        "lib==3.0 other==2.0"
    );
    assert_eq!(
        versions(
            settings,
            "--exclude-newer-package lib=P7D --exclude-newer-package other=P30D"
        ),
        "lib==2.0 other==1.0"
    );
}

#[test]
fn the_instant_of_a_duration_is_locked_and_stays() {
    let workdir = workdir();
    project(
        &workdir,
        "exclude-newer = '1 week'\nexclude-newer-package = { lib = 'P30D', other = false }",
    );
    let lock = |words: &str| workdir.lock(&format!("--pyproject pyproject.toml {words}"));
    lock("").ends(0);
    // As if the lock had been made 60 days ago.
    let limits = workdir.lock_file().request.limits;
    assert_eq!(limits.exclude_newer_span.as_ref().unwrap().to_string(), "P1W");
    let of_lib = limits.exclude_newer_package[&"lib".parse().unwrap()]
        .clone()
        .unwrap();
    let (old, older) = (ago(24 * 60).to_string(), ago(24 * 90).to_string());
    let text = workdir.lock_text();
    let text = text.replace(&limits.exclude_newer.unwrap().to_string(), &old);
    workdir.write("mach-nix.lock", &text.replace(&of_lib.at.to_string(), &older));
    let aged = workdir.lock_text();
    lock("--check").ends(0);
    lock("").ends(0);
    assert_eq!(workdir.lock_text(), aged);
    // A lock is renewed with the time of today when it is upgraded, or when something else changes.
    lock("--upgrade").ends(0);
    assert_ne!(workdir.lock_text(), aged);
    workdir.write("mach-nix.lock", &aged);
    project(
        &workdir,
        "exclude-newer = '8 days'\nexclude-newer-package = { lib = 'P30D', other = false }",
    );
    let stderr = lock("--check").ends(1);
    assert!(stderr.contains("the date limit changed"), "{stderr}");
    lock("").ends(0);
    assert!(!workdir.lock_text().contains(&old) && !workdir.lock_text().contains(&older));
}

#[test]
fn a_limit_that_cannot_be_read_is_refused_with_its_line() {
    for (setting, reason) in [
        ("exclude-newer = 'soon'", "`soon` is not a date"),
        ("exclude-newer = '6 months'", "write days, as in `180 days`"),
        ("exclude-newer = true", "this is a boolean"),
        (
            "exclude-newer-package = { lib = 'P1Y' }",
            "write days, as in `365 days`",
        ),
        ("exclude-newer-package = { lib = 7 }", "must be a string"),
    ] {
        let workdir = workdir();
        project(&workdir, setting);
        let stderr = workdir.lock("--pyproject pyproject.toml").ends(2);
        assert!(
            stderr.contains("pyproject.toml, line 6") && stderr.contains(reason),
            "{stderr}"
        );
    }
    let workdir = workdir();
    for (limit, reason) in [
        ("--exclude-newer=6months", "write days"),
        ("--exclude-newer-package=lib", "PACKAGE=DATE"),
        ("--exclude-newer-package=lib=soon", "`soon` is not a date"),
    ] {
        let stderr = workdir.run(&["lock", "lib", limit]).ends(2);
        assert!(stderr.contains(reason), "{stderr}");
    }
}

#[test]
fn the_limit_of_a_package_is_moved_by_the_remedy() {
    let workdir = workdir();
    let words = "lib>=3 --exclude-newer-package lib=P7D";
    let stderr = workdir.lock(words).ends(1);
    let (_, remedy) = stderr.split_once("move the date limit of lib: `").unwrap();
    let (remedy, _) = remedy.split_once('`').unwrap();
    assert!(remedy.starts_with("--exclude-newer-package lib=20"), "{remedy}");
    workdir.lock(&format!("lib>=3 {remedy}")).ends(0);
}
