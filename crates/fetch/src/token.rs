//! Tokens in addresses, as servers of conda channels have them: `https://HOST/t/TOKEN/CHANNEL`.
//!
//! A token is a credential, so addresses that people and locks see lack it.

use url::Url;

/// The token of an address, and its path without it.
fn split(url: &Url) -> Option<(&str, &str)> {
    let rest = url.path().strip_prefix("/t/")?;
    let end = rest.find('/').unwrap_or(rest.len());
    let (token, path) = rest.split_at(end);
    (!token.is_empty()).then_some((token, path))
}

/// Whether an address has a token.
pub fn has_token(url: &Url) -> bool {
    split(url).is_some()
}

/// The address without its token.
pub fn without_token(url: &Url) -> Url {
    let mut without = url.clone();
    if let Some((_, path)) = split(url) {
        without.set_path(path);
    }
    without
}

/// The address with the token of another one of the same server.
pub fn with_token(url: &mut Url, known: &Url) {
    if let Some((token, _)) = split(known).filter(|_| !has_token(url)) {
        url.set_path(&format!("/t/{token}{}", url.path()));
    }
}

#[cfg(test)]
mod tests {
    use super::{has_token, with_token, without_token};

    #[test]
    fn a_token_is_taken_out_and_put_back() {
        let secret = "https://conda.example.org/t/ab-12/ours".parse().unwrap();
        let plain = without_token(&secret);
        assert_eq!(plain.as_str(), "https://conda.example.org/ours");
        let mut file = plain.join("ours/noarch/repodata.json").unwrap();
        with_token(&mut file, &secret);
        assert_eq!(
            file.as_str(),
            "https://conda.example.org/t/ab-12/ours/noarch/repodata.json"
        );
        assert!(has_token(&secret) && !has_token(&plain));
        let other = "https://conda.example.org/team/t/x".parse().unwrap();
        assert_eq!(without_token(&other), other);
    }
}
