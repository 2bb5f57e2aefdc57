//! Every remedy that is printed works: the refusal of each scenario is provoked with the command, its suggestions are
//! read from standard error, and each is followed and the command run again.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;

use mach_nix_engine::{InventoryEntry, InventoryFile};
use mach_nix_model::{PackageName, Requirement};
use mach_nix_tests::{Ask, IndexServer, Manners, Package, Ran, Scenario, Workdir, hostpkgs, nix_settings};

/// The effect of following a remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// The requirements are met.
    Met,
    /// Another refusal, because more than one thing is wrong.
    AnotherRefusal,
}

/// A request after a remedy was followed.
struct Followed {
    ask: Ask,
    effect: Effect,
    index: Option<IndexServer>,
}

#[test]
fn the_suggestions_of_every_refusal_work() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/scenarios");
    let (mut refusals, mut followed) = (0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let scenario = Scenario::read(&fs::read_to_string(&path).unwrap()).unwrap();
        if scenario.expect.refusal.is_none() {
            continue;
        }
        if scenario.snapshot {
            followed += remedies_of_a_snapshot(&scenario);
            refusals += 1;
            continue;
        }
        let world = World::new(&scenario);
        let refusal = world.run(&scenario.ask, None);
        assert_eq!(
            refusal.code(),
            Some(1),
            "{}: {}",
            path.display(),
            refusal.stderr()
        );
        refusals += 1;
        let stderr = refusal.stderr();
        for remedy in suggestions(&stderr) {
            for attempt in follow(remedy, &stderr, &scenario.ask) {
                let ran = world.run(&attempt.ask, attempt.index.as_ref());
                let shown = format!(
                    "{}\n{stderr}\nfollowed: {remedy}\nas: {:?}\nwhich gave: {}",
                    path.display(),
                    attempt.ask,
                    ran.stderr()
                );
                match attempt.effect {
                    Effect::Met => assert_eq!(ran.code(), Some(0), "{shown}"),
                    Effect::AnotherRefusal => {
                        assert!(ran.code() == Some(0) || ran.stderr() != stderr, "{shown}");
                    }
                }
                followed += 1;
            }
        }
    }
    assert!(
        refusals > 40 && followed > 50,
        "{refusals} refusals, {followed} remedies"
    );
}

/// Follows the remedies of a scenario over a snapshot, and gives their number. The snapshot is built first, of an index that
/// has all of the scenario and what the user asks for.
fn remedies_of_a_snapshot(scenario: &Scenario) -> usize {
    let asked: Vec<Requirement> = scenario
        .ask
        .requirements
        .iter()
        .map(|requirement| requirement.parse().unwrap())
        .collect();
    let mut all = scenario.clone();
    let missing = |name: &PackageName| {
        !scenario
            .packages
            .iter()
            .any(|package| package.name_and_version().0 == name.as_ref())
    };
    let mut text = "[[package]]\nrelease = 'filler==1.0'\n".to_owned();
    for requirement in asked.iter().filter(|requirement| missing(&requirement.name)) {
        text += &format!("[[package]]\nrelease = '{}==1.0'\n", requirement.name);
    }
    let head = "reason = ''\nask.requirements = []\nexpect.packages = []\n";
    all.packages
        .extend(Scenario::read(&format!("{head}{text}")).unwrap().packages);
    all.snapshot = false;

    let world = World::new(&all);
    let mut build = vec!["index", "build", "-o", "world.snapshot", "filler"];
    build.extend(
        scenario
            .packages
            .iter()
            .map(|package| package.name_and_version().0),
    );
    world.workdir.run(&build).ends(0);
    let snapshot = ["--pypi-data", "world.snapshot"];
    let refusal = world.run_with(&scenario.ask, None, &snapshot);
    let stderr = refusal.stderr();
    assert!(matches!(refusal.code(), Some(1 | 2)), "{stderr}");

    let without = world.run(&scenario.ask, None);
    if stderr.contains("lock from the index itself, without a snapshot") {
        without.ends(0);
        let commands = commands(&stderr);
        assert_eq!(commands.len(), 1, "{stderr}");
        assert_eq!(in_shell(&world.workdir, commands[0]), Some(0), "{stderr}");
        world.run_with(&scenario.ask, None, &snapshot).ends(0);
        return 2;
    }
    let remedies = suggestions(&stderr);
    assert!(!remedies.is_empty(), "{stderr}");
    for remedy in &remedies {
        if remedy.starts_with("resolve from the index itself, without `--pypi-data`") {
            without.ends(0);
            continue;
        }
        for attempt in follow(remedy, &stderr, &scenario.ask) {
            world
                .run_with(&attempt.ask, attempt.index.as_ref(), &snapshot)
                .ends(0);
        }
    }
    remedies.len()
}

