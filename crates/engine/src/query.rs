//! The query in JSON, from the evaluator plugin, `mach-nix lock --query` or another program.
//!
//! Its fields are equivalent to the options of `mach-nix lock` with the same names, and give the same lock. But a query
//! is self-contained: files next to the manifest, environment variables and other local state have no influence.

mod fields;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};

use indexmap::IndexSet;
use mach_nix_conda::Channel;
use mach_nix_manifest::{FindLinks, ManifestKind, ReadContext, Requirements, Selection, parse_manifest};
use mach_nix_model::{
    DEFAULT_INDEX, DateLimits, ExcludeNewer, ExtraName, PackageName, ProviderPreference, Target,
    VersionOrUrl, recorded_address, take_credentials, take_credentials_of_url, without_credentials,
};
use url::Url;

use crate::{
    EngineError, NixSurface, PartialInventory, PolicyOptions, Request, RequestOptions, Sources,
    conda_channels, known_channels, recorded_indexes, refuse_other_sources, targets,
};
use fields::Fields;

/// The fields of a query.
const FIELDS: [&str; 16] = [
    "condaChannels",
    "condaVirtual",
    "constraints",
    "excludeNewer",
    "extras",
    "groups",
    "indexUrls",
    "name",
    "nixpkgsInventory",
    "prerelease",
    "providers",
    "pypiData",
    "pyproject",
    "python",
    "requirements",
    "system",
];

/// A query: a manifest with all parameters of its lock.
#[derive(Debug, Clone)]
pub struct Query {
    /// The snapshot; without one, the indexes are queried.
    pub pypi_data: Option<PathBuf>,
    /// The known packages of nixpkgs.
    pub nixpkgs: Option<PartialInventory>,
    /// The contents of the manifest.
    pub found: Requirements,
    targets: Vec<Target>,
    policy: PolicyOptions,
    index_urls: Option<Vec<Url>>,
    conda_channels: Vec<(String, Url)>,
    is_project: bool,
}

impl Query {
    /// Parses a query. `null` is equivalent to an absent field.
    ///
    /// # Errors
    /// If it is not a JSON object, or a field is unknown, missing or invalid.
    pub fn from_json(json: &str) -> Result<Self, EngineError> {
        let mut fields = Fields::read(json, &FIELDS)?;
        let pypi_data = fields.one("pypiData")?;
        let is_project = fields.has("pyproject");
        let found = manifest(&mut fields, pypi_data.is_some())?;
        let pythons = fields.needed_list("python", "3.12")?;
        let systems = fields.needed_list("system", "x86_64-linux")?;
        Ok(Self {
            found,
            targets: targets(&pythons, &systems),
            policy: policy(&mut fields)?,
            index_urls: fields.list("indexUrls")?,
            conda_channels: channels(&mut fields)?,
            nixpkgs: fields.value("nixpkgsInventory")?,
            pypi_data,
            is_project,
        })
    }

    /// The surface for messages about this query.
    #[must_use]
    pub fn surface(&self) -> NixSurface {
        NixSurface {
            is_project: self.is_project,
        }
    }

    /// The path of the snapshot.
    ///
    /// # Errors
    /// If the query does not have one.
    pub fn snapshot(&self) -> Result<&Path, EngineError> {
        self.pypi_data
            .as_deref()
            .ok_or_else(|| fields::missing("pypiData", "the path of a snapshot"))
    }

    /// The date limits of the query and of the project.
    ///
    /// # Errors
    /// If one is a duration, because an answer must not depend on the time.
    pub fn date_limits(&self) -> Result<DateLimits, EngineError> {
        self.policy.date_limits(&self.found)
    }

