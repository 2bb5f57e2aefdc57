//! Documents and comments: the paths that they name exist, and they keep to the words of `docs/style.md`.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

/// The files of the repository, as paths below it; those that git ignores are not among them.
fn files() -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(top())
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let there = |path: &&str| top().join(path).is_file();
    listed.lines().filter(there).map(str::to_owned).collect()
}

/// The prose of a file with the numbers of its lines: all of a document, the comments of code.
fn prose(path: &str) -> Vec<(usize, String)> {
    let extension = Path::new(path)
        .extension()
        .map(|extension| extension.to_string_lossy().into_owned());
    let mark = match extension.as_deref() {
        Some("md") => "",
        Some("rs") => "//",
        Some("sh" | "py" | "nix" | "toml") => "#",
        _ if ["dev", ".ci/run"].contains(&path) => "#",
        _ => return Vec::new(),
    };
    let text = fs::read_to_string(top().join(path)).unwrap();
    let numbered = text
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line.to_owned()));
    numbered
        .filter(|(_, line)| line.trim_start().starts_with(mark))
        .collect()
}

/// Folders whose files are named by their path from the top.
const FOLDERS: [&str; 9] = [
    "benches/",
    "crates/",
    "docs/",
    "examples/",
    "fixtures/",
    "hostpkgs/",
    "hostpkgs/",
    "nixlib/",
    "tests/",
];

/// The paths that a line names.
fn named(line: &str) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_./-".contains(c);
    let mut found = Vec::new();
    for folder in FOLDERS {
        for (at, _) in line.match_indices(folder) {
            if line[..at].ends_with(is_part) {
                continue;
            }
            let rest = &line[at..];
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            // A pattern is not a path.
            if !rest[end..].starts_with(['*', '{', '$', '<', '…', '@']) {
                found.push(rest[..end].trim_end_matches(['.', '/', '-']).to_owned());
            }
        }
    }
    found
}

/// Whether it exists: from the top, or from a folder around the file that names it. A decision can be named by its number.
fn exists(named: &str, from: &str) -> bool {
    let is_decision = named.starts_with("docs/decisions/0") && !named.ends_with(".md");
    let around = Path::new(from)
        .ancestors()
        .skip(1)
        .map(|folder| top().join(folder));
    if is_decision {
        let folder = fs::read_dir(top().join("docs/decisions")).unwrap();
        let number = named.trim_start_matches("docs/decisions/");
        return folder
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .any(|name| name.starts_with(number));
    }
    around.into_iter().any(|folder| folder.join(named).exists())
}

#[test]
fn paths_in_comments_and_documents_exist() {
    let mut wrong = Vec::new();
    for path in files() {
        for (number, line) in prose(&path) {
            let missing = named(&line).into_iter().filter(|named| !exists(named, &path));
            wrong.extend(missing.map(|named| format!("{path}:{number}: {named}")));
        }
    }
    assert!(wrong.is_empty(), "there are no such files:\n{}", wrong.join("\n"));
}

