//! Texts of users, indexes and locks never become Nix code: real Nix evaluates what the command writes.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fs;
use std::path::Path;
use std::process::Command;

use mach_nix_hash::Sha256;
use mach_nix_tests::{
    Manners, Package, Scenario, Scripted, Workdir, hostpkgs, missing, nix_settings, ok, wheel,
};

/// Ends of strings, interpolations, escapes and comments of Nix, JSON and shells.
const HOSTILE: [&str; 14] = [
    "''",
    "'''",
    "''${abort \"x\"}",
    "${abort \"x\"}",
    "$${abort \"x\"}",
    "\\${abort \"x\"}",
    "''\\n",
    "\"; x = \"",
    "*/ # /*",
    "$(touch injected)",
    "`touch injected`",
    "; touch injected ;",
    "é\u{2028}\u{feff}",
    "../..",
];

fn package() -> Package {
    let world =
        "reason = 'x'\nask.requirements = []\nexpect.packages = []\n[[package]]\nrelease = 'app==1.0'\n";
    Scenario::read(world).unwrap().packages.remove(0)
}

/// What Nix makes of an expression, as JSON.
fn evaluated(folder: &Path, expression: &str) -> Result<serde_json::Value, String> {
    let output = Command::new("nix-instantiate")
        .args(["--eval", "--strict", "--json", "--expr", expression])
        .current_dir(folder)
        .env("NIX_PATH", format!("nixpkgs={}", hostpkgs().display()))
        .env("NIX_CONFIG", nix_settings())
        .output()
        .unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(serde_json::from_slice(&output.stdout).unwrap())
}

/// The lock in an expression of `mach-nix gen`, as Nix reads it.
fn of_expression(folder: &Path) -> serde_json::Value {
    let text = fs::read_to_string(folder.join("env.nix")).unwrap();
    let (_, lock) = text.split_once("  lock = builtins.fromJSON ''\n").unwrap();
    let (lock, _) = lock.split_once("'';\n").unwrap();
    evaluated(folder, &format!("builtins.fromJSON ''\n{lock}''")).unwrap()
}

#[test]
fn no_text_field_changes_the_meaning_of_an_expression() {
    let content = wheel::build(&package());
    let hash = Sha256::of(&content).to_hex();
    let index = Scripted::start(move |path| {
        if path.ends_with("/app/") {
            // Queries of addresses are kept as they are.
            let query = HOSTILE.join("&").replace(['#', '"', '<', '>', '\n'], "");
            let file = serde_json::json!({
                "filename": "app-1.0-py3-none-any.whl",
                "url": format!("/files/app-1.0-py3-none-any.whl?{query}"),
                "hashes": {"sha256": hash},
                "yanked": false,
                "requires-python": ">=3.8",
            });
            return ok(serde_json::json!({"name": "app", "files": [file]}).to_string());
        }
        if path.starts_with("/files/") {
            ok(content.clone())
        } else {
            missing()
        }
    });
    let workdir = Workdir::new(&[], Manners::default());
    let quoted = HOSTILE
        .iter()
        .filter(|text| !text.contains(['"', '\n', '#', ';', '\u{2028}']));
    let markers: Vec<String> = quoted
        .map(|text| format!("platform_version != \"{text}\""))
        .collect();
    let requirement = format!("app ; {}", markers.join(" and "));
    let folder = workdir.path("we''ird ${abort \"x\"} $(touch injected)");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("app-1.0-py3-none-any.whl"), wheel::build(&package())).unwrap();
    fs::write(folder.join("by-index.txt"), format!("{requirement}\n")).unwrap();
    fs::write(folder.join("by-path.txt"), "./app-1.0-py3-none-any.whl\n").unwrap();
    let folder_name = folder.file_name().unwrap().to_str().unwrap().to_owned();
    for input in ["by-index.txt", "by-path.txt"] {
        let from_above = format!("{folder_name}/{input}");
        let words = ["-r", &from_above, "--index-url", &index.url()];
        workdir
            .run(&[&["lock", "-o", "mach-nix.lock"], &words[..]].concat())
            .ends(0);
        workdir
            .run(&[&["gen", "-o", "env.nix"], &words[..]].concat())
            .ends(0);
        let lock: serde_json::Value = serde_json::from_str(&workdir.lock_text()).unwrap();
        assert_eq!(of_expression(workdir.folder.path()), lock, "{input}");
        // The library reads the same from the lock.
        let library = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .canonicalize()
            .unwrap();
        let read = format!(
            "let lib = (import <nixpkgs> {{ }}).lib; read = (import {}/nixlib/scope.nix {{ inherit lib; fail = throw; }}).readLock {{ }} \
             ./mach-nix.lock; in builtins.removeAttrs read [ \"file\" ] // {{ packages = map (p: removeAttrs p [ \"folder\" ]) \
             read.packages; }}",
            library.display()
        );
        assert_eq!(evaluated(workdir.folder.path(), &read).unwrap(), lock, "{input}");
    }
    assert!(!workdir.path("injected").exists() && !folder.join("injected").exists());
}

#[test]
fn a_field_of_a_lock_with_another_text_is_refused_by_the_command_and_by_nix() {
    let workdir = Workdir::new(&[package()], Manners::default());
    workdir.lock("app").ends(0);
    let lock: serde_json::Value = serde_json::from_str(&workdir.lock_text()).unwrap();
    let library = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap();
    let mut locks = Vec::new();
    for field in ["name", "version", "provider", "file", "url", "hash"] {
        for text in HOSTILE {
            // These are file names.
            if field == "file" && !text.contains('/') {
                continue;
            }
            let mut changed = lock.clone();
            changed["packages"][0][field] = text.into();
            fs::write(workdir.path("changed.lock"), changed.to_string()).unwrap();
            assert_eq!(
                workdir.run(&["tree", "changed.lock"]).code(),
                Some(2),
                "{field}: {text}"
            );
            let name = format!("{}.lock", locks.len());
            fs::write(workdir.path(&name), changed.to_string()).unwrap();
            locks.push(format!("./{name}"));
        }
    }
    let read = format!(
        "let lib = (import <nixpkgs> {{ }}).lib; read = (import {}/nixlib/scope.nix {{ inherit lib; fail = throw; }}).readLock {{ }}; in \
         map (lock: (builtins.tryEval (builtins.deepSeq (read lock) true)).success) [ {} ]",
        library.display(),
        locks.join(" ")
    );
    let accepted = evaluated(workdir.folder.path(), &read).unwrap();
    assert!(
        accepted
            .as_array()
            .unwrap()
            .iter()
            .all(|accepted| accepted == false),
        "{accepted}"
    );
}
