//! `poetry.lock` of Poetry 1.0 and later.
//!
//! The format is not specified. Since 2.0 each package has its groups and markers; earlier locks lack them, and
//! pyproject.toml has them in Poetry's own form. For these, all packages that are not optional are taken, under the
//! marker that leads to them if the lock has one.

use std::collections::BTreeSet;
use std::path::Path;

use mach_nix_model::{ExtraName, Marker, MarkerTree, PackageName, VersionSpecifiers};

use super::address::{is_wheel, repository_url, url_of_path};
use super::fields::{check_format, check_hashes, marker_tree, source_tree, strong};
use super::file::ForeignFile;
use super::lock::{ForeignDependency, ForeignLock, ForeignPackage};
use crate::address::set_subdirectory;
use crate::document::Document;
use crate::selection::{known, without_extras};
use crate::toml_item::{Item, Table, parse};
use crate::{ManifestError, ReadContext, RequiresPython, Selection, SourceKind, SourceTree};

const RENEW: &str = "regenerate it with a current Poetry (`poetry lock`)";

/// Reads a `poetry.lock`: the main group, with the selected extras and groups.
///
/// # Errors
/// If the file cannot be read, has an unknown format or one before 1.0, or lacks a selected extra or group.
pub fn parse_poetry_lock(
    path: &Path,
    selection: &Selection,
    context: &ReadContext<'_>,
) -> Result<ForeignLock, ManifestError> {
    let document = Document::open(path, context)?;
    let values = parse(&document, &document.text)?;
    let root = Table::root(&document, &values);
    let metadata = root.required("metadata")?.table()?;
    check_format(&document, metadata.required("lock-version")?, &["1", "2"], RENEW)?;
    let mut packages = Vec::new();
    for item in root.array("package")? {
        packages.push(item.table()?);
    }
    let reader = Reader {
        metadata,
        folder: context.folder,
        extras: selection.extras.clone(),
        optional: optional(&root, selection)?,
        groups: groups(&document, &packages, selection)?,
    };
    let mut lock = ForeignLock {
        requires_python: requires_python(&metadata)?,
        ..ForeignLock::default()
    };
    for table in &packages {
        reader.package(table, &mut lock)?;
    }
    Ok(lock)
}

/// Skips Poetry's own constraints (`^3.8`), which are not PEP 440 specifiers.
fn requires_python(metadata: &Table<'_>) -> Result<Option<RequiresPython>, ManifestError> {
    let item = metadata.get("python-versions");
    let is_standard = |item: &Item<'_>| {
        item.maybe_string()
            .is_some_and(|text| text.parse::<VersionSpecifiers>().is_ok())
    };
    item.filter(is_standard)
        .map(|item| item.requires_python())
        .transpose()
}

