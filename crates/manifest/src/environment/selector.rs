//! Platform selectors: the condition of a line (`- gcc  # [linux and x86_64]`, as conda-build and conda-lock have them) or of an
//! element (`- sel(osx): clang`, as micromamba has them), as an environment marker.
//!
//! <https://docs.conda.io/projects/conda-build/en/stable/resources/define-metadata.html#preprocessing-selectors>

use mach_nix_model::Marker;

/// Maximum number of words in a selector.
const MAX_WORDS: usize = 64;

/// Platforms, with the system and the machine that they stand for.
const PLATFORMS: [(&str, Option<&str>, Option<&str>); 21] = [
    ("linux", Some("linux"), None),
    ("osx", Some("darwin"), None),
    ("win", Some("win32"), None),
    ("x86_64", None, Some("x86_64")),
    ("aarch64", None, Some("aarch64")),
    ("arm64", None, Some("arm64")),
    ("ppc64le", None, Some("ppc64le")),
    ("s390x", None, Some("s390x")),
    ("riscv64", None, Some("riscv64")),
    ("x86", None, Some("i686")),
    ("linux32", Some("linux"), Some("i686")),
    ("linux64", Some("linux"), Some("x86_64")),
    ("linux-64", Some("linux"), Some("x86_64")),
    ("linux-aarch64", Some("linux"), Some("aarch64")),
    ("linux-ppc64le", Some("linux"), Some("ppc64le")),
    ("osx64", Some("darwin"), Some("x86_64")),
    ("osx-64", Some("darwin"), Some("x86_64")),
    ("osx-arm64", Some("darwin"), Some("arm64")),
    ("win32", Some("win32"), Some("x86")),
    ("win64", Some("win32"), Some("AMD64")),
    ("win-64", Some("win32"), Some("AMD64")),
];

/// The text in the brackets of a comment that begins with them; `None` for a line without one.
pub fn of_line(line: &str) -> Option<&str> {
    let starts = line.match_indices('#').map(|(at, _)| at);
    let mut comments = starts.filter(|at| *at == 0 || line[..*at].ends_with([' ', '\t']));
    let comment = comments.next().map(|at| line[at + 1..].trim_start())?;
    let (selector, _) = comment.strip_prefix('[')?.split_once(']')?;
    Some(selector.trim())
}

/// The marker that holds where a selector does.
///
/// # Errors
/// When it is not an expression of platforms, with the word at fault.
pub fn marker(text: &str) -> Result<Marker, String> {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    if words.len() > MAX_WORDS {
        return Err(format!("it has more than {MAX_WORDS} words"));
    }
    let mut parser = Parser { words: &words };
    let marker = parser.any(false)?;
    match parser.words.first() {
        None => marker.parse().map_err(|error| format!("{error:?}")),
        Some(word) => Err(format!("`{word}` is not expected there")),
    }
}

/// A parser of the remaining words; what it gives is the text of a marker. Markers have no `not`, so that a negation is passed
/// down to the comparisons.
struct Parser<'w> {
    words: &'w [&'w str],
}

impl<'w> Parser<'w> {
    fn any(&mut self, negated: bool) -> Result<String, String> {
        self.chain("or", if negated { " and " } else { " or " }, |parser| {
            parser.all(negated)
        })
    }

    fn all(&mut self, negated: bool) -> Result<String, String> {
        self.chain("and", if negated { " or " } else { " and " }, |parser| {
            parser.one(negated)
        })
    }

    fn chain(
        &mut self,
        word: &str,
        joint: &str,
        mut part: impl FnMut(&mut Self) -> Result<String, String>,
    ) -> Result<String, String> {
        let mut parts = vec![part(self)?];
        while self.words.first() == Some(&word) {
            self.next();
            parts.push(part(self)?);
        }
        Ok(match parts.as_slice() {
            [only] => only.clone(),
            _ => format!("({})", parts.join(joint)),
        })
    }

    fn one(&mut self, negated: bool) -> Result<String, String> {
        match self.next() {
            Some("not") => self.one(!negated),
            Some("(") => {
                let inner = self.any(negated)?;
                match self.next() {
                    Some(")") => Ok(inner),
                    _ => Err("a `)` is missing".to_owned()),
                }
            }
            Some("unix") => Ok(comparison("sys_platform", "win32", !negated)),
            Some(word) => platform(word, negated),
            None => Err("a platform is missing at its end".to_owned()),
        }
    }

    fn next(&mut self) -> Option<&'w str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }
}

fn platform(word: &str, negated: bool) -> Result<String, String> {
    let known = PLATFORMS.iter().find(|(name, _, _)| *name == word);
    let Some((_, system, machine)) = known else {
        return Err(format!("`{word}` is not a platform"));
    };
    let system = system.map(|system| comparison("sys_platform", system, negated));
    let machine = machine.map(|machine| comparison("platform_machine", machine, negated));
    let parts: Vec<String> = system.into_iter().chain(machine).collect();
    Ok(match parts.as_slice() {
        [only] => only.clone(),
        _ => format!("({})", parts.join(if negated { " or " } else { " and " })),
    })
}

fn comparison(variable: &str, value: &str, negated: bool) -> String {
    let operator = if negated { "!=" } else { "==" };
    format!("{variable} {operator} '{value}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_become_markers() {
        for (selector, expected) in [
            ("linux", "sys_platform == 'linux'"),
            ("not win", "sys_platform != 'win32'"),
            ("unix", "sys_platform != 'win32'"),
            ("not unix", "sys_platform == 'win32'"),
            (
                "linux and x86_64",
                "sys_platform == 'linux' and platform_machine == 'x86_64'",
            ),
            (
                "linux64",
                "sys_platform == 'linux' and platform_machine == 'x86_64'",
            ),
            (
                "not osx-arm64",
                "sys_platform != 'darwin' or platform_machine != 'arm64'",
            ),
            (
                "(linux or osx) and not aarch64",
                "(sys_platform == 'linux' or sys_platform == 'darwin') and platform_machine != 'aarch64'",
            ),
            (
                "not (linux and x86_64)",
                "sys_platform != 'linux' or platform_machine != 'x86_64'",
            ),
        ] {
            let marker = marker(selector).unwrap();
            assert_eq!(marker, expected.parse().unwrap(), "{selector}: {marker}");
        }
        for (selector, reason) in [
            ("1", "`1` is not a platform"),
            ("linux and", "a platform is missing at its end"),
            ("(linux", "a `)` is missing"),
            ("linux osx", "`osx` is not expected there"),
            ("", "a platform is missing at its end"),
        ] {
            assert_eq!(marker(selector).unwrap_err(), reason, "{selector}");
        }
        assert!(marker(&"not ".repeat(100_000)).is_err());
    }

    #[test]
    fn the_selector_is_the_beginning_of_a_comment() {
        for (line, selector) in [
            ("- gcc  # [linux]", Some("linux")),
            ("- gcc #[ linux and x86_64 ] why", Some("linux and x86_64")),
            ("- gcc  # see [1]", None),
            ("- gcc#[linux]", None),
            ("- gcc  # [linux", None),
            ("- a[version='1']", None),
        ] {
            assert_eq!(of_line(line), selector, "{line}");
        }
    }
}
