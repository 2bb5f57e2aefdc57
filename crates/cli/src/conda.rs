//! Conda packages: channels, and environment files.

use mach_nix_conda::Channel;
use mach_nix_engine::{PolicyOptions, Request, conda_channels, known_channels};
use mach_nix_fetch::channel_at;
use mach_nix_manifest::Requirements;
use mach_nix_model::file_path;
use mach_nix_resolve::{CondaRoot, Origin};
use mach_nix_snapshot::Snapshot;
use url::Url;

use crate::args::lock::LockOptions;
use crate::failure::Failure;

/// The channels of files and options with their addresses, which may have credentials, most preferred first.
pub fn channels(
    options: &LockOptions,
    found: &mut Requirements,
    policy: &PolicyOptions,
    snapshot: Option<&Snapshot>,
) -> Result<Vec<(Channel, Url)>, Failure> {
    check_names(&options.conda_channel)?;
    let mut named = options.conda_channel.clone();
    if let Some(conda) = snapshot.and_then(|snapshot| snapshot.origin().conda.as_ref()) {
        named.extend(known_channels(found, &named, policy, &conda.channels));
    }
    let channels = conda_channels(found, &named, policy);
    let with_channel = channels.into_iter().map(|(name, url)| {
        if snapshot.is_none() {
            check_folder(&name, &url)?;
        }
        Ok((channel_at(&name, &url), url))
    });
    with_channel.collect()
}

/// Refuses two addresses of one name.
fn check_names(channels: &[(String, Url)]) -> Result<(), Failure> {
    for (position, (name, url)) in channels.iter().enumerate() {
        let mut before = channels[..position].iter();
        if before.any(|(known, other)| known == name && other != url) {
            return Err(Failure::usage(format!(
                "there are two addresses of the conda channel `{name}`: take one of the options --conda-channel out, or choose \
                 another name"
            )));
        }
    }
    Ok(())
}

/// Changes how the conda packages of environment files are read, as options say.
pub fn read_environments(options: &LockOptions, found: &mut Requirements) -> Result<(), Failure> {
    if options.no_conda {
        found.read_conda_as_python().map_err(|error| {
            Failure::usage(error).with("\n  (`--no-conda` reads conda packages as Python packages)")
        })?;
    }
    if options.no_builds {
        found.conda.ignore_builds();
    }
    Ok(())
}

/// What can be done where a channel cannot be reached that an environment file names.
pub fn remedy(message: &str, request: &Request) -> Option<String> {
    let mut roots = request.conda.iter();
    roots.find(|root| matches!(root.origin, Origin::File { .. }))?;
    let mut channels = request.policy.conda.channels.iter();
    let channel = channels.find(|channel| message.contains(channel.url()))?;
    Some(format!(
        "\n  `--conda-channel {}=URL` names another address of this channel, and with `--no-conda` the conda packages of the \
         environment file are read as Python packages of the same names",
        channel.name()
    ))
}

/// The remedy for a refused environment file with builds, if the request can be met without them: an exported environment
/// has those of a single platform.
pub fn remedy_without_builds(request: &Request, resolves: impl Fn(&Request) -> bool) -> Option<&'static str> {
    let is_of_file = |root: &CondaRoot| matches!(root.origin, Origin::File { .. });
    let mut relaxed = request.clone();
    let mut roots = relaxed.conda.iter_mut();
    let with_build: Vec<&mut CondaRoot> = roots
        .by_ref()
        .filter(|root| is_of_file(root) && root.requirement.spec.names_a_build())
        .collect();
    if with_build.is_empty() {
        return None;
    }
    for root in with_build {
        root.requirement.spec = root.requirement.spec.without_build();
    }
    resolves(&relaxed).then_some(
        "\n  an exported environment has the builds of one platform: with `--no-builds` they are ignored, and this can be met",
    )
}

/// Refuses a folder that is not there.
fn check_folder(name: &str, url: &Url) -> Result<(), Failure> {
    match file_path(url) {
        Some(path) if !path.is_dir() => Err(Failure::usage(format!(
            "there is no folder `{}`, which is to be the conda channel `{name}`: correct its path",
            path.display()
        ))),
        _ => Ok(()),
    }
}
