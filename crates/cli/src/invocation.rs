//! The command line of this run, for remedies.

use std::env;
use std::ffi::OsString;

use mach_nix_model::without_credentials;
use url::Url;

/// The command line without `--check`, quoted for a shell: the command that renews the lock.
pub fn without_check() -> String {
    again(env::args_os().skip(1))
}

fn again(arguments: impl Iterator<Item = OsString>) -> String {
    let words = arguments
        .map(|argument| argument.to_string_lossy().into_owned())
        .filter(|word| word != "--check")
        .map(|word| quoted(&without_password(&word)));
    std::iter::once("mach-nix".to_owned())
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A word without the credentials in its URL, which `.netrc` or a variable contains as well.
fn without_password(word: &str) -> String {
    let Some(start) = word.find("://").and_then(|at| {
        let is_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
        let scheme = word[..at].rfind(|c| !is_scheme(c));
        Some(scheme.map_or(0, |before| before + 1)).filter(|start| *start < at)
    }) else {
        return word.to_owned();
    };
    let (before, address) = word.split_at(start);
    match Url::parse(address) {
        Ok(url) if !url.username().is_empty() || url.password().is_some() => {
            format!("{before}{}", without_credentials(&url))
        }
        _ => word.to_owned(),
    }
}

/// A word, quoted for a POSIX shell if needed.
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "%+,-./:=@_".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(words: &[&str]) -> String {
        again(words.iter().map(OsString::from))
    }

    #[test]
    fn a_check_is_repeated_without_the_check() {
        assert_eq!(
            command(&[
                "lock",
                "-r",
                "my requirements.txt",
                "--check",
                "numpy>=2",
                "a;b'c"
            ]),
            r"mach-nix lock -r 'my requirements.txt' 'numpy>=2' 'a;b'\''c'"
        );
    }

    #[test]
    fn passwords_are_left_out() {
        assert_eq!(
            command(&[
                "lock",
                "--index-url=https://user:secret@index.test/simple",
                "a @ git+https://token@git.test/a"
            ]),
            "mach-nix lock --index-url=https://index.test/simple 'a @ git+https://git.test/a'"
        );
    }
}
