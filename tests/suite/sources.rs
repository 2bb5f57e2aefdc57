//! Locking sources: what only their build backends know is asked in Nix builds, by the command as people call it.
//!
//! The sources bring their build backends with them (`backend-path`), so nothing but the index of the test is needed.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use mach_nix_lock::{Lock, LockedPackage, LockedSource};
use mach_nix_tests::{IndexServer, Manners, Package, Scenario};
use tempfile::TempDir;

/// A backend that says what `ANSWER` and `REQUIRES` hold; what stands in `FIRST` runs before it says anything.
const BACKEND: &str = r#"
import os, sys, time
FIRST
def get_requires_for_build_wheel(config_settings=None):
    return [REQUIRES]
def prepare_metadata_for_build_wheel(folder, config_settings=None):
    info = os.path.join(folder, "demo.dist-info")
    os.mkdir(info)
    with open(os.path.join(info, "METADATA"), "w") as file:
        file.write("Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n" + ANSWER + "\nA description.\n")
    return "demo.dist-info"
"#;

/// `demo`, which exists as a source only, and packages that it may need.
fn world(first: &str, requires: &str, answer: &str) -> Vec<Package> {
    let mut packages = Scenario::read(
        r#"
        reason = "sources"
        ask.requirements = []
        expect.packages = []
        [[package]]
        release = "demo==1.0"
        wheels = []
        sdist = true
        [[package]]
        release = "lib==1.0"
        [[package]]
        release = "tool==3.0"
    "#,
    )
    .unwrap()
    .packages;
    let backend = BACKEND
        .replace("FIRST", first)
        .replace("REQUIRES", requires)
        .replace("ANSWER", answer);
    let pyproject = "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n";
    packages[0].source = [("backend.py", backend.as_str()), ("pyproject.toml", pyproject)]
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .into();
    packages
}

/// A folder to work in, with a cache of its own.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn lock_file(&self) -> Lock {
        Lock::from_json(&fs::read_to_string(self.path("mach-nix.lock")).unwrap()).unwrap()
    }

    /// `mach-nix lock` with these words.
    fn command(&self, index: &IndexServer, words: &str) -> Command {
        let mut command = Command::new(program());
        command
            .arg("lock")
            .args(words.split_whitespace())
            .current_dir(self.0.path())
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap())
            .env("HOME", self.0.path())
            .env("MACH_NIX_CACHE_DIR", self.path("cache"))
            .env("MACH_NIX_INDEX_URL", index.url())
            .env("MACH_NIX_NIXPKGS", hostpkgs())
            .env("MACH_NIX_PYTHON", "3.11")
            .env("MACH_NIX_SYSTEM", "x86_64-linux");
        let settings =
            env::var("NIX_CONFIG").unwrap_or_else(|_| "substituters =\nsandbox = false".to_owned());
        command.env("NIX_CONFIG", settings);
        command
    }

    fn lock(&self, index: &IndexServer, words: &str) -> Ran {
        Ran(self.command(index, words).output().unwrap())
    }
}

fn hostpkgs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/hostpkgs")
}

/// The command under test lies where the tests were built.
fn program() -> PathBuf {
    let test = env::current_exe().unwrap();
    let program = test.parent().and_then(Path::parent).unwrap().join("mach-nix");
    assert!(program.exists(), "run `cargo build` first, as ./dev test does");
    program
}

struct Ran(Output);

impl Ran {
    /// Asserts the exit code; gives standard error.
    #[track_caller]
    fn ends(&self, code: i32) -> String {
        let stderr = String::from_utf8(self.0.stderr.clone()).unwrap();
        assert_eq!(self.0.status.code(), Some(code), "{stderr}");
        stderr
    }
}

fn serve(packages: &[Package]) -> IndexServer {
    IndexServer::start(packages, Manners::default())
}

fn named<'a>(packages: &'a [LockedPackage], name: &str) -> &'a LockedPackage {
    packages
        .iter()
        .find(|package| package.name.as_ref() == name)
        .unwrap()
}

