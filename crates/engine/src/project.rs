//! The build environment of the project whose requirements are locked.

use mach_nix_lock::{LockedBuild, LockedPackage, LockedProject};
use mach_nix_model::Crate;
use mach_nix_resolve::Resolution;

use crate::Request;
use crate::build::BuildingIndex;

/// The build environment of the request's project, for all targets. A project need not be built, so that a failure is a
/// warning.
pub fn project(
    request: &Request,
    resolutions: &[(Resolution, BuildingIndex<'_>)],
    warnings: &mut Vec<String>,
) -> Option<LockedProject> {
    let reference = &request.project.as_ref()?.requirement;
    let builds = resolutions.iter().map(|(_, index)| index.project(reference));
    match builds.collect::<Result<Vec<_>, _>>() {
        Ok(builds) => Some(LockedProject {
            build: merged(builds),
        }),
        Err(error) => {
            warnings.push(format!(
                "the build environment of `{}` itself is not locked: {error}",
                reference.name
            ));
            None
        }
    }
}

/// Merges the environments of all targets; entries for only some of the targets record theirs.
fn merged(builds: Vec<LockedBuild>) -> LockedBuild {
    let count = builds.len();
    let mut requires = Vec::new();
    let mut cargo: Option<Vec<Crate>> = None;
    let mut entries: Vec<(LockedPackage, Vec<usize>)> = Vec::new();
    for (target, build) in builds.into_iter().enumerate() {
        requires.extend(build.requires);
        // The Cargo.lock is the same for all targets; only some of them may need it.
        cargo = cargo.or(build.cargo);
        for package in build.packages {
            match entries.iter_mut().find(|(known, _)| *known == package) {
                Some((_, targets)) => targets.push(target),
                None => entries.push((package, vec![target])),
            }
        }
    }
    requires.sort();
    requires.dedup();
    entries.sort_by(|(a, _), (b, _)| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    let with_targets = |(mut package, targets): (LockedPackage, Vec<usize>)| {
        package.targets = (targets.len() < count).then_some(targets);
        package
    };
    LockedBuild {
        requires,
        packages: entries.into_iter().map(with_targets).collect(),
        cargo,
    }
}
