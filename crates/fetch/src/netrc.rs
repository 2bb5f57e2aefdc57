//! `.netrc`: credentials by host name.
//!
//! The format is that of ftp(1), as in curl and Python:
//! <https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html>. The crates for it are
//! unmaintained.

use std::collections::BTreeMap;
use std::fmt;

/// The contents of a `.netrc`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Netrc {
    hosts: BTreeMap<String, Login>,
    default: Option<Login>,
}

/// A user name and a password.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Login {
    /// The user name; may be empty.
    pub user: String,
    /// The password; may be empty.
    pub password: String,
}

/// Shows no password, and no user name, which may be a token.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login")
    }
}

impl Netrc {
    /// Parses a file; unknown words are skipped. Of several entries for a host the first wins.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let words = words(text);
        let mut words = words.iter().map(String::as_str);
        let mut found = Self::default();
        let mut entry: Option<(Option<String>, Login)> = None;
        while let Some(word) = words.next() {
            match word {
                "machine" => {
                    found.add(entry.take());
                    entry = words.next().map(|host| (Some(host.to_owned()), Login::default()));
                }
                "default" => {
                    found.add(entry.take());
                    entry = Some((None, Login::default()));
                }
                "login" | "password" | "account" => {
                    let value = words.next().unwrap_or_default();
                    if let Some((_, login)) = &mut entry {
                        match word {
                            "login" => value.clone_into(&mut login.user),
                            "password" => value.clone_into(&mut login.password),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        found.add(entry);
        found
    }

    fn add(&mut self, entry: Option<(Option<String>, Login)>) {
        match entry {
            Some((Some(host), login)) => {
                self.hosts.entry(host).or_insert(login);
            }
            Some((None, login)) => {
                self.default.get_or_insert(login);
            }
            None => {}
        }
    }

    /// The credentials for a host.
    #[must_use]
    pub fn of(&self, host: &str) -> Option<&Login> {
        self.hosts.get(host).or(self.default.as_ref())
    }
}

/// The words, without comments and macros. A word may be quoted, and a backslash escapes the next character.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let mut chars = line.chars().peekable();
        loop {
            while chars.next_if(|c| c.is_whitespace()).is_some() {}
            let Some(first) = chars.peek().copied() else { break };
            // A password may begin with `#`.
            if first == '#' && !matches!(words.last().map(String::as_str), Some("password" | "login")) {
                break;
            }
            let quoted = first == '"';
            if quoted {
                chars.next();
            }
            let mut word = String::new();
            while let Some(c) = chars.next_if(|c| if quoted { *c != '"' } else { !c.is_whitespace() }) {
                word.push(if c == '\\' { chars.next().unwrap_or(c) } else { c });
            }
            if quoted {
                chars.next();
            }
            words.push(word);
        }
        // A macro ends at an empty line.
        if let Some(at) = words.iter().rposition(|word| word == "macdef")
            && at + 2 >= words.len()
        {
            words.truncate(at);
            let _ = lines.by_ref().find(|line| line.trim().is_empty());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_entry_of_a_host() {
        let netrc = Netrc::parse(
            "# mine\nmachine a.test login me password s3#cret # why\nmachine b.test\n  login \"you and\\\" me\"\n  account x\n\
             macdef init\n  machine a.test login wrong\n\nmachine a.test login late password late\n\
             machine c.test password #\nlogin nobody\n",
        );
        let credentials = |host: &str| {
            netrc
                .of(host)
                .map(|login| (login.user.as_str(), login.password.as_str()))
        };
        assert_eq!(credentials("a.test"), Some(("me", "s3#cret")));
        assert_eq!(credentials("b.test"), Some(("you and\" me", "")));
        assert_eq!(credentials("c.test"), Some(("nobody", "#")));
        assert_eq!(credentials("d.test"), None);
        let with_default = Netrc::parse("machine a login x default login guest password g");
        assert_eq!(with_default.of("d").unwrap().user, "guest");
        assert_eq!(with_default.of("a").unwrap().user, "x");
    }
}
