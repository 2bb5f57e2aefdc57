//! The output of `mach-nix gen`: a fixed expression, the lock as data, and the library.
//!
//! No text of a user or an index becomes Nix code. The lock is JSON in a string. The library is the same in every
//! expression written by a version of mach-nix; its files only refer to each other by strings instead of paths, because
//! they do not exist as files (docs/decisions/0034).

use std::collections::BTreeMap;

use mach_nix_lock::Lock;
use mach_nix_nix::LIBRARY;

/// The comment at the start of the file.
const HEAD: &str = include_str!("expression/head.txt");

/// The function of the lock and the files of the library.
const EXPRESSION: &str = include_str!("expression/expression.nix");

/// The function from the library as data to its files.
const LINKED: &str = include_str!("expression/linked.nix");

/// The comment at the start of a file with the library alone.
const LIBRARY_HEAD: &str = include_str!("expression/library-head.txt");

const BEFORE_LOCK: &str = "  lock = builtins.fromJSON ''\n";
const AFTER_LOCK: &str = "'';\n";

/// Parts that are not needed with a lock: queries of the command to Nix, and the snapshot.
const OMITTED: [&str; 4] = [
    "command/",
    "snapshot/",
    "build/metadata.nix",
    "build/ask_backend.py",
];

/// The expression for a lock.
pub fn expression(lock: &Lock) -> String {
    let lock = as_nix_string(&lock.to_json());
    let library = library();
    format!(
        "{HEAD}(\n{EXPRESSION}) {{\n  folder = ./.;\n  name = baseNameOf (__curPos.file or \"env.nix\");\n\
         {BEFORE_LOCK}{lock}{AFTER_LOCK}  files = (\n{LINKED}  ) {{\n{library}  }};\n}}\n"
    )
}

/// The library alone, as a file that gives what `import mach-nix` gives.
pub fn library_alone() -> String {
    let library = library();
    format!(
        "{LIBRARY_HEAD}{{\n  pkgs ? import <nixpkgs> {{ }},\n  ...\n}}@arguments:\n((\n{LINKED}) {{\n{library}\
         }}).\"default.nix\"\n  ({{ inherit pkgs; }} // arguments)\n"
    )
}

/// The lock in an expression, as JSON.
pub fn lock_in(expression: &str) -> Option<&str> {
    let (_, lock) = expression.split_once(BEFORE_LOCK)?;
    Some(lock.split_once(AFTER_LOCK)?.0)
}

/// Escapes JSON for an indented string of Nix: character sequences that would end the string, or start an
/// interpolation, occur only in strings of the JSON, where they are escaped.
fn as_nix_string(json: &str) -> String {
    json.replace("''", r"\u0027\u0027").replace("${", r"\u0024{")
}

fn library() -> String {
    let files: BTreeMap<&str, &str> = LIBRARY
        .iter()
        .filter(|(name, _)| is_for_locks(name))
        .filter_map(|(name, content)| Some((*name, str::from_utf8(content).ok()?)))
        .collect();
    let mut library = String::new();
    for (name, text) in &files {
        library += &if name.ends_with(".nix") {
            format!(
                "    \"{name}\" = {{ import, builtins }}:\n{}    ;\n",
                linked(name, text, &files)
            )
        } else {
            let text = text.replace("''", "'''").replace("${", "''${");
            format!("    \"{name}\" = ''\n{text}'';\n")
        };
    }
    library
}

fn is_for_locks(name: &str) -> bool {
    let is_text = [".nix", ".py", ".sh"].iter().any(|end| name.ends_with(end));
    let is_data = name == "lock/valid.json";
    (is_text || is_data) && !OMITTED.iter().any(|omitted| name.starts_with(omitted))
}

/// A file of the library with its relative paths to others replaced by their names as strings.
fn linked(name: &str, text: &str, files: &BTreeMap<&str, &str>) -> String {
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut linked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_of_path) {
        let (before, from_here) = rest.split_at(start);
        let (word, after) = from_here.split_at(from_here.find(|c| !is_of_path(c)).unwrap_or(from_here.len()));
        linked += before;
        match target(folder, word, files) {
            Some(name) => linked.extend(["\"", name, "\""]),
            None => linked += word,
        }
        rest = after;
    }
    linked + rest
}

fn is_of_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || "./_-".contains(c)
}

/// The file that a path in a folder's file refers to; a folder refers to its `default.nix`.
fn target<'f>(folder: &str, path: &str, files: &BTreeMap<&'f str, &str>) -> Option<&'f str> {
    if !path.starts_with("./") && !path.starts_with("../") {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    let name = parts.join("/");
    let default = parts
        .iter()
        .copied()
        .chain(["default.nix"])
        .collect::<Vec<_>>()
        .join("/");
    [name, default]
        .iter()
        .find_map(|name| files.get_key_value(name.as_str()).map(|(name, _)| *name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_to_files_of_the_library_are_their_names() {
        let files = [
            "default.nix",
            "build/entry.nix",
            "lock/read.nix",
            "fixes/default.nix",
        ]
        .map(|name| (name, ""))
        .into();
        let text =
            "import ../lock/read.nix { x = ./entry.nix; } (import ../.) ../fixes # ./none.nix, ./entry.nixos";
        assert_eq!(
            linked("build/x.nix", text, &files),
            "import \"lock/read.nix\" { x = \"build/entry.nix\"; } (import \"default.nix\") \"fixes/default.nix\" # \
             ./none.nix, ./entry.nixos"
        );
    }

    /// Such a path is copied to the store during evaluation, when the file does not exist.
    #[test]
    fn no_file_of_the_library_puts_the_path_of_another_into_a_string() {
        for (name, content) in LIBRARY.iter().filter(|(name, _)| is_for_locks(name)) {
            let text = str::from_utf8(content).unwrap();
            let holds = |path| name.ends_with(".nix") && text.contains(path);
            assert!(
                !holds("${./") && !holds("${../"),
                "{name}: read the file, for builtins.toFile"
            );
        }
    }

    #[test]
    fn a_lock_is_read_back() {
        let text = r#"{
            "version": 1,
            "request": {
                "requirements": ["app ; platform_version != '' and platform_release != '${x}'"],
                "digest": "sha256-/iVH/iYEtEXnD8nYGQYpYFUvkUW9sEO1GYbkeKSAais=",
                "providers": { "_default": "wheel" },
                "indexes": [],
                "prerelease": "if-necessary-or-explicit"
            },
            "targets": [{ "python": "3.11", "system": "x86_64-linux" }],
            "packages": []
        }"#;
        let lock = Lock::from_json(text).unwrap();
        let expression = expression(&lock);
        assert_eq!(Lock::from_json(lock_in(&expression).unwrap()).unwrap(), lock);
    }

    #[test]
    fn no_text_of_a_lock_ends_its_string_or_is_evaluated() {
        let json = r#"{"marker": "extra == '' or '''' != '${builtins.abort ''x''}' $${x} \\''"}"#;
        let escaped = as_nix_string(json);
        assert!(!escaped.contains("''") && !escaped.contains("${"));
        let value = |text| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&escaped), value(json));
    }
}