/// A scenario as files and an index, for the command.
struct World {
    workdir: Workdir,
}

impl World {
    fn new(scenario: &Scenario) -> Self {
        let packages: Vec<Package> = scenario.packages.iter().map(with_source).collect();
        let workdir = Workdir::new(&packages, Manners::default());
        workdir.write("nixpkgs.json", &inventory(scenario).to_json());
        Self { workdir }
    }

    fn run(&self, ask: &Ask, extra: Option<&IndexServer>) -> Ran {
        self.run_with(ask, extra, &[])
    }

    /// Runs the command with further options.
    fn run_with(&self, ask: &Ask, extra: Option<&IndexServer>, further: &[&str]) -> Ran {
        self.workdir
            .write("constraints.txt", &(ask.constraints.join("\n") + "\n"));
        let mut words = vec!["lock".to_owned(), "-o".to_owned(), "-".to_owned()];
        words.extend(ask.requirements.clone());
        let mut option = |name: &str, value: &str| words.push(format!("--{name}={value}"));
        if !ask.constraints.is_empty() {
            option("constraint", "constraints.txt");
        }
        option("python", &ask.python);
        option("system", &ask.system);
        option("providers", &ask.providers);
        option("nixpkgs-inventory", "nixpkgs.json");
        for provider in &ask.provider {
            option("provider", provider);
        }
        if let Some(prerelease) = &ask.prerelease {
            option("prerelease", prerelease);
        }
        if let Some(limit) = &ask.exclude_newer {
            option("exclude-newer", limit);
        }
        if let Some(index) = extra {
            option("extra-index-url", &index.url());
        }
        let words: Vec<&str> = words
            .iter()
            .map(String::as_str)
            .chain(further.iter().copied())
            .collect();
        let (path, settings, hostpkgs) = (env::var("PATH").unwrap(), nix_settings(), hostpkgs());
        let nix = [
            ("PATH", path.as_str()),
            ("NIX_CONFIG", &settings),
            ("MACH_NIX_NIXPKGS", hostpkgs.to_str().unwrap()),
        ];
        self.workdir.run_in(".", &words, &nix)
    }
}

/// A backend that needs nothing to build with.
const BACKEND: &str = r#"
import os, shutil
def get_requires_for_build_wheel(config_settings=None):
    return []
def prepare_metadata_for_build_wheel(folder, config_settings=None):
    info = os.path.join(folder, "built.dist-info")
    os.mkdir(info)
    shutil.copy("PKG-INFO", os.path.join(info, "METADATA"))
    return "built.dist-info"
"#;

/// A package whose source can be built without an index, or, where the scenario says so, cannot be built: with crates
/// that nothing pins.
fn with_source(package: &Package) -> Package {
    let mut package = package.clone();
    let requires = if package.sdist_defect.is_some() {
        "'maturin'"
    } else {
        ""
    };
    let pyproject =
        format!("[build-system]\nrequires = [{requires}]\nbuild-backend = 'backend'\nbackend-path = ['.']\n");
    let files = [("pyproject.toml", pyproject.as_str()), ("backend.py", BACKEND)];
    package.source = files
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .into();
    package
}

fn inventory(scenario: &Scenario) -> InventoryFile {
    let entry = |attribute: &mach_nix_tests::Attribute| {
        let (name, version) = attribute.name_and_version();
        let mut entry = InventoryEntry {
            attribute: name.into(),
            called: None,
            version: Some(version.into()),
            requires: Vec::new(),
            extras: attribute
                .extras
                .iter()
                .map(|extra| (extra.clone(), Vec::new()))
                .collect(),
            defect: attribute.defect.clone(),
        };
        for line in &attribute.requires {
            match line.split_once("; extra == '") {
                Some((what, extra)) => {
                    let extra = extra.trim_end_matches('\'').to_owned();
                    entry
                        .extras
                        .entry(extra)
                        .or_default()
                        .push(what.trim().to_owned());
                }
                None => entry.requires.push(line.clone()),
            }
        }
        (name.parse::<PackageName>().unwrap(), entry)
    };
    let packages: BTreeMap<_, _> = scenario.nixpkgs.iter().map(entry).collect();
    let pythons = (8..16).map(|minor| (format!("python3{minor}"), packages.clone()));
    InventoryFile {
        pythons: pythons.collect(),
    }
}

