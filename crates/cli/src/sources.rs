//! The sources of packages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use indexmap::IndexSet;
use mach_nix_engine::{PolicyOptions, Query, Sources, recorded_indexes};
use mach_nix_fetch::{DEFAULT_INDEX, InsecureHost};
use mach_nix_manifest::{FindLinks, ForeignFile, Requirements};
use mach_nix_model::{
    DateLimits, DistributionFile, PackageName, file_path, recorded_address, without_credentials,
};
use mach_nix_snapshot::Snapshot;
use url::Url;

use crate::args::lock::LockOptions;
use crate::args::values::IndexAddress;
use crate::failure::Failure;

/// The sources of packages, with their credentials.
pub struct FetchSources {
    /// The indexes, in order.
    pub indexes: Vec<Url>,
    /// The pinned indexes of packages.
    pub pinned_indexes: BTreeMap<PackageName, Vec<Url>>,
    /// The files of packages that are not from an index.
    pub files: BTreeMap<PackageName, Vec<DistributionFile>>,
    /// Folders and pages of links.
    pub find_links: Vec<Url>,
    /// The URLs of direct references that had credentials.
    pub credentials: Vec<Url>,
    /// The conda channels.
    pub channels: Vec<Url>,
    /// The names of indexes and channels, with their addresses.
    pub names: Vec<(String, Url)>,
    /// The hosts whose connections need not be secure.
    pub insecure_hosts: Vec<InsecureHost>,
    /// Whether upload times are needed.
    pub upload_times: bool,
}

impl FetchSources {
    /// The sources in the options and files.
    pub fn read(
        options: &LockOptions,
        found: &mut Requirements,
        policy: &PolicyOptions,
    ) -> Result<Self, Failure> {
        let (files, mut credentials) = files(found);
        credentials.extend(take_credentials(found));
        Ok(Self {
            indexes: indexes(
                &options.index_url,
                &options.extra_index_url,
                options.no_index,
                found,
            ),
            pinned_indexes: pinned_indexes(options, found)?,
            files,
            find_links: found_links(&options.find_links, found)?,
            credentials,
            channels: Vec::new(),
            names: names(&options.index_url, &options.extra_index_url, found),
            insecure_hosts: insecure_hosts(found)?,
            upload_times: policy.date_limits(found)? != DateLimits::default(),
        })
    }

    /// The sources in a query.
    pub fn of_query(query: &mut Query) -> Result<Self, Failure> {
        let indexes = query.indexes();
        let found = &mut query.found;
        let pinned_indexes: BTreeMap<_, _> = found.options.index_of.iter().cloned().collect();
        refuse_folders(indexes.iter().chain(pinned_indexes.values().flatten()))?;
        let (files, mut credentials) = files(found);
        credentials.extend(take_credentials(found));
        Ok(Self {
            indexes,
            pinned_indexes,
            files,
            find_links: found_links(&[], found)?,
            credentials,
            channels: Vec::new(),
            names: found.options.index_names.clone(),
            insecure_hosts: insecure_hosts(found)?,
            upload_times: query.date_limits()? != DateLimits::default(),
        })
    }

    /// The addresses of all indexes, pages and channels.
    pub fn addresses(&self) -> impl Iterator<Item = &Url> {
        let pinned = self.pinned_indexes.values().flatten();
        let channels = self.channels.iter();
        self.indexes
            .iter()
            .chain(pinned)
            .chain(&self.find_links)
            .chain(channels)
    }

    /// The sources in the form of the lock.
    pub fn recorded(&self, snapshot: Option<&Snapshot>) -> Result<Sources, Failure> {
        let pinned_indexes = self.pinned_indexes.iter();
        let find_links = self.find_links.iter();
        Ok(Sources {
            indexes: recorded(&self.indexes, snapshot)?,
            pinned_indexes: pinned_indexes
                .map(|(name, indexes)| (name.clone(), indexes.iter().map(recorded_address).collect()))
                .collect(),
            find_links: find_links
                .map(|links| without_credentials(links).into())
                .collect(),
        })
    }
}

/// The pinned indexes of packages; the command line overrides files.
fn pinned_indexes(
    options: &LockOptions,
    found: &Requirements,
) -> Result<BTreeMap<PackageName, Vec<Url>>, Failure> {
    let mut pinned_indexes: BTreeMap<_, _> = found.options.index_of.iter().cloned().collect();
    for (name, index) in &options.index_of {
        pinned_indexes.remove(name);
        refuse_folders([index])?;
    }
    for (name, indexes) in &pinned_indexes {
        let mut folders = indexes.iter().filter_map(file_path);
        if let Some(folder) = folders.find(|path| !path.exists()) {
            return Err(Failure::usage(format!(
                "there is no `{}`, the folder of files that the lock names for `{name}`: restore it, or renew the lock with the tool \
                 that wrote it",
                folder.display()
            )));
        }
    }
    let of_command_line = options.index_of.iter().cloned();
    pinned_indexes.extend(of_command_line.map(|(name, index)| (name, vec![index])));
    Ok(pinned_indexes)
}

/// The files of packages that are not from an index, but from the URLs in a lock; and the URLs that had credentials.
fn files(found: &Requirements) -> (BTreeMap<PackageName, Vec<DistributionFile>>, Vec<Url>) {
    let mut files = BTreeMap::<_, Vec<_>>::new();
    for (name, listed) in &found.options.files_of {
        files
            .entry(name.clone())
            .or_default()
            .extend(listed.iter().filter_map(ForeignFile::distribution));
    }
    let all = files.values_mut().flatten();
    let credentials = all.filter_map(mach_nix_model::take_credentials_of_file).collect();
    (files, credentials)
}

