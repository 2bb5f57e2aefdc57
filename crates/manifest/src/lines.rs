//! From the lines of a file to logical lines: continuations joined, comments dropped, places kept.

/// A logical line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// One-based number of its first line in the file.
    pub number: usize,
    /// The text without comment and surrounding white space; never empty.
    pub text: String,
    /// Columns (zero-based, in characters) by which `text` is indented in the file.
    pub indent: usize,
}

/// The logical lines of a requirements file.
///
/// A backslash at the end of a line joins the next one to it; a comment begins at a `#` that starts the line or follows
/// white space. As in pip, a comment line ends a continuation.
pub fn logical_lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (at, raw) in text.lines().enumerate() {
        let (number, mut joined) = open.take().unwrap_or((at + 1, String::new()));
        let is_comment = raw.trim_start().starts_with('#');
        match raw.strip_suffix('\\') {
            Some(continued) if !is_comment => {
                joined.push_str(continued);
                open = Some((number, joined));
            }
            _ => {
                // White space before a comment that follows a continuation keeps the comment a comment.
                joined.push_str(if is_comment && !joined.is_empty() { " " } else { "" });
                joined.push_str(raw);
                lines.extend(finish(number, &joined));
            }
        }
    }
    if let Some((number, joined)) = open {
        lines.extend(finish(number, &joined));
    }
    lines
}

fn finish(number: usize, joined: &str) -> Option<Line> {
    let text = without_comment(joined).trim_end();
    let trimmed = text.trim_start();
    let indent = text.chars().count() - trimmed.chars().count();
    (!trimmed.is_empty()).then(|| Line {
        number,
        text: trimmed.to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_lines_and_drops_comments() {
        let text = "# head\nflask \\\n  >=2  # why\n\n  click#egg\nlast \\";
        let lines = logical_lines(text);
        let summary: Vec<_> = lines
            .iter()
            .map(|l| (l.number, l.text.as_str(), l.indent))
            .collect();
        assert_eq!(
            summary,
            [(2, "flask   >=2", 0), (5, "click#egg", 2), (6, "last", 0)]
        );
    }
}
