//! The conda channels of the command line and of the inputs.

use mach_nix_conda::Channel;
use mach_nix_fetch::channel_at;
use mach_nix_manifest::Requirements;
use mach_nix_model::file_path;
use url::Url;

use crate::args::lock::LockOptions;
use crate::failure::Failure;

/// The channels with their addresses, which may have credentials: those of the inputs first, then those of the command
/// line, most preferred first. An address of the command line replaces that of the inputs.
pub fn channels(options: &LockOptions, found: &Requirements) -> Result<Vec<(Channel, Url)>, Failure> {
    let of_command_line = &options.conda_channel;
    let mut channels: Vec<(String, Url)> = Vec::new();
    for (name, url) in found.options.conda_channels.iter().chain(of_command_line) {
        if channels.iter().any(|(known, _)| known == name) {
            continue;
        }
        let replaced = of_command_line.iter().find(|(other, _)| other == name);
        channels.push((name.clone(), replaced.map_or(url, |(_, url)| url).clone()));
    }
    channels
        .into_iter()
        .map(|(name, url)| {
            check_folder(&name, &url)?;
            Ok((channel_at(&name, &url), url))
        })
        .collect()
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
