//! The command as scripts call it (docs/manual.md), against an index on this machine.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::time::Duration;

use mach_nix_lock::Lock;
use mach_nix_tests::{Manners, Package, Scenario, Workdir};

/// The world that most of these tests ask: three packages that need each other.
fn packages() -> Vec<Package> {
    let world = r#"
        reason = "the command line"
        ask.requirements = []
        expect.packages = []
        [[package]]
        release = "app==1.0"
        requires = ["lib>=1", "tool ; extra == 'cli'"]
        extras = ["cli"]
        uploaded = "2026-01-01T00:00:00Z"
        [[package]]
        release = "lib==1.0"
        uploaded = "2026-01-01T00:00:00Z"
        [[package]]
        release = "lib==1.1"
        uploaded = "2026-03-01T00:00:00Z"
        [[package]]
        release = "tool==3.0"
        requires-python = ">=3.8"
        uploaded = "2026-01-01T00:00:00Z"
    "#;
    Scenario::read(world).unwrap().packages
}

fn workdir(manners: Manners) -> Workdir {
    Workdir::new(&packages(), manners)
}

#[test]
fn a_lock_goes_beside_the_requirements_and_stdout_stays_empty() {
    let workdir = workdir(Manners::default());
    fs::create_dir(workdir.path("project")).unwrap();
    workdir.write("project/requirements.txt", "app\n");
    let ran = workdir.lock("-r project/requirements.txt");
    ran.ends(0);
    assert_eq!(ran.stdout(), "");
    let lock = Lock::from_json(&fs::read_to_string(workdir.path("project/mach-nix.lock")).unwrap()).unwrap();
    assert_eq!(lock.to_requirements(), "app==1.0\nlib==1.1\n");
}

#[test]
fn results_go_to_stdout_on_request() {
    let workdir = workdir(Manners::default());
    let ran = workdir.lock("app[cli] --format requirements");
    ran.ends(0);
    assert_eq!(ran.stdout(), "app==1.0\nlib==1.1\ntool==3.0\n");
    let ran = workdir.lock("app -o -");
    ran.ends(0);
    assert!(Lock::from_json(&ran.stdout()).is_ok());
    assert!(!workdir.path("mach-nix.lock").exists());
}

#[test]
fn every_kind_of_index_gives_the_same_bytes() {
    let good = Manners::default();
    let html = Manners {
        json: false,
        upload_times: false,
        ..good
    };
    let kinds = [
        good,
        html,
        Manners {
            mislabelled: true,
            ..html
        },
        Manners {
            announced: false,
            ..html
        },
        Manners {
            announced: false,
            metadata_files: false,
            ..good
        },
        Manners {
            announced: false,
            metadata_files: false,
            ranges: false,
            ..good
        },
        Manners { failures: 2, ..good },
        Manners {
            delay: Duration::from_millis(30),
            ..good
        },
    ];
    let mut locks = kinds.iter().map(|manners| {
        let workdir = workdir(*manners);
        // Ports differ from server to server.
        let words = "app[cli] --exclude-newer 2026-02-01 -o -";
        let ran = workdir.lock(words);
        ran.ends(0);
        ran.stdout()
            .replace(&workdir.index.url().replace("/simple", ""), "http://index")
    });
    let first = locks.next().unwrap();
    assert!(
        first.contains("\"version\": \"1.0\"") && !first.contains("\"version\": \"1.1\""),
        "{first}"
    );
    for (lock, manners) in locks.zip(&kinds[1..]) {
        assert_eq!(first, lock, "{manners:?}");
    }
}

#[test]
fn order_and_threads_do_not_show() {
    let workdir = workdir(Manners {
        delay: Duration::from_millis(5),
        ..Manners::default()
    });
    workdir.write("a.txt", "app[cli]\nlib>=1\n# a comment\n");
    workdir.write("b.txt", "Lib >= 1\n\napp[cli]  # why\n");
    let one = workdir.lock("-r a.txt -o - --jobs 1").stdout();
    let many = workdir.lock("-r b.txt -o - --jobs 16 --cache-dir other").stdout();
    assert!(!one.is_empty());
    assert_eq!(one, many);
}

