//! Projects, whose requirements are what is locked.

use std::fs;

use mach_nix_lock::Lock;

use crate::{Ran, Workdir, named, serve, unpack, world};

/// Requirements of projects that their build backend computes.
#[track_caller]
fn told(answer: &str, files: &[(&str, &str)], words: &str) -> Vec<String> {
    let workdir = Workdir::new();
    let packages = world("", "'tool>=2'", answer);
    unpack(&packages, &workdir.path("demo"));
    for (name, text) in files {
        fs::write(workdir.path("demo").join(name), text).unwrap();
    }
    let index = serve(&packages);
    workdir
        .lock(&index, &format!("{words} -o demo/mach-nix.lock"))
        .ends(0);
    let text = fs::read_to_string(workdir.path("demo/mach-nix.lock")).unwrap();
    let lock = Lock::from_json(&text).unwrap();
    assert!(
        lock.packages
            .iter()
            .all(|package| package.name.to_string() != "demo")
    );
    assert_eq!(lock.project.unwrap().build.requires, ["tool>=2"]);
    // What nixlib goes by: the lines are those that the digest is of.
    let lines = lock.request.requirements.join("\n");
    assert_eq!(lock.request.digest, mach_nix_lock::requirements_digest(&lines));
    lock.request.requirements
}

const OWN_BACKEND: &str = "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n";

#[test]
fn a_project_is_asked_for_the_requirements_that_it_computes() {
    let answer = r#""".join(["Requires-Dist: lib\n", "Provides-Extra: all\nProvides-Extra: fast\n",
        "Requires-Dist: tool>=1; extra == 'fast'\nRequires-Dist: demo[fast]; extra == 'all'\n"])"#;
    let dynamic = format!(
        "{OWN_BACKEND}[project]\nname = 'demo'\nversion = '1.0'\n\
         dynamic = ['dependencies', 'optional-dependencies']\n[dependency-groups]\ndev = ['lib>=0.5']\n"
    );
    let pyproject = [("pyproject.toml", dynamic.as_str())];
    for (words, expected) in [
        ("", &["lib"][..]),
        ("--extra fast", &["lib", "tool>=1"]),
        ("--extra all", &["lib", "tool>=1"]),
        ("--group dev", &["lib", "lib>=0.5"]),
    ] {
        let words = format!("--pyproject demo/pyproject.toml {words}");
        assert_eq!(told(answer, &pyproject, &words), expected, "{words}");
    }
    let setup = [("setup.py", "setup(name='demo')")];
    assert_eq!(told(answer, &setup, "-r demo/setup.py"), ["lib"]);
    let setup_cfg = "[metadata]\nname = demo\n[options]\ninstall_requires = file: r.txt\n";
    assert_eq!(
        told(answer, &[("setup.cfg", setup_cfg)], "-r demo/setup.cfg"),
        ["lib"]
    );
}

