//! Addresses in locks: files, folders and repositories.

use std::path::Path;

use mach_nix_model::{file_name, file_url};
use url::Url;

use crate::ManifestError;
use crate::address::set_subdirectory;
use crate::document::normalized;
use crate::toml_item::Item;

/// The address of a project in a commit: `git+https://host/repository@COMMIT#subdirectory=…`. `git@host:path` is short
/// for `ssh://git@host/path`.
pub fn repository_url(
    item: Item<'_>,
    repository: &str,
    commit: &str,
    subdirectory: Option<&str>,
) -> Result<Url, ManifestError> {
    let repository = match repository.split_once(':') {
        Some((host, path)) if !path.starts_with("//") && !host.contains('/') => {
            format!("ssh://{host}/{}", path.trim_start_matches('/'))
        }
        _ => repository.to_owned(),
    };
    let mut url: Url = format!("git+{repository}@{commit}")
        .parse()
        .map_err(|_| item.error(format!("`{repository}` is not a URL")))?;
    set_subdirectory(&mut url, subdirectory);
    Ok(url)
}

/// The `file:` URL of a path relative to the lock's folder.
pub fn url_of_path(item: Item<'_>, text: &str, folder: &Path) -> Result<Url, ManifestError> {
    let shown = Path::new(&item.document.shown);
    let parent = shown
        .parent()
        .map_or_else(|| folder.to_owned(), |parent| folder.join(parent));
    let path = normalized(&parent.join(text));
    file_url(&path).ok_or_else(|| item.error(format!("`{}` is not an absolute path", path.display())))
}

/// Whether a URL is that of a wheel, by its file name.
pub fn is_wheel(url: &Url) -> bool {
    file_name(url.path()).to_ascii_lowercase().ends_with(".whl")
}
