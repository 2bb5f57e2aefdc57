//! Whether the entries of a lock are valid: locks may be written by other tools, by hand and by attackers.
//!
//! `nixlib/lock/valid.json` has the rules, for this reader and for `nixlib/lock/valid.nix`, which is like it line by line;
//! `valid.cases.json` next to it has the test cases of both.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex_lite::Regex;
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
struct Rules {
    kinds: BTreeMap<String, Kind>,
    package: BTreeMap<String, String>,
    git: BTreeMap<String, String>,
    #[serde(rename = "crate")]
    of_crate: BTreeMap<String, String>,
    sources: Vec<Source>,
}

#[derive(Deserialize)]
struct Kind {
    #[serde(deserialize_with = "whole")]
    pattern: Regex,
    what: String,
}

#[derive(Deserialize)]
struct Source {
    field: String,
    prefix: Option<String>,
    #[serde(default)]
    kinds: BTreeMap<String, String>,
    required: Vec<String>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../nixlib/lock/valid.json")).expect("a file that tests read")
});

/// A pattern for whole values.
fn whole<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Regex, D::Error> {
    let text = String::deserialize(deserializer)?;
    Regex::new(&format!("^(?:{text})$")).map_err(serde::de::Error::custom)
}

/// The first problem of a lock whose fields have the right types.
pub fn problem(lock: &Value) -> Option<String> {
    let lines = lock["request"]["requirements"].as_array().into_iter().flatten();
    let named = lines.filter_map(|line| named_path(line.as_str()?)).collect();
    let checks = Checks { named };
    let mut packages = lock["packages"].as_array().into_iter().flatten();
    packages
        .find_map(|package| checks.of_package(package))
        .or_else(|| checks.of_build(&lock["project"]["build"]))
}

/// The path in `NAME @ PATH#FRAGMENT ; MARKER`.
fn named_path(line: &str) -> Option<&str> {
    let (_, reference) = line.split_once(" @ ")?;
    let end = reference.find(['#', ';']).unwrap_or(reference.len());
    Some(reference[..end].trim_end_matches(' '))
}

struct Checks<'a> {
    /// The paths that requirements name.
    named: BTreeSet<&'a str>,
}

impl Checks<'_> {
    fn of_package(&self, package: &Value) -> Option<String> {
        let Some(fields) = package.as_object() else {
            return Some("a package must be an object".to_owned());
        };
        let place = format!("package `{}`", package["name"].as_str().unwrap_or_default());
        let source = source_of(fields);
        let mut kinds = RULES.package.clone();
        kinds.extend(source.into_iter().flat_map(|source| source.kinds.clone()));
        of_fields(&kinds, &place, fields)
            .or_else(|| lacking(&place, source?, fields))
            .or_else(|| of_git(&place, fields.get("git")?))
            .or_else(|| self.unnamed(&place, fields))
            .or_else(|| match fields.get("build")? {
                Value::String(_) if kinds.contains_key("build") => None,
                Value::Object(_) => self.of_build(&package["build"]),
                other => Some(format!(
                    "`build` of {place} must be an object, but is {}",
                    shown(other)
                )),
            })
    }

    /// A folder outside of that of the lock is copied into the store only where a requirement names it.
    fn unnamed(&self, place: &str, fields: &Map<String, Value>) -> Option<String> {
        let path = fields.get("path")?.as_str()?;
        let is_outside = path.starts_with("..") || path.starts_with('/');
        let is_harmless = fields.contains_key("hash") || !is_outside || self.named.contains(path);
        (!is_harmless)
            .then(|| format!("`path` of {place} leads to `{path}`, which no requirement of the lock names"))
    }

    /// The entries and crates of a build environment.
    fn of_build(&self, build: &Value) -> Option<String> {
        let list = |field: &str| build.get(field).and_then(Value::as_array).into_iter().flatten();
        list("packages")
            .find_map(|package| self.of_package(package))
            .or_else(|| list("cargo").find_map(of_crate))
    }
}

/// The first problem of the fields of an object.
fn of_fields(kinds: &BTreeMap<String, String>, place: &str, fields: &Map<String, Value>) -> Option<String> {
    kinds.iter().find_map(|(field, kind)| {
        let (value, kind) = (fields.get(field)?, RULES.kinds.get(kind)?);
        let is_valid = value.as_str().is_some_and(|text| kind.pattern.is_match(text));
        (!is_valid).then(|| {
            format!(
                "`{field}` of {place} must be {}, but is {}",
                kind.what,
                shown(value)
            )
        })
    })
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{}`", text.chars().take(60).collect::<String>()),
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "a boolean".to_owned(),
        Value::Number(_) => "a number".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// The first source whose condition holds.
fn source_of(fields: &Map<String, Value>) -> Option<&'static Source> {
    let provider = fields.get("provider").and_then(Value::as_str).unwrap_or_default();
    let holds = |source: &&Source| {
        let has_prefix = |prefix: &String| provider.starts_with(prefix.as_str());
        fields.contains_key(&source.field) && source.prefix.as_ref().is_none_or(has_prefix)
    };
    RULES.sources.iter().find(holds)
}

fn lacking(place: &str, source: &Source, fields: &Map<String, Value>) -> Option<String> {
    let missing = source
        .required
        .iter()
        .find(|field| !fields.contains_key(*field))?;
    Some(format!("{place} has no `{missing}`"))
}

fn of_git(place: &str, git: &Value) -> Option<String> {
    match git.as_object() {
        None => Some(format!(
            "`git` of {place} must be an object, but is {}",
            shown(git)
        )),
        Some(git) if !(git.contains_key("url") && git.contains_key("rev")) => {
            Some(format!("`git` of {place} must have `url` and `rev`"))
        }
        Some(git) => of_fields(&RULES.git, place, git),
    }
}

/// A crate is named in another program's lock.
fn of_crate(one: &Value) -> Option<String> {
    let place = format!("crate `{}`", one["name"].as_str().unwrap_or_default());
    of_fields(&RULES.of_crate, &place, one.as_object()?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::Lock;

    /// `nixlib/lock/valid.test.nix` has the same cases.
    #[test]
    fn the_same_locks_are_valid_for_nix() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../nixlib/lock/valid.cases.json");
        let golden: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for case in golden["cases"].as_array().unwrap() {
            let mut package = golden[case["of"].as_str().unwrap()].clone();
            let fields = package.as_object_mut().unwrap();
            for (field, value) in case["with"].as_object().into_iter().flatten() {
                fields.insert(field.clone(), value.clone());
            }
            fields.remove(case["without"].as_str().unwrap_or_default());
            let mut tool = golden["folder"].clone();
            tool["name"] = json!("tool");
            tool["build"] = json!({ "requires": [], "packages": [package] });
            let lock = |packages: &serde_json::Value, project: Option<&serde_json::Value>| {
                let mut lock = golden["lock"].clone();
                lock["packages"] = packages.clone();
                if let Some(build) = project {
                    lock["project"] = json!({ "build": build });
                }
                Lock::from_json(&lock.to_string())
            };
            for read in [
                lock(&json!([package]), None),
                lock(&json!([tool]), None),
                lock(&json!([]), Some(&tool["build"])),
            ] {
                assert_eq!(json!(read.is_ok()), case["valid"], "{case}: {read:?}");
            }
        }
    }
}
