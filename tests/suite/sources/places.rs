//! Sources that requirements name by their workdir: folders, archives, commits.

use std::fs;
use std::path::Path;
use std::process::Command;

use mach_nix_lock::LockedSource;

use crate::{Workdir, named, serve, unpack, world};

#[test]
fn a_folder_is_locked_by_its_place() {
    let workdir = Workdir::new();
    let packages = world("", "'tool'", r#""Requires-Dist: lib\n""#);
    unpack(&packages, &workdir.path("parts/demo"));
    fs::write(
        workdir.path("requirements.txt"),
        "demo @ ./parts/demo\n-e ./parts/demo#egg=demo\n",
    )
    .unwrap();
    let error = workdir.lock(&serve(&packages), "-r requirements.txt").ends(2);
    assert!(error.contains("requirements.txt, line 1"), "{error}");

    fs::write(workdir.path("requirements.txt"), "-e ./parts/demo#egg=demo\n").unwrap();
    workdir.lock(&serve(&packages), "-r requirements.txt").ends(0);
    let lock = workdir.lock_file();
    assert_eq!(lock.request.requirements, ["demo @ ./parts/demo"]);
    let demo = named(&lock.packages, "demo");
    let path = "./parts/demo".to_owned();
    assert_eq!(demo.source, LockedSource::Path { path, file: None });
    assert_eq!(demo.dependencies, ["lib".parse().unwrap()]);
    assert_eq!(demo.build.as_ref().unwrap().requires, ["tool"]);
    let text = fs::read_to_string(workdir.path("mach-nix.lock")).unwrap();
    assert!(!text.contains(workdir.0.path().to_str().unwrap()), "{text}");
}

#[test]
fn a_source_of_another_name_is_refused() {
    let workdir = Workdir::new();
    let packages = world("", "", "''");
    unpack(&packages, &workdir.path("demo"));
    let error = workdir.lock(&serve(&packages), "./demo#egg=other").ends(3);
    assert!(
        error.contains("it is the source of `demo`, not of `other`"),
        "{error}"
    );
    let error = workdir.lock(&serve(&packages), "./demo").ends(2);
    assert!(error.contains("the source does not state its name"), "{error}");
}

/// The name of a `setup.py` is a guess, in folders and archives: it counts where nobody says another.
#[test]
fn a_name_in_a_setup_py_is_a_guess() {
    let workdir = Workdir::new();
    let packages = world("", "", "''");
    unpack(&packages, &workdir.path("demo"));
    let index = serve(&packages);
    let extension = "extension = Extension(name='demo.fast')\n";
    for (code, requirement, name) in [
        ("setup(name='demo')", "./demo", "demo"),
        ("setup(name='demo')", "./demo.tar.gz", "demo"),
        ("setup(**known)", "./demo#egg=demo", "demo"),
        ("setup(**known)", "./demo", "demo-fast"),
    ] {
        fs::write(workdir.path("demo/setup.py"), format!("{extension}{code}")).unwrap();
        let packed = Command::new("tar")
            .args(["-czf", "demo.tar.gz", "demo"])
            .current_dir(workdir.path(""))
            .status();
        assert!(packed.unwrap().success());
        let code = if name == "demo" { 0 } else { 3 };
        let stderr = workdir.lock(&index, requirement).ends(code);
        assert!(
            code == 0 || stderr.contains("it is the source of `demo`, not of `demo-fast`"),
            "{stderr}"
        );
    }
}

#[test]
fn an_archive_of_another_kind_is_refused() {
    let workdir = Workdir::new();
    fs::write(workdir.path("demo-1.0.tar.xz"), "").unwrap();
    // Without a name, the archive is read to have one, with the command line.
    for (requirement, code) in [("./demo-1.0.tar.xz#egg=demo", 3), ("./demo-1.0.tar.xz", 2)] {
        let error = workdir.lock(&serve(&[]), requirement).ends(code);
        assert!(
            error.contains(
                "`demo-1.0.tar.xz` is not an archive of a supported kind (`.tar.gz`, `.tar.bz2`, `.tar`, `.zip`): \
                 repack it as `.tar.gz`"
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
    let workdir = Workdir::new();
    let packages = world("", "", r#""Requires-Dist: lib\n""#);
    let repository = workdir.path("repository");
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
    fs::write(workdir.path("requirements.txt"), format!("demo @ {url}\n")).unwrap();
    let index = serve(&packages);
    workdir.lock(&index, "-r requirements.txt").ends(0);
    let lock = workdir.lock_file();
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
    let stderr = Command::new("nix-hash")
        .args(["--type", "sha256"])
        .arg(&repository)
        .output()
        .unwrap();
    assert_eq!(hash.to_hex(), String::from_utf8(stderr.stdout).unwrap().trim());

    // What is known of a commit needs no repository.
    workdir.lock(&index, "-r requirements.txt --offline").ends(0);
    assert_eq!(workdir.lock_file(), lock);
}

#[test]
fn a_branch_stays_at_its_commit_until_it_is_upgraded() {
    let workdir = Workdir::new();
    let packages = world("", "", "''");
    let repository = workdir.path("repository");
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
        fs::write(workdir.path("requirements.txt"), requirement).unwrap();
        workdir
            .lock(&index, &format!("-r requirements.txt {words}"))
            .ends(0);
        match &named(&workdir.lock_file().packages, "demo").source {
            LockedSource::Git { git, .. } => (git.rev.clone(), git.reference.clone().unwrap()),
            other => panic!("{other:?}"),
        }
    };
    let at = |rev: &str, reference: &str| (rev.to_owned(), reference.to_owned());
    let main = line("main");
    assert_eq!(locked(&main, ""), at(&first, "main"));
    let second = commit("two");
    assert_eq!(locked(&main, ""), at(&first, "main"));
    let with_lib = format!("{main}\nlib\n");
    assert_eq!(locked(&with_lib, ""), at(&first, "main"));
    assert_eq!(locked(&with_lib, "--upgrade lib"), at(&first, "main"));
    assert_eq!(locked(&main, "--upgrade demo"), at(&second, "main"));
    let third = commit("three");
    assert_eq!(locked(&main, "--upgrade"), at(&third, "main"));
    // Another name is another question.
    assert_eq!(locked(&line("other"), ""), at(&first, "other"));
}

#[test]
fn a_commit_of_a_lock_is_part_of_its_branch() {
    let workdir = Workdir::new();
    let packages = world("", "", "''");
    let repository = workdir.path("repository");
    unpack(&packages, &repository);
    git(&repository, &["init", "--quiet", "--initial-branch=main"]);
    let commit = |message: &str| {
        fs::write(repository.join("message"), message).unwrap();
        git(&repository, &["add", "."]);
        git(&repository, &["commit", "--quiet", "-m", message]);
        git(&repository, &["rev-parse", "HEAD"])
    };
    let first = commit("one");
    git(&repository, &["checkout", "--quiet", "-b", "evil"]);
    let evil = commit("evil");
    git(&repository, &["checkout", "--quiet", "main"]);
    let line = |branch: &str| format!("demo @ git+file://{}@{branch}\n", repository.display());
    let index = serve(&packages);
    let lock = |branch: &str| {
        fs::write(workdir.path("requirements.txt"), line(branch)).unwrap();
        workdir.lock(&index, "-r requirements.txt --upgrade").ends(0);
        fs::read_to_string(workdir.path("mach-nix.lock")).unwrap()
    };
    let hash_of = |text: &str| {
        let package = serde_json::from_str::<serde_json::Value>(text).unwrap()["packages"][0].clone();
        package["hash"].as_str().unwrap().to_owned()
    };
    let (theirs, ours) = (lock("evil"), lock("main"));
    let tampered = ours
        .replace(&first, &evil)
        .replace(&hash_of(&ours), &hash_of(&theirs));
    assert_ne!(tampered, ours);
    for later in ["two", "three"] {
        fs::write(workdir.path("mach-nix.lock"), &tampered).unwrap();
        for words in ["-r requirements.txt --check", "-r requirements.txt"] {
            let error = workdir.lock(&index, words).ends(1);
            assert!(
                error.contains(&format!("commit {evil}, which the lock has for `main`")),
                "{error}"
            );
        }
        // A commit of the branch remains valid when the branch goes on, also on another machine.
        fs::write(workdir.path("mach-nix.lock"), &ours).unwrap();
        commit(later);
        fs::remove_dir_all(workdir.path("cache")).unwrap();
        workdir.lock(&index, "-r requirements.txt --check").ends(0);
    }
}

#[test]
fn an_archive_at_an_address_is_the_promised_one_or_refused() {
    let workdir = Workdir::new();
    let packages = world("", "", "''");
    let index = serve(&packages);
    let address = index.url().replace("/simple", "/files/demo-1.0.tar.gz");
    workdir.lock(&index, &address).ends(0);
    let lock = workdir.lock_file();
    let demo = named(&lock.packages, "demo");
    let LockedSource::Direct { file, .. } = &demo.source else {
        panic!("{demo:?}")
    };
    assert_eq!(file.url, address);
    let good = format!("{address}#sha256={}", file.hash.to_hex());
    workdir.lock(&index, &good).ends(0);
    let bad = format!("{address}#sha256={}", "0".repeat(64));
    let error = workdir.lock(&index, &bad).ends(3);
    assert!(error.contains("has the wrong content"), "{error}");
}
