//! Snapshots of a whole index, project by project.

use mach_nix_model::{IndexError, PackageIndex, PackageName};

use super::options::ClosureOptions;
use super::serves::Serves;
use crate::contents::SnapshotProject;

/// Everything in some projects, sorted by name; [`ClosureOptions::releases`] is ignored.
///
/// # Errors
/// If the index fails.
pub fn whole<'a>(
    options: ClosureOptions,
    index: &'a dyn PackageIndex,
    names: &'a [PackageName],
) -> impl Iterator<Item = Result<SnapshotProject, IndexError>> + 'a {
    let serves = Serves::new(options);
    index.prefetch_projects(names);
    names.iter().map(move |name| {
        let project = index.project(name)?;
        let Some(project) = project else {
            return serves.hold(index, name, None, Vec::new());
        };
        let versions = project.versions().iter().enumerate();
        let releases = versions.map(|(release, version)| (version.clone(), project.files(release)));
        serves.hold(index, name, Some(project.index.clone()), releases.collect())
    })
}
