//! The project around the current folder: commands without inputs find its manifest, settings and lock, and edit them.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;

use mach_nix_tests::{Manners, Scenario, Workdir};

const PROJECT: &str = r#"# ours
[project]
name = "demo"
version = "1"
dependencies = [
    "app>=1",   # the program
    "lib",
]

[project.optional-dependencies]
fast = ["speed"]

[dependency-groups]
dev = ["tool"]
docs = ["lib", "pages"]
"#;

fn workdir() -> Workdir {
    let text = "reason = 'a project'\nask.requirements = []\nexpect.packages = []\n\
        [[package]]\nrelease = 'app==1.0'\n[[package]]\nrelease = 'app==1.1'\n\
        [[package]]\nrelease = 'lib==2.0'\n[[package]]\nrelease = 'lib==2.1'\n[[package]]\nrelease = 'more==1.0'\n\
        [[package]]\nrelease = 'speed==1.0'\n[[package]]\nrelease = 'tool==1.0'\n[[package]]\nrelease = 'pages==1.0'\n";
    Workdir::new(&Scenario::read(text).unwrap().packages, Manners::default())
}

fn names(workdir: &Workdir) -> Vec<String> {
    let packages = workdir.lock_file().packages;
    packages.iter().map(|package| package.name.to_string()).collect()
}

#[test]
fn a_bare_lock_has_all_groups_and_extras_from_every_folder() {
    let workdir = workdir();
    workdir.write("pyproject.toml", PROJECT);
    workdir.run(&["lock"]).ends(0);
    assert_eq!(names(&workdir), ["app", "lib", "pages", "speed", "tool"]);
    let lock = workdir.lock_text();
    fs::create_dir_all(workdir.path("src/deep")).unwrap();
    workdir.run_in("src/deep", &["lock"], &[]).ends(0);
    assert_eq!(workdir.lock_text(), lock);
    assert!(!workdir.path("src/deep/mach-nix.lock").exists());
    for (words, part) in [(["tree"].as_slice(), "app 1.1"), (&["why", "tool"], "tool")] {
        let ran = workdir.run_in("src/deep", words, &[]);
        ran.ends(0);
        assert!(ran.stdout().contains(part), "{}", ran.stdout());
    }
    workdir.run_in("src", &["lock", "--check"], &[]).ends(0);
    workdir.write(
        "pyproject.toml",
        &PROJECT.replace("\"lib\",\n]", "\"lib\",\n    \"more\",\n]"),
    );
    workdir.run_in("src", &["lock", "--check"], &[]).ends(1);
}

#[test]
fn several_manifests_are_a_question() {
    let workdir = workdir();
    workdir.write("pyproject.toml", PROJECT);
    workdir.write("requirements.txt", "lib\n");
    let stderr = workdir.run(&["lock"]).ends(2);
    assert!(
        stderr.contains("`pyproject.toml` and `requirements.txt`"),
        "{stderr}"
    );
    workdir.write("mach-nix.toml", "manifest = \"requirements.txt\"\n");
    workdir.run(&["lock"]).ends(0);
    assert_eq!(names(&workdir), ["lib"]);
    // Tables of tools only are not a project.
    fs::remove_file(workdir.path("mach-nix.toml")).unwrap();
    workdir.write("pyproject.toml", "[tool.black]\nline-length = 100\n");
    workdir.run(&["lock"]).ends(0);
    assert_eq!(names(&workdir), ["lib"]);
}

#[test]
fn requirements_are_added_and_removed_in_place() {
    let workdir = workdir();
    workdir.write("pyproject.toml", PROJECT);
    workdir.run(&["lock"]).ends(0);
    let stderr = workdir.run(&["add", "more>=1"]).ends(0);
    assert!(stderr.contains("\n+ more 1.0\n"), "{stderr}");
    let text = || fs::read_to_string(workdir.path("pyproject.toml")).unwrap();
    let with_more = PROJECT.replace("    \"lib\",\n]", "    \"lib\",\n    \"more>=1\",\n]");
    assert_eq!(text(), with_more);
    workdir.run(&["add", "--group", "dev", "pages"]).ends(0);
    let with_pages = with_more.replace("dev = [\"tool\"]", "dev = [\"tool\", \"pages\"]");
    assert_eq!(text(), with_pages);
    let stderr = workdir.run(&["remove", "more"]).ends(0);
    assert!(stderr.contains("\n- more 1.0\n"), "{stderr}");
    assert_eq!(
        text(),
        PROJECT.replace("dev = [\"tool\"]", "dev = [\"tool\", \"pages\"]")
    );

    // A failure changes nothing.
    let (manifest, lock) = (text(), workdir.lock_text());
    for (words, code) in [
        (["add", "unknown-thing"].as_slice(), 1),
        (&["add", "more=>1"], 2),
        (&["remove", "unknown-thing"], 2),
        (&["add"], 2),
    ] {
        workdir.run(words).ends(code);
        assert_eq!(
            (text(), workdir.lock_text()),
            (manifest.clone(), lock.clone()),
            "{words:?}"
        );
    }
}

