//! The channels of an environment: names, addresses and folders.

use std::path::Path;

use mach_nix_model::file_url;
use url::Url;

use crate::conda::CondaChannel;
use crate::document::normalized;
use crate::lines::expand;
use crate::{Location, ManifestError, ReadContext};

/// The channels that `defaults` stands for.
const DEFAULTS: [&str; 2] = ["main", "r"];

/// Reads an element of `channels`. `nodefaults` is not a channel: conda's default channels are never added to those of the file.
pub fn read(
    text: &str,
    location: &Location,
    context: &ReadContext<'_>,
) -> Result<Vec<CondaChannel>, ManifestError> {
    let channel = |name: &str, url| CondaChannel {
        name: name.to_owned(),
        url,
        location: location.clone(),
    };
    if text == "nodefaults" {
        return Ok(Vec::new());
    }
    if text == "defaults" {
        return Ok(DEFAULTS.iter().map(|name| channel(name, None)).collect());
    }
    let mut unset = None;
    let expanded = expand(text, &mut |name| {
        let value = (context.variable)(name);
        unset = unset.take().or_else(|| value.is_none().then(|| name.to_owned()));
        value
    });
    if let Some(name) = unset {
        return Err(location.error(format!("the environment variable `{name}` is not set")));
    }
    if expanded.contains("://") {
        let url = Url::parse(&expanded)
            .map_err(|error| location.error(format!("this is not an address of a channel: {error}")))?;
        if !matches!(url.scheme(), "https" | "http" | "file") {
            return Err(location.error("channels are read by `https://`, `http://` and `file://` only"));
        }
        return Ok(vec![channel(&name_of(&url), Some(url))]);
    }
    if expanded.starts_with(['.', '/']) {
        let url = folder(&expanded, location, context)?;
        return Ok(vec![channel(&name_of(&url), Some(url))]);
    }
    let is_name = |part: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        !part.is_empty() && part.chars().all(allowed)
    };
    if expanded.split('/').all(is_name) {
        return Ok(vec![channel(&expanded, None)]);
    }
    Err(location.error(
        "this is not a channel: write a name such as `conda-forge`, an address, or a folder as `./folder`",
    ))
}

/// A folder, relative to the file that names it.
fn folder(text: &str, location: &Location, context: &ReadContext<'_>) -> Result<Url, ManifestError> {
    let file = location.path.as_deref().map(Path::new);
    let of_file = file.and_then(Path::parent).unwrap_or(Path::new(""));
    let path = normalized(&context.folder.join(of_file).join(text));
    if !(context.exists)(&path) {
        return Err(location.error(format!(
            "there is no channel `{}`: correct the path",
            path.display()
        )));
    }
    file_url(&path).ok_or_else(|| location.error(format!("`{}` is not an absolute path", path.display())))
}

/// The last folder of an address.
fn name_of(url: &Url) -> String {
    let path = url.path().trim_end_matches('/');
    let name = path.rsplit('/').next().unwrap_or_default();
    if name.is_empty() {
        url.host_str().unwrap_or("channel").to_owned()
    } else {
        name.to_owned()
    }
}