#[test]
fn a_project_that_has_not_changed_is_not_asked_again() {
    let workdir = Workdir::new();
    let index = serve(&world("", "'tool>=2'", "''"));
    let dynamic =
        format!("{OWN_BACKEND}[project]\nname = 'demo'\nversion = '1.0'\ndynamic = ['dependencies']\n");
    let write = |requirement: &str| {
        let answer = format!(r#""Requires-Dist: {requirement}\n""#);
        unpack(&world("", "'tool>=2'", &answer), &workdir.path("demo"));
        fs::write(workdir.path("demo/pyproject.toml"), &dynamic).unwrap();
    };
    let lock = |more: &str| {
        let words = format!("-v --pyproject demo/pyproject.toml -o demo/mach-nix.lock {more}");
        let stderr = workdir.lock(&index, &words).ends(0);
        let text = fs::read_to_string(workdir.path("demo/mach-nix.lock")).unwrap();
        let requirements = Lock::from_json(&text).unwrap().request.requirements;
        (
            requirements.join(" "),
            stderr.contains("running the build backend"),
        )
    };
    write("lib");
    assert_eq!(lock(""), ("lib".to_owned(), true));
    assert_eq!(lock(""), ("lib".to_owned(), false));
    assert_eq!(lock("--offline"), ("lib".to_owned(), false));
    write("lib>0");
    assert_eq!(lock(""), ("lib>0".to_owned(), true));
}

#[test]
fn a_project_that_computes_other_requirements_makes_its_lock_stale() {
    let workdir = Workdir::new();
    let index = serve(&world("", "", "''"));
    for (answer, words, code) in [
        (r#""Requires-Dist: lib\n""#, "", 0),
        (r#""Requires-Dist: lib\n""#, "--check", 0),
        (r#""Requires-Dist: lib>=1\n""#, "--check", 1),
    ] {
        unpack(&world("", "", answer), &workdir.path("demo"));
        fs::write(workdir.path("demo/setup.py"), "setup(name='demo')").unwrap();
        let stderr = workdir
            .lock(&index, &format!("-r demo/setup.py {words}"))
            .ends(code);
        assert_eq!(
            stderr.contains("is stale: the requirements changed"),
            code == 1,
            "{stderr}"
        );
    }
}

#[test]
fn a_project_that_cannot_be_asked_is_refused() {
    for (first, answer, words, code, expected) in [
        (
            "while True: time.sleep(1)",
            "''",
            "--build-time-limit 5",
            1,
            "did not finish within 5 s",
        ),
        (
            "while True: print('x' * 1000)",
            "''",
            "",
            1,
            "prints more than 1 MiB",
        ),
        (
            "print('oh'); sys.exit(3)",
            "''",
            "",
            1,
            "its build backend ended with exit code 3",
        ),
        (
            "",
            r#""Requires-Python: >=3.12\n""#,
            "",
            1,
            "demo/setup.py requires Python >=3.12",
        ),
        ("", "''", "--extra x", 2, "there is no extra `x`: none available"),
    ] {
        let workdir = Workdir::new();
        let packages = world(first, "", answer);
        unpack(&packages, &workdir.path("demo"));
        fs::write(workdir.path("demo/setup.py"), "setup(name='demo')").unwrap();
        let error = workdir
            .lock(&serve(&packages), &format!("-r demo/setup.py {words}"))
            .ends(code);
        assert!(
            error.contains(expected) && error.contains("demo/setup.py"),
            "{error}"
        );
        assert!(error.len() < 5000, "{} characters", error.len());
    }
    let workdir = Workdir::new();
    let packages = world("", "", "''");
    unpack(&packages, &workdir.path("demo"));
    fs::write(workdir.path("demo/setup.py"), "setup(**read())").unwrap();
    let error = workdir.lock(&serve(&packages), "-r demo/setup.py").ends(2);
    assert!(
        error.contains("the name of the project cannot be read"),
        "{error}"
    );
}

#[test]
fn a_project_is_locked_with_what_builds_it() {
    let workdir = Workdir::new();
    let packages = world("", "'tool'", "''");
    let project = "[project]\nname = 'demo'\nversion = '1.0'\ndependencies = ['lib']\n";
    unpack(&packages, &workdir.path(""));
    let build_system = &packages[0].source["pyproject.toml"];
    fs::write(workdir.path("pyproject.toml"), format!("{project}{build_system}")).unwrap();
    let index = serve(&packages);
    workdir.lock(&index, "--pyproject pyproject.toml").ends(0);
    let lock = workdir.lock_file();
    assert_eq!(
        lock.packages.len(),
        1,
        "the project is no part of the environment"
    );
    let build = lock.project.as_ref().unwrap().build.clone();
    assert_eq!(build.requires, ["tool"]);
    assert_eq!(named(&build.packages, "tool").version.to_string(), "3.0");

    // Dependencies are of use without a build, too.
    let mut without = workdir.command(&index, "--pyproject pyproject.toml");
    let warning = Ran(without.env("PATH", "").output().unwrap()).ends(0);
    assert!(
        warning.contains("warning: the build environment of `demo` itself is not locked"),
        "{warning}"
    );
    assert_eq!(workdir.lock_file().project, None);
}
