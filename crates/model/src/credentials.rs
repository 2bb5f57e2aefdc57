//! User names and passwords in addresses.
//!
//! Credentials are sent to their server and shown nowhere.

use pep508_rs::VersionOrUrl;
use url::Url;

use crate::{DistributionFile, Requirement};

/// Whether the user name of an address is secret: `git@` in `ssh://git@host` is not.
fn has_secret(url: &Url) -> bool {
    let is_http = url.scheme().ends_with("http") || url.scheme().ends_with("https");
    url.password().is_some() || (is_http && !url.username().is_empty())
}

/// Removes the credentials from the address of a direct reference, and returns the address with them if it had any.
pub fn take_credentials(requirement: &mut Requirement) -> Option<Url> {
    match &mut requirement.version_or_url {
        Some(VersionOrUrl::Url(url)) => take_credentials_of_url(url),
        _ => None,
    }
}

/// Removes the credentials from an address, and returns the address with them if it had any.
pub fn take_credentials_of_url(url: &mut Url) -> Option<Url> {
    if !has_secret(url) {
        return None;
    }
    let with = url.clone();
    // Only addresses that cannot have credentials fail here.
    let _ = url.set_password(None);
    if has_secret(url) {
        let _ = url.set_username("");
    }
    Some(with)
}

/// Removes the credentials from the address of a file, and returns the address with them if it had any.
pub fn take_credentials_of_file(file: &mut DistributionFile) -> Option<Url> {
    // Most files have none, and there are many files.
    if !file.url.contains('@') {
        return None;
    }
    let mut url: Url = file.url.parse().ok()?;
    let with = take_credentials_of_url(&mut url)?;
    file.url = String::from(url).into();
    Some(with)
}

/// Masks the credentials of all addresses in a text with stars, one per character, so that columns stay valid. Also those
/// of addresses that cannot be parsed, such as one whose password has a `/`.
#[must_use]
pub fn without_passwords(text: &str) -> String {
    let ends_word = |c: char| c.is_whitespace() || matches!(c, '`' | '"' | '\'');
    text.split_inclusive(ends_word).map(masked).collect()
}

/// A word without the credentials of its addresses.
fn masked(word: &str) -> String {
    if !word.contains('@') {
        return word.to_owned();
    }
    let mut masked = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + "://".len());
        masked.push_str(before);
        rest = after;
        let length = secret_length(before, after);
        masked.extend(after[..length].chars().map(|_| '*'));
        rest = &rest[length..];
    }
    if masked.is_empty() {
        return masked_without_scheme(word);
    }
    masked + rest
}

/// The length of the credentials at the start of what follows `SCHEME://`.
fn secret_length(before: &str, after: &str) -> usize {
    let authority = &after[..after.find(['/', '?', '#']).unwrap_or(after.len())];
    if let Some(at) = authority.rfind('@') {
        let is_public = before.ends_with("ssh://") && !authority[..at].contains(':');
        return if is_public { 0 } else { at };
    }
    // `USER:PASSWORD` with the start of a password, where a host would have a port.
    let port = authority.rsplit_once(':').map(|(_, port)| port);
    let is_host = authority.starts_with('[')
        || port.is_none_or(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()));
    if is_host { 0 } else { after.rfind('@').unwrap_or(0) }
}

/// `USER:PASSWORD@HOST`, perhaps after `--option=` or a folder.
fn masked_without_scheme(word: &str) -> String {
    let user = word.split(':').next().unwrap_or_default();
    let start = user.rfind(['/', '=']).map_or(0, |before| before + 1);
    let (option, address) = word.split_at(start);
    let user = &user[start..];
    match address.rsplit_once('@') {
        Some((secret, host)) if secret.contains(':') && !user.contains('@') && user != "file" => {
            format!("{option}{}@{host}", "*".repeat(secret.chars().count()))
        }
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        for (text, shown) in [
            (
                "-i https://u:p@x.test/simple a@b",
                "-i https://***@x.test/simple a@b",
            ),
            (
                "a @ https://t0ken@x.test/a.whl#b@c",
                "a @ https://*****@x.test/a.whl#b@c",
            ),
            ("git+ssh://git@x.test/a@v1", "git+ssh://git@x.test/a@v1"),
            (
                "`https://u:é@x` and https://y/@z",
                "`https://***@x` and https://y/@z",
            ),
            ("no address @ all", "no address @ all"),
            ("https://u:p/a#s@x.test/y", "https://*******@x.test/y"),
            ("https://u:#s@x.test/y", "https://****@x.test/y"),
            ("-i u:pass@x.test/simple", "-i ******@x.test/simple"),
            ("--index-url=u:p@x.test", "--index-url=***@x.test"),
            ("/a/u:p@x.test/y", "/a/***@x.test/y"),
            ("git@x.test:a/b@v1 file:a@b x:1", "git@x.test:a/b@v1 file:a@b x:1"),
            (
                "http://[::1]:80/@a http://x.test:80/@a",
                "http://[::1]:80/@a http://x.test:80/@a",
            ),
            (
                "a=https://u:p@x/,b=https://v:q@y/",
                "a=https://***@x/,b=https://***@y/",
            ),
        ] {
            assert_eq!(without_passwords(text), shown);
        }
    }

    #[test]
    fn credentials_are_taken_out_of_references() {
        for (text, left, taken) in [
            ("a @ https://u:p@x.test/a.whl", "a @ https://x.test/a.whl", true),
            ("a @ git+https://token@x.test/a", "a @ git+https://x.test/a", true),
            ("a @ git+ssh://git@x.test/a", "a @ git+ssh://git@x.test/a", false),
            ("a>=1", "a>=1", false),
        ] {
            let mut requirement: Requirement = text.parse().unwrap();
            assert_eq!(take_credentials(&mut requirement).is_some(), taken, "{text}");
            assert_eq!(requirement.to_string(), left);
        }
    }
}
