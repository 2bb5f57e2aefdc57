//! The credentials of requests. They belong to servers (docs/decisions/0021): each is sent to its own scheme, host and
//! port only.

use std::sync::{Mutex, PoisonError};

use url::Url;

use crate::access::{Access, Authorization, Keyring};
use crate::keyring;
use crate::netrc::{Login, Netrc};
use crate::token::{has_token, with_token, without_token};

/// All known credentials.
pub struct Credentials {
    /// Addresses with credentials.
    known: Vec<Url>,
    /// Addresses with the credentials that variables have for them.
    logins: Vec<(Url, Authorization)>,
    netrc: Netrc,
    /// The keyring, unless it is disabled.
    keyring: Option<keyring::Answers>,
    /// Addresses without credentials, the names of which a keyring may know.
    indexes: Vec<Url>,
    /// Addresses with credentials that pages list.
    listed: Mutex<Vec<Url>>,
}

/// The address and the credentials of a request.
pub struct Authorized {
    /// The address without user name and password, and with its token.
    pub url: Url,
    /// The credentials.
    pub authorization: Option<Authorization>,
    /// Whether a keyring may know more: the password of a user, or both.
    pub lacks_password: bool,
}

impl Credentials {
    /// The credentials in addresses, and those of variables and files.
    pub fn new<'a>(addresses: impl Iterator<Item = &'a Url>, access: &Access) -> Self {
        let (known, indexes): (Vec<Url>, Vec<Url>) = addresses
            .map(without_git)
            .partition(|address| has_user(address) || has_token(address));
        let stripped = known.iter().map(stripped);
        Self {
            indexes: indexes.into_iter().chain(stripped).collect(),
            known,
            logins: access.logins.clone(),
            netrc: access.netrc.clone(),
            keyring: (access.keyring == Keyring::Subprocess).then(keyring::Answers::default),
            listed: Mutex::default(),
        }
    }

    /// Adds addresses with credentials that a page lists; these have the lowest precedence.
    pub fn add_listed(&self, addresses: Vec<Url>) {
        let mut listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        listed.extend(addresses);
    }

    /// The credentials of a request: files are listed and locked without credentials, but may need those of their index.
    /// Of several for a server, those with the closest path win; then those of variables, of `.netrc` (by host), and of
    /// pages.
    pub fn of(&self, url: &Url) -> Authorized {
        let mut address = stripped(url);
        let known = closest(self.known.iter(), url, |known| known);
        if let Some(known) = known {
            with_token(&mut address, known);
        }
        let named = closest(self.logins.iter(), url, |(known, _)| known).map(|(_, login)| login);
        let of_address = [Some(url), known]
            .into_iter()
            .flatten()
            .find(|known| has_user(known));
        let (user, password) = match of_address {
            Some(known) => (Some(decoded(known.username())), known.password().map(decoded)),
            None => (None, None),
        };
        let netrc = url.host_str().and_then(|host| self.netrc.of(host));
        let authorization = match (user, password) {
            (Some(user), Some(password)) => Some(Authorization::Basic(Login { user, password })),
            (Some(user), None) => {
                let named = named.and_then(|named| match named {
                    Authorization::Basic(login) => Some(login),
                    Authorization::Bearer(_) => None,
                });
                let mut logins = named.into_iter().chain(netrc);
                let login = logins.find(|login| login.user == user).cloned();
                let without_password = Login {
                    user,
                    password: String::new(),
                };
                Some(Authorization::Basic(login.unwrap_or(without_password)))
            }
            _ => named
                .cloned()
                .or_else(|| netrc.cloned().map(Authorization::Basic))
                .or_else(|| self.of_page(url)),
        };
        let lacks_password = match &authorization {
            Some(Authorization::Basic(login)) => login.password.is_empty(),
            Some(Authorization::Bearer(_)) => false,
            None => true,
        };
        Authorized {
            url: address,
            authorization,
            lacks_password: lacks_password && self.keyring.is_some(),
        }
    }

    /// The credentials that a page lists for a server.
    fn of_page(&self, url: &Url) -> Option<Authorization> {
        let listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        let known = closest(listed.iter(), url, |known| known)?;
        Some(Authorization::Basic(Login {
            user: decoded(known.username()),
            password: known.password().map(decoded).unwrap_or_default(),
        }))
    }

    /// The credentials of the keyring: for the user of a request, or for its server.
    pub async fn of_keyring(&self, url: &Url, known: Option<&Authorization>) -> Option<Authorization> {
        let user = match known {
            Some(Authorization::Basic(login)) => Some(login.user.as_str()),
            _ => None,
        };
        let index = closest(self.indexes.iter(), url, |index| index).cloned();
        let index = index.unwrap_or_else(|| stripped(url));
        let login = self.keyring.as_ref()?.of(&index, user).await?;
        Some(Authorization::Basic(login))
    }
}