/// The suggestions of a refusal.
fn suggestions(stderr: &str) -> Vec<&str> {
    let Some((_, help)) = stderr.split_once("\nhelp: ") else {
        return Vec::new();
    };
    match help.trim_end().split_once(":\n") {
        Some((_, list)) => list.lines().map(|line| line.trim_start_matches("  - ")).collect(),
        None => vec![help.trim_end()],
    }
}

/// The requests that come of following a suggestion, each of which has to work. A suggestion of an unknown kind fails the
/// test: teach it the new kind.
fn follow(remedy: &str, stderr: &str, ask: &Ask) -> Vec<Followed> {
    let followed = |ask: Ask| Followed {
        ask,
        effect: Effect::Met,
        index: None,
    };
    if let Some(list) = remedy.strip_prefix("first, loosen or drop one of: ") {
        let (list, _) = list.rsplit_once("; then the other contradictions").unwrap();
        let one = dropped(list, ask).into_iter().map(|ask| Followed {
            effect: Effect::AnotherRefusal,
            ..followed(ask)
        });
        return one.collect();
    }
    if let Some(list) = remedy
        .strip_prefix("loosen or drop one of: ")
        .or_else(|| remedy.strip_prefix("change or drop "))
    {
        return dropped(list, ask).into_iter().map(followed).collect();
    }
    if let Some(change) = remedy.strip_prefix("change ") {
        let Some((what, version)) = change.split_once(" so that it allows ") else {
            assert_eq!(ask.requirements.len(), 1, "{remedy}");
            return Vec::new();
        };
        let version = version
            .split_once(", which is compatible with the rest")
            .unwrap()
            .0;
        return vec![followed(changed(what, ask, |requirement| {
            Some(format!(
                "{}=={version}",
                requirement.split(['<', '>', '=', '!', '~']).next().unwrap()
            ))
        }))];
    }
    let quoted: Vec<&str> = remedy.split('`').skip(1).step_by(2).collect();
    assert_eq!(quoted.len(), 1, "a suggestion of a new kind: {remedy}");
    let quoted = quoted[0];
    if remedy.starts_with("did you mean") {
        let unknown = stderr.split('`').nth(1).unwrap();
        let mut ask = ask.clone();
        for requirement in &mut ask.requirements {
            *requirement = requirement.replace(unknown, quoted);
        }
        return vec![followed(ask)];
    }
    if quoted == "--extra-index-url URL" {
        let unknown = stderr.split('`').nth(1).unwrap();
        let private = format!("[[package]]\nrelease = '{unknown}==99.0'\n");
        let head = "reason = 'a private index'\nask.requirements = []\nexpect.packages = []\n";
        let packages = Scenario::read(&format!("{head}{private}")).unwrap().packages;
        return vec![Followed {
            index: Some(IndexServer::start(&packages, Manners::default())),
            ..followed(ask.clone())
        }];
    }
    let mut ask = ask.clone();
    if let Some(option) = quoted.strip_prefix("--") {
        let (name, value) = option.split_once(' ').unwrap();
        let value = value.to_owned();
        match name {
            "python" => ask.python = value,
            "system" => ask.system = value,
            "provider" => ask.provider.push(value),
            "prerelease" => ask.prerelease = Some(value),
            "exclude-newer" => ask.exclude_newer = Some(value),
            other => panic!("a new option: --{other}"),
        }
    } else {
        let name = quoted.parse::<Requirement>().unwrap().name;
        ask.requirements
            .retain(|known| known.parse::<Requirement>().unwrap().name != name);
        ask.requirements.push(quoted.to_owned());
    }
    vec![followed(ask)]
}

/// The request without each of some requirements, which are written with their places.
fn dropped(list: &str, ask: &Ask) -> Vec<Ask> {
    list.split("; ")
        .map(|what| changed(what, ask, |_| None))
        .collect()
}

/// The request with one of the requirements or constraints changed.
fn changed(what: &str, ask: &Ask, change: impl Fn(&str) -> Option<String>) -> Ask {
    let (text, workdir) = what.rsplit_once(" (").unwrap();
    let mut ask = ask.clone();
    let list = if workdir.starts_with("the command line") {
        &mut ask.requirements
    } else {
        assert!(workdir.starts_with("constraints.txt, line "), "{what}");
        &mut ask.constraints
    };
    let text = text.trim_start_matches("the constraint ");
    let same = |known: &String| {
        let bare = known.split(';').next().unwrap().trim();
        bare.parse::<Requirement>().unwrap().to_string() == text
    };
    let at = list
        .iter()
        .position(same)
        .unwrap_or_else(|| panic!("there is no {what}"));
    match change(&list[at]) {
        Some(new) => list[at] = new,
        None => drop(list.remove(at)),
    }
    ask
}