#[test]
fn offline_opens_no_connection() {
    let workdir = workdir(Manners::default());
    assert!(
        workdir
            .lock("app --offline")
            .ends(3)
            .contains("is not in the cache")
    );
    assert_eq!(workdir.index.requests(), 0);
    workdir.lock("app").ends(0);
    let asked = workdir.index.requests();
    let online = fs::read_to_string(workdir.path("mach-nix.lock")).unwrap();
    workdir.lock("app --offline --upgrade").ends(0);
    assert_eq!(workdir.index.requests(), asked);
    assert_eq!(fs::read_to_string(workdir.path("mach-nix.lock")).unwrap(), online);
}

#[test]
fn an_existing_lock_is_kept_until_upgraded() {
    let workdir = workdir(Manners::default());
    workdir.lock("app --exclude-newer 2026-02-01").ends(0);
    let pins = |workdir: &Workdir| workdir.lock_file().to_requirements();
    assert_eq!(pins(&workdir), "app==1.0\nlib==1.0\n");
    workdir.lock("app").ends(0);
    assert_eq!(pins(&workdir), "app==1.0\nlib==1.0\n");
    assert!(
        workdir
            .lock("app lib --check")
            .ends(1)
            .contains("the requirements changed")
    );
    workdir.lock("app --check").ends(0);
    workdir.lock("app --upgrade app").ends(0);
    assert_eq!(pins(&workdir), "app==1.0\nlib==1.0\n");
    workdir.lock("app --upgrade").ends(0);
    assert_eq!(pins(&workdir), "app==1.0\nlib==1.1\n");
}

#[test]
fn other_formats_are_checked_where_they_are_files() {
    let workdir = workdir(Manners::default());
    for format in ["requirements", "pylock", "json"] {
        let check = |words: &str| workdir.lock(&format!("{words} --format {format} --check"));
        let printed = check("app").ends(2);
        assert!(printed.contains("name the file with `--output`"), "{printed}");
        assert!(check("app -o out").ends(1).contains("there is no file out"));
        workdir
            .lock(&format!(
                "app --format {format} -o out --exclude-newer 2026-02-01"
            ))
            .ends(0);
        check("app -o out --exclude-newer 2026-02-01").ends(0);
        assert!(check("app -o out").ends(1).contains("out is stale"));
        fs::remove_file(workdir.path("out")).unwrap();
    }
    assert!(workdir.lock("app -o - --check").ends(2).contains("--output"));
}

#[test]
fn targets_share_one_lock() {
    let workdir = workdir(Manners::default());
    workdir
        .lock("app --python 3.11,3.12 --system x86_64-linux,aarch64-darwin")
        .ends(0);
    let lock = workdir.lock_file();
    assert_eq!(lock.targets.len(), 4);
    assert!(
        lock.packages.iter().all(|package| package.targets.is_none()),
        "pure wheels serve all targets"
    );
}

