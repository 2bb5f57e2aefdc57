//! Values of options that have a form of their own.

use mach_nix_conda::Channel;
use mach_nix_model::{ExcludeNewer, PackageName, ProviderPreference};
use url::Url;

/// The URL of an index, with the name that variables with its credentials have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexAddress {
    pub name: Option<String>,
    pub url: Url,
}

impl From<Url> for IndexAddress {
    fn from(url: Url) -> Self {
        Self { name: None, url }
    }
}

/// `URL` or `NAME=URL`
pub fn index_address(text: &str) -> Result<IndexAddress, String> {
    let is_name = |name: &&str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    let (name, url) = match text.split_once('=') {
        Some((name, url)) if is_name(&name) => (Some(name.to_owned()), url),
        _ => (None, text),
    };
    Ok(IndexAddress {
        name,
        url: address(url)?,
    })
}

/// `PACKAGE=URL`
pub fn package_index(text: &str) -> Result<(PackageName, Url), String> {
    let (name, url) = text
        .split_once('=')
        .ok_or("write PACKAGE=URL, as in `torch=https://download.pytorch.org/whl/cpu`")?;
    let name = name
        .parse()
        .map_err(|_| format!("`{name}` is not a package name"))?;
    Ok((name, address(url)?))
}

/// `NAME=URL`, `NAME=FOLDER`, or the name of a public channel.
pub fn conda_channel(text: &str) -> Result<(String, Url), String> {
    let wanted = "write NAME=URL, as in `ours=https://conda.example.org/ours`";
    let (name, address) = text
        .split_once('=')
        .map_or((text, None), |(name, address)| (name, Some(address)));
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    if name.is_empty()
        || !name.chars().all(allowed)
        || name.starts_with('/')
        || text.contains("://") && address.is_none()
    {
        return Err(format!("`{name}` is not the name of a channel: {wanted}"));
    }
    let url = match address {
        None => Url::parse(Channel::public(name).url()).map_err(|error| error.to_string())?,
        Some(address) if address.contains("://") => Url::parse(address)
            .map_err(|error| format!("this is not the URL of a channel ({error}): {wanted}"))?,
        Some(folder) => {
            let folder = std::path::absolute(folder).map_err(|error| format!("{folder}: {error}"))?;
            Url::from_file_path(folder).map_err(|()| format!("this is not a path: {wanted}"))?
        }
    };
    match url.scheme() {
        "http" | "https" | "file" => Ok((name.to_owned(), url)),
        _ => Err(format!("this is not the URL of a channel: {wanted}")),
    }
}

/// The URL of an index.
pub fn address(text: &str) -> Result<Url, String> {
    let wanted = "write one such as https://index.example.org/simple";
    match Url::parse(text) {
        Ok(url) if url.fragment().is_some() => Err(format!(
            "the URL of an index has no `#`, and in a password it is written as `%23`: {wanted}"
        )),
        Ok(url) if !url.cannot_be_a_base() => Ok(url),
        Ok(_) => Err(format!("this is not the URL of an index: {wanted}")),
        Err(error) => Err(format!("this is not the URL of an index ({error}): {wanted}")),
    }
}

/// `PACKAGE=DATE`
pub fn limit_of_package(text: &str) -> Result<(PackageName, ExcludeNewer), String> {
    let (name, limit) = text
        .split_once('=')
        .ok_or("write it as PACKAGE=DATE, such as numpy=2026-11-01 or numpy=false")?;
    let name = name
        .trim()
        .parse()
        .map_err(|_| format!("`{name}` is not a package name"))?;
    let limit = limit.trim().parse();
    Ok((
        name,
        limit.map_err(|error: mach_nix_model::ExcludeNewerError| error.to_string())?,
    ))
}

/// `PACKAGE=LIST`
pub fn package_providers(text: &str) -> Result<(PackageName, ProviderPreference), String> {
    let (name, list) = text
        .split_once('=')
        .ok_or("write PACKAGE=LIST, as in `numpy=wheel`")?;
    let name = name
        .parse()
        .map_err(|_| format!("`{name}` is not a package name"))?;
    let list = list
        .parse()
        .map_err(|error: mach_nix_model::ProviderParseError| error.to_string())?;
    Ok((name, list))
}
