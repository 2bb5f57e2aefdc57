//! Splits the options of a line into words as a POSIX shell (as Python's `shlex.split`, which pip uses).

/// An unterminated quotation, or a backslash at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfinished {
    /// A quotation mark without its counterpart.
    Quotation(char),
    /// A backslash as the last character.
    Escape,
}

/// The words of a text.
pub fn words(text: &str) -> Result<Vec<String>, Unfinished> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\\' => word
                .get_or_insert_default()
                .push(chars.next().ok_or(Unfinished::Escape)?),
            '\'' | '"' => quoted(c, &mut chars, word.get_or_insert_default())?,
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Parses a quotation: in double quotation marks a backslash escapes the mark and itself; in single ones nothing.
fn quoted(mark: char, chars: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), Unfinished> {
    let unfinished = Unfinished::Quotation(mark);
    loop {
        match chars.next().ok_or(unfinished)? {
            c if c == mark => return Ok(()),
            '\\' if mark == '"' => match chars.next().ok_or(unfinished)? {
                c @ ('"' | '\\') => word.push(c),
                c => word.extend(['\\', c]),
            },
            c => word.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_as_shlex_does() {
        for (text, expected) in [
            (
                r#"a\ b 'c d' "e\"f\g" x#y # z"#,
                vec!["a b", "c d", r#"e"f\g"#, "x#y", "#", "z"],
            ),
            ("a''b ''", vec!["ab", ""]),
            (" \t", vec![]),
        ] {
            assert_eq!(words(text).unwrap(), expected, "{text}");
        }
        assert_eq!(words("\\"), Err(Unfinished::Escape));
        assert_eq!(words("a 'b"), Err(Unfinished::Quotation('\'')));
    }
}