/// The commands that a message names in backticks.
fn commands(stderr: &str) -> Vec<&str> {
    let quoted = stderr.split('`').skip(1).step_by(2);
    quoted.filter(|text| text.starts_with("mach-nix ")).collect()
}

/// Runs a command as a shell would, and gives its exit code.
fn in_shell(workdir: &Workdir, command: &str) -> Option<i32> {
    let bin = mach_nix_tests::program();
    let script = format!("{} {}", bin.display(), command.trim_start_matches("mach-nix "));
    let prepared = workdir.command(&[]);
    let mut shell = std::process::Command::new("sh");
    shell
        .args(["-c", &script])
        .current_dir(&workdir.folder)
        .env_clear();
    for (name, value) in prepared.get_envs() {
        shell.env(name, value.unwrap());
    }
    shell
        .env("PATH", env::var_os("PATH").unwrap())
        .output()
        .unwrap()
        .status
        .code()
}

#[test]
fn commands_in_messages_work_as_they_are_printed() {
    let world = "reason = ''\nask.requirements = []\nexpect.packages = []\n[[package]]\nrelease = 'flask==3.0'\n\
                 [[package]]\nrelease = 'httpie==3.2'\n";
    let packages = Scenario::read(world).unwrap().packages;
    for (words, code) in [
        // A check repeats its inputs.
        (vec!["lock", "-r", "my requirements.txt", "--check"], 1),
        (vec!["lock", "flask>=2", "-o", "other.lock", "--check"], 1),
        (
            vec!["gen", "-r", "my requirements.txt", "-o", "env.nix", "--check"],
            1,
        ),
        (
            vec![
                "lock",
                "flask",
                "--format",
                "requirements",
                "-o",
                "pins.txt",
                "--check",
            ],
            1,
        ),
        (vec!["lock"], 2),
    ] {
        let workdir = Workdir::new(&packages, Manners::default());
        workdir.write("my requirements.txt", "flask\n");
        let ran = workdir.run(&words);
        let stderr = ran.ends(code);
        let found = commands(&stderr);
        assert!(!found.is_empty(), "{stderr}");
        for command in found {
            assert_eq!(in_shell(&workdir, command), Some(0), "{stderr}: {command}");
        }
        if words.contains(&"--check") {
            workdir.run(&words).ends(0);
        }
    }
}

#[test]
fn a_nixpkgs_that_cannot_be_used_says_why() {
    let workdir = Workdir::new(&[], Manners::default());
    fs::create_dir(workdir.path("empty")).unwrap();
    workdir.write("wrong.nix", "{ a = ; }\n");
    let path = env::var("PATH").unwrap();
    let settings = nix_settings();
    let run = |arguments: &[&str], nix_path: &str| {
        let mut words = vec!["lock", "six", "--providers", "nixpkgs"];
        words.extend(arguments);
        let variables = [
            ("PATH", path.as_str()),
            ("NIX_CONFIG", &settings),
            ("NIX_PATH", nix_path),
        ];
        let ran = workdir.run_in(".", &words, &variables);
        assert_eq!(ran.code(), Some(3), "{arguments:?} {nix_path}: {}", ran.stderr());
        ran.stderr()
    };
    for (name, cause) in [
        (
            "nowhere",
            "the nixpkgs `nowhere` cannot be used: there is no file or folder `nowhere`",
        ),
        ("empty", "has no default.nix, so it is not a nixpkgs"),
        ("wrong.nix", "syntax error"),
        (
            "<unstable>",
            "the nixpkgs `<unstable>` cannot be used: NIX_PATH has no entry `unstable`",
        ),
    ] {
        let stderr = run(&["--nixpkgs", name], "");
        assert!(
            stderr.contains(cause) && !stderr.contains("cannot be run"),
            "{name}: {stderr}"
        );
    }
    let stderr = run(&[], "nixpkgs=/nowhere-at-all");
    assert!(stderr.contains("/nowhere-at-all"), "{stderr}");
    let empty = format!("nixpkgs={}", workdir.path("empty").display());
    let stderr = run(&[], &empty);
    assert!(
        stderr.contains("has no default.nix, so it is not a nixpkgs"),
        "{stderr}"
    );
}