    /// Takes the warnings about the manifest, one sentence each, which the request does not contain.
    #[must_use]
    pub fn take_warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.found.warnings)
    }

    /// Gives the channels that the query names the addresses that they have in a snapshot.
    pub fn know_channels(&mut self, channels: &[Channel]) {
        let known = known_channels(&self.found, &self.conda_channels, &self.policy, channels);
        self.conda_channels.extend(known);
    }

    /// The request over a snapshot of this name, which was made from these indexes.
    ///
    /// # Errors
    /// If something is not available, or the requirements do not support a Python.
    pub fn request_over(mut self, snapshot: &str, held: &[String]) -> Result<Request, EngineError> {
        self.drop_credentials();
        refuse_other_sources(&self.found, snapshot)?;
        let indexes: Vec<String> = self.indexes().iter().map(recorded_address).collect();
        let indexes = recorded_indexes(&indexes, snapshot, held)?;
        self.request(Sources {
            indexes,
            ..Sources::default()
        })
    }

    /// Removes credentials, which a snapshot does not need.
    fn drop_credentials(&mut self) {
        let entries = self
            .found
            .requirements
            .iter_mut()
            .chain(&mut self.found.constraints);
        for entry in entries {
            take_credentials(&mut entry.requirement);
        }
        for source in &mut self.found.sources {
            take_credentials_of_url(&mut source.url);
        }
    }

    /// The request with these sources.
    ///
    /// # Errors
    /// If the requirements do not support a Python, or a provider is not available.
    pub fn request(mut self, sources: Sources) -> Result<Request, EngineError> {
        let channels = conda_channels(&mut self.found, &self.conda_channels, &self.policy).into_iter();
        let channels = channels.map(|(name, url)| Channel::new(&name, without_credentials(&url).as_str()));
        self.policy.channels = channels.collect();
        Request::new(
            self.found,
            RequestOptions {
                targets: self.targets,
                policy: self.policy,
                sources,
                ..RequestOptions::default()
            },
        )
    }

    /// The indexes, in order. As on the command line, extra indexes of the manifest come first, and an index of the
    /// query replaces the main one of the manifest.
    #[must_use]
    pub fn indexes(&self) -> Vec<Url> {
        let options = &self.found.options;
        if options.no_index {
            return Vec::new();
        }
        let main = match (&self.index_urls, &options.index_url) {
            (Some(urls), _) => urls.clone(),
            (None, Some(url)) => vec![url.clone()],
            (None, None) => vec![DEFAULT_INDEX.parse().expect("a constant")],
        };
        let further = options.extra_index_urls.iter().cloned();
        further.chain(main).collect::<IndexSet<_>>().into_iter().collect()
    }
}

fn manifest(fields: &mut Fields, has_snapshot: bool) -> Result<Requirements, EngineError> {
    let requirements = fields.one::<String>("requirements")?;
    let pyproject = fields.one::<String>("pyproject")?;
    let (text, name) = match (requirements, pyproject) {
        (Some(text), None) => (text, "requirements.txt"),
        (None, Some(text)) => (text, "pyproject.toml"),
        (None, None) => return Err(fields::missing("requirements", "the text of a requirements file")),
        (Some(_), Some(_)) => {
            return Err(EngineError::Usage(
                "there are both `requirements` and `pyproject`: give one of them".to_owned(),
            ));
        }
    };
    let name = fields.one("name")?.unwrap_or_else(|| name.to_owned());
    let selection = Selection {
        extras: fields
            .list::<ExtraName>("extras")?
            .into_iter()
            .flatten()
            .collect(),
        groups: fields
            .list::<ExtraName>("groups")?
            .into_iter()
            .flatten()
            .collect(),
    };
    let kind = ManifestKind::of(Path::new(&name));
    for (field, given, means_something) in [
        ("extras", !selection.extras.is_empty(), kind.has_extras()),
        ("groups", !selection.groups.is_empty(), kind.has_groups()),
    ] {
        if given && !means_something {
            return Err(EngineError::Usage(format!(
                "`{field}` names parts of a project, and `{name}` is none: give the project's text as `pyproject`"
            )));
        }
    }
    let mut found = read(&name, &text, &selection, has_snapshot)?;
    if let Some(text) = fields.one::<String>("constraints")? {
        let constraints = read("constraints.txt", &text, &Selection::default(), has_snapshot)?;
        found.append(constraints.into_constraints()?);
    }
    Ok(found)
}

