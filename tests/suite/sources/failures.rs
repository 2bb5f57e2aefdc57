//! Failures of build backends are answers, which are cached.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use mach_nix_tests::{IndexServer, hostpkgs};
use tempfile::TempDir;

use crate::{Ran, Workdir, named, serve, world};

/// A folder outside of the build, into which a backend writes that it runs. Builds are not sandboxed here.
struct Notes(TempDir);

impl Notes {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Python code that notes a run.
    fn note(&self) -> String {
        format!("open('{}', 'a').write('x')", self.path("runs").display())
    }

    fn runs(&self) -> usize {
        fs::read(self.path("runs")).unwrap_or_default().len()
    }
}

/// The command without Nix, Git and a network.
fn without_nix(workdir: &Workdir, index: &IndexServer, words: &str) -> Ran {
    let mut command = workdir.command(index, words);
    Ran(command.env("PATH", "").output().unwrap())
}

#[test]
fn a_failed_backend_is_not_run_again() {
    let (workdir, notes) = (Workdir::new(), Notes::new());
    let first = format!("{}\nprint('no such library')\nsys.exit(3)", notes.note());
    let index = serve(&world(&first, "", "''"));
    let refusal = workdir.lock(&index, "demo").ends(1);
    assert_eq!(notes.runs(), 1);
    assert_eq!(workdir.lock(&index, "demo").ends(1), refusal);
    assert_eq!(notes.runs(), 1);
    assert_eq!(without_nix(&workdir, &index, "demo --offline").ends(1), refusal);
}

#[test]
fn a_version_next_to_a_failed_one_is_locked_offline() {
    let workdir = Workdir::new();
    let mut packages = world("sys.exit(3)", "", "''");
    packages[0].release = "demo==2.0".to_owned();
    packages.push(world("", "", "''").swap_remove(0));
    let index = serve(&packages);
    workdir.lock(&index, "demo").ends(0);
    assert_eq!(
        named(&workdir.lock_file().packages, "demo").version.to_string(),
        "1.0"
    );
    let before = fs::read(workdir.path("mach-nix.lock")).unwrap();
    fs::remove_file(workdir.path("mach-nix.lock")).unwrap();
    without_nix(&workdir, &index, "demo --offline").ends(0);
    assert_eq!(fs::read(workdir.path("mach-nix.lock")).unwrap(), before);
}

#[test]
fn after_three_builds_a_lower_bound_is_proposed() {
    let (workdir, notes) = (Workdir::new(), Notes::new());
    let releases = ["demo==5.0", "demo==4.0", "demo==3.0", "demo==2.0"];
    let first = format!("{}\nsys.exit(3)", notes.note());
    let mut packages = world(&first, "", "''");
    for release in releases {
        let mut older = world(&first, "", "''").swap_remove(0);
        older.release = release.to_owned();
        packages.push(older);
    }
    let index = serve(&packages);
    let stderr = workdir.lock(&index, "demo").ends(1);
    assert_eq!(notes.runs(), 5);
    let advice = "warning: 3 releases of demo were built to read their metadata, and older ones may follow: a lower bound ends \
                  this, such as the line `demo>=5.0` in the requirements";
    assert_eq!(stderr.matches("warning: 3 releases").count(), 1, "{stderr}");
    assert!(stderr.contains(advice), "{stderr}");

    let workdir = Workdir::new();
    let stderr = workdir.lock(&index, "demo>=5.0").ends(1);
    assert_eq!(notes.runs(), 6);
    assert!(!stderr.contains("releases of demo were built"), "{stderr}");
}

#[test]
fn what_the_machine_lacks_is_not_cached() {
    for (failure, code) in [
        ("raise OSError(28, 'No space left on device')", 3),
        ("raise MemoryError()", 1),
        ("os.kill(os.getpid(), 9)", 1),
        ("time.sleep(1000)", 1),
    ] {
        let (workdir, notes) = (Workdir::new(), Notes::new());
        let mended = notes.path("mended").display().to_string();
        let first = format!("{}\nif not os.path.exists({mended:?}): {failure}", notes.note());
        let index = serve(&world(&first, "", "''"));
        workdir.lock(&index, "demo --build-time-limit 5").ends(code);
        let stderr = workdir.lock(&index, "demo --offline").ends(3);
        assert!(
            stderr.contains("the build backend of `demo-1.0.tar.gz`"),
            "{stderr}"
        );
        fs::write(&mended, "").unwrap();
        workdir.lock(&index, "demo").ends(0);
    }
}

/// A package set that brings what `demo` needs, or not.
fn package_set(with_definition: bool) -> String {
    let overlay = r#"
        (_: prev: { pythonPackagesExtensions = prev.pythonPackagesExtensions ++ [ (pyFinal: _: {
          demo = pyFinal.buildPythonPackage { pname = "demo"; version = "0"; src = null; preBuild = "export NEEDED=1"; };
        }) ]; })"#;
    let overlay = if with_definition { overlay } else { "" };
    format!(
        "{{ overlays ? [ ], ... }}@args: import {} (args // {{ overlays = overlays ++ [ {overlay} ]; }})",
        hostpkgs().display()
    )
}

fn git(folder: &Path, words: &[&str]) {
    let author = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(author).args(words);
    assert!(command.output().unwrap().status.success(), "{words:?}");
}

#[test]
fn a_failure_holds_for_one_state_of_nixpkgs() {
    let (workdir, notes) = (Workdir::new(), Notes::new());
    let first = format!("{}\nif 'NEEDED' not in os.environ: sys.exit(3)", notes.note());
    let index = serve(&world(&first, "", "''"));
    let set = |folder: &str, with_definition| {
        fs::create_dir_all(workdir.path(folder)).unwrap();
        fs::write(
            workdir.path(folder).join("default.nix"),
            package_set(with_definition),
        )
        .unwrap();
    };
    let lock = |set: &str| workdir.lock(&index, &format!("demo --nixpkgs ./{set}"));
    set("plain", false);
    lock("plain").ends(1);
    assert_eq!(notes.runs(), 1);

    // Another one may bring more; where it does not, that is seen without a build.
    set("equal", false);
    workdir.lock(&index, "demo --nixpkgs ./equal --offline").ends(3);

    // A checkout without changes is known by its commit: nothing is evaluated.
    git(&workdir.path("plain"), &["init", "-q"]);
    git(&workdir.path("plain"), &["add", "."]);
    git(&workdir.path("plain"), &["commit", "-q", "-m", "first"]);
    let refusal = lock("plain").ends(1);
    fs::create_dir(workdir.path("bin")).unwrap();
    symlink(program("git"), workdir.path("bin/git")).unwrap();
    let mut again = workdir.command(&index, "demo --nixpkgs ./plain");
    let again = again.env("PATH", workdir.path("bin")).output().unwrap();
    assert_eq!(Ran(again).ends(1), refusal);

    set("plain", true);
    lock("plain").ends(0);
}

/// The path of a program.
fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let mut found = std::env::split_paths(&path).map(|folder| folder.join(name));
    found.find(|path| path.exists()).unwrap()
}
