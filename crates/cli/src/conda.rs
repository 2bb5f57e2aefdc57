//! The conda channels of the command line.

use mach_nix_conda::Channel;
use mach_nix_fetch::channel_at;
use mach_nix_model::file_path;
use url::Url;

use crate::args::lock::LockOptions;
use crate::failure::Failure;

/// The channels with their addresses, which may have credentials, most preferred first.
pub fn channels(options: &LockOptions) -> Result<Vec<(Channel, Url)>, Failure> {
    let mut channels: Vec<&(String, Url)> = Vec::new();
    for one in &options.conda_channel {
        if let Some((name, _)) = channels
            .iter()
            .find(|(name, url)| *name == one.0 && *url != one.1)
        {
            return Err(Failure::usage(format!(
                "there are two addresses of the conda channel `{name}`: take one of the options --conda-channel out, or choose \
                 another name"
            )));
        }
        if !channels.contains(&one) {
            channels.push(one);
        }
    }
    let with_channel = channels.into_iter().map(|(name, url)| {
        check_folder(name, url)?;
        Ok((channel_at(name, url), url.clone()))
    });
    with_channel.collect()
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
