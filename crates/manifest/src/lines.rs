//! Logical lines: continuations joined, comments removed, variables expanded, line numbers preserved.
//!
//! The steps and their order are pip's: join, remove comments, expand.

/// A logical line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The one-based number of its first line; `None` on the command line.
    pub number: Option<usize>,
    /// The text without comments and surrounding white space; never empty.
    pub text: String,
    /// The text before the expansion of variables; messages show it, because variables may contain secrets.
    pub written: String,
    /// A variable that is not set, or empty.
    pub unset: Option<String>,
    /// The indentation of `written` in the file, in characters.
    pub indent: usize,
}

/// The logical lines of a requirements file.
///
/// A backslash at the end of a line joins the next line; a comment begins at a `#` at the start of the line or after
/// white space. As in pip, a comment line ends a continuation.
pub fn logical_lines(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (number, raw) in split_lines(text) {
        let is_comment = raw.trim_start().starts_with('#');
        if raw.ends_with('\\') && !is_comment {
            let (_, joined) = open.get_or_insert_with(|| (number, String::new()));
            joined.push_str(raw.trim_matches('\\'));
            continue;
        }
        let (number, mut joined) = open.take().unwrap_or((number, String::new()));
        // White space before a comment that follows a continuation ensures that it stays a comment.
        joined.push_str(if is_comment { " " } else { "" });
        joined.push_str(raw);
        lines.extend(finish(number, &joined, variable));
    }
    if let Some((number, joined)) = open {
        lines.extend(finish(number, &joined, variable));
    }
    lines
}

/// Splits a text as Python's `str.splitlines`, at more characters than `
/// `. Each line has its number in an editor, in which only `
/// `, `\r` and `\r
/// ` end a line.
fn split_lines(text: &str) -> Vec<(usize, &str)> {
    let mut lines = Vec::new();
    let mut rest = text;
    let mut number = 1;
    while let Some(at) = rest.find([
        '\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}',
    ]) {
        let (line, end) = rest.split_at(at);
        lines.push((number, line));
        number += usize::from(end.starts_with(['\n', '\r']));
        let width = end.chars().next().map_or(1, char::len_utf8);
        rest = end.strip_prefix("\r\n").unwrap_or(&end[width..]);
    }
    if !rest.is_empty() {
        lines.push((number, rest));
    }
    lines
}

fn finish(number: usize, joined: &str, variable: &dyn Fn(&str) -> Option<String>) -> Option<Line> {
    let text = without_comment(joined).trim_end();
    let written = text.trim_start();
    let indent = text.chars().count() - written.chars().count();
    let mut unset = None;
    let mut known = |name: &str| {
        let value = variable(name).filter(|value| !value.is_empty());
        if value.is_none() && unset.is_none() {
            unset = Some(name.to_owned());
        }
        value
    };
    let expanded = expand(written, &mut known);
    (!written.is_empty()).then(|| Line {
        number: Some(number),
        text: expanded,
        written: written.to_owned(),
        unset,
        indent,
    })
}

fn without_comment(line: &str) -> &str {
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        if c == '#' && before.is_whitespace() {
            return &line[..at];
        }
        before = c;
    }
    line
}

/// Expands `${NAME}` for names of upper-case letters, digits and `_`. Unset variables stay as they are.
pub fn expand(text: &str, variable: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, from) = rest.split_at(at);
        expanded.push_str(before);
        let name_end = from[2..]
            .find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
            .map(|end| end + 2);
        if let Some(end) = name_end.filter(|end| *end > 2 && from[*end..].starts_with('}')) {
            let value = variable(&from[2..end]);
            expanded.push_str(value.as_deref().unwrap_or(&from[..=end]));
            rest = &from[end + 1..];
        } else {
            expanded.push_str("${");
            rest = &from[2..];
        }
    }
    expanded + rest
}

