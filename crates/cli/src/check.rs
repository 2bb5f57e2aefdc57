//! `--check`: whether the existing output is the one of a request.

use std::io;
use std::path::Path;

use mach_nix_engine::Request;
use mach_nix_lock::{Lock, LockedSource};
use mach_nix_model::{PackageName, Version};

use crate::args::lock::Format;
use crate::failure::Failure;
use crate::invocation;

/// Checks that the existing lock was made for this request.
pub fn check_request(request: &Request, existing: Option<&Lock>, path: &Path) -> Result<(), Failure> {
    let Some(lock) = existing else {
        return Err(Failure::impossible(format!(
            "there is no lock at {}: run `{}`",
            path.display(),
            invocation::without_check()
        )));
    };
    request
        .difference(lock)
        .map_or(Ok(()), |difference| Err(stale(path, difference)))
}

/// Checks that the existing lock equals the new one.
pub fn check_lock(existing: Option<Lock>, lock: &Lock, path: &Path) -> Result<(), Failure> {
    match existing {
        Some(existing) if existing == *lock => Ok(()),
        Some(existing) if from_nixpkgs(&existing).ne(from_nixpkgs(lock)) => {
            Err(stale(path, "nixpkgs has other versions"))
        }
        _ => Err(stale(path, "the index has changed")),
    }
}

/// Checks that a file in another format equals the new one. It does not record its request, so that the message cannot
/// name the difference.
pub fn check_text(format: Format, text: &str, path: &Path) -> Result<(), Failure> {
    let difference = match format {
        Format::Lock => "the lock that it is made from has changed",
        Format::Nix => "the request, the index or mach-nix has changed",
        _ => "the request or the index has changed",
    };
    match crate::disk::read_text(path) {
        Ok(there) if there == text => Ok(()),
        Ok(_) => Err(stale(path, difference)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Failure::impossible(format!(
            "there is no file {}: run `{}`",
            path.display(),
            invocation::without_check()
        ))),
        Err(error) => Err(Failure::external(format!(
            "cannot read {}: {error}",
            path.display()
        ))),
    }
}

/// The packages that come from nixpkgs.
fn from_nixpkgs(lock: &Lock) -> impl Iterator<Item = (PackageName, Version)> {
    let packages = lock.packages.iter();
    packages
        .filter(|package| matches!(package.source, LockedSource::Nixpkgs { .. }))
        .filter_map(|package| Some((package.project()?.clone(), package.python_version()?)))
}

fn stale(path: &Path, difference: &str) -> Failure {
    Failure::impossible(format!(
        "{} is stale: {difference}; to renew it, run `{}`",
        path.display(),
        invocation::without_check()
    ))
}
