//! The options in requirements files, parsed as in pip's option parser.
//!
//! <https://pip.pypa.io/en/stable/reference/requirements-file-format/#supported-options>

use crate::words::{Unfinished, words};

/// A known option, supported or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    Requirement,
    Constraint,
    Editable,
    IndexUrl,
    ExtraIndexUrl,
    NoIndex,
    FindLinks,
    NoBinary,
    OnlyBinary,
    PreferBinary,
    RequireHashes,
    Pre,
    TrustedHost,
    UseFeature,
    GlobalOption,
    ConfigSettings,
    InstallOption,
    AllReleases,
    OnlyFinal,
    Hash,
}

impl Name {
    const ALL: [(&'static str, Self); 21] = [
        ("--requirement", Self::Requirement),
        ("--constraint", Self::Constraint),
        ("--editable", Self::Editable),
        ("--index-url", Self::IndexUrl),
        ("--pypi-url", Self::IndexUrl),
        ("--extra-index-url", Self::ExtraIndexUrl),
        ("--no-index", Self::NoIndex),
        ("--find-links", Self::FindLinks),
        ("--no-binary", Self::NoBinary),
        ("--only-binary", Self::OnlyBinary),
        ("--prefer-binary", Self::PreferBinary),
        ("--require-hashes", Self::RequireHashes),
        ("--pre", Self::Pre),
        ("--trusted-host", Self::TrustedHost),
        ("--use-feature", Self::UseFeature),
        ("--global-option", Self::GlobalOption),
        ("--config-settings", Self::ConfigSettings),
        ("--install-option", Self::InstallOption),
        ("--all-releases", Self::AllReleases),
        ("--only-final", Self::OnlyFinal),
        ("--hash", Self::Hash),
    ];

    /// The full name of the option.
    pub fn long(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, name)| *name == self)
            .map_or("", |(long, _)| long)
    }

    /// The reason for rejecting it, if it affects builds.
    pub fn for_builds(self) -> Option<String> {
        matches!(
            self,
            Self::GlobalOption | Self::ConfigSettings | Self::InstallOption
        )
        .then(|| {
            format!(
                "`{}` affects builds, which are configured in Nix: delete it here",
                self.long()
            )
        })
    }

    fn of_short(letter: char) -> Option<Self> {
        Some(match letter {
            'r' => Self::Requirement,
            'c' => Self::Constraint,
            'e' => Self::Editable,
            'i' => Self::IndexUrl,
            'f' => Self::FindLinks,
            'C' => Self::ConfigSettings,
            _ => return None,
        })
    }

    /// As in pip, an unambiguous prefix stands for the option.
    fn of_long(word: &str) -> Result<Self, String> {
        if let Some((_, name)) = Self::ALL.iter().find(|(long, _)| *long == word) {
            return Ok(*name);
        }
        let begun: Vec<_> = Self::ALL
            .iter()
            .filter(|(long, _)| long.starts_with(word))
            .collect();
        match begun.as_slice() {
            [(_, name)] => Ok(*name),
            [] => Err(unknown(word)),
            several => {
                let several: Vec<String> = several.iter().map(|(long, _)| format!("`{long}`")).collect();
                Err(format!(
                    "`{word}` can be {}: write it in full",
                    several.join(" or ")
                ))
            }
        }
    }

    fn takes_value(self) -> bool {
        !matches!(
            self,
            Self::NoIndex | Self::PreferBinary | Self::RequireHashes | Self::Pre
        )
    }
}

fn unknown(word: &str) -> String {
    format!(
        "the option `{word}` is not supported in requirements files: delete it; known are -r, -c, -e, -i/--index-url, \
         --extra-index-url, --no-index, -f/--find-links, --no-binary, --only-binary, --prefer-binary, --pre, \
         --require-hashes, --trusted-host and, after a requirement, --hash"
    )
}

/// An option with its value, which is empty if it takes none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub name: Name,
    pub value: String,
}

/// Splits a line into the requirement and the options, which begin at the first word that starts with `-`. As in pip,
/// only spaces separate words here, so that markers keep their quotation marks.
pub fn split(line: &str) -> (&str, &str) {
    let begins = |at: &usize| line[*at..].starts_with('-');
    let after_spaces = line.match_indices(' ').map(|(at, _)| at + 1);
    match std::iter::once(0).chain(after_spaces).find(begins) {
        Some(at) => (line[..at].trim_end(), &line[at..]),
        None => (line, ""),
    }
}

