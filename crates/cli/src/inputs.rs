//! From options to a request.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mach_nix_engine::Request;
use mach_nix_manifest::{Entry, Requirements, parse_requirement, parse_requirements};
use mach_nix_model::{Prerelease, Provider, Providers, Target};
use mach_nix_resolve::{Origin, RootRequirement};
use mach_nix_tags::NixSystem;
use url::Url;

use crate::args::LockOptions;
use crate::failure::Failure;
use crate::nixpkgs;

/// Reads all inputs.
pub fn request(options: &LockOptions) -> Result<(Request, Vec<Url>), Failure> {
    let mut found = Requirements::default();
    for text in &options.requirements {
        found.add(parse_requirement(text).map_err(Failure::usage)?);
    }
    for path in &options.requirement_files {
        found.append(parse_requirements(path, &read).map_err(Failure::usage)?);
    }
    for path in &options.constraint_files {
        found.append(
            parse_requirements(path, &read)
                .map_err(Failure::usage)?
                .into_constraints(),
        );
    }
    if found.requirements.is_empty() && options.requirement_files.is_empty() {
        return Err(Failure::usage(
            "nothing is required: name packages, as in `mach-nix lock flask`, or a file with -r",
        ));
    }
    let indexes = indexes(options, &found);
    let request = Request {
        lines: found.lines.join("\n"),
        targets: targets(options)?,
        providers: providers(options)?,
        indexes: indexes.iter().map(without_credentials).collect(),
        prerelease: if found.pre {
            Prerelease::Allow
        } else {
            options.prerelease
        },
        exclude_newer: options.exclude_newer,
        preferences: BTreeMap::new(),
        requirements: found.requirements.into_iter().map(root).collect(),
        constraints: found.constraints.into_iter().map(root).collect(),
    };
    Ok((request, indexes))
}

fn read(path: &Path) -> std::io::Result<String> {
    fs::read_to_string(path)
}

fn root(entry: Entry) -> RootRequirement {
    let origin = match entry.path {
        Some(path) => Origin::File {
            path,
            line: entry.line,
        },
        None => Origin::CommandLine,
    };
    RootRequirement {
        requirement: entry.requirement,
        origin,
    }
}

/// Extra indexes come first: a private index is meant to win over the public one. An address in a file counts less than
/// one on the command line.
fn indexes(options: &LockOptions, found: &Requirements) -> Vec<Url> {
    let from_file = found
        .index_url
        .as_ref()
        .filter(|_| options.index_url.as_str() == default_index());
    let main = from_file.unwrap_or(&options.index_url);
    let mut indexes: Vec<Url> = Vec::new();
    for url in options
        .extra_index_url
        .iter()
        .chain(&found.extra_index_urls)
        .chain([main])
    {
        if !indexes.contains(url) {
            indexes.push(url.clone());
        }
    }
    indexes
}

fn default_index() -> &'static str {
    mach_nix_fetch::DEFAULT_INDEX
}

fn without_credentials(url: &Url) -> String {
    let mut url = url.clone();
    // Only addresses that cannot have credentials refuse this.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.as_str().trim_end_matches('/').to_owned()
}

/// One target per Python and system, in the order given.
fn targets(options: &LockOptions) -> Result<Vec<Target>, Failure> {
    let pythons = if options.python.is_empty() {
        vec![nixpkgs::default_python()]
    } else {
        options.python.clone()
    };
    let systems = if options.system.is_empty() {
        vec![this_system()?]
    } else {
        options.system.clone()
    };
    let mut targets = Vec::new();
    for python in pythons {
        for &system in &systems {
            let target = Target { python, system };
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
    }
    Ok(targets)
}

fn this_system() -> Result<NixSystem, Failure> {
    let os = if std::env::consts::OS == "macos" {
        "darwin"
    } else {
        std::env::consts::OS
    };
    let system = format!("{}-{os}", std::env::consts::ARCH);
    system
        .parse()
        .map_err(|error| Failure::usage(format!("{error}; name one with --system")))
}

fn providers(options: &LockOptions) -> Result<Providers, Failure> {
    let providers = Providers {
        default: options.providers.clone(),
        packages: options.provider.iter().cloned().collect(),
    };
    let lists = std::iter::once(&providers.default).chain(providers.packages.values());
    for (_, provider) in lists.flat_map(mach_nix_model::ProviderPreference::ranked) {
        if *provider != Provider::Wheel {
            return Err(Failure::usage(format!(
                "the provider `{provider}` is not available in this release: use --providers wheel"
            )));
        }
    }
    Ok(providers)
}
