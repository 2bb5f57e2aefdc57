//! Projects whose environments are built: `init`, and then `add`, `build`, `run`, `shell` and `nix-build` over `hostpkgs`.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;
use std::process::{Command, Output};

use mach_nix_tests::{Manners, Scenario, Workdir, hostpkgs, nix_settings};

fn workdir() -> Workdir {
    let text = "reason = 'a project'\nask.requirements = []\nexpect.packages = []\n\
        [[package]]\nrelease = 'app==1.0'\nrequires = ['lib']\n\
        [[package]]\nrelease = 'lib==2.0'\n[[package]]\nrelease = 'tool==1.0'\n\
        [[package]]\nrelease = 'more==1.0'\n";
    Workdir::new(&Scenario::read(text).unwrap().packages, Manners::default())
}

/// A program in a folder, with Nix.
fn output(workdir: &Workdir, folder: &str, words: &[&str]) -> Output {
    let mut command = if words[0] == "mach-nix" {
        let mut command = workdir.command(&words[1..]);
        command
            .env_remove("MACH_NIX_PYTHON")
            .env_remove("MACH_NIX_SYSTEM");
        command
    } else {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]);
        command
    };
    command
        .current_dir(workdir.path(folder))
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", workdir.folder.path())
        .env("NIX_PATH", format!("nixpkgs={}", hostpkgs().display()))
        .env("NIX_CONFIG", nix_settings())
        .output()
        .unwrap()
}

