//! The picture in `docs/architecture.md` is made from `cargo metadata`, the layers are what the code does, and there are no
//! cycles: among crates, among the modules of a crate, among the files of the Nix library.
//!
//! `MACH_NIX_ACCEPT=1 cargo test -p mach-nix-tests --test architecture` regenerates the picture.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

#[path = "architecture/cycles.rs"]
mod cycles;
#[path = "architecture/modules.rs"]
mod modules;
#[path = "architecture/nix_files.rs"]
mod nix_files;
#[path = "architecture/options.rs"]
mod options;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
    manifest_path: String,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

/// A crate of the workspace: its sources, its layer, as its first lines say, and the crates of the workspace that it uses.
struct Crate {
    source: PathBuf,
    layer: u32,
    uses: Vec<String>,
}

/// The crates of the workspace.
fn members() -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Metadata = serde_json::from_slice(&output.stdout).unwrap();
    metadata.packages
}

fn crates() -> BTreeMap<String, Crate> {
    let ours = members()
        .into_iter()
        .filter(|package| !["mach-nix-tests", "mach-nix-oracle"].contains(&package.name.as_str()));
    ours.map(|package| {
        let source = Path::new(&package.manifest_path).with_file_name("src");
        let uses = package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind.is_none());
        let uses = uses.filter(|dependency| dependency.name.starts_with("mach-nix-"));
        let uses = uses.map(|dependency| short(&dependency.name)).collect();
        (
            short(&package.name),
            Crate {
                layer: layer(&source),
                source,
                uses,
            },
        )
    })
    .collect()
}

/// Dependencies that a plugin inside another process must not have: HTTP clients, asynchronous runtimes, parsers of
/// command lines.
const NOT_IN_THE_PLUGIN: [&str; 14] = [
    "async-std",
    "clap",
    "clap_builder",
    "curl",
    "futures-executor",
    "hyper",
    "isahc",
    "lexopt",
    "mach-nix-fetch",
    "reqwest",
    "rustls",
    "smol",
    "tokio",
    "ureq",
];

/// `Cargo.lock`
#[derive(Deserialize)]
struct LockFile {
    package: Vec<LockedCrate>,
}

#[derive(Deserialize)]
struct LockedCrate {
    name: String,
    /// `NAME`, or `NAME VERSION` where there are several versions.
    #[serde(default)]
    dependencies: Vec<String>,
}

/// Every crate that a build of `root` can link, on any system and with any feature. `Cargo.lock` has them all, so none
/// has to be downloaded; of the workspace's own crates it also lists what only their tests need, which is ignored.
fn linked(root: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    let lock: LockFile = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in lock.package {
        let names = package
            .dependencies
            .iter()
            .filter_map(|text| text.split(' ').next());
        uses.entry(package.name)
            .or_default()
            .extend(names.map(str::to_owned));
    }
    for package in members() {
        let normal = package.dependencies.into_iter().filter(|one| one.kind.is_none());
        uses.insert(package.name, normal.map(|one| one.name).collect());
    }
    let (mut found, mut open) = (BTreeSet::new(), vec![root.to_owned()]);
    while let Some(name) = open.pop() {
        if found.insert(name.clone()) {
            open.extend(uses[&name].iter().cloned());
        }
    }
    found
}

#[test]
fn the_plugin_links_no_network_and_no_command_line() {
    let plugin = linked("mach-nix-plugin");
    assert!(plugin.contains("mach-nix-engine"), "{plugin:?}");
    let command = linked("mach-nix");
    for unwanted in NOT_IN_THE_PLUGIN {
        assert!(!plugin.contains(unwanted), "the plugin links {unwanted}");
    }
    // The same question has another answer where they are linked.
    for wanted in ["clap", "mach-nix-fetch", "reqwest", "tokio"] {
        assert!(command.contains(wanted), "{wanted} is linked under another name");
    }
}

