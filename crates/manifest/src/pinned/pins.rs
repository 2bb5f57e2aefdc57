//! The pins of a file, as requirements.

use mach_nix_conda::{CondaSpec, Interpreter, PackageFile, Subdir};
use mach_nix_hash::Digest;
use mach_nix_model::{Marker, Requirement, without_credentials};
use url::Url;

use crate::conda::CondaChannel;
use crate::document::Document;
use crate::environment::{platform_marker, python};
use crate::lines::digest_lines;
use crate::{CondaEntry, Entry, Location, ManifestError, ReadContext, Requirements};

/// The pins of a file.
pub struct Pins<'a> {
    document: &'a Document,
    pub found: Requirements,
}

/// A package file, as far as a file states it.
pub struct PinnedFile<'a> {
    /// The address, possibly with credentials.
    pub url: &'a str,
    pub sha256: Option<&'a str>,
    pub md5: Option<&'a str>,
    /// The platform that it is for; `None` for that of its subdir.
    pub platform: Option<Subdir>,
}

/// A wheel or source.
pub struct PinnedProject<'a> {
    pub name: &'a str,
    pub version: &'a str,
    pub sha256: Option<&'a str>,
    pub platform: Option<Subdir>,
}

impl<'a> Pins<'a> {
    pub fn new(document: &'a Document) -> Self {
        let mut found = Requirements {
            lines: digest_lines(&document.text),
            ..Requirements::default()
        };
        found.conda.channels = Some(Vec::new());
        Self { document, found }
    }

    pub fn location(&self, line: usize) -> Location {
        let text = self.document.text.lines().nth(line.saturating_sub(1));
        Location::line(&self.document.shown, line, text.unwrap_or_default().trim())
    }

    /// Adds a conda package.
    pub fn conda(&mut self, file: &PinnedFile<'_>, line: usize) -> Result<(), ManifestError> {
        let location = self.location(line);
        let error = |reason: String| location.error(reason);
        let url =
            Url::parse(file.url).map_err(|e| error(format!("this is not the address of a package: {e}")))?;
        let malformed = || {
            error(
                "this is not the address of a conda package, CHANNEL/SUBDIR/NAME-VERSION-BUILD.conda"
                    .to_owned(),
            )
        };
        let (folder, name) = url.path().rsplit_once('/').ok_or_else(malformed)?;
        let (channel, subdir) = folder.rsplit_once('/').ok_or_else(malformed)?;
        let subdir: Subdir = subdir.parse().map_err(|e| error(format!("{e}")))?;
        let package = PackageFile::parse(name).map_err(|e| error(e.to_string()))?;
        let rest = package.stem()[package.name().len() + 1..].replace("%21", "!");
        let (version, build) = rest.split_once('-').ok_or_else(malformed)?;
        let channel = self.channel(&url, channel, &location);
        // Both formats of a package are one to a channel, so that a digest of the older one need not be in it.
        let digest = match (file.sha256, file.md5) {
            _ if name.ends_with(PackageFile::TAR_BZ2) => String::new(),
            (Some(sha256), _) => format!("[sha256={sha256}]"),
            (None, Some(md5)) => format!("[md5={md5}]"),
            (None, None) => String::new(),
        };
        let text = format!(
            "{channel}/{subdir}::{}=={version}={build}{digest}",
            package.name()
        );
        let spec: CondaSpec = text.parse().map_err(|e| error(format!("{e}")))?;
        let marker = match file
            .platform
            .or(Some(subdir).filter(|subdir| subdir.system().is_some()))
        {
            Some(platform) if file.platform.is_some() => platform_marker(platform),
            Some(platform) => {
                self.platform(platform);
                Marker::TRUE
            }
            None => Marker::TRUE,
        };
        match package.name() {
            "pip" => Ok(()),
            "python" => {
                let plain: CondaSpec = format!("python=={version}")
                    .parse()
                    .map_err(|e| error(format!("{e}")))?;
                python::add(&plain, name, location.clone(), &mut self.found).map_err(error)
            }
            _ if Interpreter::owns(spec.name()) => Ok(()),
            _ => {
                self.found.conda.requirements.push(CondaEntry {
                    spec,
                    marker,
                    location,
                });
                Ok(())
            }
        }
    }

    /// The name of the channel with this path; channels of other servers have the server in it.
    fn channel(&mut self, package: &Url, path: &str, location: &Location) -> String {
        let mut url = package.clone();
        url.set_path(path);
        url.set_fragment(None);
        let channels = self.found.conda.channels.get_or_insert_default();
        if let Some(known) = channels.iter().find(|known| known.url.as_ref() == Some(&url)) {
            return known.name.clone();
        }
        let last = path
            .rsplit('/')
            .next()
            .filter(|name| !name.is_empty())
            .unwrap_or("channel");
        let is_taken = channels.iter().any(|known| known.name == last);
        let name = match without_credentials(&url).host_str() {
            Some(host) if is_taken => format!("{host}/{last}"),
            _ => last.to_owned(),
        };
        channels.push(CondaChannel {
            name: name.clone(),
            url: Some(url),
            location: location.clone(),
        });
        name
    }

    /// Adds a platform that the file is for.
    pub fn platform(&mut self, platform: Subdir) {
        let platforms = &mut self.found.conda.platforms;
        if platform.system().is_some() && !platforms.contains(&platform) {
            platforms.push(platform);
        }
    }

    /// Adds a wheel or source.
    pub fn project(&mut self, project: &PinnedProject<'_>, line: usize) -> Result<(), ManifestError> {
        let location = self.location(line);
        let text = format!("{}=={}", project.name, project.version);
        let mut requirement: Requirement = text
            .parse()
            .map_err(|error| location.error(format!("`{text}`: {error}")))?;
        if let Some(platform) = project.platform {
            requirement.marker.and(platform_marker(platform));
        }
        let hashes = project.sha256.map(|digits| Digest::from_hex("sha256", digits));
        let hashes = hashes
            .transpose()
            .map_err(|error| location.error(error.to_string()))?;
        self.found.requirements.push(Entry {
            requirement,
            location,
            hashes: hashes.into_iter().collect(),
            is_locked: true,
        });
        Ok(())
    }

    pub fn finish(self, context: &ReadContext<'_>) -> Result<Requirements, ManifestError> {
        self.found.checked(context)
    }
}

/// The line of a value of YAML.
pub fn line_of<T>(value: &serde_saphyr::Spanned<T>) -> usize {
    usize::try_from(value.referenced.line()).unwrap_or_default()
}

/// Parses YAML; an error has its location.
pub fn parsed<'d, T: serde::Deserialize<'d>>(document: &'d Document) -> Result<T, ManifestError> {
    serde_saphyr::from_str(&document.text).map_err(|error| {
        let reason = error.without_snippet().to_string();
        let reason = reason.lines().next().unwrap_or_default().to_owned();
        let line = error
            .location()
            .map_or(1, |location| usize::try_from(location.line()).unwrap_or(1));
        Location::line(
            &document.shown,
            line,
            document.text.lines().nth(line - 1).unwrap_or_default(),
        )
        .error(reason)
    })
}
