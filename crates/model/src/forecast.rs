//! Forecasts of a search, for indexes that fetch ahead of it.

use std::sync::Arc;

use pep508_rs::PackageName;

use crate::{CoreMetadata, DistributionFile, Project, Requirement};

/// What a search will probably query, for an index that follows dependencies ahead of it.
///
/// A forecast decides nothing: a wrong one costs requests, and never changes an answer.
pub trait Forecast: Send + Sync {
    /// The wheel of a project whose metadata will probably be queried, by the requirements that are known so far; `None` where
    /// nothing is worth fetching.
    fn wheel(
        &self,
        name: &PackageName,
        project: &Arc<Project>,
        requirements: &[Requirement],
    ) -> Option<DistributionFile>;

    /// The requirements of a wheel that hold, with the extras that `requirements` name.
    fn needs(&self, requirements: &[Requirement], metadata: &CoreMetadata) -> Vec<Requirement>;
}
