//! `pixi.lock`, versions 4 to 7: the environment `default`.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use mach_nix_conda::Subdir;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::pins::{PinnedFile, PinnedProject, Pins, line_of, parsed};
use crate::document::Document;
use crate::{Location, ManifestError, ReadContext, Requirements};

#[derive(Deserialize)]
struct File {
    version: u64,
    /// From version 7 on; before, names of platforms are subdirs.
    #[serde(default)]
    platforms: Vec<Platform>,
    #[serde(default)]
    environments: BTreeMap<String, Environment>,
    #[serde(default)]
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Platform {
    name: String,
    subdir: Option<String>,
}

#[derive(Deserialize)]
struct Environment {
    #[serde(default)]
    packages: BTreeMap<String, Vec<Reference>>,
}

/// `conda: URL` or `pypi: URL`; other keys are kinds of sources.
#[derive(Deserialize)]
struct Reference {
    conda: Option<Spanned<String>>,
    pypi: Option<Spanned<String>>,
    conda_source: Option<Spanned<String>>,
}

#[derive(Deserialize)]
struct Package {
    conda: Option<String>,
    pypi: Option<String>,
    /// Up to version 5.
    url: Option<String>,
    /// Up to version 5: of the project in a folder.
    path: Option<String>,
    name: Option<String>,
    version: Option<String>,
    sha256: Option<String>,
    md5: Option<String>,
}

/// Reads a `pixi.lock`.
///
/// # Errors
/// If the file cannot be read, or has another version, or an entry is not a package.
pub fn parse_pixi_lock(path: &Path, context: &ReadContext<'_>) -> Result<Requirements, ManifestError> {
    let document = Document::open(path, context)?;
    let file: File = parsed(&document)?;
    let whole = |reason: String| Location::file(&document.shown).error(reason);
    if !(4..=7).contains(&file.version) {
        return Err(whole(format!(
            "this is version {} of the format, and versions 4 to 7 are known: write it again with a pixi of these",
            file.version
        )));
    }
    let environment = file
        .environments
        .get("default")
        .ok_or_else(|| whole("it has no environment `default`".to_owned()))?;
    let address = |package: &Package| {
        let of_version = package.conda.as_ref().or(package.pypi.as_ref());
        of_version
            .or(package.url.as_ref())
            .or(package.path.as_ref())
            .cloned()
    };
    let packages: HashMap<String, &Package> = file
        .packages
        .iter()
        .filter_map(|package| Some((address(package)?, package)))
        .collect();
    let mut pins = Pins::new(&document);
    for (name, references) in &environment.packages {
        let platform = file.platforms.iter().find(|platform| platform.name == *name);
        let subdir = platform
            .and_then(|platform| platform.subdir.as_ref())
            .unwrap_or(name);
        // Windows.
        let Ok(subdir) = subdir.parse::<Subdir>() else {
            continue;
        };
        pins.platform(subdir);
        for reference in references {
            add(&mut pins, reference, subdir, &packages)?;
        }
    }
    pins.finish(context)
}

fn add(
    pins: &mut Pins<'_>,
    reference: &Reference,
    platform: Subdir,
    packages: &HashMap<String, &Package>,
) -> Result<(), ManifestError> {
    if let Some(source) = &reference.conda_source {
        return Err(pins.location(line_of(source)).error(
            "this is the source of a conda package, and nothing builds conda packages here: publish it in a channel",
        ));
    }
    if let Some(url) = &reference.conda {
        let package = packages.get(&url.value);
        let file = PinnedFile {
            url: &url.value,
            sha256: package.and_then(|package| package.sha256.as_deref()),
            md5: package.and_then(|package| package.md5.as_deref()),
            platform: Some(platform),
        };
        return pins.conda(&file, line_of(url));
    }
    let Some(url) = &reference.pypi else { return Ok(()) };
    let line = line_of(url);
    let package = packages.get(&url.value);
    let (Some(name), Some(version), true) = (
        package.and_then(|package| package.name.as_deref()),
        package.and_then(|package| package.version.as_deref()),
        url.value.contains("://") && !url.value.contains("git+"),
    ) else {
        let location = pins.location(line);
        pins.found.warnings.push(format!(
            "{location}: `{}` is a project of sources, which is skipped: also require it, as in `./FOLDER`",
            url.value
        ));
        return Ok(());
    };
    let project = PinnedProject {
        name,
        version,
        sha256: package.and_then(|package| package.sha256.as_deref()),
        platform: Some(platform),
    };
    pins.project(&project, line)
}
