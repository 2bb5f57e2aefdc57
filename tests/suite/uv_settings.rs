//! Settings of `[tool.uv]` and `uv.toml` that decide which versions are chosen.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use mach_nix_tests::{Manners, Package, Ran, Scenario, Workdir};

fn packages() -> Vec<Package> {
    let text = "reason = 'settings of uv'\nask.requirements = []\nexpect.packages = []\n\
        [[package]]\nrelease = 'lib==1.0'\nuploaded = '2026-01-01T00:00:00Z'\n\
        [[package]]\nrelease = 'lib==2.0'\nuploaded = '2026-03-01T00:00:00Z'\n\
        [[package]]\nrelease = 'lib==3.0rc1'\nuploaded = '2026-04-01T00:00:00Z'\n";
    Scenario::read(text).unwrap().packages
}

/// Locks a project with these settings; says the version and what was said besides.
fn locked(settings: &str, words: &str) -> (String, Ran) {
    let workdir = Workdir::new(&packages(), Manners::default());
    workdir.write(
        "pyproject.toml",
        &format!(
            "[project]\nname = \"p\"\nversion = \"1\"\ndependencies = [\"lib\"]\n[tool.uv]\n{settings}\n"
        ),
    );
    let ran = workdir.lock(&format!(
        "--pyproject pyproject.toml --format requirements {words}"
    ));
    (ran.stdout(), ran)
}

#[test]
fn date_and_prereleases_are_followed_and_options_override_them() {
    let version = |settings: &str, words: &str| locked(settings, words).0;
    assert_eq!(version("", ""), "lib==2.0\n");
    assert_eq!(version("exclude-newer = '2026-02-01'", ""), "lib==1.0\n");
    assert_eq!(version("exclude-newer = 2026-02-01T00:00:00Z", ""), "lib==1.0\n");
    assert_eq!(
        version("exclude-newer = '2026-02-01'", "--exclude-newer 2026-03-02"),
        "lib==2.0\n"
    );
    assert_eq!(version("prerelease = 'allow'", ""), "lib==3.0rc1\n");
    assert_eq!(
        version("prerelease = 'allow'", "--prerelease disallow"),
        "lib==2.0\n"
    );
    let workdir = Workdir::new(&packages(), Manners::default());
    workdir.write(
        "s.py",
        "# /// script\n# dependencies = ['lib']\n# [tool.uv]\n# exclude-newer = '2026-02-01'\n# ///\n",
    );
    workdir.lock("-r s.py").ends(0);
    assert_eq!(workdir.lock_file().to_requirements(), "lib==1.0\n");
    workdir.lock("-r s.py --check").ends(0);
}

#[test]
fn kinds_of_files_are_followed_and_providers_override_them() {
    for settings in ["no-binary = true", "no-binary-package = ['Lib']"] {
        let workdir = Workdir::new(&packages(), Manners::default());
        let project = "[project]\nname = \"p\"\nversion = \"1\"\ndependencies = [\"lib\"]\n[tool.uv]\n";
        workdir.write("pyproject.toml", &format!("{project}{settings}\n"));
        let stderr = workdir
            .lock("--pyproject pyproject.toml --prerelease disallow")
            .ends(1);
        assert!(stderr.contains("lib"), "{stderr}");
    }
    for settings in [
        "no-build = true",
        "no-build-package = ['lib']",
        "no-binary-package = ['lib']",
    ] {
        assert_eq!(
            locked(settings, "--provider lib=wheel").0,
            "lib==2.0\n",
            "{settings}"
        );
    }
    assert_eq!(locked("no-binary = true", "--providers wheel").0, "lib==2.0\n");
    let workdir = Workdir::new(&packages(), Manners::default());
    let project = "[project]\nname = \"p\"\nversion = \"1\"\ndependencies = [\"lib\"]\n";
    workdir.write(
        "pyproject.toml",
        &format!("{project}[tool.uv]\nno-build = true\n"),
    );
    workdir.lock("--pyproject pyproject.toml").ends(0);
    let lock = workdir.lock_file();
    assert_eq!(lock.request.providers.default.to_string(), "wheel,nixpkgs");
}

#[test]
fn what_is_not_followed_has_a_warning_and_what_does_not_matter_none() {
    for setting in [
        "prerelease = 'explicit'",
        "resolution = 'lowest'",
        "index-strategy = 'unsafe-best-match'",
        "dependency-metadata = []",
        "override-dependencies = []",
        "build-constraint-dependencies = []",
        "conflicts = []",
        "environments = []",
        "required-environments = []",
        "fork-strategy = 'fewest'",
        "extra-build-dependencies = {}",
        "new-in-the-next-release = true",
    ] {
        let key = setting.split(' ').next().unwrap();
        let (stdout, ran) = locked(setting, "");
        let stderr = ran.ends(0);
        assert!(
            stderr.contains(&format!(
                "warning: pyproject.toml, line 6: `{key}` of uv is not followed"
            )),
            "{stderr}"
        );
        assert_eq!(stdout, "lib==2.0\n");
    }
    for setting in [
        "resolution = 'highest'",
        "index-strategy = 'first-index'",
        "link-mode = 'copy'",
        "package = false",
        "required-version = '>=0.5'",
        "python-preference = 'only-managed'",
        "cache-keys = []",
    ] {
        let stderr = locked(setting, "").1.ends(0);
        assert!(!stderr.contains("warning"), "{stderr}");
    }
}

#[test]
fn a_uv_toml_is_read_instead_of_the_settings_of_the_project() {
    let workdir = Workdir::new(&packages(), Manners::default());
    workdir.write(
        "pyproject.toml",
        "[project]\nname = \"p\"\nversion = \"1\"\ndependencies = [\"lib\"]\n[tool.uv]\nprerelease = 'allow'\n\
         constraint-dependencies = ['lib<4']\n",
    );
    workdir.write("uv.toml", "exclude-newer = '2026-02-01'\nfancy = 1\n");
    let ran = workdir.lock("--pyproject pyproject.toml --format requirements");
    let stderr = ran.ends(0);
    assert_eq!(ran.stdout(), "lib==1.0\n");
    assert!(
        stderr.contains("uv.toml, line 2: `fancy` of uv is not followed"),
        "{stderr}"
    );
    assert!(
        stderr.contains(
            "pyproject.toml, line 6: `prerelease` of uv is ignored, as uv does, because there is a `uv.toml`"
        ),
        "{stderr}"
    );
}
