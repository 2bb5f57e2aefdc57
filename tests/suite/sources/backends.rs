//! Sources of the index, whose backends are asked.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use mach_nix_tests::{hostpkgs, nix_settings};

use crate::{Ran, Workdir, named, serve, world};

#[test]
fn computed_dependencies_are_locked_with_what_builds_them() {
    let workdir = Workdir::new();
    let answer = r#""Requires-Dist: " + "".join(["l", "i", "b"]) + "\n""#;
    let index = serve(&world("", "'tool>=2'", answer));
    workdir.lock(&index, "demo").ends(0);
    let lock = workdir.lock_file();
    let demo = named(&lock.packages, "demo");
    assert_eq!(
        (demo.provider.to_string().as_str(), &*demo.dependencies),
        ("sdist", &["lib".parse().unwrap()][..])
    );
    let build = demo.build.as_ref().unwrap();
    assert_eq!(build.requires, ["tool>=2"]);
    assert_eq!(named(&build.packages, "tool").version.to_string(), "3.0");
    assert!(
        lock.packages
            .iter()
            .all(|package| package.name.to_string() != "tool")
    );

    // What was said is kept: no network, no Nix.
    let before = fs::read(workdir.path("mach-nix.lock")).unwrap();
    let mut warm = workdir.command(&index, "demo --offline");
    warm.env("PATH", "").env_remove("MACH_NIX_NIXPKGS");
    Ran(warm.output().unwrap()).ends(0);
    assert_eq!(fs::read(workdir.path("mach-nix.lock")).unwrap(), before);
}

