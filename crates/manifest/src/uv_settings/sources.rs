//! `[tool.uv.sources]`: the sources of a project's or script's dependencies (docs/decisions/0035).
//!
//! <https://docs.astral.sh/uv/concepts/projects/dependencies/#dependency-sources>
//!
//! A project that specifies the repository or index of a package does not mean the public index's package of that name.
//! So every source is followed or rejected; none is ignored.

use std::collections::BTreeMap;
use std::path::Path;

use mach_nix_model::{Marker, PackageName, Requirement, VersionOrUrl, file_url};
use url::Url;

use super::indexes::{Named, folder};
use crate::address::set_subdirectory;
use crate::document::normalized;
use crate::selection::{conditional, known};
use crate::toml_item::{Item, Table};
use crate::workspace::member;
use crate::{Entry, ManifestError, ReadContext, Requirements};

/// Keys of a source that do not affect its location.
const NO_LOCATION: [&str; 3] = ["editable", "package", "lfs"];

/// Applies the table to the requirements, unless `settings` disable it.
pub fn apply(
    uv: &Table<'_>,
    settings: &Table<'_>,
    indexes: &Named,
    found: &mut Requirements,
    context: &ReadContext<'_>,
) -> Result<(), ManifestError> {
    let Some(sources) = uv.table("sources")? else {
        return Ok(());
    };
    if settings
        .get("no-sources")
        .map_or(Ok(false), |item| item.boolean())?
    {
        return Ok(());
    }
    let mut skipped = Vec::new();
    for item in settings.array("no-sources-package")? {
        skipped.push(item.package_name()?);
    }
    let mut named = BTreeMap::new();
    for (name, item) in sources.entries() {
        let name: PackageName = name
            .parse()
            .map_err(|_| item.error(format!("`{name}` is not a package name")))?;
        if let Some(computed) = found.projects.dynamic.first() {
            return Err(computed.error(format!(
                "this has dynamic requirements, and `[tool.uv.sources]` has a source for `{name}`: \
                 write the dependencies into `[project]`"
            )));
        }
        if !skipped.contains(&name) {
            named.insert(name, item);
        }
    }
    for entry in std::mem::take(&mut found.requirements) {
        match named.get(&entry.requirement.name) {
            Some(item) => follow(entry, *item, indexes, found, context)?,
            None => found.requirements.push(entry),
        }
    }
    Ok(())
}

/// The requirement with its source; a list of sources has one for each condition.
fn follow(
    entry: Entry,
    item: Item<'_>,
    indexes: &Named,
    found: &mut Requirements,
    context: &ReadContext<'_>,
) -> Result<(), ManifestError> {
    let requirement = &entry.requirement;
    if let Some(VersionOrUrl::Url(url)) = &requirement.version_or_url {
        return Err(item.error(format!(
            "line {} requires `{}` from {url}, and this has another location: remove one of them",
            entry.location.line.unwrap_or_default(),
            requirement.name
        )));
    }
    let sources = if item.is_table() {
        vec![item]
    } else {
        item.array()?
    };
    // The index serves it if no condition applies.
    let mut everywhere = false;
    let mut followed = Vec::new();
    for source in sources {
        let table = source.table()?;
        let marker = table
            .get("marker")
            .map(|item| item.parsed::<Marker>("marker"))
            .transpose()?;
        match location(&source, &table, &requirement.name, indexes, context)? {
            Location::Url(url) => {
                everywhere |= marker.is_none();
                let with_address = Requirement {
                    version_or_url: Some(VersionOrUrl::Url(url)),
                    ..requirement.clone()
                };
                followed.push(Entry {
                    requirement: conditional(&with_address, &marker.unwrap_or(Marker::TRUE)),
                    ..entry.clone()
                });
            }
            Location::Members(members) => {
                everywhere |= marker.is_none();
                // What a member needs of the workspace comes from there, too.
                for (at, (name, url)) in members.into_iter().enumerate() {
                    let needed = Requirement {
                        extras: if at == 0 {
                            requirement.extras.clone()
                        } else {
                            Vec::new()
                        },
                        name,
                        version_or_url: Some(VersionOrUrl::Url(url)),
                        marker: requirement.marker.clone(),
                    };
                    followed.push(Entry {
                        requirement: conditional(&needed, marker.as_ref().unwrap_or(&Marker::TRUE)),
                        ..entry.clone()
                    });
                }
            }
            Location::Index(_) if marker.is_some() => {
                return Err(source.error(format!(
                    "an index with a condition is not supported: use the index for `{}` everywhere, without \
                     `marker`",
                    requirement.name
                )));
            }
            Location::Index(url) => found.options.index_of.push((requirement.name.clone(), vec![url])),
        }
    }
    if !everywhere {
        found.requirements.push(entry);
    }
    found.requirements.append(&mut followed);
    Ok(())
}

