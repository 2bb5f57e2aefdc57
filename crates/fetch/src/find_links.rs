//! `--find-links`: folders of files, and pages of links.
//!
//! Their files are candidates next to those of the indexes, as in pip and uv; of two files with the same name, the one
//! from the earlier location wins, and the locations precede the indexes (docs/decisions/0020).

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use mach_nix_model::{
    DistributionFile, FileKind, IndexError, MetadataFile, PackageName, Project, Yanked, file_path,
    without_credentials,
};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::address::shown;
use crate::client::missing;
use crate::limits::MAX_PAGE;
use crate::local_file::{read_within, unreadable};
use crate::shared::{Links, Shared};
use crate::simple;

const BUCKET: &str = "links-v1";

/// A cached page of links.
#[derive(Serialize, Deserialize)]
struct CachedLinks {
    received: SystemTime,
    files: Vec<DistributionFile>,
}

impl Shared {
    /// Reads all locations once.
    pub async fn read_links(&self) -> Result<Links, IndexError> {
        let mut files = Vec::new();
        for place in &self.options.find_links {
            files.extend(self.links_at(place).await?);
        }
        Ok(Arc::new(files))
    }

    /// The files in a folder, or the files linked from a page.
    pub async fn links_at(&self, place: &Url) -> Result<Vec<DistributionFile>, IndexError> {
        match file_path(place) {
            Some(path) if path.is_dir() => of_folder(&path),
            Some(path) => {
                let content = read_within(&path, MAX_PAGE).map_err(|error| unreadable(&path, &error))?;
                let mut files = of_page(&content, place)?;
                self.take_credentials(&mut files);
                Ok(files)
            }
            None => self.linked(place).await,
        }
    }

    /// The files that a page links to.
    async fn linked(&self, page: &Url) -> Result<Vec<DistributionFile>, IndexError> {
        let address = shown(page);
        let cached: Option<CachedLinks> = self.cache.get(BUCKET, &address);
        if let Some(cached) = cached
            && (self.options.is_fresh(cached.received) || self.options.offline)
        {
            return Ok(cached.files);
        }
        if self.options.offline {
            return Err(IndexError::Offline {
                what: format!("the page of links {address}"),
            });
        }
        self.options.progress.requested(&address);
        let content = self.client.page(page).await;
        self.options.progress.arrived(&address);
        let content = content?.ok_or_else(|| missing(page, "page"))?;
        let mut files = of_page(&content, &without_credentials(page))?;
        if self.take_credentials(&mut files) {
            return Ok(files);
        }
        let received = SystemTime::now();
        let cached = CachedLinks { received, files };
        self.cache.put(BUCKET, &address, &cached);
        Ok(cached.files)
    }
}

/// Merges the files found for a name with the files of an index.
pub fn joined(name: &PackageName, listed: Option<Arc<Project>>, links: &Links) -> Option<Arc<Project>> {
    let is_of = |file: &&DistributionFile| FileKind::of(&file.filename, name).is_some();
    let mut files: Vec<DistributionFile> = links.iter().filter(is_of).cloned().collect();
    if files.is_empty() {
        return listed;
    }
    let index = listed
        .as_ref()
        .map_or_else(|| Arc::from("find-links"), |project| project.index.clone());
    // Of files with the same name, the first wins.
    if let Some(project) = listed {
        files.extend((0..project.versions().len()).flat_map(|release| project.files(release)));
    }
    Some(Arc::new(Project::from_files(name.clone(), index, files)))
}

fn of_page(content: &[u8], address: &Url) -> Result<Vec<DistributionFile>, IndexError> {
    simple::parse_page(content, address).map_err(|reason| IndexError::malformed(shown(address), reason))
}

/// The files directly in a folder, sorted by name.
fn of_folder(folder: &Path) -> Result<Vec<DistributionFile>, IndexError> {
    let failed = |error: std::io::Error| unreadable(folder, &error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let filename = path.file_name().and_then(|name| name.to_str());
        let (Some(filename), Ok(url)) = (filename, Url::from_file_path(&path)) else {
            continue;
        };
        if path.is_file() {
            files.push(DistributionFile {
                filename: filename.into(),
                url: String::from(url).into(),
                hash: None,
                size: None,
                requires_python: None,
                yanked: Yanked::No,
                upload_time: None,
                metadata_file: MetadataFile::Absent,
            });
        }
    }
    files.sort_by(|a, b| a.filename.cmp(&b.filename));
    Ok(files)
}