fn short(name: &str) -> String {
    match name {
        "mach-nix" => "cli".to_owned(),
        _ => name.trim_start_matches("mach-nix-").to_owned(),
    }
}

/// The number in `(layer N)`, in the crate's own description of itself.
fn layer(source: &Path) -> u32 {
    let root = ["lib.rs", "main.rs"]
        .map(|file| source.join(file))
        .into_iter()
        .find(|path| path.exists())
        .unwrap();
    let text = fs::read_to_string(&root).unwrap();
    let layer = text
        .split_once("(layer ")
        .and_then(|(_, rest)| rest.split_once(')'))
        .map(|(number, _)| number);
    layer
        .unwrap_or_else(|| panic!("{} does not say its layer", root.display()))
        .parse()
        .unwrap()
}

#[test]
fn arrows_point_strictly_downward() {
    let crates = crates();
    for (name, Crate { layer, uses, .. }) in &crates {
        for used in uses {
            assert!(
                crates[used].layer < *layer,
                "{name} (layer {layer}) uses {used} (layer {})",
                crates[used].layer
            );
        }
    }
}

#[test]
fn modules_of_a_crate_have_no_cycles() {
    for (name, one) in crates() {
        let found = cycles::cycles(&modules::graph(&one.source));
        assert!(
            found.is_empty(),
            "the modules of {name} have cycles:\n\n{}",
            found.join("\n\n")
        );
    }
}

/// Maximum number of lines of a file that is not a test.
const MAX_LINES: usize = 400;

#[test]
fn no_file_is_too_long_to_read_at_once() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut pending = vec![root.join("crates"), root.join("nixlib"), root.join("hostpkgs")];
    let mut found = Vec::new();
    while let Some(path) = pending.pop() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "tests" {
                pending.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            }
        } else if [".rs", ".nix", ".py", ".sh"]
            .iter()
            .any(|ending| name.ends_with(ending))
            && name != "tests.rs"
            && !name.contains(".test.")
        {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            found.push((lines, path));
        }
    }
    assert!(found.len() > 300, "{}", found.len());
    found.retain(|(lines, _)| *lines > MAX_LINES);
    assert!(found.is_empty(), "more than {MAX_LINES} lines: {found:?}");
}

/// Files below `cli` that may name options, because these are not options of the command `mach-nix`: crate, file, options
/// (`*`: all).
const OPTIONS_OF_OTHERS: [(&str, &str, &[&str]); 24] = [
    // git
    ("fetch", "source/git.rs", &["*"]),
    ("fetch", "source/git_program.rs", &["*"]),
    ("fetch", "source/git_reached.rs", &["*"]),
    // keyring
    ("fetch", "keyring.rs", &["--mode"]),
    ("nix", "identity.rs", &["--no-optional-locks", "--porcelain"]),
    // Nix
    ("nix", "fetched_set.rs", &["*"]),
    ("nix", "nix.rs", &["*"]),
    ("nix", "package_set.rs", &["--find-file"]),
    // uv, which exports its own lock
    ("manifest", "checks.rs", &["--format"]),
    ("manifest", "foreign/uv.rs", &["--format"]),
    ("manifest", "foreign/uv/source.rs", &["--format"]),
    // The syntax of requirements files
    ("manifest", "line_options.rs", &["*"]),
    ("manifest", "lines.rs", &["--constraint", "--requirement"]),
    ("manifest", "formats.rs", &["--no-binary", "--only-binary"]),
    ("manifest", "checks.rs", &["--hash"]),
    ("manifest", "foreign/fields.rs", &["--hash"]),
    ("model", "allowed.rs", &["--hash"]),
    ("model", "index_error.rs", &["--hash"]),
    ("lock", "export/requirements.rs", &["--hash"]),
    ("resolve", "explain/remedies.rs", &["--hash"]),
    ("engine", "query.rs", &["--find-links"]),
    ("engine", "sources.rs", &["--find-links", "--no-index"]),
    ("engine", "query.rs", &["--find-links"]),
    ("engine", "nix_surface.rs", &["--extra-index-url", "--pre"]),
];

