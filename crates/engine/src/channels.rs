//! The conda channels of a request: those of environment files, of options, and of match specs.

use mach_nix_conda::{Channel, CondaSpec, Subdir};
use mach_nix_manifest::Requirements;
use mach_nix_model::{ProviderPreference, without_credentials};
use url::Url;

use crate::PolicyOptions;

/// The channels of environment files without `channels`: conda's defaults.
const DEFAULTS: [&str; 2] = ["main", "r"];

/// The channels with their addresses, which may have credentials, most preferred first: those of environment files, then those
/// of options, then those that match specs name. An option also gives the address of a channel of the same name in a file.
///
/// Without requirements for conda packages, the channels of files mean nothing and are left out.
pub fn conda_channels(
    found: &mut Requirements,
    options: &[(String, Url)],
    policy: &PolicyOptions,
) -> Vec<(String, Url)> {
    let mut channels = Channels {
        options,
        found: Vec::new(),
    };
    if found.conda_requirements().next().is_some() {
        for channel in found.conda.channels.iter().flatten() {
            channels.add(&channel.name, channel.url.as_ref());
        }
    }
    for (name, url) in options {
        channels.add(name, Some(url));
    }
    let lists = policy.providers.iter().chain(policy.packages.values());
    let has_any = !channels.found.is_empty() || lists.flat_map(ProviderPreference::channels).next().is_some();
    let environment = found.conda.requirements.first();
    if let (None, false, Some(entry)) = (&found.conda.channels, has_any, environment) {
        found.warnings.push(format!(
            "{} names no channels, and conda's defaults are used, `main` and `r`, whose terms of service limit commercial \
             use: name others as in `channels: [conda-forge]`",
            entry.location.path.as_deref().unwrap_or("command line"),
        ));
        for name in DEFAULTS {
            channels.add(name, None);
        }
    }
    for entry in found.conda_requirements() {
        channels.add_of_spec(&entry.spec);
    }
    channels.found
}

/// Of the channels of a snapshot, those that files, match specs and providers name, and that options do not give another
/// address.
#[must_use]
pub fn known_channels(
    found: &Requirements,
    options: &[(String, Url)],
    policy: &PolicyOptions,
    snapshot: &[Channel],
) -> Vec<(String, Url)> {
    let lists = policy.providers.iter().chain(policy.packages.values());
    let of_lists = lists
        .flat_map(ProviderPreference::channels)
        .map(ToString::to_string);
    let of_files = found
        .conda
        .channels
        .iter()
        .flatten()
        .filter(|channel| channel.url.is_none());
    let of_files = of_files.map(|channel| channel.name.clone());
    let of_specs = found
        .conda_requirements()
        .filter_map(|entry| entry.spec.channel());
    let named: Vec<String> = of_lists
        .chain(of_files)
        .chain(of_specs.map(str::to_owned))
        .collect();
    // Without a name, all of them.
    let is_any = named.is_empty() && options.is_empty() && found.conda_requirements().next().is_some();
    let is_meant = |channel: &&Channel| {
        let is_given = options.iter().any(|(name, _)| name == channel.name());
        !is_given && (is_any || named.iter().any(|name| name == channel.name()))
    };
    let meant = snapshot.iter().filter(is_meant);
    meant
        .filter_map(|channel| Some((channel.name().to_owned(), Url::parse(channel.url()).ok()?)))
        .collect()
}

struct Channels<'a> {
    /// The channels of options, by name.
    options: &'a [(String, Url)],
    found: Vec<(String, Url)>,
}

impl Channels<'_> {
    /// Adds a channel, unless it is among them.
    fn add(&mut self, name: &str, url: Option<&Url>) {
        let given = self.options.iter().find(|(known, _)| known == name);
        let Some(url) = given
            .map(|(_, url)| url.clone())
            .or_else(|| url.cloned())
            .or_else(|| public(name))
        else {
            return;
        };
        let is_same = |other: &Url| {
            without_credentials(other).as_str().trim_end_matches('/')
                == without_credentials(&url).as_str().trim_end_matches('/')
        };
        if self.found.iter().any(|(_, known)| is_same(known)) {
            return;
        }
        let is_taken = |name: &str| self.found.iter().any(|(known, _)| known == name);
        let name = match url.host_str() {
            Some(host) if is_taken(name) => format!("{host}/{name}"),
            _ => name.to_owned(),
        };
        if !is_taken(&name) {
            self.found.push((name, url));
        }
    }

    /// Adds the channel that a match spec names, as the least preferred.
    fn add_of_spec(&mut self, spec: &CondaSpec) {
        let Some(text) = spec.channel() else { return };
        let is_it = |(name, url): &(String, Url)| {
            name == text || without_credentials(url).as_str().trim_end_matches('/') == text
        };
        if self.found.iter().any(is_it) {
            return;
        }
        match Url::parse(text).ok().filter(|_| text.contains("://")) {
            Some(url) => {
                let path = url.path().trim_end_matches('/');
                let name = path.rsplit('/').find(|part| part.parse::<Subdir>().is_err());
                let name = name.unwrap_or("channel").to_owned();
                self.add(&name, Some(&url));
            }
            None => self.add(text, None),
        }
    }
}

/// The address of a public channel.
fn public(name: &str) -> Option<Url> {
    Url::parse(Channel::public(name).url()).ok()
}