/// The current folder.
pub fn current_folder() -> Result<PathBuf, Failure> {
    std::env::current_dir()
        .map_err(|error| Failure::external(format!("the current folder cannot be found: {error}")))
}

/// The indexes in order. Extra indexes come first: a private index has precedence over the public one. The command line
/// overrides files.
pub fn indexes(
    index: &IndexAddress,
    extra: &[IndexAddress],
    no_index: bool,
    found: &Requirements,
) -> Vec<Url> {
    let index = &index.url;
    let from_file = found
        .options
        .index_url
        .as_ref()
        .filter(|_| index.as_str() == DEFAULT_INDEX);
    if no_index || found.options.no_index {
        return Vec::new();
    }
    let main = from_file.unwrap_or(index);
    let extra = extra.iter().map(|index| &index.url);
    let all = extra.chain(&found.options.extra_index_urls).chain([main]);
    all.cloned().collect::<IndexSet<Url>>().into_iter().collect()
}

/// The indexes with names.
pub fn names(index: &IndexAddress, extra: &[IndexAddress], found: &Requirements) -> Vec<(String, Url)> {
    let of_command_line = extra.iter().chain([index]);
    let of_command_line =
        of_command_line.filter_map(|index| Some((index.name.clone()?, without_credentials(&index.url))));
    found
        .options
        .index_names
        .iter()
        .cloned()
        .chain(of_command_line)
        .collect()
}

/// The hosts of `--trusted-host` in requirements files, and of `allow-insecure-host` in uv's settings.
pub fn insecure_hosts(found: &Requirements) -> Result<Vec<InsecureHost>, Failure> {
    let hosts = found.options.trusted_hosts.iter();
    let read = |host: &String| {
        host.parse()
            .map_err(|error| Failure::usage(format!("`{host}` of `--trusted-host`: {error}")))
    };
    hosts.map(read).collect()
}

/// Refuses indexes that are not served over HTTP.
pub fn refuse_folders<'a>(indexes: impl IntoIterator<Item = &'a Url>) -> Result<(), Failure> {
    let served = |index: &&Url| matches!(index.scheme(), "http" | "https") && index.fragment().is_none();
    match indexes.into_iter().find(|index| !served(index)) {
        None => Ok(()),
        Some(index) if index.fragment().is_some() => refuse_fragment(index),
        Some(index) => Err(Failure::usage(format!(
            "{} is not the URL of an index: indexes use http or https; serve a folder of pages with `python3 -m \
             http.server --directory FOLDER`, and lock files of a folder with --find-links",
            without_credentials(index)
        ))),
    }
}

/// Refuses a fragment, which may be a part of a password.
fn refuse_fragment(url: &Url) -> Result<(), Failure> {
    if url.fragment().is_none() {
        return Ok(());
    }
    Err(Failure::usage(
        "the URL of an index or of a page of links has no `#`; in a password, write it as `%23`",
    ))
}

/// The locations of `--find-links`, those of the command line first. A path is relative to the file that names it or, if
/// nothing is there, to the current folder, as in pip.
fn found_links(of_command_line: &[String], found: &Requirements) -> Result<Vec<Url>, Failure> {
    let folder = current_folder()?;
    let of_command_line = of_command_line.iter().map(|value| FindLinks::read(value, None));
    let mut addresses = IndexSet::new();
    for links in of_command_line.chain(found.options.find_links.iter().cloned()) {
        let address = match links {
            FindLinks::Url(url) => {
                refuse_fragment(&url)?;
                if let Some(path) = file_path(&url).filter(|path| !path.exists()) {
                    return Err(no_links(&path));
                }
                url
            }
            FindLinks::Path {
                from_file,
                from_folder,
            } => {
                let paths = [folder.join(from_file), folder.join(&from_folder)];
                let path = paths.iter().find(|path| path.exists());
                let path = path.ok_or_else(|| no_links(&from_folder))?;
                Url::from_file_path(mach_nix_manifest::normalized(path))
                    .map_err(|()| Failure::usage(format!("`{}` is not a path", path.display())))?
            }
        };
        addresses.insert(address);
    }
    Ok(addresses.into_iter().collect())
}

fn no_links(path: &Path) -> Failure {
    let path = path.display();
    Failure::usage(format!("there is no `{path}` for --find-links: correct the path"))
}

/// Takes the credentials out of addresses: locks and messages have none.
fn take_credentials(found: &mut Requirements) -> Vec<Url> {
    let entries = found.requirements.iter_mut().chain(&mut found.constraints);
    let mut credentials: Vec<Url> = entries
        .filter_map(|entry| mach_nix_model::take_credentials(&mut entry.requirement))
        .collect();
    for source in &mut found.sources {
        credentials.extend(mach_nix_model::take_credentials_of_url(&mut source.url));
    }
    credentials
}

/// The indexes that the lock records.
fn recorded(indexes: &[Url], snapshot: Option<&Snapshot>) -> Result<Vec<String>, Failure> {
    let requested: Vec<String> = indexes.iter().map(recorded_address).collect();
    match snapshot {
        None => Ok(requested),
        Some(snapshot) => Ok(recorded_indexes(
            &requested,
            snapshot.name(),
            &snapshot.origin().indexes,
        )?),
    }
}
