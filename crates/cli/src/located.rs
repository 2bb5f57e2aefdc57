//! Locations of failed direct references.

use mach_nix_engine::{EngineError, Request};
use mach_nix_model::{Surface, VersionOrUrl, without_credentials};
use mach_nix_resolve::{Origin, ResolveError};
use url::Url;

use crate::conda;
use crate::failure::Failure;

/// The failure, with the location of the requirement with its URL.
pub fn located(error: &EngineError, request: &Request, surface: &dyn Surface) -> Failure {
    let is_of_index = matches!(
        error,
        EngineError::Index(_)
            | EngineError::Unresolved {
                source: ResolveError::Index(_),
                ..
            }
    );
    let message = error.to_string();
    let mut failure = Failure::on(error, surface);
    if let Some(remedy) = is_of_index.then(|| conda::remedy(&message, request)).flatten() {
        failure = failure.with(&remedy);
    }
    let mut roots = request.requirements.iter();
    let root = roots.find(|root| match &root.requirement.version_or_url {
        Some(VersionOrUrl::Url(url)) => is_of_index && message.contains(&host_and_path(url)),
        _ => false,
    });
    match root.map(|root| &root.origin) {
        None | Some(Origin::CommandLine) => failure,
        Some(origin) => failure.at(origin),
    }
}

/// Host and path of a URL, without the commit.
fn host_and_path(url: &Url) -> String {
    let mut url = without_credentials(url);
    url.set_fragment(None);
    url.set_query(None);
    let text = url.as_str();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let is_repository = url.scheme().starts_with("git+");
    let name = text
        .rfind('@')
        .filter(|at| is_repository && *at > text.find('/').unwrap_or(0));
    text[..name.unwrap_or(text.len())].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_by_host_and_path() {
        for (url, expected) in [
            ("git+ssh://git@h.test/u/x.git@v1#egg=x", "h.test/u/x.git"),
            ("git+https://h.test:8080/u/x", "h.test:8080/u/x"),
            ("https://u:p@h.test/x-1.tar.gz?a=b#sha256=00", "h.test/x-1.tar.gz"),
            ("file:///x/@y", "/x/@y"),
        ] {
            assert_eq!(host_and_path(&url.parse().unwrap()), expected);
        }
    }
}