/// The standard output of a program that succeeds.
#[track_caller]
fn ran(workdir: &Workdir, folder: &str, words: &[&str]) -> String {
    let output = output(workdir, folder, words);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

const VERSIONS: &str = "import app, lib; print(app.__version__, lib.__version__)";

#[test]
fn a_new_project_is_entered_and_built_by_the_command_and_by_nix() {
    let workdir = workdir();
    ran(&workdir, ".", &["mach-nix", "init", "Web App"]);
    let read = |name: &str| fs::read_to_string(workdir.path("Web App").join(name)).unwrap();
    assert!(read("pyproject.toml").contains("name = \"web-app\""));
    assert!(
        read("mach-nix.lock").contains("aarch64-darwin"),
        "the systems of the settings"
    );
    let web = |words: &[&str]| ran(&workdir, "Web App", words);
    web(&["nix-build", "--no-out-link"]);
    web(&["mach-nix", "add", "app"]);
    web(&["mach-nix", "add", "tool", "--group", "dev"]);
    assert_eq!(web(&["mach-nix", "run", "python", "-c", VERSIONS]), "1.0 2.0");
    let script = "import os, app, tool; print(os.environ['IN_NIX_SHELL'])";
    assert_eq!(
        web(&["mach-nix", "shell", "--", "python", "-c", script]),
        "impure"
    );
    let built = web(&["mach-nix", "build"]);
    assert_eq!(
        web(&["nix-build", "--no-out-link"]),
        built,
        "the same environment"
    );
    let json: serde_json::Value = serde_json::from_str(&web(&["mach-nix", "build", "--json"])).unwrap();
    assert_eq!(json, serde_json::json!({ "path": built }));
    let command = format!("python -c '{VERSIONS}'");
    assert_eq!(web(&["nix-shell", "--run", &command]), "1.0 2.0");

    // Nothing is overwritten.
    let before = read("pyproject.toml") + &read("mach-nix.lock");
    fs::remove_file(workdir.path("Web App/flake.nix")).unwrap();
    web(&["mach-nix", "init"]);
    assert_eq!(read("pyproject.toml") + &read("mach-nix.lock"), before);
    assert!(read("flake.nix").contains("devShells"));
}

#[test]
fn a_template_that_does_not_fit_the_folder_is_refused() {
    let workdir = workdir();
    let init = |words: &[&str]| {
        let words: Vec<&str> = ["mach-nix", "init"].iter().chain(words).copied().collect();
        let output = output(&workdir, ".", &words);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    workdir.write("requirements.txt", "lib\n");
    let (code, stderr) = init(&["--template", "pyproject"]);
    assert!(
        code == Some(2) && stderr.contains("leave out --template"),
        "{stderr}"
    );
    assert!(!workdir.path("default.nix").exists());
    let (code, stderr) = init(&[]);
    assert!(
        code == Some(0) && stderr.contains("requirements.txt: exists and stays"),
        "{stderr}"
    );
    assert!(
        !workdir.path("mach-nix.lock").exists(),
        "the requirements may need an index"
    );
    ran(&workdir, ".", &["mach-nix", "lock"]);
    let lib = "import lib; print(lib.__version__)";
    assert_eq!(
        ran(&workdir, ".", &["mach-nix", "run", "python", "-c", lib]),
        "2.0"
    );
    ran(&workdir, ".", &["nix-build", "--no-out-link"]);
    let (code, stderr) = init(&["requirements.txt"]);
    assert!(code == Some(2) && stderr.contains("not a folder"), "{stderr}");
}

/// A build backend without requirements: the wheel has the modules in `src`, and one program for each.
const BACKEND: &str = r#"
import pathlib, tomllib, zipfile

def get_requires_for_build_wheel(config_settings=None):
    return []

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    project = tomllib.loads(pathlib.Path("pyproject.toml").read_text())["project"]
    name, version = project["name"].replace("-", "_"), project["version"]
    needs = "".join(f"Requires-Dist: {line}\n" for line in project.get("dependencies", []))
    info = f"{name}-{version}.dist-info"
    files = {f"src/{name}.py": pathlib.Path(f"src/{name}.py").read_text()}
    members = {path.removeprefix("src/"): text for path, text in files.items()}
    members[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}"
    members[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    members[f"{info}/entry_points.txt"] = f"[console_scripts]\n{name} = {name}:main\n"
    members[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in members) + f"{info}/RECORD,,\n"
    wheel = f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(wheel_directory, wheel), "w") as archive:
        for path, text in members.items():
            archive.writestr(path, text)
    return wheel
"#;

/// Writes a package whose program prints its text, into a folder.
fn package(workdir: &Workdir, folder: &str, name: &str, rest: &str) {
    let folder = workdir.path(folder);
    fs::create_dir_all(folder.join("src")).unwrap();
    let manifest = format!(
        "[project]\nname = '{name}'\nversion = '1'\nscripts = {{ {name} = '{name}:main' }}\n{rest}\n\
         [build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n"
    );
    fs::write(folder.join("pyproject.toml"), manifest).unwrap();
    fs::write(folder.join("backend.py"), BACKEND).unwrap();
    fs::write(
        folder.join(format!("src/{name}.py")),
        format!("def main():\n    print('{name} one')\n"),
    )
    .unwrap();
}

#[test]
fn members_of_a_workspace_use_the_project_and_the_lock_of_its_root() {
    let workdir = workdir();
    package(&workdir, "libs/core", "core", "dependencies = ['lib']");
    let sources = "dependencies = ['core']\n[tool.uv.sources]\ncore = { workspace = true }";
    package(&workdir, "libs/web", "web", sources);
    fs::create_dir_all(workdir.path("libs/aside")).unwrap();
    workdir.write(
        "libs/aside/pyproject.toml",
        "[project]\nname = 'aside'\nversion = '1'\ndependencies = ['more']\n",
    );
    workdir.write(
        "pyproject.toml",
        "[project]\nname = 'root'\nversion = '1'\ndependencies = ['web']\n\
         [tool.uv.sources]\nweb = { workspace = true }\n\
         [tool.uv.workspace]\nmembers = ['libs/*']\nexclude = ['libs/aside']\n",
    );
    assert_eq!(
        ran(&workdir, "libs/core/src", &["mach-nix", "run", "web"]),
        "web one"
    );
    let names: Vec<String> = workdir
        .lock_file()
        .packages
        .iter()
        .map(|package| package.name.to_string())
        .collect();
    assert_eq!(names, ["core", "lib", "web"]);
    assert!(!workdir.path("libs/core/mach-nix.lock").exists());
    let why = ran(&workdir, "libs/web", &["mach-nix", "why", "lib"]);
    assert!(why.contains("core"), "{why}");
    // What is not a member is a project of its own.
    ran(&workdir, "libs/aside", &["mach-nix", "lock"]);
    assert!(workdir.path("libs/aside/mach-nix.lock").exists());
}

#[test]
fn a_folder_is_added_as_an_editable_project() {
    let workdir = workdir();
    package(&workdir, "libs/core", "core", "dependencies = ['lib']");
    let text = "[project]\nname = 'demo'\nversion = '1'\ndependencies = [\n    \"app\",\n]\n";
    workdir.write("pyproject.toml", text);
    ran(&workdir, "libs", &["mach-nix", "add", "--editable", "core"]);
    let read = |name: &str| fs::read_to_string(workdir.path(name)).unwrap();
    let source = "\n[tool.uv.sources]\ncore = { path = \"libs/core\", editable = true }\n";
    assert_eq!(
        read("pyproject.toml"),
        text.replace("\"app\",\n", "\"app\",\n    \"core\",\n") + source
    );
    assert!(read("mach-nix.lock").contains("\"path\": \"./libs/core\""));
    ran(&workdir, ".", &["mach-nix", "remove", "core"]);
    assert_eq!(read("pyproject.toml"), text);
    let failed = output(&workdir, ".", &["mach-nix", "add", "--editable", "libs"]);
    let stderr = String::from_utf8(failed.stderr).unwrap();
    assert!(
        failed.status.code() == Some(2) && stderr.contains("no pyproject.toml with `[project]`"),
        "{stderr}"
    );

    fs::remove_file(workdir.path("pyproject.toml")).unwrap();
    workdir.write("requirements.txt", "");
    ran(&workdir, ".", &["mach-nix", "add", "--editable", "./libs/core"]);
    assert_eq!(read("requirements.txt"), "-e ./libs/core\n");
}

#[test]
fn the_environment_for_tools_follows_the_sources_and_is_read_only() {
    let workdir = workdir();
    package(&workdir, "libs/core", "core", "");
    let rest = "dependencies = ['core', 'app']\n[tool.uv.sources]\ncore = { workspace = true }\n\
        [tool.uv.workspace]\nmembers = ['libs/*']\n[dependency-groups]\ndev = ['tool']\nextra = ['more']";
    package(&workdir, ".", "root", rest);
    let sync = |words: &[&str]| {
        let words: Vec<&str> = ["mach-nix", "sync"].iter().chain(words).copied().collect();
        ran(&workdir, "libs/core", &words)
    };
    assert_eq!(sync(&[]), "");
    let python = |text: &str| ran(&workdir, ".", &[".venv/bin/python", "-c", text]);
    let prefix =
        python("import sys, app, lib, tool; print(sys.prefix); print(sys.prefix != sys.base_prefix)");
    assert_eq!(prefix, format!("{}\nTrue", workdir.path(".venv").display()));
    assert_eq!(
        python("from importlib.metadata import version; print(version('root'), version('app'))"),
        "1 1.0"
    );
    let config = fs::read_to_string(workdir.path(".venv/pyvenv.cfg")).unwrap();
    assert!(config.contains("version_info = 3.11"), "{config}");
    assert!(workdir.path(".venv/lib/python3.11/EXTERNALLY-MANAGED").is_file());
    let link = fs::read_link(workdir.path(".venv")).unwrap();
    assert!(link.starts_with("/nix/store"));
    // The link is a root of the garbage collector.
    let roots = ran(
        &workdir,
        ".",
        &["nix-store", "--query", "--roots", link.to_str().unwrap()],
    );
    assert!(roots.contains(workdir.path(".venv").to_str().unwrap()), "{roots}");

    // A changed line counts at once, in the project and in a member, also for programs and entered environments.
    for (name, file) in [("root", "src/root.py"), ("core", "libs/core/src/core.py")] {
        let program = format!(".venv/bin/{name}");
        assert_eq!(ran(&workdir, ".", &[&program]), format!("{name} one"));
        workdir.write(file, &format!("def main():\n    print('{name} two')\n"));
        assert_eq!(ran(&workdir, ".", &[&program]), format!("{name} two"));
    }
    let words = ["mach-nix", "shell", "--editable", "--", "core"];
    assert_eq!(ran(&workdir, ".", &words), "core two");
    workdir.write("libs/core/src/core.py", "def main():\n    print('core three')\n");
    assert_eq!(
        ran(
            &workdir,
            ".",
            &["mach-nix", "run", "--editable=libs/core", "core"]
        ),
        "core three"
    );
    let entered = ran(
        &workdir,
        ".",
        &[
            "sh",
            "-c",
            ". .venv/bin/activate; core; python -c 'import app'; deactivate; echo $VIRTUAL_ENV",
        ],
    );
    assert_eq!(entered, "core three");
    let child = ["-m", "venv", "--system-site-packages", "--without-pip", "child"];
    ran(&workdir, ".", &[&[".venv/bin/python"], &child[..]].concat());
    assert_eq!(
        ran(
            &workdir,
            ".",
            &[
                "child/bin/python",
                "-c",
                "import sys, app, core; core.main(); assert 'pip-guard' not in str(sys.path)"
            ]
        ),
        "core three"
    );

    // pip says what to do instead.
    for words in [
        [".venv/bin/pip", "install", "more"].as_slice(),
        &[".venv/bin/python", "-m", "pip", "install", "more"],
    ] {
        let output = output(&workdir, ".", words);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(
            output.status.code() == Some(1) && stderr.contains("mach-nix add"),
            "{stderr}"
        );
    }
    sync(&["--group", "extra"]);
    python("import more");
    assert_ne!(fs::read_link(workdir.path(".venv")).unwrap(), link);

    // What something else made is not replaced.
    fs::remove_file(workdir.path(".venv")).unwrap();
    fs::create_dir(workdir.path(".venv")).unwrap();
    let refused = output(&workdir, ".", &["mach-nix", "sync"]);
    let stderr = String::from_utf8(refused.stderr).unwrap();
    assert!(
        refused.status.code() == Some(2) && stderr.contains("rm -r .venv"),
        "{stderr}"
    );
}

#[test]
fn the_doctor_sees_stale_locks_and_what_nixpkgs_has_in_the_same_version() {
    let version = Command::new("nix-instantiate")
        .args([
            "--eval",
            "--json",
            "-E",
            "(import <nixpkgs> { }).python3.pkgs.packaging.version",
        ])
        .env("NIX_PATH", format!("nixpkgs={}", hostpkgs().display()))
        .env("NIX_CONFIG", nix_settings())
        .output()
        .unwrap();
    let version: String = serde_json::from_slice(&version.stdout).unwrap();
    let text = format!(
        "reason = 'a doctor'\nask.requirements = []\nexpect.packages = []\n\
         [[package]]\nrelease = 'packaging=={version}'\n[[package]]\nrelease = 'lib==2.0'\n"
    );
    let workdir = Workdir::new(&Scenario::read(&text).unwrap().packages, Manners::default());
    workdir.write("requirements.txt", "packaging\nlib\n");
    ran(&workdir, ".", &["mach-nix", "lock"]);
    let lock = workdir.lock_text();
    let found = ran(&workdir, ".", &["mach-nix", "doctor"]);
    for part in [
        "ok lock     mach-nix.lock: 2 packages, as requirements.txt requires\n",
        "ok python   3.11 on x86_64-linux, which nixpkgs has\n",
        "1 of 2 packages from an index have the same version there: packaging\n",
        "mach-nix lock --providers 'nixpkgs|wheel,sdist'",
    ] {
        assert!(found.contains(part), "{found}");
    }
    assert_eq!(workdir.lock_text(), lock, "nothing is written");
    // The remedy works.
    ran(
        &workdir,
        ".",
        &["mach-nix", "lock", "--providers", "nixpkgs|wheel,sdist"],
    );
    assert!(workdir.lock_text().contains("\"provider\": \"nixpkgs\""));
    let found = ran(&workdir, ".", &["mach-nix", "doctor"]);
    assert!(
        found.contains("no package of 1 from an index has the same version"),
        "{found}"
    );
    workdir.write("requirements.txt", "lib\n");
    let stale = output(&workdir, ".", &["mach-nix", "doctor"]);
    let found = String::from_utf8(stale.stdout).unwrap();
    assert_eq!(stale.status.code(), Some(1));
    assert!(
        found.contains("!  lock     mach-nix.lock is stale: the requirements changed"),
        "{found}"
    );
}