#[test]
fn a_problem_with_sources_is_replayed_without_nix() {
    let workdir = Workdir::new();
    let index = serve(&world("", "'tool'", r#""Requires-Dist: lib\n""#));
    workdir.lock(&index, "demo --save-problem problem.json").ends(0);
    drop(index);
    let nowhere = serve(&[]);
    let mut replay = workdir.command(&nowhere, "--replay problem.json -o -");
    replay
        .env("PATH", "")
        .env("MACH_NIX_CACHE_DIR", workdir.path("empty"));
    let ran = Ran(replay.output().unwrap());
    ran.ends(0);
    assert_eq!(ran.0.stdout, fs::read(workdir.path("mach-nix.lock")).unwrap());
}

#[test]
fn a_renewed_lock_keeps_its_build_environments() {
    let workdir = Workdir::new();
    let mut packages = world("", "'tool'", "''");
    workdir.lock(&serve(&packages), "demo").ends(0);
    let mut newer = packages[2].clone();
    newer.release = "tool==4.0".to_owned();
    packages.push(newer);
    let index = serve(&packages);
    let tool = || {
        let lock = workdir.lock_file();
        let build = named(&lock.packages, "demo").build.clone().unwrap();
        named(&build.packages, "tool").version.to_string()
    };
    for (words, expected) in [
        ("demo", "3.0"),
        ("demo lib", "3.0"),
        ("demo lib --upgrade lib", "3.0"),
        ("demo --upgrade demo", "4.0"),
    ] {
        workdir.lock(&index, words).ends(0);
        assert_eq!(tool(), expected, "{words}");
    }
}

/// Locks a `demo` that misbehaves; gives the refusal.
#[track_caller]
fn refusal(first: &str, words: &str) -> String {
    let workdir = Workdir::new();
    let start = Instant::now();
    let refusal = workdir
        .lock(&serve(&world(first, "", "''")), &format!("demo {words}"))
        .ends(1);
    assert!(start.elapsed() < Duration::from_mins(2), "{refusal}");
    // A long run says what it does before.
    let refuses = |line: &str| line.starts_with("ResolutionImpossible: ");
    assert!(refusal.lines().any(refuses), "{refusal}");
    assert!(refusal.len() < 5000, "{} characters", refusal.len());
    assert!(!workdir.path("mach-nix.lock").exists());
    refusal
}

#[test]
fn a_source_that_loops_for_ever_is_refused_in_time() {
    let refusal = refusal(
        "print('still there', flush=True)\nwhile True: time.sleep(1)",
        "--build-time-limit 5",
    );
    assert!(
        refusal.contains("its build backend did not finish within 5 s"),
        "{refusal}"
    );
    assert!(refusal.contains("| still there"), "{refusal}");
}

/// Also where Nix has no users to build as: then it can end the processes of the builder's group only.
#[test]
fn a_source_that_is_refused_leaves_no_process() {
    let workdir = Workdir::new();
    let folder = TempDir::new().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
    let beats = folder.path().join("beats");
    let first = format!("while True:\n    open({beats:?}, 'a').write('x')\n    time.sleep(0.1)");
    let index = serve(&world(&first, "", "''"));
    let refused = workdir
        .command(&index, "demo --build-time-limit 5")
        .env("NIX_CONFIG", format!("{}\nbuild-users-group =", nix_settings()))
        .output();
    Ran(refused.unwrap()).ends(1);
    let count = || fs::metadata(&beats).unwrap().len();
    let counted = count();
    sleep(Duration::from_secs(1));
    assert_eq!(count(), counted, "its build backend goes on");
}

#[test]
fn a_source_that_prints_without_end_is_refused() {
    let refusal = refusal("while True: print('x' * 1000)", "");
    assert!(
        refusal.contains("its build backend prints more than 1 MiB"),
        "{refusal}"
    );
}

#[test]
fn a_source_that_ends_with_an_error_is_refused() {
    let refusal = refusal("print('no such library')\nsys.exit(3)", "");
    assert!(
        refusal.contains("its build backend ended with exit code 3"),
        "{refusal}"
    );
    assert!(refusal.contains("| no such library"), "{refusal}");
}

/// The overlay of the manual: nixpkgs does not know the package, and its backend looks for a program before it answers.
#[test]
fn a_library_comes_from_a_definition_of_the_package() {
    let workdir = Workdir::new();
    let looks = "import subprocess; subprocess.run(['xslt-config', '--version'], check=True)";
    let index = serve(&world(looks, "", "''"));
    let refusal = workdir.lock(&index, "demo").ends(1);
    assert!(
        refusal.contains("'xslt-config'") && refusal.contains("a definition of `demo` in the nixpkgs in use"),
        "{refusal}"
    );
    let manual = fs::read_to_string(hostpkgs().join("../docs/manual.md")).unwrap();
    let begin = manual.find("    { overlays ? [ ], ... }@args:").unwrap();
    let expression = manual[begin..].split("\n\n").next().unwrap();
    let expression = expression
        .replace("<nixpkgs>", hostpkgs().to_str().unwrap())
        .replace("legacy", "demo");
    fs::write(workdir.path("pkgs.nix"), expression).unwrap();
    workdir.lock(&index, "demo --nixpkgs ./pkgs.nix").ends(0);
}

#[test]
fn an_older_version_that_works_is_taken() {
    let workdir = Workdir::new();
    let mut packages = world("sys.exit(3)", "", "''");
    packages[0].release = "demo==2.0".to_owned();
    packages.push(world("", "", "''").swap_remove(0));
    workdir.lock(&serve(&packages), "demo").ends(0);
    assert_eq!(
        named(&workdir.lock_file().packages, "demo").version.to_string(),
        "1.0"
    );
}

#[test]
fn without_nix_it_is_said_what_to_install() {
    let workdir = Workdir::new();
    let index = serve(&world("", "", "''"));
    for (variable, value, stderr) in [
        ("PATH", "", "install Nix"),
        (
            "MACH_NIX_NIXPKGS",
            "nowhere",
            "the nixpkgs `nowhere` cannot be used: there is no file or folder `nowhere`",
        ),
    ] {
        let mut command = workdir.command(&index, "demo");
        let error = Ran(command.env(variable, value).output().unwrap()).ends(3);
        assert!(error.starts_with("error: ") && error.contains(stderr), "{error}");
    }
}

#[test]
fn a_source_that_nobody_can_read_is_refused() {
    let workdir = Workdir::new();
    let mut packages = world("", "", "''");
    packages[0]
        .source
        .insert("pyproject.toml".to_owned(), "[build-system".to_owned());
    let refusal = workdir.lock(&serve(&packages), "demo").ends(1);
    assert!(refusal.contains("its pyproject.toml cannot be read"), "{refusal}");
}

#[test]
fn a_backend_for_another_system_is_asked_on_this_one() {
    let workdir = Workdir::new();
    let answer = r#""Requires-Dist: lib\n" if __import__("tool").__version__ == "3.0" else """#;
    let mut packages = world("", "'tool'", answer);
    let mut of_the_other = packages[2].clone();
    of_the_other.release = "tool==2.0".to_owned();
    of_the_other.wheels = vec!["py3-none-manylinux_2_17_aarch64".to_owned()];
    packages[2].wheels = vec!["py3-none-manylinux_2_17_x86_64".to_owned()];
    packages.push(of_the_other);
    let index = serve(&packages);
    let words = "demo --system aarch64-linux --save-problem problem.json";
    let stderr = workdir.lock(&index, words).ends(0);
    assert!(
        stderr.contains("build backends ran on x86_64-linux for aarch64-linux"),
        "{stderr}"
    );
    let lock = workdir.lock_file();
    let demo = named(&lock.packages, "demo");
    assert_eq!(demo.dependencies, ["lib".parse().unwrap()]);
    let build = demo.build.as_ref().unwrap();
    assert_eq!(
        build.packages[0].file().unwrap().name,
        "tool-2.0-py3-none-manylinux_2_17_aarch64.whl"
    );

    // A saved problem knows where it was asked.
    workdir
        .lock(&serve(&[]), "--replay problem.json -o replayed.lock")
        .ends(0);
    assert_eq!(
        fs::read(workdir.path("replayed.lock")).unwrap(),
        fs::read(workdir.path("mach-nix.lock")).unwrap()
    );
}