/// Parses the options of a line.
pub fn settings(text: &str) -> Result<Vec<Setting>, String> {
    let mut words = words(text)
        .map_err(|unfinished| match unfinished {
            Unfinished::Quotation(mark) => {
                format!("a quotation is not closed: add a {mark} or remove this one")
            }
            Unfinished::Escape => "the line ends with a `\\` that nothing follows: remove it".to_owned(),
        })?
        .into_iter();
    let mut settings = Vec::new();
    while let Some(word) = words.next() {
        let (name, given) = option(&word)?;
        let value = match (name.takes_value(), given) {
            (true, Some(value)) => value,
            (true, None) => words
                .next()
                .ok_or_else(|| format!("the option `{word}` needs a value: write it after the option"))?,
            (false, None) => String::new(),
            (false, Some(_)) => return Err(format!("the option `{}` takes no value", name.long())),
        };
        settings.push(Setting { name, value });
    }
    Ok(settings)
}

/// `--option`, `--option=value`, `-o` or `-ovalue`.
fn option(word: &str) -> Result<(Name, Option<String>), String> {
    if word.starts_with("--") && word.len() > 2 {
        return Ok(match word.split_once('=') {
            Some((long, value)) => (Name::of_long(long)?, Some(value.to_owned())),
            None => (Name::of_long(word)?, None),
        });
    }
    let mut chars = word.chars();
    match (chars.next(), chars.next()) {
        (Some('-'), Some(letter)) => {
            let name = Name::of_short(letter).ok_or_else(|| unknown(&format!("-{letter}")))?;
            let value = chars.as_str();
            // pip would treat the sign as a part of the value, which is never meant.
            let value = value.strip_prefix('=').unwrap_or(value);
            Ok((name, (!value.is_empty()).then(|| value.to_owned())))
        }
        _ => Err(format!(
            "`{word}` is not an option: pip would ignore it; put it on a line of its own or remove it"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_way_of_writing_an_option() {
        for (text, name, value) in [
            ("-r a.txt", Name::Requirement, "a.txt"),
            ("-ra.txt", Name::Requirement, "a.txt"),
            ("-r=a.txt", Name::Requirement, "a.txt"),
            ("--requirement=a.txt", Name::Requirement, "a.txt"),
            ("--requirem 'a b.txt'", Name::Requirement, "a b.txt"),
            ("--pre", Name::Pre, ""),
            ("--hash=sha256:0", Name::Hash, "sha256:0"),
            ("--index-url=https://x/?a=b", Name::IndexUrl, "https://x/?a=b"),
        ] {
            let setting = Setting {
                name,
                value: value.to_owned(),
            };
            assert_eq!(settings(text), Ok(vec![setting]), "{text}");
        }
        assert_eq!(settings("-i a -f b --pre").unwrap().len(), 3);
    }

    #[test]
    fn rejects_likely_mistakes() {
        for (text, part) in [
            ("--frobnicate", "the option `--frobnicate` is not supported"),
            ("-x", "the option `-x` is not supported"),
            ("--no", "can be `--no-index` or `--no-binary`"),
            ("--only", "can be `--only-binary` or `--only-final`"),
            ("-r", "needs a value"),
            ("--pre=1", "takes no value"),
            ("--pre flask", "`flask` is not an option"),
            ("-r 'a", "a quotation is not closed"),
            ("-é", "`-é` is not supported"),
            ("-", "`-` is not an option"),
        ] {
            let reason = settings(text).unwrap_err();
            assert!(reason.contains(part), "{text}: {reason}");
        }
    }

    #[test]
    fn a_requirement_ends_where_options_begin() {
        assert_eq!(
            split("a ; os_name == '-x' --hash=y"),
            ("a ; os_name == '-x'", "--hash=y")
        );
        assert_eq!(split("a --hash x"), ("a", "--hash x"));
        assert_eq!(split("-e ."), ("", "-e ."));
        assert_eq!(split("a-b"), ("a-b", ""));
    }
}
