//! A question as data: what the evaluator plugin, or any other program, asks in JSON.
//!
//! It means what the options of `mach-nix lock` with the same names mean, and gives the same lock. But it says
//! everything itself: no file beside the manifest, no environment variable and nothing of this machine has a part in it.

mod fields;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};

use mach_nix_manifest::{ManifestKind, Requirements, Selection, Surroundings, parse_manifest};
use mach_nix_model::{
    DEFAULT_INDEX, ExtraName, PackageName, ProviderPreference, Target, VersionOrUrl, recorded_address,
};
use url::Url;

use crate::{
    EngineError, PartialInventory, PolicyOptions, Request, RequestOptions, Sources, recorded_indexes,
    refuse_other_places, targets,
};
use fields::Fields;

/// What can be said.
const FIELDS: [&str; 14] = [
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

/// A question as it was read.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The snapshot to answer from.
    pub pypi_data: PathBuf,
    /// What nixpkgs has, as far as it is told.
    pub nixpkgs: Option<PartialInventory>,
    found: Requirements,
    targets: Vec<Target>,
    policy: PolicyOptions,
    index_urls: Option<Vec<Url>>,
}

impl Ask {
    /// Reads a question. `null` says the same as no field.
    ///
    /// # Errors
    /// When it is not a JSON object, has an unknown field, lacks one, or has a value that cannot be read.
    pub fn from_json(json: &str) -> Result<Self, EngineError> {
        let mut fields = Fields::read(json, &FIELDS)?;
        let found = manifest(&mut fields)?;
        let pythons = fields.needed_list("python", "3.12")?;
        let systems = fields.needed_list("system", "x86_64-linux")?;
        Ok(Self {
            found,
            targets: targets(&pythons, &systems),
            policy: policy(&mut fields)?,
            index_urls: fields.list("indexUrls")?,
            nixpkgs: fields.value("nixpkgsInventory")?,
            pypi_data: fields
                .one("pypiData")?
                .ok_or_else(|| fields::missing("pypiData", "the path of a snapshot"))?,
        })
    }

    /// What the manifest says that may surprise, a sentence each; the request does not have it.
    #[must_use]
    pub fn take_warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.found.warnings)
    }

    /// The request that it makes over a snapshot of this name, which was made from these indexes.
    ///
    /// # Errors
    /// When something cannot be served, or the requirements are for another Python.
    pub fn request(self, snapshot: &str, held: &[String]) -> Result<Request, EngineError> {
        refuse_other_places(&self.found, snapshot)?;
        let indexes = recorded_indexes(&self.indexes(), snapshot, held)?;
        Request::new(
            self.found,
            RequestOptions {
                targets: self.targets,
                policy: self.policy,
                sources: Sources {
                    indexes,
                    ..Sources::default()
                },
                ..RequestOptions::default()
            },
        )
    }

    /// As for the command line, further addresses in the manifest come first, and an address that is asked for counts
    /// more than one in the manifest.
    fn indexes(&self) -> Vec<String> {
        let main = match (&self.index_urls, &self.found.options.index_url) {
            (Some(urls), _) => urls.iter().map(recorded_address).collect(),
            (None, Some(url)) => vec![recorded_address(url)],
            (None, None) => vec![DEFAULT_INDEX.to_owned()],
        };
        let mut indexes = Vec::new();
        for index in self
            .found
            .options
            .extra_index_urls
            .iter()
            .map(recorded_address)
            .chain(main)
        {
            if !indexes.contains(&index) {
                indexes.push(index);
            }
        }
        indexes
    }
}

fn manifest(fields: &mut Fields) -> Result<Requirements, EngineError> {
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
    let mut found = read(&name, &text, &selection)?;
    if let Some(text) = fields.one::<String>("constraints")? {
        found.append(read("constraints.txt", &text, &Selection::default())?.into_constraints()?);
    }
    Ok(found)
}

/// Reads a manifest from its text: its name says what it is.
fn read(name: &str, text: &str, selection: &Selection) -> Result<Requirements, EngineError> {
    let path = Path::new(name);
    let surroundings = Surroundings {
        read: &|asked| {
            if asked == path {
                return Ok(text.as_bytes().to_vec());
            }
            Err(io::Error::other(
                "this is a text, which has no folder to find that file in; write its lines here instead",
            ))
        },
        // What it is seen from does not matter where paths are refused anyway.
        exists: &|_| true,
        // The credentials that variables are for are not needed here, and locks do not have them.
        variable: &|name| Some(format!("${{{name}}}")),
        folder: Path::new("/"),
    };
    let found = parse_manifest(path, selection, &surroundings)?;
    refuse_paths(&found)?;
    Ok(found)
}

/// What is beside a text, nobody knows; and an absolute path would be a part of this machine.
fn refuse_paths(found: &Requirements) -> Result<(), EngineError> {
    let is_path = |url: &Url| url.scheme() == "file";
    let entries = found.requirements.iter().chain(&found.constraints);
    let of_entries = entries.filter_map(|entry| match &entry.requirement.version_or_url {
        Some(VersionOrUrl::Url(url)) if is_path(url) => Some(&entry.location),
        _ => None,
    });
    let sources = found.sources.iter().filter(|source| is_path(&source.url));
    let of_sources = sources.map(|source| &source.location);
    match of_entries.chain(of_sources).next() {
        None => Ok(()),
        Some(location) => Err(EngineError::Manifest(location.error(
            "this is a path, and a text has no folder to find it in: make a lock file with `mach-nix lock`",
        ))),
    }
}

fn policy(fields: &mut Fields) -> Result<PolicyOptions, EngineError> {
    let mut policy = PolicyOptions {
        prerelease: fields.one("prerelease")?,
        exclude_newer: fields.one("excludeNewer")?,
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
