//! `[[tool.uv.index]]`, and the earlier options for indexes.
//!
//! <https://docs.astral.sh/uv/concepts/indexes/>

use std::collections::BTreeMap;
use std::path::Path;

use mach_nix_model::file_url;
use url::Url;

use crate::document::{Document, normalized};
use crate::toml_item::{Item, Table};
use crate::{FindLinks, ManifestError, ReadContext, Requirements};

/// The addresses of indexes by their names.
pub type Named = BTreeMap<String, Url>;

/// Keys of an index that are followed, or do not affect its contents.
const KEYS: [&str; 9] = [
    "authenticate",
    "cache-control",
    "default",
    "explicit",
    "format",
    "ignore-error-codes",
    "name",
    "publish-url",
    "url",
];

/// The warning about an unsupported setting of uv.
pub fn not_followed(item: Item<'_>, key: &str) -> String {
    item.warning(&format!("`{key}` of uv is not followed"))
}

/// Reads the indexes of a table of settings.
pub fn read(
    settings: &Table<'_>,
    found: &mut Requirements,
    context: &ReadContext<'_>,
) -> Result<Named, ManifestError> {
    let mut named = Named::new();
    for item in settings.array("index")? {
        let table = item.table()?;
        for (key, item) in table.entries() {
            if !KEYS.contains(&key) {
                found.warnings.push(not_followed(item, key));
            }
        }
        let url = table.required("url")?;
        let flag = |key| table.get(key).map_or(Ok(false), |item| item.boolean());
        let is_flat = table.string("format")? == Some("flat");
        let address = if is_flat {
            links_address(url, context)?
        } else {
            address(url)?
        };
        if let Some(name) = table.string("name")?
            // A page of links does not have a page per package.
            && (!is_flat || address.scheme() == "file")
        {
            named.insert(name.to_owned(), address.clone());
        }
        if let Some(name) = table.string("name")? {
            found.options.index_names.push((name.to_owned(), address.clone()));
        }
        if flag("explicit")? {
            continue;
        }
        if is_flat {
            let links = FindLinks::read(url.string()?, folder(url.document));
            found.options.find_links.push(links);
        } else if flag("default")? {
            found.options.index_url = Some(address);
        } else {
            found.options.extra_index_urls.push(address);
        }
    }
    for item in settings.array("extra-index-url")? {
        found.options.extra_index_urls.push(address(item)?);
    }
    if let Some(item) = settings.get("index-url") {
        found.options.index_url = Some(address(item)?);
    }
    for item in settings.array("find-links")? {
        found
            .options
            .find_links
            .push(FindLinks::read(item.string()?, folder(item.document)));
    }
    if let Some(item) = settings.get("no-index") {
        found.options.no_index |= item.boolean()?;
    }
    Ok(named)
}

/// Only the names and addresses of the indexes, for a project whose other settings are in `uv.toml`.
pub fn names(project: &Table<'_>) -> Result<Named, ManifestError> {
    let mut named = Named::new();
    for item in project.array("index")? {
        let table = item.table()?;
        if let Some(name) = table.string("name")?
            && table.string("format")? != Some("flat")
        {
            named.insert(name.to_owned(), address(table.required("url")?)?);
        }
    }
    Ok(named)
}

fn address(item: Item<'_>) -> Result<Url, ManifestError> {
    let text = item.string()?;
    Url::parse(text).map_err(|error| {
        item.error(format!(
            "`{text}` is not an address of an index: {error}; write `https://…`"
        ))
    })
}

/// The address of a page of links, or of a folder.
fn links_address(item: Item<'_>, context: &ReadContext<'_>) -> Result<Url, ManifestError> {
    let text = item.string()?;
    if let Ok(url) = Url::parse(text) {
        return Ok(url);
    }
    let parent = folder(item.document).unwrap_or(Path::new(""));
    let whole = normalized(&context.folder.join(parent).join(text));
    file_url(&whole).ok_or_else(|| item.error(format!("`{}` is not an absolute path", whole.display())))
}

/// The folder of a document, for its relative paths.
pub fn folder(document: &Document) -> Option<&Path> {
    Path::new(&document.shown).parent()
}
