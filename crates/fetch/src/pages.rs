//! Project pages: fresh ones from the cache, others from the first index that lists the project.

use std::collections::BTreeSet;
use std::sync::Arc;

use mach_nix_model::{
    DistributionFile, IndexError, PackageName, Project, file_path, take_credentials_of_file,
    without_credentials,
};
use url::Url;

use crate::address::{page_address, shown};
use crate::cached_page::CachedPage;
use crate::find_links::joined;
use crate::limits::MAX_PAGE;
use crate::request_error::RequestError;
use crate::responses::Page;
use crate::shared::{Shared, log_cached};
use crate::{json_api, simple};

/// A cached page that cannot be used as it is.
struct NotCached {
    /// The page, if a conditional request may show that it is current.
    stale: Option<Box<CachedPage>>,
}

impl Shared {
    /// The cached page of one index, if it is fresh; offline, of any age. A cached absence is used only offline: an
    /// index that lost a project temporarily must not let other indexes provide it any longer.
    fn cached_page(&self, address: &Url, name: &PackageName) -> Result<Option<Arc<Project>>, NotCached> {
        let cached = CachedPage::get(&self.cache, &shown(address)).ok_or(NotCached { stale: None })?;
        let fresh = self.options.is_fresh(cached.page.received);
        let complete = !self.options.upload_times || cached.page.upload_times;
        if !(self.options.offline || (fresh && complete)) {
            return Err(NotCached {
                stale: Some(Box::new(cached)).filter(|_| complete),
            });
        }
        match cached.project(name.clone()) {
            Some(project) => Ok(Some(Arc::new(project))),
            None if self.options.offline => Ok(None),
            None => Err(NotCached { stale: None }),
        }
    }

    pub async fn names(&self) -> Result<Vec<PackageName>, IndexError> {
        let mut names = BTreeSet::new();
        for index in &self.options.indexes {
            let mut address = index.clone();
            // The trailing slash of PEP 503.
            if let Ok(mut path) = address.path_segments_mut() {
                path.pop_if_empty().push("");
            }
            if self.options.offline {
                return Err(IndexError::Offline {
                    what: format!("the list of projects at {}", shown(&address)),
                });
            }
            let malformed = |reason: String| IndexError::malformed(shown(&address), reason);
            let content = self.client.page(&address).await?;
            let content = content.ok_or_else(|| malformed("it lists no projects".to_owned()))?;
            names.extend(simple::parse_root(&content, &without_credentials(&address)).map_err(malformed)?);
        }
        Ok(names.into_iter().collect())
    }

    pub async fn project(self: Arc<Self>, name: PackageName) -> Result<Option<Arc<Project>>, IndexError> {
        if let Some(files) = self.options.files.get(&name) {
            let project = Project::from_files(name, "the addresses of its files".into(), files.clone());
            return Ok(Some(Arc::new(project)));
        }
        if let Some(indexes) = self.options.pinned_indexes.get(&name) {
            return self.pinned(&name, indexes).await;
        }
        let links = self.links.get_or_init(|| self.read_links()).await.clone()?;
        let listed = self.listed(&name, &self.options.indexes).await?;
        Ok(joined(&name, listed, &links))
    }

    /// The files from all pinned indexes of a package; of files with the same name, the first wins.
    async fn pinned(&self, name: &PackageName, indexes: &[Url]) -> Result<Option<Arc<Project>>, IndexError> {
        let mut found: Option<Arc<Project>> = None;
        for index in indexes {
            let next = if file_path(index).is_some() {
                let files = Arc::new(self.links_at(index).await?);
                joined(name, None, &files)
            } else {
                self.listed(name, std::slice::from_ref(index)).await?
            };
            found = match (found, next) {
                (Some(first), Some(next)) => {
                    let files = all_files(&first).chain(all_files(&next)).collect();
                    let project = Project::from_files(name.clone(), first.index.clone(), files);
                    Some(Arc::new(project))
                }
                (first, next) => first.or(next),
            };
        }
        Ok(found)
    }