/// The lines that form the digest of the request, as in `nixlib/lock/digest.nix` (steps 1 to 3), without those that
/// only name other files: the lines of these files are added when they are read.
///
/// They are not expanded, because a lock must not depend on the credentials of a user.
pub fn digest_lines(text: &str) -> Vec<String> {
    let names_a_file = |line: &str| {
        ["-r", "-c", "--requirement", "--constraint"]
            .iter()
            .any(|option| line.starts_with(option))
    };
    text.replace("\\\r\n", "")
        .replace("\\\n", "")
        .replace("\r\n", "\n")
        .split('\n')
        .map(|line| {
            let padded = format!(" {line}");
            let end = padded.find(" #").into_iter().chain(padded.find("\t#")).min();
            padded[..end.unwrap_or(padded.len())]
                .trim_matches([' ', '\t'])
                .to_owned()
        })
        .filter(|line| !line.is_empty() && !names_a_file(line))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn joins_lines_and_drops_comments() {
        let text = "# head\nflask \\\n  >=2  # why\n\n  click#egg\r\nlast \\";
        let lines = logical_lines(text, &none);
        let summary: Vec<_> = lines
            .iter()
            .map(|l| (l.number.unwrap(), l.text.as_str(), l.indent))
            .collect();
        assert_eq!(
            summary,
            [(2, "flask   >=2", 0), (5, "click#egg", 2), (6, "last", 0)]
        );
    }

    #[test]
    fn lines_have_the_numbers_that_editors_show() {
        let numbers = |text: &str| -> Vec<(usize, String)> {
            let lines = logical_lines(text, &none).into_iter();
            lines.map(|line| (line.number.unwrap(), line.text)).collect()
        };
        let expected = [(1, "a".to_owned()), (1, "b".to_owned()), (2, "c".to_owned())];
        for text in ["a\u{c}\u{b}\u{2028}b\nc", "a\u{85}b\r\nc", "a\u{1c}\u{1d}b\rc"] {
            assert_eq!(numbers(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_comment_line_ends_a_continuation() {
        let texts =
            |text: &str| -> Vec<String> { logical_lines(text, &none).into_iter().map(|l| l.text).collect() };
        assert_eq!(texts("a \\\n# c \\\n>=2"), ["a", ">=2"]);
        assert_eq!(texts("a\\\n#c\nb"), ["a", "b"]);
        assert_eq!(texts("a\rb\u{c}c"), ["a", "b", "c"]);
    }

    #[test]
    fn expands_upper_case_names_in_braces_only() {
        let mut variable = |name: &str| match name {
            "A_1" => Some("x${B}".to_owned()),
            "B" => Some("y".to_owned()),
            _ => None,
        };
        for (text, expanded) in [
            ("${A_1}/${B}", "x${B}/y"),
            ("$B ${b} ${} ${UNSET}", "$B ${b} ${} ${UNSET}"),
            ("${B", "${B"),
            ("${${B}}", "${y}"),
            ("é${B}", "éy"),
        ] {
            assert_eq!(expand(text, &mut variable), expanded, "{text}");
        }
    }

    #[test]
    fn a_variable_without_value_is_known() {
        let variable = |name: &str| (name == "EMPTY").then(String::new);
        for (text, unset) in [
            ("a${ONE}${TWO}", Some("ONE")),
            ("${EMPTY}", Some("EMPTY")),
            ("${b} # ${ONE}", None),
        ] {
            assert_eq!(
                logical_lines(text, &variable)[0].unset.as_deref(),
                unset,
                "{text}"
            );
        }
    }

    #[test]
    fn the_digest_sees_the_text_as_written() {
        let text = "-r more.txt\r\n--index-url https://${TOKEN}@x\nflask \\\n  >=2 # why\n#\n\tclick#egg\n";
        assert_eq!(
            digest_lines(text),
            ["--index-url https://${TOKEN}@x", "flask   >=2", "click#egg"]
        );
    }
}