#[test]
fn a_requirements_file_is_edited_line_by_line() {
    let workdir = workdir();
    let text = "# top\nlib  # why\n\napp>=1 ; python_version > '3.8'\n";
    workdir.write("requirements.txt", text);
    workdir.run(&["add", "more"]).ends(0);
    let edited = || fs::read_to_string(workdir.path("requirements.txt")).unwrap();
    assert_eq!(edited(), format!("{text}more\n"));
    workdir.run(&["remove", "lib"]).ends(0);
    assert_eq!(edited(), format!("{text}more\n").replace("lib  # why\n", ""));
    assert_eq!(names(&workdir), ["app", "more"]);
}

#[test]
fn an_update_names_what_changed() {
    let workdir = workdir();
    workdir.write("requirements.txt", "app==1.0\nlib==2.0\n");
    workdir.run(&["lock"]).ends(0);
    workdir.write("requirements.txt", "app\nlib\n");
    workdir.run(&["lock"]).ends(0);
    let stderr = workdir.run(&["update", "lib"]).ends(0);
    assert!(
        stderr.contains("\n~ lib 2.0 → 2.1\n") && !stderr.contains("~ app"),
        "{stderr}"
    );
    let stderr = workdir.run(&["update", "libb"]).ends(2);
    assert!(stderr.contains("did you mean `lib`?"), "{stderr}");
    let stderr = workdir.run(&["update"]).ends(0);
    assert!(stderr.contains("\n~ app 1.0 → 1.1\n"), "{stderr}");
}

#[test]
fn settings_are_read_and_unknown_ones_refused() {
    let workdir = workdir();
    let settings = "[tool.mach-nix]\nsystems = [\"x86_64-linux\", \"aarch64-darwin\"]\npython = [\"3.12\"]\n";
    workdir.write("pyproject.toml", &format!("{PROJECT}\n{settings}"));
    workdir
        .command(&["lock"])
        .env_remove("MACH_NIX_PYTHON")
        .env_remove("MACH_NIX_SYSTEM")
        .status()
        .unwrap();
    let targets = workdir.lock_file().targets;
    let shown: Vec<String> = targets
        .iter()
        .map(|target| format!("{} {}", target.python, target.system))
        .collect();
    assert_eq!(shown, ["3.12 x86_64-linux", "3.12 aarch64-darwin"]);
    for (setting, place, nearest) in [
        ("system = []", "line 18, column", "did you mean `systems`?"),
        (
            "exclude_newer = '2026-01-01'",
            "line 18, column",
            "did you mean `exclude-newer`?",
        ),
    ] {
        workdir.write(
            "pyproject.toml",
            &format!("{PROJECT}\n[tool.mach-nix]\n{setting}\n"),
        );
        let stderr = workdir.run(&["lock"]).ends(2);
        assert!(stderr.contains(place) && stderr.contains(nearest), "{stderr}");
    }
}

#[test]
fn outdated_packages_have_a_compatible_and_a_newest_version() {
    let workdir = workdir();
    workdir.write("requirements.txt", "app==1.0\nlib==2.0\nmore\n");
    workdir.run(&["lock"]).ends(0);
    workdir.write("requirements.txt", "app==1.0\nlib\nmore\n");
    let (lock, manifest) = (workdir.lock_text(), "app==1.0\nlib\nmore\n");
    fs::create_dir(workdir.path("sub")).unwrap();
    let ran = workdir.run_in("sub", &["outdated", "--json"], &[]);
    assert_eq!(ran.ends(0), "");
    let found: serde_json::Value = serde_json::from_str(&ran.stdout()).unwrap();
    let package = |name, current, compatible, newest| serde_json::json!({ "name": name, "current": current, "compatible": compatible, "newest": newest });
    assert_eq!(
        found,
        serde_json::json!({ "packages": [package("app", "1.0", "1.0", "1.1"), package("lib", "2.0", "2.1", "2.1")] })
    );
    let ran = workdir.run(&["outdated"]);
    ran.ends(0);
    assert_eq!(
        ran.stdout(),
        "Package  Current  Compatible  Newest\napp      1.0      1.0         1.1\nlib      2.0      2.1         2.1\n"
    );
    let text = fs::read_to_string(workdir.path("requirements.txt")).unwrap();
    assert_eq!(
        (workdir.lock_text(), text.as_str()),
        (lock, manifest),
        "nothing is written"
    );
    workdir.run(&["update"]).ends(0);
    let ran = workdir.run(&["outdated", "--json"]);
    ran.ends(0);
    assert!(
        ran.stdout().contains("app") && !ran.stdout().contains("lib"),
        "{}",
        ran.stdout()
    );
    workdir.run(&["outdated", "app"]).ends(2);
    fs::remove_file(workdir.path("mach-nix.lock")).unwrap();
    assert!(workdir.run(&["outdated"]).ends(2).contains("there is no lock"));
}