#[test]
fn links_of_documents_exist() {
    let mut wrong = Vec::new();
    for path in files().into_iter().filter(|path| path.ends_with(".md")) {
        for (number, line) in prose(&path) {
            let links = line.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
            for (link, _) in links {
                let file = link.split('#').next().unwrap();
                let elsewhere = file.is_empty() || link.contains(':');
                let folder = top().join(&path);
                if !elsewhere && !folder.parent().unwrap().join(file).exists() {
                    wrong.push(format!("{path}:{number}: {link}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "links to nothing:\n{}", wrong.join("\n"));
}

/// A document that comments refer to by its name in capitals, such as `README.md`; names in small letters can be those of other
/// projects.
#[test]
fn documents_that_are_named_exist() {
    let all: BTreeSet<String> = files().into_iter().collect();
    let base = |path: &String| path.rsplit('/').next().unwrap().to_owned();
    let is_capital = |word: &&str| {
        let name = word.strip_suffix(".md").unwrap_or_default();
        !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase())
    };
    let documents: BTreeSet<String> = all
        .iter()
        .filter(|path| path.ends_with(".md"))
        .map(base)
        .collect();
    let mut wrong = Vec::new();
    for path in all
        .iter()
        .filter(|path| path.starts_with("crates/") || path.starts_with("tests/"))
    {
        for (number, line) in prose(path) {
            let words = line.split(|c: char| !(c.is_ascii_alphanumeric() || "_.-".contains(c)));
            let named = words.filter(|word| is_capital(word));
            let missing = named.filter(|name| !documents.contains(*name));
            wrong.extend(missing.map(|name| format!("{path}:{number}: {name}")));
        }
    }
    assert!(
        wrong.is_empty(),
        "there are no such documents:\n{}",
        wrong.join("\n")
    );
}

/// Words of the table in `docs/style.md` that have no other use in a technical text; the others need a reader.
const WORDS: [&str; 39] = [
    "anew",
    "are asked",
    "are no",
    "are told",
    "asked about",
    "be asked",
    "be had",
    "be told",
    "beside",
    "by intention",
    "circle",
    "computed metadata",
    "computed project",
    "computed projects",
    "dear",
    "do not count",
    "does not count",
    "door",
    "doors",
    "facts of the file",
    "has no say",
    "in a circle",
    "in the place of",
    "is no",
    "is told",
    "leaves out",
    "left out",
    "mend",
    "mended",
    "mends",
    "one's own",
    "there are none of it",
    "told",
    "was asked",
    "was told",
    "were asked",
    "whoever",
    "wish",
    "wishes",
];

/// Files that are still to be rewritten; the list only gets shorter.
const STILL_TO_DO: &str = include_str!("documents.todo");

/// The mistakes in files that are not on that list.
fn new_mistakes(wrong: Vec<(String, String)>) -> Vec<String> {
    let known = |path: &str| STILL_TO_DO.lines().any(|line| line == path);
    let new = wrong.into_iter().filter(|(path, _)| !known(path));
    new.map(|(path, mistake)| format!("{path}: {mistake}")).collect()
}

/// The word of [`WORDS`] in a text.
fn word_to_avoid(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    let line = format!(" {} ", words.join(" "));
    // These are as they should be.
    let line = [
        "there is no",
        "there are no",
        "is no longer",
        "are no longer",
        "is no more",
        "is no different",
    ]
    .iter()
    .fold(line, |line, fine| line.replace(&format!(" {fine} "), " "));
    WORDS.into_iter().find(|word| line.contains(&format!(" {word} ")))
}

#[test]
fn words_to_avoid_are_found() {
    assert_eq!(word_to_avoid("The lock is made anew."), Some("anew"));
    assert_eq!(word_to_avoid("it is no\nwheel"), Some("is no"));
    assert_eq!(word_to_avoid("it is no longer there"), None);
    assert_eq!(word_to_avoid("indoors"), None);
}

#[test]
fn documents_avoid_the_words_of_the_style() {
    let mut wrong = Vec::new();
    let is_document = |path: &String| path.ends_with(".md") && path != "docs/style.md";
    for path in files().into_iter().filter(is_document) {
        for (number, line) in prose(&path) {
            let found = word_to_avoid(&line);
            wrong.extend(found.map(|word| (path.clone(), format!("line {number}: `{word}`"))));
        }
    }
    let wrong = new_mistakes(wrong);
    assert!(
        wrong.is_empty(),
        "docs/style.md has better words:\n{}",
        wrong.join("\n")
    );
}

/// The string literals of code, tests apart; with the documentation of items where it is shown to users.
fn texts(tokens: TokenStream, documentation: bool, found: &mut Vec<String>) {
    let mut before = String::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let inner = group.stream().to_string();
                let is_attribute =
                    group.delimiter() == Delimiter::Bracket && (before == "#" || before == "!");
                let is_documentation = is_attribute && inner.starts_with("doc");
                let is_test = before == "mod tests";
                if !is_test && (documentation || !is_documentation) {
                    texts(group.stream(), documentation, found);
                }
                before.clear();
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if text.contains('"') {
                    found.push(text);
                }
                before.clear();
            }
            TokenTree::Ident(ident) if ident == "mod" => "mod".clone_into(&mut before),
            TokenTree::Ident(ident) => {
                before = if before.is_empty() {
                    ident.to_string()
                } else {
                    format!("{before} {ident}")
                }
            }
            TokenTree::Punct(punct) => before = punct.to_string(),
        }
    }
}

#[test]
fn messages_avoid_the_words_of_the_style() {
    let mut wrong = Vec::new();
    let is_code =
        |path: &String| path.starts_with("crates/") && path.contains("/src/") && path.ends_with(".rs");
    let is_test = |path: &String| path.ends_with("tests.rs") || path.contains("/tests/");
    for path in files().into_iter().filter(|path| is_code(path) && !is_test(path)) {
        let code = fs::read_to_string(top().join(&path)).unwrap();
        let mut found = Vec::new();
        // The documentation of arguments is what `--help` shows.
        texts(
            code.parse().unwrap(),
            path.starts_with("crates/cli/src/args"),
            &mut found,
        );
        for text in found {
            wrong.extend(word_to_avoid(&text).map(|word| (path.clone(), format!("`{word}` in {text}"))));
        }
    }
    let wrong = new_mistakes(wrong);
    assert!(
        wrong.is_empty(),
        "docs/style.md has better words:\n{}",
        wrong.join("\n")
    );
}
