//! Sources that another tool's lock pins: commits, folders and projects in them.

use std::fs;
use std::path::Path;
use std::process::Command;

use mach_nix_hash::Sha256;
use mach_nix_lock::LockedSource;
use mach_nix_tests::wheel;

use super::{Workdir, named, serve, world};

/// A project that states everything but what its backend needs, which is nothing.
fn put_project(workdir: &Workdir, folder: &str, name: &str) {
    fs::create_dir_all(workdir.path(folder)).unwrap();
    let text = format!(
        "[project]\nname = \"{name}\"\nversion = \"1.0\"\ndependencies = [\"lib\"]\n\
         [build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n"
    );
    fs::write(workdir.path(folder).join("pyproject.toml"), text).unwrap();
    let backend = "def get_requires_for_build_wheel(config_settings=None):\n    return []\n";
    fs::write(workdir.path(folder).join("backend.py"), backend).unwrap();
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
fn commits_and_folders_of_a_lock_need_no_hash() {
    let workdir = Workdir::new();
    let packages = world("", "", "");
    let index = serve(&packages);
    let lib = &packages[1];
    let digest = Sha256::of(wheel::build(lib)).to_hex();
    let write = |name: &str, text: &str| fs::write(workdir.path(name), text).unwrap();
    put_project(&workdir, "tree", "tree");
    put_project(&workdir, "edit", "edit");
    put_project(&workdir, "repository/sub", "repo");
    let repository = workdir.path("repository");
    git(&repository, &["init", "--quiet"]);
    git(&repository, &["add", "."]);
    git(&repository, &["commit", "--quiet", "-m", "one"]);
    let rev = git(&repository, &["rev-parse", "HEAD"]);
    let shown = repository.display();
    let uv = format!(
        "version = 1\n{}\
         [[package]]\nname = \"tree\"\nversion = \"1.0\"\nsource = {{ directory = \"tree\" }}\n\
         [[package]]\nname = \"edit\"\nversion = \"1.0\"\nsource = {{ editable = \"edit\" }}\n\
         [[package]]\nname = \"repo\"\nversion = \"1.0\"\n\
         source = {{ git = \"file://{shown}?rev=main&subdirectory=sub#{rev}\" }}\n",
        "[[package]]\nname = \"lib\"\nversion = \"1.0\"\nsource = { registry = \"https://pypi.org/simple\" }\n\
         wheels = [{ url = \"https://files.test/lib-1.0-py3-none-any.whl\", hash = \"sha256:DIGEST\" }]\n"
            .replace("DIGEST", &digest)
    );
    let pylock = format!(
        "lock-version = \"1.0\"\n\
         [[packages]]\nname = \"tree\"\ndirectory = {{ path = \"tree\" }}\n\
         [[packages]]\nname = \"edit\"\ndirectory = {{ path = \"edit\", editable = true }}\n\
         [[packages]]\nname = \"repo\"\n\
         vcs = {{ type = \"git\", path = \"repository\", commit-id = \"{rev}\", subdirectory = \"sub\" }}\n\
         [[packages]]\nname = \"lib\"\nversion = \"1.0\"\nindex = \"https://pypi.org/simple\"\n\
         wheels = [{{ url = \"https://files.test/lib-1.0-py3-none-any.whl\", hashes = {{ sha256 = \"{digest}\" }} }}]\n"
    );
    let poetry = format!(
        "[[package]]\nname = \"lib\"\nversion = \"1.0\"\noptional = false\ngroups = [\"main\"]\n\
         files = [{{ file = \"lib-1.0-py3-none-any.whl\", hash = \"sha256:{digest}\" }}]\n\
         [[package]]\nname = \"tree\"\nversion = \"1.0\"\noptional = false\ngroups = [\"main\"]\nfiles = []\n\
         [package.source]\ntype = \"directory\"\nurl = \"tree\"\n\
         [[package]]\nname = \"edit\"\nversion = \"1.0\"\noptional = false\ngroups = [\"main\"]\nfiles = []\ndevelop = true\n\
         [package.source]\ntype = \"directory\"\nurl = \"edit\"\n\
         [[package]]\nname = \"repo\"\nversion = \"1.0\"\noptional = false\ngroups = [\"main\"]\nfiles = []\n\
         [package.source]\ntype = \"git\"\nurl = \"file://{shown}\"\nreference = \"main\"\n\
         resolved_reference = \"{rev}\"\nsubdirectory = \"sub\"\n\
         [metadata]\nlock-version = \"2.1\"\npython-versions = \">=3.8\"\n"
    );
    let pipfile = serde_json::json!({
        "_meta": { "pipfile-spec": 6 },
        "default": {
            "lib": { "version": "==1.0", "hashes": [format!("sha256:{digest}")] },
            "tree": { "path": "./tree" },
            "edit": { "path": "./edit", "editable": true },
            "repo": { "git": format!("file://{shown}"), "ref": rev, "subdirectory": "sub" },
        },
    })
    .to_string();
    for (name, text) in [
        ("uv.lock", uv),
        ("pylock.toml", pylock),
        ("poetry.lock", poetry),
        ("Pipfile.lock", pipfile),
    ] {
        write(name, &text);
        workdir.lock(&index, &format!("-r {name}")).ends(0);
        let lock = workdir.lock_file();
        let of = |name: &str| named(&lock.packages, name);
        assert!(
            matches!(&of("tree").source, LockedSource::Path { path, file: None } if path == "./tree"),
            "{name}"
        );
        assert!(
            matches!(&of("repo").source, LockedSource::Git { git, .. } if git.rev == rev && git.subdirectory.as_deref() == Some("sub")),
            "{name}"
        );
        assert_eq!(lock.packages.len(), 4, "{name}");
    }
    // In a requirements file, a hash is a promise for everything, as for pip; a lock next to it keeps its own rules.
    write("r.txt", &format!("lib==1.0 --hash=sha256:{digest}\n"));
    workdir.lock(&index, "-r r.txt -r uv.lock").ends(0);
    let refusal = workdir.lock(
        &index,
        &format!("-r r.txt git+file://{shown}@{rev}#subdirectory=sub"),
    );
    assert!(refusal.ends(2).contains("hashes are checked, and this has none"));
}