/// Parses a manifest from its text; its name determines the format.
fn read(
    name: &str,
    text: &str,
    selection: &Selection,
    has_snapshot: bool,
) -> Result<Requirements, EngineError> {
    let path = Path::new(name);
    let unset = RefCell::new(None);
    let context = ReadContext {
        read: &|other| {
            if other == path {
                return Ok(text.as_bytes().to_vec());
            }
            Err(io::Error::other(
                "this is a text, which has no folder to find that file in; write its lines here instead",
            ))
        },
        // Paths are rejected later.
        exists: &|_| true,
        folders: &|_| Vec::new(),
        variable: &|name| {
            let written = format!("${{{name}}}");
            unset.borrow_mut().get_or_insert_with(|| written.clone());
            Some(written)
        },
        folder: Path::new("/"),
    };
    let found = parse_manifest(path, selection, &context)?;
    refuse_paths(&found)?;
    // Variables are for credentials, which a snapshot does not need and a lock does not contain.
    if let Some(variable) = unset.take()
        && !has_snapshot
    {
        return Err(EngineError::Usage(format!(
            "a query has no environment variables, and `{name}` has `{variable}`: make a lock file with `mach-nix lock`"
        )));
    }
    Ok(found)
}

/// Rejects paths: a text has no folder, and an absolute path would depend on the machine.
fn refuse_paths(found: &Requirements) -> Result<(), EngineError> {
    let is_path = |url: &Url| url.scheme() == "file";
    let entries = found.requirements.iter().chain(&found.constraints);
    let of_entries = entries.filter_map(|entry| match &entry.requirement.version_or_url {
        Some(VersionOrUrl::Url(url)) if is_path(url) => Some(&entry.location),
        _ => None,
    });
    let sources = found.sources.iter().filter(|source| is_path(&source.url));
    let of_sources = sources.map(|source| &source.location);
    if let Some(location) = of_entries.chain(of_sources).next() {
        return Err(EngineError::Manifest(location.error(
            "this is a path, and a text has no folder to find it in: make a lock file with `mach-nix lock`",
        )));
    }
    let mut links = found.options.find_links.iter();
    let path = links.find_map(|links| match links {
        FindLinks::Url(url) if !is_path(url) => None,
        FindLinks::Url(url) => Some(url.to_string()),
        FindLinks::Path { from_folder, .. } => Some(from_folder.display().to_string()),
    });
    match path {
        None => Ok(()),
        Some(path) => Err(EngineError::Usage(format!(
            "`--find-links {path}` is a path, and a text has no folder to find it in: make a lock file with `mach-nix lock`"
        ))),
    }
}

/// The conda channels: `NAME=URL` or the `NAME` of a public one, most preferred first.
fn channels(fields: &mut Fields) -> Result<Vec<(String, Url)>, EngineError> {
    let mut channels = Vec::new();
    for text in fields.list::<String>("condaChannels")?.into_iter().flatten() {
        let (name, url) = match text.split_once('=') {
            Some((name, url)) => (name.to_owned(), url.to_owned()),
            None => (text.clone(), Channel::public(&text).url().to_owned()),
        };
        let url: Url = url.parse().map_err(|error| {
            let reason =
                format!("`{text}` is not a channel ({error}): write NAME=URL, or the NAME of a public one");
            fields::fault("condaChannels", &reason)
        })?;
        channels.push((name, url));
    }
    Ok(channels)
}

fn policy(fields: &mut Fields) -> Result<PolicyOptions, EngineError> {
    let mut policy = PolicyOptions {
        virtual_packages: fields.list("condaVirtual")?.unwrap_or_default(),
        prerelease: fields.one("prerelease")?,
        exclude_newer: fields.one("excludeNewer")?.map(ExcludeNewer::At),
        ..PolicyOptions::default()
    };
    for (name, list) in fields.lists("providers")? {
        let list: ProviderPreference = list.parse().map_err(|error| fields::fault("providers", &error))?;
        if name == "_default" {
            policy.providers = Some(list);
        } else {
            let name: PackageName = name
                .parse()
                .map_err(|_| fields::fault("providers", &format!("`{name}` is not a package name")))?;
            policy.packages.insert(name, list);
        }
    }
    Ok(policy)
}
