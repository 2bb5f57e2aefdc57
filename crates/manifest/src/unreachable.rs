//! Detection of addresses that cannot work, with their remedies.
//!
//! Without these checks, such addresses would fail as network errors.

use url::{Host, Url};

/// Hosts of repositories that serve Git over HTTPS and SSH only.
const GIT_HOSTS: [&str; 4] = ["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"];

/// Version control systems that are not supported.
const OTHER_SYSTEMS: [&str; 3] = ["hg", "svn", "bzr"];

/// The supported schemes.
const SCHEMES: [&str; 8] = [
    "http",
    "https",
    "file",
    "git+https",
    "git+http",
    "git+ssh",
    "git+file",
    "git+git",
];

/// The reason why an address cannot work, and the remedy.
pub fn address(text: &str) -> Option<String> {
    if let Some(meant) = scp_like(text) {
        return Some(format!("this is an address in `scp` syntax: write `{meant}`"));
    }
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("file:") && !lower.starts_with("file:/") {
        return Some(
            "a `file:` URL needs an absolute path, as in `file:///folder/name.whl`; a relative path can stand on a line of \
             its own, without the name: `./name.whl`"
                .to_owned(),
        );
    }
    let url = Url::parse(text).ok()?;
    let scheme = url.scheme();
    let rest = &text[scheme.len()..];
    let is_git_host = matches!(url.host(), Some(Host::Domain(host)) if GIT_HOSTS.contains(&host.trim_start_matches("www.")))
        || GIT_HOSTS.iter().any(|host| url.host_str() == Some(host));
    let other = OTHER_SYSTEMS.iter().find(|system| {
        scheme == **system
            || scheme
                .strip_prefix(*system)
                .is_some_and(|rest| rest.starts_with('+'))
    });
    match scheme {
        "git" => Some(format!("`git:` is not supported: write `git+https{rest}`")),
        "git+git" if is_git_host => Some(format!(
            "this host does not serve `git:` any more: write `git+https{rest}`"
        )),
        "ssh" => Some(format!(
            "a repository URL needs the prefix `git+`: write `git+ssh{rest}`"
        )),
        "http" | "https" if is_repository(&url, is_git_host) => Some(format!(
            "this is a Git repository and not an archive: write `git+{text}`"
        )),
        _ if other.is_some() => Some(
            "only Git repositories are supported: give the URL of a source archive (`https://….tar.gz`)"
                .to_owned(),
        ),
        _ if scheme.len() == 1 => Some(
            "this is a Windows path: write the path on this machine, as in `./name` or `file:///folder/name`"
                .to_owned(),
        ),
        _ if !SCHEMES.contains(&scheme) => Some(format!(
            "`{scheme}:` is not supported: write an address that begins with `https:`, `git+https:`, `git+ssh:` or `file:`"
        )),
        _ => None,
    }
}

/// Whether an address is that of a repository and not of a file.
fn is_repository(url: &Url, is_git_host: bool) -> bool {
    let path = url.path();
    let names = path.split('/').filter(|name| !name.is_empty()).count();
    path.ends_with(".git") || path.contains(".git@") || (is_git_host && names == 2)
}

/// Converts `git@host:folder/name.git` to a URL. After `ssh:`, the text after the second `:` would have to be a port.
fn scp_like(text: &str) -> Option<String> {
    let after_kind = text.strip_prefix("git+").unwrap_or(text);
    let rest = after_kind.strip_prefix("ssh://").unwrap_or(after_kind);
    let (user, rest) = rest.split_once('@')?;
    let (host, path) = rest.split_once(':')?;
    let is_word = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    let is_port = path
        .split('/')
        .next()
        .is_some_and(|port| port.parse::<u16>().is_ok());
    (is_word(user) && is_word(host) && !is_port && !path.starts_with('/'))
        .then(|| format!("git+ssh://{user}@{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_a_remedy() {
        for (text, part) in [
            (
                "git://h.test/x.git@master#egg=x",
                "write `git+https://h.test/x.git@master#egg=x`",
            ),
            (
                "git+git://github.com/u/x.git",
                "write `git+https://github.com/u/x.git`",
            ),
            ("ssh://git@h.test/x.git", "write `git+ssh://git@h.test/x.git`"),
            (
                "git@github.com:u/x.git",
                "write `git+ssh://git@github.com/u/x.git`",
            ),
            (
                "git+git@github.com:u/x.git@v1",
                "write `git+ssh://git@github.com/u/x.git@v1`",
            ),
            (
                "git+ssh://git@github.com:u/x.git",
                "write `git+ssh://git@github.com/u/x.git`",
            ),
            ("https://github.com/u/x", "write `git+https://github.com/u/x`"),
            (
                "https://h.test/u/x.git@v1#egg=x",
                "write `git+https://h.test/u/x.git@v1#egg=x`",
            ),
            ("hg+https://h.test/x", "only Git repositories"),
            ("svn://h.test/x", "only Git repositories"),
            ("ftp://h.test/x.tar.gz", "`ftp:` is not supported"),
            ("C:/x/y.whl", "a Windows path"),
            ("file:y.whl", "needs an absolute path"),
        ] {
            let reason = address(text).expect(text);
            assert!(reason.contains(part), "{text}: {reason}");
        }
    }

    #[test]
    fn accepts_valid_addresses() {
        for text in [
            "https://h.test/x-1.tar.gz",
            "https://github.com/u/x/archive/v1.tar.gz",
            "https://u:p@h.test:8080/x.whl",
            "git+https://github.com/u/x",
            "git+ssh://git@h.test:22/u/x.git",
            "git+ssh://git@h.test/u/x.git@v1",
            "git+git://h.test/x",
            "git+file:///x",
            "file:///x/y.whl",
        ] {
            assert_eq!(address(text), None, "{text}");
        }
    }
}