#[test]
fn refusals_say_where_and_what_to_do() {
    let workdir = workdir(Manners::default());
    let stderr = |words: &str, code: i32, parts: &[&str]| {
        let stderr = workdir.lock(words).ends(code);
        for part in parts {
            assert!(stderr.contains(part), "`{words}` should say `{part}`:\n{stderr}");
        }
    };
    workdir.write("contradiction.txt", "lib==1.0\nlib==1.1\n");
    workdir.write("syntax.txt", "app\nlib\nlib=>1\n");
    stderr(
        "-r contradiction.txt",
        1,
        &[
            "ResolutionImpossible: ",
            "contradiction.txt, line 1",
            "contradiction.txt, line 2",
        ],
    );
    stderr(
        "-r syntax.txt",
        2,
        &["error: syntax.txt, line 3, column 4", "| lib=>1\n  |    ^"],
    );
    stderr("-r missing.txt", 2, &["error: ", "missing.txt"]);
    stderr(
        "nothing-like-it",
        1,
        &[
            "ResolutionImpossible: no package index has `nothing-like-it`",
            "help:",
        ],
    );
    stderr(
        "lib --index-url http://127.0.0.1:9/simple",
        3,
        &["error: cannot get http://127.0.0.1:9/simple/lib/"],
    );
    fs::create_dir(workdir.path("folder")).unwrap();
    stderr(
        "./folder",
        2,
        &["error: command line, column 1: it has neither a pyproject.toml nor a setup.py"],
    );
    stderr(
        "lib --providers conda/ours --conda-channel ours=http://127.0.0.1:9/ours",
        3,
        &["error: cannot get http://127.0.0.1:9/ours/"],
    );
    stderr("lib --python three", 2, &["error: ", "--python"]);
    stderr("", 2, &["error: no requirements"]);
    stderr("lib[fast]", 0, &["warning: lib 1.1 has no extra `fast`"]);
}

#[test]
fn a_file_that_is_no_lock_of_ours_is_not_overwritten() {
    let workdir = workdir(Manners::default());
    for (text, part) in [
        ("{\"version\": 99}", "format version 99"),
        ("my notes\n", "line 1, column 1: this is not a lock"),
    ] {
        workdir.write("mach-nix.lock", text);
        assert!(workdir.lock("app").ends(2).contains(part));
        assert_eq!(fs::read_to_string(workdir.path("mach-nix.lock")).unwrap(), text);
    }
}

#[test]
fn a_saved_problem_is_resolved_again_without_an_index() {
    let workdir = workdir(Manners::default());
    let ran = workdir.lock("app[cli] --format requirements --save-problem problem.json");
    ran.ends(0);
    let asked = workdir.index.requests();
    let again = workdir.lock("--replay problem.json --format requirements");
    again.ends(0);
    assert_eq!(again.stdout(), ran.stdout());
    let refused = workdir.lock("lib>5 --save-problem refused.json").ends(1);
    assert_eq!(workdir.lock("--replay refused.json").ends(1), refused);
    assert_eq!(
        workdir.index.requests(),
        asked,
        "the list of `lib` is in the cache, and a replay asks nothing"
    );
    workdir.write("broken.json", "{}");
    assert!(
        workdir
            .lock("--replay broken.json")
            .ends(2)
            .contains("broken.json is not a saved problem")
    );
}

#[test]
fn requirements_may_come_through_a_pipe() {
    let workdir = workdir(Manners::default());
    let pipe = std::process::Command::new("mkfifo")
        .arg(workdir.path("pipe"))
        .status()
        .unwrap();
    assert!(pipe.success());
    let path = workdir.path("pipe");
    let writer = std::thread::spawn(move || fs::write(path, "lib==1.0\n").unwrap());
    assert_eq!(
        workdir.lock("-r pipe --format requirements").stdout(),
        "lib==1.0\n"
    );
    writer.join().unwrap();
}

#[test]
fn what_is_no_file_is_written_to_and_stays() {
    let workdir = workdir(Manners::default());
    let pipe = workdir.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    for words in ["lock app -o pipe", "export a.lock --format requirements -o pipe"] {
        workdir.lock("app -o a.lock").ends(0);
        let path = pipe.clone();
        let reader = std::thread::spawn(move || fs::read_to_string(path).unwrap());
        let words: Vec<&str> = words.split(' ').collect();
        workdir.run(&words).ends(0);
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
        assert!(reader.join().unwrap().contains("1.0"));
    }
}

#[test]
fn a_deaf_standard_error_changes_no_exit_code() {
    let workdir = workdir(Manners::default());
    for (words, code) in [("lock lib==9", 1), ("lock app --cache-dir file", 0)] {
        workdir.write("file", "");
        let words: Vec<&str> = words.split(' ').collect();
        let mut command = workdir.command(&words);
        command.stderr(fs::File::options().write(true).open("/dev/full").unwrap());
        assert_eq!(command.status().unwrap().code(), Some(code), "{words:?}");
    }
}

