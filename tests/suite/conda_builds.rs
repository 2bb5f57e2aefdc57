//! Locks of conda packages that the solver makes, built by Nix and used: a channel that is compiled here, in the three forms of
//! repodata that py-rattler writes, over HTTP.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mach_nix_oracle::has;
use mach_nix_tests::{Manners, Ran, StaticServer, Workdir, hostpkgs, nix_settings};

const INDEX: &str = "import asyncio, os, pathlib, sys; from rattler.index import index_fs
asyncio.run(index_fs(pathlib.Path(sys.argv[1]), write_zst=True, write_shards=True))
os._exit(0)";

fn succeeds(command: &mut Command) {
    let ran = command.output().unwrap();
    assert!(
        ran.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
}

/// The files of a channel with compiled packages, by path.
fn channel(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("nix/conda/channel.py");
    succeeds(Command::new("python3").arg(script).arg(folder));
    let channel = folder.join("channel");
    succeeds(
        Command::new(env::var_os("MACH_NIX_TEST_PYTHON").unwrap())
            .args(["-c", INDEX])
            .arg(&channel),
    );
    let mut files = BTreeMap::new();
    let mut open = vec![channel.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(&channel).unwrap().to_str().unwrap();
                files.insert(format!("/test/{name}"), fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// The package set of the tests as a file for `--nixpkgs`: hostpkgs, or the tree that the tests are run with.
fn package_set(workdir: &Workdir) -> PathBuf {
    let Some(tree) = env::var_os("MACH_NIX_TEST_NIXPKGS") else {
        return hostpkgs();
    };
    let host = env::var_os("MACH_NIX_TEST_NIXPKGS_HOST").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("nixpkgs-host"),
        PathBuf::from,
    );
    let (host, tree) = (fs::canonicalize(host).unwrap(), fs::canonicalize(tree).unwrap());
    let file = workdir.path("pkgs.nix");
    let text = format!(
        "args: import {}/host-nixpkgs.nix {{ nixpkgs = {}; }}\n",
        host.display(),
        tree.display()
    );
    fs::write(&file, text).unwrap();
    file
}

/// Runs a command that builds, in the folder of the environment.
fn run(workdir: &Workdir, words: &[&str]) -> Ran {
    let (path, settings, pkgs) = (env::var("PATH").unwrap(), nix_settings(), package_set(workdir));
    let variables = [
        ("PATH", path.as_str()),
        ("NIX_CONFIG", settings.as_str()),
        ("MACH_NIX_NIXPKGS", pkgs.to_str().unwrap()),
        ("HOME", workdir.folder.path().to_str().unwrap()),
        ("PYTHONDONTWRITEBYTECODE", "1"),
    ];
    workdir.run_in(".", words, &variables)
}

#[test]
fn a_lock_is_the_same_from_every_form_of_repodata_and_its_environment_runs() {
    if !has("rattler") {
        eprintln!("skipped: the Python of the tests has no py-rattler");
        return;
    }
    let workdir = Workdir::new(&[], Manners::default());
    let files = channel(&workdir.path("built"));
    let is_shard = |path: &str| path.contains("shards") || path.ends_with(".msgpack.zst");
    let has_file = |form: &str, path: &str| match form {
        "shards" => !path.contains("/repodata.json"),
        "zst" => !is_shard(path) && !path.ends_with("/repodata.json"),
        _ => !is_shard(path) && !path.ends_with("/repodata.json.zst"),
    };
    workdir.write(
        "environment.yml",
        "channels: [test]\ndependencies:\n  - python=3.11\n  - greet\n  - extra\nvariables: {MODE: a b}\n",
    );
    let mut locks = Vec::new();
    let mut servers = Vec::new();
    for form in ["shards", "zst", "json"] {
        let files = files.iter().filter(|(path, _)| has_file(form, path));
        let files = files
            .map(|(path, content)| (path.clone(), content.clone()))
            .collect();
        let server = StaticServer::start(files, None);
        let option = format!("test={}/test", server.url());
        workdir.run(&["lock", "--conda-channel", &option]).ends(0);
        let text = workdir.lock_text();
        assert!(text.contains("foo-tool-2!1.0-0.tar.bz2"), "{form}: {text}");
        locks.push((form, text.replace(&server.url(), "SERVER")));
        fs::rename(workdir.path("mach-nix.lock"), workdir.path(form)).unwrap();
        servers.push(server);
    }
    for (form, text) in &locks[1..] {
        assert_eq!(*text, locks[0].1, "{form}");
    }

    fs::copy(workdir.path("json"), workdir.path("mach-nix.lock")).unwrap();
    for (words, expected) in [
        (&["run", "greet", "you"][..], "hello 7 you\n"),
        (&["run", "greet-old"], "hello 7\n"),
        (
            &[
                "run",
                "python",
                "-c",
                "import os, pyfoo; print(pyfoo.call()[0], os.environ['MODE'])",
            ],
            "7 a b\n",
        ),
        (&["run", "bare-program"], "bare /nix/store/"),
        // What is not a project is on the PATH, also where only another package needs it.
        (&["run", "foo-tool"], "42 /nix/store/"),
        (
            &["shell", "--", "sh", "-c", "foo-tool; echo $MODE"],
            "42 /nix/store/",
        ),
    ] {
        let ran = run(&workdir, words);
        let stderr = ran.ends(0);
        assert!(
            ran.stdout().starts_with(expected),
            "{words:?}: {}{stderr}",
            ran.stdout()
        );
    }
    assert_eq!(
        workdir.lock_text(),
        fs::read_to_string(workdir.path("json")).unwrap()
    );
}