enum Location {
    Url(Url),
    /// A member of the workspace, and the members that it needs.
    Members(Vec<(PackageName, Url)>),
    Index(Url),
}

fn location(
    source: &Item<'_>,
    table: &Table<'_>,
    package: &PackageName,
    indexes: &Named,
    context: &ReadContext<'_>,
) -> Result<Location, ManifestError> {
    let mut rest: Vec<&str> = table.entries().iter().map(|(key, _)| *key).collect();
    rest.retain(|key| *key != "marker" && !NO_LOCATION.contains(key));
    let mut take = |key: &'static str| {
        rest.retain(|other| *other != key);
        table.string(key)
    };
    let subdirectory = take("subdirectory")?;
    let (git, url, path, index) = (take("git")?, take("url")?, take("path")?, take("index")?);
    let reference = [take("rev")?, take("tag")?, take("branch")?]
        .into_iter()
        .flatten()
        .next();
    let location = match (git, url, path, index) {
        (Some(git), None, None, None) => {
            let prefix = if git.starts_with("git+") { "" } else { "git+" };
            let at = reference
                .map(|reference| format!("@{reference}"))
                .unwrap_or_default();
            Location::Url(parsed(source, &format!("{prefix}{git}{at}"), subdirectory)?)
        }
        (None, Some(url), None, None) => Location::Url(parsed(source, url, subdirectory)?),
        (None, None, Some(path), None) => {
            let mut url = local(source, path, context)?;
            set_subdirectory(&mut url, subdirectory);
            Location::Url(url)
        }
        (None, None, None, Some(name)) => match indexes.get(name) {
            Some(url) => Location::Index(url.clone()),
            None => {
                return Err(source.error(format!(
                    "there is no index `{name}` in `[[tool.uv.index]]`: {}",
                    known(indexes.keys())
                )));
            }
        },
        (None, None, None, None) if table.get("workspace").is_some() => {
            return members(source, package, context);
        }
        _ => {
            return Err(source.error(format!(
                "this has no location for `{package}`: write one of `git`, `url`, `path` and `index`"
            )));
        }
    };
    match rest.first() {
        None => Ok(location),
        Some(key) => Err(source.error(format!(
            "`{key}` is an unknown key of a source, and `{package}` must not come from elsewhere: remove it, or write \
             `{package} @ ADDRESS` into the dependencies"
        ))),
    }
}

fn members(
    source: &Item<'_>,
    package: &PackageName,
    context: &ReadContext<'_>,
) -> Result<Location, ManifestError> {
    let parent = folder(source.document).unwrap_or(Path::new(""));
    let absolute = normalized(&context.folder.join(parent));
    let found = member(package, &absolute, context);
    found.map(Location::Members).ok_or_else(|| {
        source.error(format!(
            "`{package}` is not a member of a workspace around this folder: add it to `members` of `[tool.uv.workspace]`, or \
             write its folder, as in `{{ path = \"../{package}\" }}`"
        ))
    })
}

fn parsed(source: &Item<'_>, text: &str, subdirectory: Option<&str>) -> Result<Url, ManifestError> {
    let mut url = Url::parse(text)
        .map_err(|error| source.error(format!("`{text}` is not an address: {error}; write `https://…`")))?;
    set_subdirectory(&mut url, subdirectory);
    Ok(url)
}

/// Resolves a path relative to the document.
fn local(source: &Item<'_>, path: &str, context: &ReadContext<'_>) -> Result<Url, ManifestError> {
    let parent = folder(source.document).unwrap_or(Path::new(""));
    let whole = normalized(&context.folder.join(parent).join(path));
    if !(context.exists)(&whole) {
        return Err(source.error(format!("there is no `{}`: correct the path", whole.display())));
    }
    file_url(&whole).ok_or_else(|| source.error(format!("`{}` is not an absolute path", whole.display())))
}