#[test]
fn computed_dependencies_are_locked_with_what_builds_them() {
    let place = Place::new();
    let answer = r#""Requires-Dist: " + "".join(["l", "i", "b"]) + "\n""#;
    let index = serve(&world("", "'tool>=2'", answer));
    place.lock(&index, "demo").ends(0);
    let lock = place.lock_file();
    let demo = named(&lock.packages, "demo");
    assert_eq!(
        (demo.provider.as_str(), &*demo.dependencies),
        ("sdist", &["lib".parse().unwrap()][..])
    );
    let build = demo.build.as_ref().unwrap();
    assert_eq!(build.requires, ["tool>=2"]);
    assert_eq!(named(&build.packages, "tool").version.to_string(), "3.0");
    assert!(
        lock.packages
            .iter()
            .all(|package| package.name.as_ref() != "tool")
    );

    // What was said is kept: no network, no Nix.
    let before = fs::read(place.path("mach-nix.lock")).unwrap();
    let mut warm = place.command(&index, "demo --offline");
    warm.env("PATH", "").env_remove("MACH_NIX_NIXPKGS");
    Ran(warm.output().unwrap()).ends(0);
    assert_eq!(fs::read(place.path("mach-nix.lock")).unwrap(), before);
}

#[test]
fn a_problem_with_sources_is_replayed_without_nix() {
    let place = Place::new();
    let index = serve(&world("", "'tool'", r#""Requires-Dist: lib\n""#));
    place.lock(&index, "demo --save-problem problem.json").ends(0);
    drop(index);
    let nowhere = serve(&[]);
    let mut replay = place.command(&nowhere, "--replay problem.json -o -");
    replay
        .env("PATH", "")
        .env("MACH_NIX_CACHE_DIR", place.path("empty"));
    let ran = Ran(replay.output().unwrap());
    ran.ends(0);
    assert_eq!(ran.0.stdout, fs::read(place.path("mach-nix.lock")).unwrap());
}

#[test]
fn a_renewed_lock_keeps_its_build_environments() {
    let place = Place::new();
    let mut packages = world("", "'tool'", "''");
    place.lock(&serve(&packages), "demo").ends(0);
    let mut newer = packages[2].clone();
    newer.release = "tool==4.0".to_owned();
    packages.push(newer);
    let index = serve(&packages);
    let tool = || {
        let lock = place.lock_file();
        let build = named(&lock.packages, "demo").build.clone().unwrap();
        named(&build.packages, "tool").version.to_string()
    };
    for (words, expected) in [
        ("demo", "3.0"),
        ("demo --upgrade lib", "3.0"),
        ("demo --upgrade demo", "4.0"),
    ] {
        place.lock(&index, words).ends(0);
        assert_eq!(tool(), expected, "{words}");
    }
}

/// Locks a `demo` that misbehaves; gives the refusal.
#[track_caller]
fn refusal(first: &str, words: &str) -> String {
    let place = Place::new();
    let start = Instant::now();
    let refusal = place
        .lock(&serve(&world(first, "", "''")), &format!("demo {words}"))
        .ends(1);
    assert!(start.elapsed() < Duration::from_mins(2), "{refusal}");
    assert!(refusal.starts_with("ResolutionImpossible: "), "{refusal}");
    assert!(refusal.len() < 5000, "{} characters", refusal.len());
    assert!(!place.path("mach-nix.lock").exists());
    refusal
}

#[test]
fn a_source_that_loops_for_ever_is_refused_in_time() {
    let refusal = refusal(
        "print('still there', flush=True)\nwhile True: time.sleep(1)",
        "--build-time-limit 5",
    );
    assert!(
        refusal.contains("its build backend did not answer within 5 s"),
        "{refusal}"
    );
    assert!(refusal.contains("| still there"), "{refusal}");
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
    let place = Place::new();
    let looks = "import subprocess; subprocess.run(['xslt-config', '--version'], check=True)";
    let index = serve(&world(looks, "", "''"));
    let refusal = place.lock(&index, "demo").ends(1);
    assert!(
        refusal.contains("'xslt-config'")
            && refusal.contains("a definition of `demo` in the nixpkgs of --nixpkgs"),
        "{refusal}"
    );
    let manual = fs::read_to_string(hostpkgs().join("../../docs/manual.md")).unwrap();
    let begin = manual.find("    { overlays ? [ ], ... }@args:").unwrap();
    let expression = manual[begin..].split("\n\n").next().unwrap();
    let expression = expression
        .replace("<nixpkgs>", hostpkgs().to_str().unwrap())
        .replace("legacy", "demo");
    fs::write(place.path("pkgs.nix"), expression).unwrap();
    place.lock(&index, "demo --nixpkgs ./pkgs.nix").ends(0);
}

#[test]
fn an_older_version_that_works_is_taken() {
    let place = Place::new();
    let mut packages = world("sys.exit(3)", "", "''");
    packages[0].release = "demo==2.0".to_owned();
    packages.push(world("", "", "''").swap_remove(0));
    place.lock(&serve(&packages), "demo").ends(0);
    assert_eq!(
        named(&place.lock_file().packages, "demo").version.to_string(),
        "1.0"
    );
}

#[test]
fn without_nix_it_is_said_what_to_install() {
    let place = Place::new();
    let index = serve(&world("", "", "''"));
    for (variable, value, said) in [
        ("PATH", "", "install Nix"),
        (
            "MACH_NIX_NIXPKGS",
            "nowhere",
            "the nixpkgs nowhere cannot be read",
        ),
    ] {
        let mut command = place.command(&index, "demo");
        let error = Ran(command.env(variable, value).output().unwrap()).ends(3);
        assert!(error.starts_with("error: ") && error.contains(said), "{error}");
    }
}

#[test]
fn a_source_that_nobody_can_read_is_refused() {
    let place = Place::new();
    let mut packages = world("", "", "''");
    packages[0]
        .source
        .insert("pyproject.toml".to_owned(), "[build-system".to_owned());
    let refusal = place.lock(&serve(&packages), "demo").ends(1);
    assert!(refusal.contains("its pyproject.toml cannot be read"), "{refusal}");
}

/// What the requirements of a project are that its own backend computes.
#[track_caller]
fn told(answer: &str, files: &[(&str, &str)], words: &str) -> Vec<String> {
    let place = Place::new();
    let packages = world("", "'tool>=2'", answer);
    unpack(&packages, &place.path("demo"));
    for (name, text) in files {
        fs::write(place.path("demo").join(name), text).unwrap();
    }
    let index = serve(&packages);
    place
        .lock(&index, &format!("{words} -o demo/mach-nix.lock"))
        .ends(0);
    let text = fs::read_to_string(place.path("demo/mach-nix.lock")).unwrap();
    let lock = Lock::from_json(&text).unwrap();
    assert!(
        lock.packages
            .iter()
            .all(|package| package.name.as_ref() != "demo")
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
fn a_project_that_computes_other_requirements_makes_its_lock_stale() {
    let place = Place::new();
    let index = serve(&world("", "", "''"));
    for (answer, words, code) in [
        (r#""Requires-Dist: lib\n""#, "", 0),
        (r#""Requires-Dist: lib\n""#, "--check", 0),
        (r#""Requires-Dist: lib>=1\n""#, "--check", 1),
    ] {
        unpack(&world("", "", answer), &place.path("demo"));
        fs::write(place.path("demo/setup.py"), "setup(name='demo')").unwrap();
        let said = place
            .lock(&index, &format!("-r demo/setup.py {words}"))
            .ends(code);
        assert_eq!(
            said.contains("is stale: the requirements changed"),
            code == 1,
            "{said}"
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
            "did not answer within 5 s",
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
            "demo/setup.py is for Python >=3.12",
        ),
        ("", "''", "--extra x", 2, "there is no extra `x`: there are none"),
    ] {
        let place = Place::new();
        let packages = world(first, "", answer);
        unpack(&packages, &place.path("demo"));
        fs::write(place.path("demo/setup.py"), "setup(name='demo')").unwrap();
        let error = place
            .lock(&serve(&packages), &format!("-r demo/setup.py {words}"))
            .ends(code);
        assert!(
            error.contains(expected) && error.contains("demo/setup.py"),
            "{error}"
        );
        assert!(error.len() < 5000, "{} characters", error.len());
    }
    let place = Place::new();
    let packages = world("", "", "''");
    unpack(&packages, &place.path("demo"));
    fs::write(place.path("demo/setup.py"), "setup(**read())").unwrap();
    let error = place.lock(&serve(&packages), "-r demo/setup.py").ends(2);
    assert!(
        error.contains("the name of the project cannot be read"),
        "{error}"
    );
}

/// The files of `demo`, in a folder.
fn unpack(packages: &[Package], folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for (path, text) in &packages[0].source {
        fs::write(folder.join(path), text).unwrap();
    }
}

#[test]
fn a_folder_is_locked_by_its_place() {
    let place = Place::new();
    let packages = world("", "'tool'", r#""Requires-Dist: lib\n""#);
    unpack(&packages, &place.path("parts/demo"));
    fs::write(
        place.path("requirements.txt"),
        "demo @ ./parts/demo\n-e ./parts/demo#egg=demo\n",
    )
    .unwrap();
    let error = place.lock(&serve(&packages), "-r requirements.txt").ends(2);
    assert!(error.contains("requirements.txt, line 1"), "{error}");

    fs::write(place.path("requirements.txt"), "-e ./parts/demo#egg=demo\n").unwrap();
    place.lock(&serve(&packages), "-r requirements.txt").ends(0);
    let lock = place.lock_file();
    assert_eq!(lock.request.requirements, ["demo @ ./parts/demo"]);
    let demo = named(&lock.packages, "demo");
    let path = "./parts/demo".to_owned();
    assert_eq!(demo.source, LockedSource::Path { path, file: None });
    assert_eq!(demo.dependencies, ["lib".parse().unwrap()]);
    assert_eq!(demo.build.as_ref().unwrap().requires, ["tool"]);
    let text = fs::read_to_string(place.path("mach-nix.lock")).unwrap();
    assert!(!text.contains(place.0.path().to_str().unwrap()), "{text}");
}

#[test]
fn a_source_of_another_name_is_refused() {
    let place = Place::new();
    let packages = world("", "", "''");
    unpack(&packages, &place.path("demo"));
    let error = place.lock(&serve(&packages), "./demo#egg=other").ends(3);
    assert!(
        error.contains("it is the source of `demo`, not of `other`"),
        "{error}"
    );
    let error = place.lock(&serve(&packages), "./demo").ends(2);
    assert!(error.contains("the source does not state its name"), "{error}");
}

#[test]
fn an_archive_of_another_kind_is_refused() {
    let place = Place::new();
    fs::write(place.path("demo-1.0.tar.xz"), "").unwrap();
    for requirement in ["./demo-1.0.tar.xz#egg=demo", "./demo-1.0.tar.xz"] {
        let error = place.lock(&serve(&[]), requirement).ends(3);
        assert!(
            error.contains(
                "`demo-1.0.tar.xz` is no archive of a kind that is read here (`.tar.gz`, `.tar.bz2`, `.tar`, `.zip`): \
                 pack it anew as `.tar.gz`"
            ),
            "{error}"
        );
    }
}

fn git(folder: &Path, words: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=demo", "-c", "user.email=demo@example.org"])
        .args(words)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_tag_is_locked_by_its_commit_and_the_digest_of_its_files() {
    let place = Place::new();
    let packages = world("", "", r#""Requires-Dist: lib\n""#);
    let repository = place.path("repository");
    unpack(&packages, &repository.join("sub"));
    git(&repository, &["init", "--quiet"]);
    git(&repository, &["add", "."]);
    git(&repository, &["commit", "--quiet", "-m", "one"]);
    git(&repository, &["tag", "-a", "v1", "-m", "an annotated one"]);
    let rev = git(&repository, &["rev-parse", "HEAD"]);
    fs::write(repository.join("sub/later"), "").unwrap();
    git(&repository, &["add", "."]);
    git(&repository, &["commit", "--quiet", "-m", "two"]);

    let url = format!("git+file://{}@v1#subdirectory=sub", repository.display());
    fs::write(place.path("requirements.txt"), format!("demo @ {url}\n")).unwrap();
    let index = serve(&packages);
    place.lock(&index, "-r requirements.txt").ends(0);
    let lock = place.lock_file();
    let demo = named(&lock.packages, "demo");
    let LockedSource::Git { git: locked, hash } = &demo.source else {
        panic!("{demo:?}")
    };
    assert_eq!(
        (locked.rev.as_str(), locked.subdirectory.as_deref()),
        (&*rev, Some("sub"))
    );
    assert_eq!(demo.dependencies, ["lib".parse().unwrap()]);

    // The oracle of the digest is Nix.
    git(&repository, &["checkout", "--quiet", "v1"]);
    fs::remove_dir_all(repository.join(".git")).unwrap();
    let said = Command::new("nix-hash")
        .args(["--type", "sha256"])
        .arg(&repository)
        .output()
        .unwrap();
    assert_eq!(hash.to_hex(), String::from_utf8(said.stdout).unwrap().trim());

    // What is known of a commit needs no repository.
    place.lock(&index, "-r requirements.txt --offline").ends(0);
    assert_eq!(place.lock_file(), lock);
}

#[test]
fn a_branch_stays_at_its_commit_until_it_is_upgraded() {
    let place = Place::new();
    let packages = world("", "", "''");
    let repository = place.path("repository");
    unpack(&packages, &repository);
    git(&repository, &["init", "--quiet", "--initial-branch=main"]);
    let commit = |message: &str| {
        fs::write(repository.join("message"), message).unwrap();
        git(&repository, &["add", "."]);
        git(&repository, &["commit", "--quiet", "-m", message]);
        git(&repository, &["rev-parse", "HEAD"])
    };
    let first = commit("one");
    git(&repository, &["branch", "other"]);
    let line = |branch: &str| format!("demo @ git+file://{}@{branch}", repository.display());
    let index = serve(&packages);
    let locked = |requirement: &str, words: &str| {
        fs::write(place.path("requirements.txt"), requirement).unwrap();
        place
            .lock(&index, &format!("-r requirements.txt {words}"))
            .ends(0);
        match &named(&place.lock_file().packages, "demo").source {
            LockedSource::Git { git, .. } => (git.rev.clone(), git.reference.clone().unwrap()),
            other => panic!("{other:?}"),
        }
    };
    let at = |rev: &str, reference: &str| (rev.to_owned(), reference.to_owned());
    let main = line("main");
    assert_eq!(locked(&main, ""), at(&first, "main"));
    let second = commit("two");
    assert_eq!(locked(&main, ""), at(&first, "main"));
    assert_eq!(locked(&main, "--upgrade lib"), at(&first, "main"));
    assert_eq!(locked(&main, "--upgrade demo"), at(&second, "main"));
    let third = commit("three");
    assert_eq!(locked(&main, "--upgrade"), at(&third, "main"));
    // Another name is another question.
    assert_eq!(locked(&line("other"), ""), at(&first, "other"));
}

#[test]
fn a_backend_for_another_system_is_asked_on_this_one() {
    let place = Place::new();
    let answer = r#""Requires-Dist: lib\n" if __import__("tool").__version__ == "3.0" else """#;
    let mut packages = world("", "'tool'", answer);
    let mut of_the_other = packages[2].clone();
    of_the_other.release = "tool==2.0".to_owned();
    of_the_other.wheels = vec!["py3-none-manylinux_2_17_aarch64".to_owned()];
    packages[2].wheels = vec!["py3-none-manylinux_2_17_x86_64".to_owned()];
    packages.push(of_the_other);
    let index = serve(&packages);
    let words = "demo --system aarch64-linux --save-problem problem.json";
    let said = place.lock(&index, words).ends(0);
    assert!(
        said.contains("was asked on x86_64-linux what it needs on aarch64-linux"),
        "{said}"
    );
    let lock = place.lock_file();
    let demo = named(&lock.packages, "demo");
    assert_eq!(demo.dependencies, ["lib".parse().unwrap()]);
    let build = demo.build.as_ref().unwrap();
    assert_eq!(
        build.packages[0].file().unwrap().name,
        "tool-2.0-py3-none-manylinux_2_17_aarch64.whl"
    );

    // A saved problem knows where it was asked.
    place
        .lock(&serve(&[]), "--replay problem.json -o replayed.lock")
        .ends(0);
    assert_eq!(
        fs::read(place.path("replayed.lock")).unwrap(),
        fs::read(place.path("mach-nix.lock")).unwrap()
    );
}

#[test]
fn an_archive_at_an_address_is_the_promised_one_or_refused() {
    let place = Place::new();
    let packages = world("", "", "''");
    let index = serve(&packages);
    let address = index.url().replace("/simple", "/files/demo-1.0.tar.gz");
    place.lock(&index, &address).ends(0);
    let lock = place.lock_file();
    let demo = named(&lock.packages, "demo");
    let LockedSource::Direct { file, .. } = &demo.source else {
        panic!("{demo:?}")
    };
    assert_eq!(file.url, address);
    let good = format!("{address}#sha256={}", file.hash.to_hex());
    place.lock(&index, &good).ends(0);
    let bad = format!("{address}#sha256={}", "0".repeat(64));
    let error = place.lock(&index, &bad).ends(3);
    assert!(error.contains("has the wrong content"), "{error}");
}

#[test]
fn a_project_is_locked_with_what_builds_it() {
    let place = Place::new();
    let packages = world("", "'tool'", "''");
    let project = "[project]\nname = 'demo'\nversion = '1.0'\ndependencies = ['lib']\n";
    unpack(&packages, &place.path(""));
    let build_system = &packages[0].source["pyproject.toml"];
    fs::write(place.path("pyproject.toml"), format!("{project}{build_system}")).unwrap();
    let index = serve(&packages);
    place.lock(&index, "--pyproject pyproject.toml").ends(0);
    let lock = place.lock_file();
    assert_eq!(
        lock.packages.len(),
        1,
        "the project is no part of the environment"
    );
    let build = lock.project.as_ref().unwrap().build.clone();
    assert_eq!(build.requires, ["tool"]);
    assert_eq!(named(&build.packages, "tool").version.to_string(), "3.0");

    // Dependencies are of use without a build, too.
    let mut without = place.command(&index, "--pyproject pyproject.toml");
    let warning = Ran(without.env("PATH", "").output().unwrap()).ends(0);
    assert!(
        warning.contains("warning: what `demo` itself is built with is not locked"),
        "{warning}"
    );
    assert_eq!(place.lock_file().project, None);
}
