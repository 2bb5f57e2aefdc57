//! The digest that ties a lock to its requirements.
//!
//! Nix has to detect a stale lock without running anything, so that the normal form is one that Nix can compute too:
//! textual, line by line. It ignores insignificant changes (order, spaces, comments, spelling of names) and no others:
//! rewriting `>=1,<2` as `<2,>=1` makes a lock stale, which costs one `mach-nix lock`.
//!
//! `nixlib/lock/digest.nix` implements the same algorithm; `digest.cases.json` next to it has the test cases of both.

use std::collections::BTreeSet;

use mach_nix_hash::Sha256;

/// The digest of the requirement lines of `text`.
#[must_use]
pub fn requirements_digest(text: &str) -> Sha256 {
    let mut normal = String::new();
    for line in requirement_lines(text) {
        normal.push_str(&line);
        normal.push('\n');
    }
    Sha256::of(normal.as_bytes())
}

/// The lines of `text` in the normal form of the digest: sorted, without duplicates.
#[must_use]
pub fn requirement_lines(text: &str) -> BTreeSet<String> {
    text.replace("\r\n", "\n")
        .replace("\\\n", "")
        .lines()
        .map(normal_line)
        .filter(|line| !line.is_empty())
        .collect()
}

fn normal_line(line: &str) -> String {
    let line = without_comment(line).trim_matches([' ', '\t']);
    if line.starts_with('-') {
        return line
            .split([' ', '\t'])
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
    }
    let packed: String = line
        .chars()
        .filter(|c| !matches!(c, ' ' | '\t'))
        .map(|c| if c == '\'' { '"' } else { c })
        .collect();
    let end = packed
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_' | '-'))
        .unwrap_or(packed.len());
    let (name, rest) = packed.split_at(end);
    normal_name(name) + rest
}

/// Removes a comment, which begins at a `#` at the start or after white space (as in pip: a `#` inside a word belongs
/// to a URL).
fn without_comment(line: &str) -> &str {
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        if c == '#' && matches!(before, ' ' | '\t') {
            return &line[..at];
        }
        before = c;
    }
    line
}

/// The normal form of PEP 503: lower case, with each run of `-`, `_` and `.` replaced by one `-`.
fn normal_name(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '-' | '_' | '.') {
            if !normal.ends_with('-') {
                normal.push('-');
            }
        } else {
            normal.push(c.to_ascii_lowercase());
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Case {
        name: String,
        text: String,
        lines: Vec<String>,
        digest: Sha256,
    }

    #[test]
    fn agrees_with_nixlib() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../nixlib/lock/digest.cases.json");
        let cases: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert!(cases.len() > 10);
        for Case {
            name,
            text,
            lines,
            digest,
        } in cases
        {
            assert_eq!(
                requirement_lines(&text).into_iter().collect::<Vec<_>>(),
                lines,
                "{name}"
            );
            assert_eq!(requirements_digest(&text), digest, "{name}");
        }
    }

    proptest! {
        /// Normal lines are their own normal form, so that the recorded lines have the recorded digest.
        #[test]
        fn is_a_normal_form(text in "([a-zA-Z._-]{1,5}[=<> ]{0,3}[0-9.]{0,4}( ?#x)?\\\\?\n){0,4}") {
            let lines: Vec<String> = requirement_lines(&text).into_iter().collect();
            prop_assert_eq!(requirements_digest(&lines.join("\n")), requirements_digest(&text));
        }

        #[test]
        fn does_not_depend_on_order(mut lines in proptest::collection::vec("[a-z]{1,3}(>=[0-9])?", 0..6)) {
            let before = requirements_digest(&lines.join("\n"));
            lines.reverse();
            prop_assert_eq!(before, requirements_digest(&lines.join("\n")));
        }
    }
}