#[test]
fn only_the_command_names_its_options() {
    let mut unused = BTreeSet::from(OPTIONS_OF_OTHERS);
    let mut wrong = String::new();
    for (name, one) in crates() {
        if name == "cli" {
            continue;
        }
        for named in options::named(&one.source) {
            let allows = |(of, file, options): &&(&str, &str, &[&str])| {
                *of == name
                    && named.file == *file
                    && options.iter().any(|option| ["*", &named.option].contains(option))
            };
            match OPTIONS_OF_OTHERS.iter().find(allows) {
                Some(allowed) => drop(unused.remove(allowed)),
                None => writeln!(wrong, "crates/{name}/src/{}: {}", named.file, named.option).unwrap(),
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "only `cli` names options; a message is rendered for a surface (mach_nix_model::Surface):\n{wrong}"
    );
    assert!(unused.is_empty(), "no longer necessary: {unused:?}");
}

/// Whether the Nix library may still have cycles.
const NIX_LIBRARY_MAY_HAVE_CYCLES: bool = false;

#[test]
fn files_of_the_nix_library_have_no_cycles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../nixlib");
    let graph = nix_files::graph(&root);
    assert!(
        graph["mkPython.nix"].contains("overlay/resolved.nix"),
        "{graph:?}"
    );
    let found = cycles::cycles(&graph);
    assert_eq!(
        NIX_LIBRARY_MAY_HAVE_CYCLES,
        !found.is_empty(),
        "cycles in nixlib:\n\n{}",
        found.join("\n\n")
    );
}

#[test]
fn the_picture_is_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/architecture.md");
    let text = fs::read_to_string(&path).unwrap();
    let (begin, end) = ("<!-- made by tests/suite/architecture.rs -->\n", "<!-- end -->\n");
    let (before, rest) = text.split_once(begin).unwrap();
    let (found, after) = rest.split_once(end).unwrap();
    let picture = picture(&crates());
    if std::env::var_os("MACH_NIX_ACCEPT").is_some() {
        fs::write(&path, format!("{before}{begin}{picture}{end}{after}")).unwrap();
    } else {
        assert_eq!(
            found, picture,
            "docs/architecture.md shows another picture; MACH_NIX_ACCEPT=1 writes it anew"
        );
    }
}

/// A Mermaid graph, one row a layer. An arrow that a path of other arrows implies is left out.
fn picture(crates: &BTreeMap<String, Crate>) -> String {
    let mut picture = "```mermaid\ngraph TD\n".to_owned();
    let top = crates.values().map(|one| one.layer).max().unwrap();
    for layer in (0..=top).rev() {
        writeln!(picture, "  subgraph layer{layer} [layer {layer}]").unwrap();
        for name in crates
            .iter()
            .filter(|(_, one)| one.layer == layer)
            .map(|(name, _)| name)
        {
            writeln!(picture, "    {name}").unwrap();
        }
        writeln!(picture, "  end").unwrap();
    }
    for (name, one) in crates {
        for used in &one.uses {
            let implied = one
                .uses
                .iter()
                .any(|other| other != used && reaches(crates, other, used));
            if !implied {
                writeln!(picture, "  {name} --> {used}").unwrap();
            }
        }
    }
    picture + "```\n"
}

fn reaches(crates: &BTreeMap<String, Crate>, from: &str, to: &str) -> bool {
    crates[from]
        .uses
        .iter()
        .any(|used| used == to || reaches(crates, used, to))
}

#[test]
fn the_list_of_decisions_has_each_of_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/decisions");
    let list = fs::read_to_string(folder.join("README.md")).unwrap();
    let files = fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().file_name());
    let files = files.map(|name| name.into_string().unwrap());
    let files: BTreeSet<String> = files.filter(|name| name != "README.md").collect();
    let links = list.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    let links: BTreeSet<String> = links.map(|(link, _)| link.to_owned()).collect();
    assert_eq!(links, files);
}