    /// The project from the first of these indexes that has it.
    async fn listed(&self, name: &PackageName, indexes: &[Url]) -> Result<Option<Arc<Project>>, IndexError> {
        for index in indexes {
            let address = page_address(index, name).ok_or_else(|| {
                IndexError::malformed(shown(index), "this address cannot have project pages below it")
            })?;
            let answer = match self.cached_page(&address, name) {
                Ok(cached) => {
                    log_cached(&shown(&address));
                    cached
                }
                Err(NotCached { .. }) if self.options.offline => {
                    return Err(IndexError::Offline {
                        what: format!("the list of files of `{name}`"),
                    });
                }
                Err(NotCached { stale }) => {
                    self.options.progress.requested(name.as_ref());
                    let answer = self.page(index, &address, name, stale).await;
                    self.options.progress.arrived(name.as_ref());
                    answer?
                }
            };
            if answer.is_some() {
                return Ok(answer);
            }
            if self.options.access.is_strict {
                return Err(IndexError::unreachable(shown(&address), RequestError::Strict));
            }
        }
        Ok(None)
    }

    /// Queries one index; `None` if it does not have the project.
    async fn page(
        &self,
        index: &Url,
        address: &Url,
        name: &PackageName,
        stale: Option<Box<CachedPage>>,
    ) -> Result<Option<Arc<Project>>, IndexError> {
        let malformed = |reason: String| IndexError::malformed(shown(address), reason);
        let mut has_credentials = false;
        let known = stale.as_ref().and_then(|cached| cached.page.validator.clone());
        let (answer, validator) = match self.client.page_since(address, known.as_deref()).await? {
            None => (None, None),
            Some(Page::Unchanged) => {
                let renewed = stale.and_then(|cached| cached.renew(&self.cache, &shown(address)));
                let project = renewed.and_then(|cached| cached.project(name.clone()));
                return match project {
                    Some(project) => Ok(Some(Arc::new(project))),
                    // The entry was removed, or cannot be written.
                    None => Box::pin(self.page(index, address, name, None)).await,
                };
            }
            Some(Page::Content { body, validator }) => {
                let mut files = simple::parse_project_page(&body, &without_credentials(address), name)
                    .map_err(malformed)?;
                if self.options.upload_times && files.iter().any(|file| file.upload_time.is_none()) {
                    self.complete_upload_times(index, name, &mut files).await;
                }
                has_credentials = self.take_credentials(&mut files);
                (Some((shown(index).into(), files)), validator)
            }
        };
        if !has_credentials {
            CachedPage::put(&self.cache, &shown(address), name, answer.clone(), validator)
                .map_err(|e| malformed(e.to_string()))?;
        }
        Ok(answer.map(|(index, files)| Arc::new(Project::from_files(name.clone(), index, files))))
    }

    /// Takes the credentials out of the addresses of a page, for this run only: whether there are any. Such a page is not
    /// cached, because it is not usable without them.
    pub fn take_credentials(&self, files: &mut [DistributionFile]) -> bool {
        let taken: Vec<Url> = files.iter_mut().filter_map(take_credentials_of_file).collect();
        let has_any = !taken.is_empty();
        self.client.credentials().add_listed(taken);
        has_any
    }

    /// Queries the older JSON API for data missing from the page. Indexes need not support it, so that a failure is not
    /// an error: files without a time are then skipped, and a refusal mentions it.
    async fn complete_upload_times(&self, index: &Url, name: &PackageName, files: &mut [DistributionFile]) {
        let Some(address) = json_api::address(index, name) else {
            return;
        };
        match self.client.file(&address, MAX_PAGE).await {
            Ok(Some(answer)) => {
                if let Err(error) = json_api::complete(files, &answer) {
                    tracing::warn!(address = shown(&address), %error, "invalid response ignored");
                }
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "upload times remain unknown"),
        }
    }
}

fn all_files(project: &Project) -> impl Iterator<Item = DistributionFile> {
    (0..project.versions().len()).flat_map(|release| project.files(release))
}
