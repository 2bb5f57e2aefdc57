//! Environment markers: the conditions of dependencies.
//!
//! Specification: <https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers>.
//! `pep508_rs` parses markers too, but drops comparisons that it does not know, so that the rest decides alone
//! (`python_version in '2.7, 3.11'`, as in old packages, is then always true), compares strings lexicographically, and
//! panics on `'a' ~= os_name`. Here a marker is preserved as written, and evaluated according to the specification:
//!
//! - A comparison with a variable that holds a version compares versions according to PEP 440, if the other side forms
//!   a specifier. All other comparisons are of strings: equality, inequality, and containment; `<` and `>` are always
//!   false, and `<=` and `>=` are true for equal strings.
//! - `extra` is compared in normal form.

mod expression;
mod lint;
mod read;
mod write;

pub use expression::Marker;
pub use read::MarkerError;

#[cfg(test)]
mod tests {
    use super::Marker;

    #[test]
    fn is_written_as_it_is_meant() {
        for (read, written) in [
            ("python_version<'3.8'", "python_version < '3.8'"),
            ("\"it's\" != sys.platform", "\"it's\" != sys_platform"),
            (
                "extra == 'Fast_Path' and os_name not  in 'nt'",
                "extra == 'fast-path' and os_name not in 'nt'",
            ),
            (
                "(os_name == 'a' or os_name == 'b')and extra == 'c'",
                "(os_name == 'a' or os_name == 'b') and extra == 'c'",
            ),
        ] {
            let marker: Marker = read.parse().unwrap();
            assert_eq!(marker.to_string(), written);
            assert_eq!(written.parse(), Ok(marker));
        }
    }

    #[test]
    fn extras_are_decided() {
        let selected = ["a".parse().unwrap()];
        for (marker, left) in [
            ("extra == 'a'", Some("")),
            ("extra == 'b'", None),
            ("extra == 'b' or os_name == 'nt'", Some("os_name == 'nt'")),
            ("extra == 'a' or os_name == 'nt'", Some("")),
            ("extra == 'a' and os_name == 'nt'", Some("os_name == 'nt'")),
            ("extra == 'b' and os_name == 'nt'", None),
            ("extra != 'b'", Some("")),
            (
                "(os_name == 'nt' or os_name == 'x') and extra == 'a'",
                Some("os_name == 'nt' or os_name == 'x'"),
            ),
        ] {
            let marker: Marker = marker.parse().unwrap();
            let found = marker.with_extras(&selected).map(|marker| marker.to_string());
            assert_eq!(found.as_deref(), left, "{marker}");
        }
    }

    #[test]
    fn errors_have_a_position() {
        for (text, start, message) in [
            (
                "",
                0,
                "expected a variable such as `python_version`, or a text in quotation marks",
            ),
            (
                "python_version < 3.8",
                17,
                "`3.8` is not a variable of markers: texts need quotation marks",
            ),
            ("os_name == 'a", 11, "the closing ' is missing"),
            (
                "'a' ~= os_name",
                4,
                "`~=` compares versions, and one of these is not a version: write `==`",
            ),
            (
                "os_name == 'a' os_name",
                15,
                "expected `and`, `or` or the end here",
            ),
        ] {
            let error = text.parse::<Marker>().unwrap_err();
            assert_eq!((error.start, error.message.as_str()), (start, message), "{text}");
        }
        assert!("(".repeat(100_000).parse::<Marker>().is_err());
    }
}
