//! Following dependencies ahead of a search.
//!
//! A search learns the dependencies of a package when it decides on it, one package after the other. Over a network that is
//! one round trip after the other. A scout follows the best candidates of all packages at once, by the search's own
//! forecast, so that answers are on their way before the search comes to them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use mach_nix_model::{DistributionFile, Forecast, MetadataFile, PackageName, Requirement, VersionOrUrl};

use crate::answers::Answers;

/// Maximum number of packages that one scout follows. The largest environments have some hundreds.
const MAX_PACKAGES: usize = 2000;

/// One walk over the dependencies of some requirements.
pub struct Scout {
    answers: Arc<Answers>,
    forecast: Arc<dyn Forecast>,
    met: Mutex<HashMap<PackageName, Met>>,
}

/// A package that the walk has met.
#[derive(Default)]
struct Met {
    /// The requirements by which it was met.
    requirements: Vec<Requirement>,
    /// Its wheel, when its page is there.
    wheel: Option<DistributionFile>,
}

impl Scout {
    pub fn new(answers: Arc<Answers>, forecast: Arc<dyn Forecast>) -> Arc<Self> {
        Arc::new(Self {
            answers,
            forecast,
            met: Mutex::default(),
        })
    }

    /// Follows requirements, in the background. It has to be called on a thread of the runtime.
    pub fn follow(self: &Arc<Self>, requirements: impl IntoIterator<Item = Requirement>) {
        for requirement in requirements {
            let name = requirement.name.clone();
            if self.meet(requirement) {
                let scout = self.clone();
                tokio::spawn(async move { scout.visit(name).await });
            }
        }
    }

    /// Notes a requirement; whether its package has to be visited: for the first time, or again for another extra. What else
    /// a further requirement says is left to the search.
    fn meet(&self, requirement: Requirement) -> bool {
        if matches!(requirement.version_or_url, Some(VersionOrUrl::Url(_))) {
            return false;
        }
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        if met.len() >= MAX_PACKAGES && !met.contains_key(&requirement.name) {
            return false;
        }
        let known = met.entry(requirement.name.clone()).or_default();
        let extras = |known: &Met, extra| known.requirements.iter().any(|r| r.extras.contains(extra));
        let is_new =
            known.requirements.is_empty() || requirement.extras.iter().any(|extra| !extras(known, extra));
        known.requirements.push(requirement);
        is_new
    }

    /// Fetches the page of a package and the metadata of its best wheel, and follows what that needs.
    async fn visit(self: Arc<Self>, name: PackageName) {
        let Ok(Some(project)) = self.answers.project(&name).await else {
            return;
        };
        let (wheel, requirements) = {
            let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(known) = met.get_mut(&name) else { return };
            if known.wheel.is_none() {
                known.wheel = self.forecast.wheel(&name, &project, &known.requirements);
            }
            (known.wheel.clone(), known.requirements.clone())
        };
        // Without a metadata file, to read the metadata may be to download the wheel.
        let Some(wheel) = wheel.filter(|wheel| matches!(wheel.metadata_file, MetadataFile::Announced(_)))
        else {
            return;
        };
        let Ok(metadata) = self.answers.metadata(&name, &wheel).await else {
            return;
        };
        if metadata.defect.is_none() {
            self.follow(self.forecast.needs(&requirements, &metadata));
        }
    }
}