/// The packages that the selected extras install.
fn optional(root: &Table<'_>, selection: &Selection) -> Result<BTreeSet<PackageName>, ManifestError> {
    let extras = root.table("extras")?;
    let mut names = BTreeSet::new();
    for extra in &selection.extras {
        let entries = extras.iter().flat_map(Table::entries).collect::<Vec<_>>();
        let same = |(name, _): &&(&str, Item<'_>)| name.parse().is_ok_and(|name: ExtraName| name == *extra);
        let Some((_, item)) = entries.iter().find(same) else {
            let known = known(entries.iter().map(|(name, _)| name));
            return Err(root
                .document
                .whole(format!("there is no extra `{extra}`: {known}")));
        };
        for member in item.array()? {
            // Items may have a constraint: `name (>=1)`.
            let text = member.string()?;
            let name = text
                .split([' ', '[', '(', '>', '=', '<', '~', '^'])
                .next()
                .unwrap_or_default();
            names.insert(
                name.parse()
                    .map_err(|_| member.error(format!("`{name}` is not a package name")))?,
            );
        }
    }
    Ok(names)
}

/// The groups to install; `None` if the lock does not distinguish groups.
fn groups(
    document: &Document,
    packages: &[Table<'_>],
    selection: &Selection,
) -> Result<Option<BTreeSet<ExtraName>>, ManifestError> {
    let mut known_groups = BTreeSet::new();
    for table in packages {
        known_groups.extend(groups_of(table)?);
    }
    if let Some(group) = selection.groups.difference(&known_groups).next() {
        return Err(document.whole(format!("there is no group `{group}`: {}", known(&known_groups))));
    }
    let main: ExtraName = "main"
        .parse()
        .map_err(|_| document.whole("`main` is not a name"))?;
    Ok((!known_groups.is_empty()).then(|| selection.groups.iter().cloned().chain([main]).collect()))
}

/// `groups`, or `category` in format 1.x.
fn groups_of(table: &Table<'_>) -> Result<BTreeSet<ExtraName>, ManifestError> {
    let mut groups = BTreeSet::new();
    for item in table.array("groups")?.into_iter().chain(table.get("category")) {
        groups.insert(item.parsed("name of a group")?);
    }
    Ok(groups)
}

struct Reader<'a> {
    metadata: Table<'a>,
    folder: &'a Path,
    extras: BTreeSet<ExtraName>,
    optional: BTreeSet<PackageName>,
    groups: Option<BTreeSet<ExtraName>>,
}

impl Reader<'_> {
    fn package(&self, table: &Table<'_>, lock: &mut ForeignLock) -> Result<(), ManifestError> {
        let name = table.required("name")?.package_name()?;
        let of_package = groups_of(table)?;
        let wanted: Vec<&ExtraName> = match &self.groups {
            Some(groups) => groups.intersection(&of_package).collect(),
            None => Vec::new(),
        };
        if self.groups.is_some() && wanted.is_empty() {
            return Ok(());
        }
        let marker = self.marker(table, &wanted)?;
        let is_optional = table
            .get("optional")
            .map(|item| item.boolean())
            .transpose()?
            .unwrap_or(false);
        // Since 2.0 the marker of an optional package names its extra.
        let decided_by_marker = table.get("markers").is_some();
        let is_left_out = is_optional && !decided_by_marker && !self.optional.contains(&name);
        if marker.is_false() || is_left_out {
            return Ok(());
        }
        let marker = Marker::from(&marker);
        let files = self.files(table, &name)?;
        let version = table.required("version")?.parsed("version")?;
        let (mut direct, mut index) = (None, None);
        if let Some(source) = table.table("source")? {
            let (kind, url) = self.source(&source)?;
            match kind {
                None => index = Some(url),
                Some(SourceKind::Archive) if is_wheel(&url) => direct = Some(url),
                Some(kind) => {
                    if kind == SourceKind::Archive {
                        check_hashes(table, &name, &files, true)?;
                    }
                    let develop = table.get("develop").and_then(|item| item.boolean().ok());
                    lock.sources.push(SourceTree {
                        editable: develop.unwrap_or(false),
                        ..source_tree(table, &name, &[], kind, url, marker, &files)
                    });
                    return Ok(());
                }
            }
        }
        check_hashes(table, &name, &files, direct.is_some())?;
        lock.packages.push(ForeignPackage {
            name,
            extras: Vec::new(),
            version,
            url: direct,
            index,
            marker,
            files,
            dependencies: dependencies(table)?,
            location: table.location(""),
        });
        Ok(())
    }

    /// `markers` is a single marker, or a table with one per group.
    fn marker(&self, table: &Table<'_>, groups: &[&ExtraName]) -> Result<MarkerTree, ManifestError> {
        let Some(item) = table.get("markers") else {
            return Ok(MarkerTree::TRUE);
        };
        if !item.is_table() {
            return Ok(without_extras(&marker_tree(item)?, &self.extras));
        }
        let by_group = item.table()?.entries();
        let mut whole = MarkerTree::FALSE;
        for group in groups {
            let same =
                |(name, _): &&(&str, Item<'_>)| name.parse().is_ok_and(|name: ExtraName| name == **group);
            match by_group.iter().find(same) {
                Some((_, item)) => whole.or(without_extras(&marker_tree(*item)?, &self.extras)),
                None => whole = MarkerTree::TRUE,
            }
        }
        Ok(whole)
    }

    /// The files are listed in the package since format 2, and in a separate table before.
    fn files(&self, table: &Table<'_>, name: &PackageName) -> Result<Vec<ForeignFile>, ManifestError> {
        let items = if let Some(item) = table.get("files") {
            item.array()?
        } else {
            let all = self.metadata.table("files")?;
            let all: Vec<_> = all.iter().flat_map(Table::entries).collect();
            let same = |(key, _): &&(&str, Item<'_>)| key.parse().is_ok_and(|key: PackageName| key == *name);
            match all.iter().find(same) {
                Some((_, item)) => item.array()?,
                None if self.metadata.get("hashes").is_some() => {
                    return Err(self.metadata.error(format!(
                        "the hashes have no file names, as before Poetry 1.0: {RENEW}"
                    )));
                }
                None => Vec::new(),
            }
        };
        items.iter().map(|item| file(&item.table()?)).collect()
    }

    /// The `[package.source]`: its kind and URL; an index has no kind.
    fn source(&self, source: &Table<'_>) -> Result<(Option<SourceKind>, url::Url), ManifestError> {
        let kind = source.required("type")?.string()?;
        let item = source.required("url")?;
        let subdirectory = source.string("subdirectory")?;
        Ok(match kind {
            "legacy" => (None, item.parsed("URL")?),
            "git" => {
                let commit = source
                    .string("resolved_reference")?
                    .or(source.string("reference")?);
                let url = repository_url(item, item.string()?, commit.unwrap_or("HEAD"), subdirectory)?;
                (Some(SourceKind::Repository), url)
            }
            "url" => {
                let mut url = item.parsed("URL")?;
                set_subdirectory(&mut url, subdirectory);
                (Some(SourceKind::Archive), url)
            }
            "file" => (
                Some(SourceKind::Archive),
                url_of_path(item, item.string()?, self.folder)?,
            ),
            "directory" => (
                Some(SourceKind::Folder),
                url_of_path(item, item.string()?, self.folder)?,
            ),
            _ => return Err(source.error(format!("unknown source type `{kind}`: {RENEW}"))),
        })
    }
}

fn file(table: &Table<'_>) -> Result<ForeignFile, ManifestError> {
    let hash = table.required("hash")?.string()?;
    let hash = strong(hash);
    Ok(ForeignFile {
        name: table.required("file")?.string()?.to_owned(),
        url: table.get("url").map(|url| url.parsed("URL")).transpose()?,
        hash: hash.map_err(|reason| table.error(reason))?,
        size: table.get("size").map(|size| size.size()).transpose()?,
        upload_time: None,
    })
}

/// `name = "^1"`, `name = { version = "^1", markers = "…" }` or several of the latter. Versions are in Poetry's own
/// form and ignored, because the lock has chosen them.
fn dependencies(table: &Table<'_>) -> Result<Vec<ForeignDependency>, ManifestError> {
    let mut dependencies = Vec::new();
    for (name, item) in table.table("dependencies")?.iter().flat_map(Table::entries) {
        let name: PackageName = name
            .parse()
            .map_err(|_| item.error(format!("`{name}` is not a package name")))?;
        let several = item.array().unwrap_or_else(|_| vec![item]);
        for one in several {
            let mut dependency = ForeignDependency {
                name: name.clone(),
                version: None,
                extras: Vec::new(),
                marker: Marker::TRUE,
            };
            if one.is_table() {
                let one = one.table()?;
                for extra in one.array("extras")? {
                    dependency.extras.push(extra.parsed("name of an extra")?);
                }
                let condition = one.get("markers").map(marker_tree).transpose()?;
                dependency.marker = condition.map_or(Marker::TRUE, |tree| Marker::from(&tree));
            }
            dependencies.push(dependency);
        }
    }
    Ok(dependencies)
}
