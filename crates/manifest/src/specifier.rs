//! Dependency specifiers and markers of input files, with the column of each error.

use std::str::FromStr;

use mach_nix_model::{Marker, MarkerTree, Requirement};
use url::Url;

use crate::unreachable;

/// An error in a specifier or marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The zero-based column in characters.
    pub column: usize,
    /// The problem, and the remedy.
    pub reason: String,
}

impl Fault {
    fn new(text: &str, byte: usize, reason: impl Into<String>) -> Self {
        Self {
            column: text.get(..byte).unwrap_or(text).chars().count(),
            reason: reason.into(),
        }
    }
}

/// Parses a dependency specifier.
pub fn requirement(text: &str) -> Result<Requirement, Fault> {
    if let Some(at) = url_at(text) {
        let address = text[at..].split(char::is_whitespace).next().unwrap_or_default();
        if let Some(reason) = unreachable::address(address) {
            return Err(Fault::new(text, at, reason));
        }
    }
    Requirement::from_str(text).map_err(|error| Fault::new(text, error.start, error.message))
}

/// Parses a marker.
pub fn marker(text: &str) -> Result<Marker, Fault> {
    text.parse()
        .map_err(|error: mach_nix_model::MarkerError| Fault::new(text, error.start, error.message))
}

/// Parses a marker for marker algebra. `pep508_rs` drops unknown comparisons and panics on some others, so that it gets
/// only ASCII markers that [`Marker`] accepts.
pub fn marker_tree(text: &str) -> Result<MarkerTree, Fault> {
    marker(text)?;
    if let Some(at) = text.find(|c: char| !c.is_ascii()) {
        return Err(Fault::new(text, at, "markers are written in ASCII"));
    }
    MarkerTree::parse_str::<Url>(text)
        .map_err(|error| Fault::new(text, error.start, error.message.to_string()))
}

/// The offset of the URL in `name @ URL`.
fn url_at(text: &str) -> Option<usize> {
    let at = text.find(['@', ';', '<', '>', '=', '!', '~', '('])?;
    Some(text.len() - text[at..].strip_prefix('@')?.trim_start().len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn errors_have_a_position() {
        for (text, column, part) in [
            ("flask=2", 5, "`=` is not an operator: write `==`"),
            ("click=>8", 5, "`=>` is not an operator: write `>=`"),
            ("a @ file:x.whl", 4, "needs an absolute path"),
            ("a[x, é]", 5, "expected the name of an extra"),
        ] {
            let fault = requirement(text).unwrap_err();
            assert!(fault.reason.contains(part), "{text}: {}", fault.reason);
            assert_eq!(fault.column, column, "{text}: {}", fault.reason);
        }
        assert!(requirement("a @ https://x/é.whl ; os_name == 'a'").is_ok());
        assert!(marker_tree(&"(".repeat(100_000)).is_err());
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "([a-zA-Z0-9._é\\[\\], @;<>=!~()'\"/:#-]|python_version|os_name|extra| in | not | and | or ){0,40}") {
            let _ = requirement(&text);
            let _ = marker_tree(&text);
        }

        #[test]
        fn no_marker_panics(
            parts in proptest::collection::vec(
                proptest::sample::select(vec![
                    "python_version", "python_full_version", "os_name", "extra", "platform_release", "'3.8'", "'a'", "'3.*'",
                    "'é'", " in ", " not in ", " == ", " ~= ", " === ", " < ", " and ", " or ", "(", ")", "'3.8, 3.9'",
                ]),
                0..10,
            )
        ) {
            let _ = marker_tree(&parts.concat());
        }
    }
}
