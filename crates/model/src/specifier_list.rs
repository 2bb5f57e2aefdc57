//! Lists of version specifiers, in the syntax of current versions of `packaging`.
//!
//! `pep440_rs` rejects a trailing comma, which `packaging` accepts, and does not locate a missing comma. A dependency
//! specifier may have only a trailing comma; a list alone (`requires-python`) may have empty items anywhere.

use std::str::FromStr;

use pep440_rs::{VersionSpecifier, VersionSpecifiers};

/// An invalid list of version specifiers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SpecifierListError {
    /// The problem, and the corrected text.
    pub message: String,
    /// The zero-based byte offset.
    pub start: usize,
}

/// Parses a list such as `requires-python`. Empty items are ignored.
///
/// # Errors
/// If an item is not a version specifier.
pub fn specifier_list(text: &str) -> Result<VersionSpecifiers, SpecifierListError> {
    members(text)
        .filter(|(_, member)| !member.is_empty())
        .map(|(start, member)| specifier(start, member))
        .collect()
}

/// Parses the list of a dependency specifier. A trailing comma is ignored.
pub(crate) fn dependency_list(text: &str) -> Result<VersionSpecifiers, SpecifierListError> {
    let mut members: Vec<_> = members(text).collect();
    if members.len() > 1 && members.last().is_some_and(|(_, member)| member.is_empty()) {
        members.pop();
    }
    let read = |(start, member): (usize, &str)| {
        if member.is_empty() {
            let message =
                "a version specifier such as `>=1.0` is missing before this comma: remove the comma";
            return Err(SpecifierListError {
                message: message.to_owned(),
                start,
            });
        }
        specifier(start, member)
    };
    members.into_iter().map(read).collect()
}

/// The items without surrounding white space, with their byte offsets.
fn members(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(',').map(move |part| {
        let member = part.trim_start();
        let start = member.as_ptr() as usize - text.as_ptr() as usize;
        (start, member.trim_end())
    })
}

fn specifier(start: usize, text: &str) -> Result<VersionSpecifier, SpecifierListError> {
    text.parse().map_err(|error: <VersionSpecifier as FromStr>::Err| {
        if let Some(at) = missing_comma(text) {
            let (before, after) = text.split_at(at);
            return SpecifierListError {
                message: format!("a comma is missing: write `{},{after}`", before.trim_end()),
                start: start + at,
            };
        }
        SpecifierListError {
            message: wrong_operator(text).unwrap_or_else(|| first_line(&error.to_string())),
            start,
        }
    })
}

/// The offset of a second specifier, if the text before and after it are specifiers.
fn missing_comma(text: &str) -> Option<usize> {
    let is_operator = |c: char| matches!(c, '<' | '>' | '=' | '!' | '~');
    let version = text.find(|c: char| !is_operator(c))?;
    // The `!` of an epoch does not begin an operator.
    let begins = |at: &usize| is_operator(text[*at..].chars().next().unwrap_or_default());
    let mut candidates = text.char_indices().map(|(at, _)| at).filter(|at| *at > version);
    candidates.find(|at| {
        begins(at)
            && text[..*at].parse::<VersionSpecifier>().is_ok()
            && (text[*at..].parse::<VersionSpecifier>().is_ok() || missing_comma(&text[*at..]).is_some())
    })
}

/// The remedy for common mistakes in place of an operator.
fn wrong_operator(text: &str) -> Option<String> {
    if text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Some(format!(
            "a version specifier begins with an operator, as in `>={text}`"
        ));
    }
    let end = text.find(|c| !matches!(c, '=' | '<' | '>' | '~' | '!'))?;
    let operator = &text[..end];
    let meant = match operator {
        "=" => "==",
        "=>" => ">=",
        "=<" => "<=",
        "~" => "~=",
        "=!" | "<>" | "!" => "!=",
        _ => return None,
    };
    Some(format!("`{operator}` is not an operator: write `{meant}`"))
}

/// The first line, without the diagram below it.
fn first_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    line.trim_end_matches([':', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trailing_comma_means_nothing() {
        for (text, list) in [
            (">=1.10,", ">=1.10"),
            (" >= 1 , < 2 , ", ">=1, <2"),
            ("==1.*,", "==1.*"),
        ] {
            assert_eq!(dependency_list(text).unwrap().to_string(), list, "{text}");
            assert_eq!(specifier_list(text).unwrap().to_string(), list, "{text}");
        }
        assert_eq!(specifier_list(",>=1,,<2").unwrap().to_string(), ">=1, <2");
        assert!(specifier_list(" ").unwrap().is_empty());
    }

    #[test]
    fn errors_have_a_position_and_a_remedy() {
        for (text, start, message) in [
            (">=3.1.3 <4", 8, "a comma is missing: write `>=3.1.3,<4`"),
            (">=1!3<1!4", 5, "a comma is missing: write `>=1!3,<1!4`"),
            (">=1,!=2 != 3 <4", 8, "a comma is missing: write `!=2,!= 3 <4`"),
            (
                ">=1,,<2",
                4,
                "a version specifier such as `>=1.0` is missing before this comma: remove the comma",
            ),
            (
                ">=1,,",
                4,
                "a version specifier such as `>=1.0` is missing before this comma: remove the comma",
            ),
            (">=1, =>2", 5, "`=>` is not an operator: write `>=`"),
            ("<>2", 0, "`<>` is not an operator: write `!=`"),
        ] {
            let error = dependency_list(text).unwrap_err();
            assert_eq!((error.start, error.message.as_str()), (start, message), "{text}");
        }
        assert!(
            specifier_list(">=3.6 <4")
                .unwrap_err()
                .message
                .contains("`>=3.6,<4`")
        );
        assert!(dependency_list(">=").is_err());
    }
}