#[test]
fn json_is_one_object_and_nothing_else() {
    let workdir = workdir();
    workdir.write("requirements.txt", "app==1.0\nlib==2.0\n");
    let object = |words: &[&str], code| {
        let ran = workdir.run(words);
        ran.ends(code);
        serde_json::from_str::<serde_json::Value>(&ran.stdout())
            .unwrap_or_else(|_| panic!("{words:?}: {}", ran.stdout()))
    };
    let locked = object(&["lock", "--json"], 0);
    assert_eq!(locked["path"], "mach-nix.lock");
    assert_eq!(
        locked["added"][1],
        serde_json::json!({ "name": "lib", "version": "2.0" })
    );
    assert_eq!(object(&["lock", "--check", "--json"], 0)["fresh"], true);
    workdir.write("requirements.txt", "app==1.1\nmore\n");
    assert_eq!(object(&["lock", "--check", "--json"], 1)["fresh"], false);
    let locked = object(&["lock", "--json"], 0);
    assert_eq!(
        locked["updated"],
        serde_json::json!([{ "name": "app", "from": "1.0", "to": "1.1" }])
    );
    assert_eq!(
        locked["removed"],
        serde_json::json!([{ "name": "lib", "version": "2.0" }])
    );
    assert_eq!(locked["packages"].as_array().unwrap().len(), 2);
    assert_eq!(object(&["add", "lib", "--json"], 0)["added"][0]["name"], "lib");
    assert!(object(&["tree", "--json"], 0).is_object());
    assert!(object(&["why", "lib", "--json"], 0).is_object());
    assert!(
        workdir
            .run(&["lock", "--json", "-o", "-"])
            .ends(2)
            .contains("--json")
    );
}

#[test]
fn targets_of_the_lock_stay_while_requirements_change() {
    let workdir = workdir();
    workdir.write("requirements.txt", "app\n");
    let run = |words: &[&str]| {
        let mut command = workdir.command(words);
        command
            .env_remove("MACH_NIX_PYTHON")
            .env_remove("MACH_NIX_SYSTEM");
        assert!(command.status().unwrap().success(), "{words:?}");
    };
    run(&[
        "lock",
        "--python",
        "3.12",
        "--system",
        "x86_64-linux",
        "--system",
        "aarch64-darwin",
    ]);
    let targets = workdir.lock_file().targets;
    for words in [["add", "lib"].as_slice(), &["remove", "lib"], &["update"]] {
        run(words);
        assert_eq!(workdir.lock_file().targets, targets, "{words:?}");
    }
}

#[test]
fn a_lock_is_an_input_as_it_is() {
    let workdir = workdir();
    workdir.write("requirements.txt", "app==1.0\nlib\n");
    workdir.run(&["lock"]).ends(0);
    let text = workdir.lock_text();
    fs::remove_file(workdir.path("requirements.txt")).unwrap();
    workdir
        .run(&["lock", "-r", "mach-nix.lock", "-o", "sub/other.lock", "--offline"])
        .ends(0);
    assert_eq!(fs::read_to_string(workdir.path("sub/other.lock")).unwrap(), text);
    let ran = workdir.run(&["lock", "-r", "sub/other.lock", "--format", "requirements"]);
    ran.ends(0);
    assert_eq!(ran.stdout(), "app==1.0\nlib==2.1\n");
    workdir.run(&["env", "env", "-r", "mach-nix.lock"]).ends(0);
    assert_eq!(
        fs::read_to_string(workdir.path("env/mach-nix.lock")).unwrap(),
        text
    );
    workdir
        .run(&["gen", "-r", "mach-nix.lock", "-o", "env.nix"])
        .ends(0);
    workdir
        .run(&["gen", "-r", "mach-nix.lock", "-o", "env.nix", "--check"])
        .ends(0);
    for words in [
        ["lock", "-r", "mach-nix.lock"].as_slice(),
        &["lock", "-r", "mach-nix.lock", "more", "-o", "x.lock"],
        &["lock", "-r", "mach-nix.lock", "-o", "x.lock", "--upgrade"],
    ] {
        let stderr = workdir.run(words).ends(2);
        assert!(stderr.contains("mach-nix.lock is a lock"), "{stderr}");
    }
}