#[test]
fn a_cache_that_cannot_be_written_is_told_of_once() {
    let workdir = workdir(Manners::default());
    workdir.write("file", "");
    let stderr = workdir.lock("app --cache-dir file").ends(0);
    assert_eq!(stderr.matches("cannot write to the cache").count(), 1, "{stderr}");
}

/// Suggestions are tried, at a bounded cost (docs/decisions/0035).
#[test]
fn a_refusal_asks_no_more_than_so_many_questions() {
    let mut world = r#"
        reason = "each version contradicts the rest on its own"
        ask.requirements = []
        expect.packages = []
        [[package]]
        release = "app==1"
        requires = ["many>1"]
        [[package]]
        release = "app==2"
    "#
    .to_owned();
    for version in 1..=700 {
        world += &format!("[[package]]\nrelease = 'many=={version}'\nrequires = ['app==2']\n");
    }
    let workdir = Workdir::new(&Scenario::read(&world).unwrap().packages, Manners::default());
    let stderr = workdir.lock("app==1 many==1").ends(1);
    assert!(stderr.contains("app 1 needs many>1"), "{stderr}");
    let asked = workdir.index.requests();
    assert!(asked < 520, "{asked}");
}

#[test]
fn hashes_are_checked() {
    let workdir = workdir(Manners::default());
    workdir.lock("lib==1.0 -o pinned.lock").ends(0);
    let lock = Lock::from_json(&fs::read_to_string(workdir.path("pinned.lock")).unwrap()).unwrap();
    let hash = lock.packages[0].hash().unwrap().to_hex();
    workdir.write("good.txt", &format!("lib==1.0 --hash=sha256:{hash}\n"));
    assert_eq!(
        workdir.lock("-r good.txt --format requirements").stdout(),
        "lib==1.0\n"
    );
    workdir.write("bad.txt", &format!("lib==1.0 --hash=sha256:{}\n", "0".repeat(64)));
    let refusal = workdir.lock("-r bad.txt").ends(1);
    assert!(refusal.contains("hash"), "{refusal}");
}

#[test]
fn an_environment_of_conda_names_its_python() {
    let workdir = workdir(Manners::default());
    workdir.write(
        "environment.yml",
        "name: demo\ndependencies:\n  - python=3.11\n  - pip:\n      - lib==1.0\n      - tool\n",
    );
    let expected = "lib==1.0\ntool==3.0\n";
    for words in [
        ["lock", "--environment", "environment.yml"],
        ["lock", "-r", "environment.yml"],
    ] {
        workdir
            .run_in(".", &words, &[("MACH_NIX_PYTHON", "3.11")])
            .ends(0);
        assert_eq!(workdir.lock_file().to_requirements(), expected);
    }
    let stderr = workdir.run_in(
        ".",
        &["lock", "--environment", "environment.yml"],
        &[("MACH_NIX_PYTHON", "3.12")],
    );
    assert!(
        stderr
            .ends(1)
            .contains("environment.yml, line 3, requires Python ==3.11.*"),
        "{}",
        stderr.stderr()
    );
    let named = workdir.run_without(&["lock", "--environment", "environment.yml"], "MACH_NIX_PYTHON");
    assert!(named.ends(0).contains("for Python 3.11"), "{}", named.stderr());
}

#[test]
fn credentials_of_an_index_are_not_written_down() {
    let workdir = workdir(Manners::default());
    let secret = workdir.index.url().replace("://", "://user:secret@");
    let ran = workdir.lock(&format!("app --index-url {secret} -o -"));
    ran.ends(0);
    assert!(ran.stdout().contains(&workdir.index.url()), "{}", ran.stdout());
    assert!(!ran.stdout().contains("secret"), "{}", ran.stdout());
}
