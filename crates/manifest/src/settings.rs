//! The settings of a project: `[tool.mach-nix]` in `pyproject.toml`, or the top level of `mach-nix.toml`.

use std::collections::BTreeMap;
use std::path::Path;

use mach_nix_model::{ExcludeNewer, ExtraName, PackageName, Prerelease, ProviderPreference};
use mach_nix_tags::{NixSystem, PythonVersion};
use url::Url;

use crate::document::Document;
use crate::toml_item::{Item, Table, parse};
use crate::{ManifestError, ReadContext};

/// The name of the file of settings of a project without `pyproject.toml`.
pub const MACH_NIX_TOML: &str = "mach-nix.toml";

/// All keys.
const KEYS: [&str; 11] = [
    "manifest",
    "systems",
    "python",
    "providers",
    "index-url",
    "extra-index-urls",
    "index-of",
    "conda-channels",
    "exclude-newer",
    "prerelease",
    "default-groups",
];

/// The settings of a project. Options and variables override them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectSettings {
    /// The file with the requirements, relative to the folder of the settings.
    pub manifest: Option<String>,
    /// The systems to lock for.
    pub systems: Vec<NixSystem>,
    /// The Python versions to lock for.
    pub python: Vec<PythonVersion>,
    /// The providers of packages without a list of their own.
    pub providers: Option<ProviderPreference>,
    /// The providers of single packages.
    pub package_providers: BTreeMap<PackageName, ProviderPreference>,
    /// The main index.
    pub index_url: Option<Url>,
    /// Further indexes.
    pub extra_index_urls: Vec<Url>,
    /// The pinned indexes of packages.
    pub index_of: BTreeMap<PackageName, Url>,
    /// Conda channels, with their addresses.
    pub conda_channels: Vec<(String, Url)>,
    /// Files uploaded later are skipped.
    pub exclude_newer: Option<ExcludeNewer>,
    /// The rule for pre-releases.
    pub prerelease: Option<Prerelease>,
    /// The groups that environments have by default.
    pub default_groups: Option<Vec<ExtraName>>,
}

impl ProjectSettings {
    /// Reads a `mach-nix.toml`.
    ///
    /// # Errors
    /// When the file cannot be read, or has an unknown key or a value of another type.
    pub fn read(path: &Path, context: &ReadContext<'_>) -> Result<Self, ManifestError> {
        let document = Document::open(path, context)?;
        let values = parse(&document, &document.text)?;
        Self::of_table(&Table::root(&document, &values))
    }

    pub(crate) fn of_item(item: Item<'_>) -> Result<Self, ManifestError> {
        Self::of_table(&item.table()?)
    }

    fn of_table(table: &Table<'_>) -> Result<Self, ManifestError> {
        let mut settings = Self::default();
        for (key, item) in table.entries() {
            settings.set(key, &item)?;
        }
        Ok(settings)
    }

    fn set(&mut self, key: &str, item: &Item<'_>) -> Result<(), ManifestError> {
        match key {
            "manifest" => self.manifest = Some(item.string()?.to_owned()),
            "systems" => self.systems = list(item, value)?,
            "python" => self.python = list(item, python)?,
            "providers" => self.set_providers(item)?,
            "index-url" => self.index_url = Some(url(item)?),
            "extra-index-urls" => self.extra_index_urls = list(item, url)?,
            "index-of" => self.index_of = by_package(item, url)?,
            "conda-channels" => {
                for (name, address) in item.table()?.entries() {
                    self.conda_channels.push((name.to_owned(), url(&address)?));
                }
            }
            "exclude-newer" => self.exclude_newer = Some(item.exclude_newer()?),
            "prerelease" => self.prerelease = Some(value(item)?),
            "default-groups" => self.default_groups = Some(list(item, value)?),
            _ => return Err(unknown(key, item)),
        }
        Ok(())
    }

    fn set_providers(&mut self, item: &Item<'_>) -> Result<(), ManifestError> {
        if item.maybe_string().is_some() {
            return Err(item.error(
                "`providers` is a table: write `providers = { _default = \"wheel,sdist\" }`, and the names of packages next to \
                 `_default`",
            ));
        }
        for (name, list) in item.table()?.entries() {
            if name == "_default" {
                self.providers = Some(value(&list)?);
            } else {
                self.package_providers
                    .insert(package(name, &list)?, value(&list)?);
            }
        }
        Ok(())
    }
}

fn unknown(key: &str, item: &Item<'_>) -> ManifestError {
    let likeness = |known: &&str| strsim::jaro_winkler(known, key);
    let near = KEYS
        .iter()
        .copied()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let near = near.unwrap_or("systems");
    item.error(format!(
        "there is no setting `{key}` of mach-nix: did you mean `{near}`? There are {}",
        KEYS.map(|key| format!("`{key}`")).join(", ")
    ))
}

/// A value of a type that is written as a string, and whose errors speak for themselves.
fn value<T>(item: &Item<'_>) -> Result<T, ManifestError>
where
    T: std::str::FromStr<Err: ToString>,
{
    let text = item.string()?;
    text.parse()
        .map_err(|error: T::Err| item.error(format!("`{}`: {}", item.key, error.to_string())))
}

fn python(item: &Item<'_>) -> Result<PythonVersion, ManifestError> {
    let text = item.string()?;
    if text.ends_with('t') {
        return Err(item.error(format!(
            "`{text}` is a free-threaded Python, and its builds are not supported: write `{}`",
            text.trim_end_matches('t')
        )));
    }
    value(item)
}

fn url(item: &Item<'_>) -> Result<Url, ManifestError> {
    let url: Url = value(item)?;
    if url.cannot_be_a_base() {
        return Err(item.error(format!(
            "`{}` must be a URL such as https://index.example.org/simple",
            item.key
        )));
    }
    Ok(url)
}

/// A list, or a single value.
fn list<T>(
    item: &Item<'_>,
    read: fn(&Item<'_>) -> Result<T, ManifestError>,
) -> Result<Vec<T>, ManifestError> {
    if item.maybe_string().is_some() {
        return Ok(vec![read(item)?]);
    }
    item.array()?.iter().map(read).collect()
}

fn by_package<T>(
    item: &Item<'_>,
    read: fn(&Item<'_>) -> Result<T, ManifestError>,
) -> Result<BTreeMap<PackageName, T>, ManifestError> {
    let entries = item.table()?.entries();
    let entry = |(name, item): (&str, Item<'_>)| Ok((package(name, &item)?, read(&item)?));
    entries.into_iter().map(entry).collect()
}

fn package(name: &str, item: &Item<'_>) -> Result<PackageName, ManifestError> {
    name.parse()
        .map_err(|_| item.error(format!("`{name}` is not a package name")))
}
