//! The sources of packages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use indexmap::IndexSet;
use mach_nix_engine::{PolicyOptions, Query, Sources, recorded_indexes};
use mach_nix_fetch::DEFAULT_INDEX;
use mach_nix_manifest::{FindLinks, ForeignFile, Requirements};
use mach_nix_model::{
    DateLimits, DistributionFile, PackageName, file_path, recorded_address, without_credentials,
};
use mach_nix_snapshot::Snapshot;
use url::Url;

use crate::args::lock::LockOptions;
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
        Ok(Self {
            indexes: indexes(
                &options.index_url,
                &options.extra_index_url,
                options.no_index,
                found,
            ),
            pinned_indexes: pinned_indexes(options, found)?,
            files: files(found),
            find_links: found_links(&options.find_links, found)?,
            credentials: take_credentials(found),
            upload_times: policy.date_limits(found)? != DateLimits::default(),
        })
    }

    /// The sources in a query.
    pub fn of_query(query: &mut Query) -> Result<Self, Failure> {
        let indexes = query.indexes();
        let found = &mut query.found;
        let pinned_indexes: BTreeMap<_, _> = found.options.index_of.iter().cloned().collect();
        refuse_folders(indexes.iter().chain(pinned_indexes.values().flatten()))?;
        Ok(Self {
            indexes,
            pinned_indexes,
            files: files(found),
            find_links: found_links(&[], found)?,
            credentials: take_credentials(found),
            upload_times: query.date_limits()? != DateLimits::default(),
        })
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

/// The files of packages that are not from an index, but from the URLs in a lock.
fn files(found: &Requirements) -> BTreeMap<PackageName, Vec<DistributionFile>> {
    let mut files = BTreeMap::<_, Vec<_>>::new();
    for (name, listed) in &found.options.files_of {
        files
            .entry(name.clone())
            .or_default()
            .extend(listed.iter().filter_map(ForeignFile::distribution));
    }
    files
}

/// The current folder.
pub fn current_folder() -> Result<PathBuf, Failure> {
    std::env::current_dir()
        .map_err(|error| Failure::external(format!("the current folder cannot be found: {error}")))
}

/// The indexes in order. Extra indexes come first: a private index has precedence over the public one. The command line
/// overrides files.
pub fn indexes(index: &Url, extra: &[Url], no_index: bool, found: &Requirements) -> Vec<Url> {
    let from_file = found
        .options
        .index_url
        .as_ref()
        .filter(|_| index.as_str() == DEFAULT_INDEX);
    if no_index || found.options.no_index {
        return Vec::new();
    }
    let main = from_file.unwrap_or(index);
    let all = extra.iter().chain(&found.options.extra_index_urls).chain([main]);
    all.cloned().collect::<IndexSet<Url>>().into_iter().collect()
}

/// Refuses indexes that are not served over HTTP.
pub fn refuse_folders<'a>(indexes: impl IntoIterator<Item = &'a Url>) -> Result<(), Failure> {
    let served = |index: &&Url| matches!(index.scheme(), "http" | "https");
    match indexes.into_iter().find(|index| !served(index)) {
        None => Ok(()),
        Some(index) => Err(Failure::usage(format!(
            "{} is not the URL of an index: indexes use http or https; serve a folder of pages with `python3 -m \
             http.server --directory FOLDER`, and lock files of a folder with --find-links",
            without_credentials(index)
        ))),
    }
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
    entries
        .filter_map(|entry| mach_nix_model::take_credentials(&mut entry.requirement))
        .collect()
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
