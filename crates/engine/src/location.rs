//! Paths in a lock, which are relative to its own folder.

use mach_nix_lock::{Lock, LockedPackage, LockedSource};
use mach_nix_model::{Requirement, VersionOrUrl, file_path};
use url::Url;

/// The path of a `file:` URL; `None` for other schemes.
pub fn local_path(url: &str) -> Option<String> {
    let path = file_path(&Url::parse(url).ok()?)?;
    Some(path.to_string_lossy().into_owned())
}

/// Makes the paths of packages and their build environments relative to the folder of the lock.
pub fn make_relative(lock: &mut Lock, folder: &str) {
    let project = lock.project.iter_mut();
    let project = project.flat_map(|project| &mut project.build.packages);
    for package in lock.packages.iter_mut().chain(project) {
        make_package_relative(package, folder);
    }
}

fn make_package_relative(package: &mut LockedPackage, folder: &str) {
    if let LockedSource::Path { path, .. } = &mut package.source {
        *path = relative(path, folder);
    }
    if let LockedSource::Conda(conda) = &mut package.source {
        conda.channel = recorded(&conda.channel, Some(folder));
        conda.file.url = recorded(&conda.file.url, Some(folder));
    }
    for tool in package.build.iter_mut().flat_map(|build| &mut build.packages) {
        make_package_relative(tool, folder);
    }
}

/// An address in the form of the lock.
pub fn recorded(address: &str, folder: Option<&str>) -> String {
    match (local_path(address), folder) {
        (Some(path), Some(folder)) => relative(&path, folder),
        _ => address.to_owned(),
    }
}

/// A requirement in the form of the lock: `name @ ./relative` for a local file or folder.
pub fn requirement(requirement: &Requirement, folder: Option<&str>) -> String {
    let text = requirement.to_string();
    match (&requirement.version_or_url, folder) {
        (Some(VersionOrUrl::Url(url)), Some(folder)) if url.scheme() == "file" => {
            let mut plain = url.clone();
            plain.set_fragment(None);
            let path = relative(&local_path(plain.as_str()).unwrap_or_default(), folder);
            let fragment = url.fragment().map(|fragment| format!("#{fragment}"));
            text.replacen(url.as_str(), &(path + &fragment.unwrap_or_default()), 1)
        }
        _ => text,
    }
}

/// A path relative to a folder; both are absolute.
#[must_use]
pub fn relative(path: &str, folder: &str) -> String {
    let parts = |path: &'_ str| -> Vec<String> {
        let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
        parts.map(str::to_owned).collect()
    };
    let (path, folder) = (parts(path), parts(folder));
    let common = path.iter().zip(&folder).take_while(|(a, b)| a == b).count();
    let up = folder.len() - common;
    let first = if up == 0 {
        vec![".".to_owned()]
    } else {
        vec!["..".to_owned(); up]
    };
    first
        .into_iter()
        .chain(path[common..].iter().cloned())
        .collect::<Vec<_>>()
        .join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_lock() {
        for (path, folder, expected) in [
            ("/a/b/c.whl", "/a/b", "./c.whl"),
            ("/a/b/x/c.whl", "/a/b/", "./x/c.whl"),
            ("/a/c.whl", "/a/b/d", "../../c.whl"),
            ("/a", "/a", "."),
        ] {
            assert_eq!(relative(path, folder), expected);
        }
    }

    #[test]
    fn requirements_name_no_folder_of_this_machine() {
        let read = |text: &str| requirement(&text.parse().unwrap(), Some("/home/me/project"));
        assert_eq!(
            read("a[x] @ file:///home/me/project/w/a%201.whl#sha256=00 ; os_name == 'posix'"),
            "a[x] @ ./w/a 1.whl#sha256=00 ; os_name == 'posix'"
        );
        assert_eq!(read("a @ file:///home/me/a.whl"), "a @ ../a.whl");
        assert_eq!(read("a @ https://x.test/a.whl"), "a @ https://x.test/a.whl");
        assert_eq!(read("a>=1"), "a>=1");
    }
}