/// The entry for the server of a URL whose address has most folders in common with it; of several, the last one.
fn closest<'a, T>(
    entries: impl DoubleEndedIterator<Item = &'a T>,
    url: &Url,
    address: impl Fn(&T) -> &Url,
) -> Option<&'a T> {
    let same_server = entries
        .rev()
        .filter(|entry| address(entry).origin() == url.origin());
    same_server.max_by_key(|entry| common_folders(&without_token(address(entry)), url))
}

/// The number of common path segments of two URLs on the same server.
fn common_folders(one: &Url, other: &Url) -> usize {
    let pairs = one.path().split('/').zip(other.path().split('/'));
    pairs.take_while(|(a, b)| a == b).count()
}

fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

fn stripped(url: &Url) -> Url {
    mach_nix_model::without_credentials(url)
}

/// User names and passwords are percent-encoded in addresses.
fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

/// The address of a repository as git has it, so that it has the origin of its server.
fn without_git(url: &Url) -> Url {
    let text = url.as_str();
    let plain = text.strip_prefix("git+").and_then(|text| Url::parse(text).ok());
    plain.unwrap_or_else(|| url.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    fn basic(user: &str, password: &str) -> Authorization {
        Authorization::Basic(Login {
            user: user.to_owned(),
            password: password.to_owned(),
        })
    }

    #[test]
    fn the_closest_address_then_variables_then_netrc_then_pages() {
        let access = Access {
            logins: vec![
                (
                    url("https://b.test/simple"),
                    Authorization::Bearer("t".to_owned()),
                ),
                (url("https://c.test/x"), basic("named", "1")),
            ],
            netrc: Netrc::parse("machine c.test login n password 2\nmachine d.test login n password 3"),
            ..Access::default()
        };
        let known = [
            url("https://u:p@a.test/one/simple"),
            url("https://v:q%40@a.test/two/simple"),
            url("git+https://g:h@a.test/two/simple/repository"),
            url("https://n@d.test/simple"),
            url("https://only-a-token@e.test/simple"),
        ];
        let credentials = Credentials::new(known.iter(), &access);
        credentials.add_listed(vec![url("https://w:l@f.test/"), url("https://w:l@d.test/")]);
        for (request, expected) in [
            ("https://a.test/one/files/x", Some(basic("u", "p"))),
            ("https://a.test/two/files/x", Some(basic("v", "q@"))),
            ("https://a.test/two/simple/repository", Some(basic("g", "h"))),
            ("https://own:x@a.test/two/files/x", Some(basic("own", "x"))),
            ("https://a.test:8080/one/files/x", None),
            ("http://a.test/one/files/x", None),
            (
                "https://b.test/files",
                Some(Authorization::Bearer("t".to_owned())),
            ),
            ("https://c.test/x/y", Some(basic("named", "1"))),
            ("https://d.test/simple/x", Some(basic("n", "3"))),
            ("https://e.test/simple/x", Some(basic("only-a-token", ""))),
            ("https://f.test/x", Some(basic("w", "l"))),
        ] {
            let authorized = credentials.of(&url(request));
            assert!(authorized.authorization == expected, "{request}");
            assert!(!has_user(&authorized.url) && !authorized.lacks_password);
        }
    }
}
