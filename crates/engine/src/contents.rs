//! Files that the requirements allow by a digest other than SHA-256.

use mach_nix_model::{AllowedHashes, PackageIndex, Policy};
use mach_nix_resolve::{Problem, Resolution, ResolveError, resolve};

/// Resolves a problem, and reads the chosen files if only their content shows whether they are allowed. Files that are
/// not allowed are rejected, and the problem is resolved again, because another file of the release may be allowed.
pub fn resolve_with_contents(
    problem: &Problem<'_>,
    hashes: &mut AllowedHashes,
    index: &dyn PackageIndex,
) -> Result<Resolution, ResolveError> {
    loop {
        let policy = Policy {
            hashes: hashes.clone(),
            ..problem.policy.clone()
        };
        let resolution = resolve(
            &Problem {
                policy: &policy,
                ..problem.clone()
            },
            index,
        )?;
        if !reject_others(&resolution, hashes, index)? {
            return Ok(resolution);
        }
    }
}

/// Rejects chosen files that are not allowed, and returns whether there are any.
fn reject_others(
    resolution: &Resolution,
    hashes: &mut AllowedHashes,
    index: &dyn PackageIndex,
) -> Result<bool, ResolveError> {
    let mut any = false;
    for package in &resolution.packages {
        let (Some(file), Some(name)) = (package.artifact.file(), package.name.project()) else {
            continue;
        };
        if !hashes.needs_content(name, file.hash.as_ref()) {
            continue;
        }
        let content = index.digests(file)?;
        if !hashes.allows(name, &content) {
            hashes.reject(file, content.sha256);
            any = true;
        }
    }
    Ok(any)
}
