//! Lenient parsing of metadata that predates the validation of uploads.
//!
//! Published metadata cannot be corrected, so that text with a plain intent is repaired. Users' own files are parsed
//! strictly, because they can be corrected.

use std::str::FromStr;

use pep440_rs::VersionSpecifiers;

use crate::{Requirement, RequirementError, SpecifierListError, specifier_list};

/// Parses a requirement in published metadata.
///
/// # Errors
/// The error of the strict parser, if no repair makes the text valid.
pub fn lenient_requirement(text: &str) -> Result<Requirement, RequirementError> {
    lenient(text, Requirement::from_str)
}

/// Parses the specifiers in published metadata (`Requires-Python`).
///
/// # Errors
/// The error of the strict parser, if no repair makes the text valid.
pub fn lenient_specifiers(text: &str) -> Result<VersionSpecifiers, SpecifierListError> {
    lenient(text, specifier_list)
}

fn lenient<T, E>(text: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<T, E> {
    parse(text).or_else(|error| {
        let (specifiers, marker) = match text.split_once(';') {
            Some((before, marker)) => (before, Some(marker)),
            None => (text, None),
        };
        let mut repaired = repair(specifiers);
        if let Some(marker) = marker {
            repaired.push(';');
            repaired.push_str(marker);
        }
        parse(&repaired).map_err(|_| error)
    })
}

/// Repairs, each seen in published metadata: parentheses around specifiers, which have no meaning; stray quotes
/// (`>=2.7'`); a missing comma (`>=1.0<2.0`); a trailing comma (`>=3.6,`); a wildcard after an ordering (`>=1.9.*`); a
/// wildcard without its dot (`!=3.0*`); `!=~` for `!=`; a missing release number (`>dev`).
fn repair(specifiers: &str) -> String {
    // A version that consists of a suffix gets the lowest release number.
    let specifiers = specifiers.replace(">dev", ">0.dev0");
    let unquoted: String = specifiers
        .chars()
        .filter(|c| !matches!(c, '\'' | '"' | '(' | ')'))
        .collect();
    let mut parts: Vec<String> = Vec::new();
    let mut previous = ' ';
    for c in unquoted.replace("!=~", "!=").chars() {
        let begins_operator = matches!(c, '<' | '>' | '=' | '!' | '~');
        let after_version = previous.is_ascii_alphanumeric() || previous == '*';
        // The name before the first operator is not a version, so that it needs no comma.
        let in_specifiers = parts
            .last()
            .is_some_and(|part| part.contains(['<', '>', '=', '!', '~']));
        if c == ',' || (begins_operator && after_version && in_specifiers) {
            parts.push(String::new());
        }
        if c != ',' {
            if parts.is_empty() {
                parts.push(String::new());
            }
            if let Some(part) = parts.last_mut() {
                part.push(c);
            }
        }
        if !c.is_whitespace() {
            previous = c;
        }
    }
    let repaired: Vec<String> = parts
        .iter()
        .filter(|part| !part.trim().is_empty())
        .map(|part| repair_wildcard(part))
        .collect();
    repaired.join(",")
}

fn repair_wildcard(part: &str) -> String {
    let Some(stem) = part.trim_end().strip_suffix('*') else {
        return part.to_owned();
    };
    let stem = stem.strip_suffix('.').unwrap_or(stem);
    if stem.contains("==") || stem.contains("!=") {
        format!("{stem}.*")
    } else {
        stem.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_old_metadata_as_meant() {
        for (published, meant) in [
            ("foo (>=1.9.*)", "foo>=1.9"),
            ("foo>=1.0<2.0", "foo>=1.0,<2.0"),
            ("foo (>=1.0,)", "foo>=1.0"),
            ("foo!=3.0*,>=2", "foo>=2,!=3.0.*"),
            (
                "foo>=2.7' ; python_version >= '3'",
                "foo>=2.7 ; python_version >= '3'",
            ),
            ("foo !=~5.0,>=4", "foo>=4,!=5.0"),
            ("foo (>dev)", "foo>0.dev0"),
        ] {
            assert_eq!(
                lenient_requirement(published).unwrap().to_string(),
                Requirement::from_str(meant).unwrap().to_string(),
                "{published}"
            );
        }
        assert_eq!(lenient_specifiers(">=3.6,").unwrap().to_string(), ">=3.6");
        assert_eq!(lenient_specifiers(">=3.6.*").unwrap().to_string(), ">=3.6");
    }

    #[test]
    fn nonsense_stays_an_error() {
        assert!(lenient_requirement("foo bar baz").is_err());
        assert!(lenient_specifiers("banana").is_err());
    }
}
