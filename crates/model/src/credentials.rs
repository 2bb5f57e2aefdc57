//! User names and passwords in addresses.
//!
//! Credentials are sent to their server and shown nowhere.

use pep508_rs::VersionOrUrl;
use url::Url;

use crate::Requirement;

/// Whether the user name of an address is secret: `git@` in `ssh://git@host` is not.
fn has_secret(url: &Url) -> bool {
    let is_http = url.scheme().ends_with("http") || url.scheme().ends_with("https");
    url.password().is_some() || (is_http && !url.username().is_empty())
}

/// Removes the credentials from the address of a direct reference, and returns the address with them if it had any.
pub fn take_credentials(requirement: &mut Requirement) -> Option<Url> {
    let Some(VersionOrUrl::Url(url)) = &mut requirement.version_or_url else {
        return None;
    };
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

/// Masks the credentials of all addresses in a text with stars, one per character, so that columns stay valid.
#[must_use]
pub fn without_passwords(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + "://".len());
        masked.push_str(before);
        let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '`' | '"' | '\'');
        let authority = &after[..after.find(ends).unwrap_or(after.len())];
        rest = after;
        if let Some((secret, _)) = authority.rsplit_once('@')
            && (secret.contains(':') || !before.ends_with("ssh://"))
        {
            masked.extend(secret.chars().map(|_| '*'));
            rest = &after[secret.len()..];
        }
    }
    masked + rest
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
