//! Checks of hashes, markers and local addresses.

use mach_nix_model::{Marker, VersionOrUrl, file_name, file_path};
use url::Url;

use crate::address::is_archive;
use crate::{Entry, Location, ManifestError, ReadContext, Requirements, SourceKind, SourceTree};

impl Requirements {
    /// Checks the contents of a file: adds warnings for markers that are likely mistakes, and requires that local files
    /// exist.
    pub(crate) fn checked(mut self, context: &ReadContext<'_>) -> Result<Self, ManifestError> {
        let entries = self.requirements.iter().chain(&self.constraints);
        let of_entries = entries.map(|entry| (&entry.requirement.marker, &entry.location));
        let of_sources = self
            .sources
            .iter()
            .map(|source| (&source.marker, &source.location));
        for (marker, location) in of_entries.chain(of_sources) {
            add_lints(marker, location, &mut self.warnings);
        }
        for entry in &self.requirements {
            if let Some(VersionOrUrl::Url(url)) = &entry.requirement.version_or_url {
                check_exists(url, &entry.location, context)?;
            }
        }
        for source in &self.sources {
            check_exists(&source.url, &source.location, context)?;
        }
        Ok(self)
    }

    /// Whether every file needs an allowed hash: with `--require-hashes`, or if one requirement has a hash. As in pip,
    /// one hash in any requirements file enables the check for all packages.
    #[must_use]
    pub fn checks_hashes(&self) -> bool {
        let has_hash = |entry: &Entry| !entry.is_locked && !entry.hashes.is_empty();
        let source_has_hash = |source: &SourceTree| !source.is_locked && !source.hashes.is_empty();
        self.options.require_hashes
            || self.requirements.iter().any(has_hash)
            || self.sources.iter().any(source_has_hash)
    }

    /// Rejects repositories and folders, which have no digest that pip knows. Those in a lock are pinned in another
    /// way.
    fn check_hashable(&self) -> Result<(), ManifestError> {
        let reason = "hashes are checked, and this has none, because it is a repository or a folder: require an archive or a \
                      wheel of it, or remove all hashes";
        let mut sources = self.sources.iter();
        if let Some(source) = sources.find(|source| !source.is_locked && source.kind != SourceKind::Archive) {
            return Err(source.error(reason));
        }
        let mut entries = self.requirements.iter();
        let is_without = |entry: &&Entry| match &entry.requirement.version_or_url {
            Some(VersionOrUrl::Url(url)) => !entry.is_locked && !is_file(url),
            _ => false,
        };
        match entries.find(is_without) {
            Some(entry) => Err(entry.error(reason)),
            None => Ok(()),
        }
    }

    /// Checks that hashes are complete.
    ///
    /// # Errors
    /// In hash-checking mode, for a requirement without a hash or without a pinned version.
    pub fn check(&self) -> Result<(), ManifestError> {
        if !self.checks_hashes() {
            return Ok(());
        }
        self.check_hashable()?;
        if let Some(source) = self.sources.iter().find(|source| !source.is_pinned_by_content()) {
            return Err(source.error(
                "hashes are checked, and this has none: add `--hash=sha256:…` to an archive, or remove all hashes",
            ));
        }
        if let Some(project) = self.projects.dynamic.first() {
            return Err(project.error(
                "hashes are checked, and a project with dynamic metadata has none: remove all hashes, or lock the project separately",
            ));
        }
        let has_hash = |entry: &Entry| {
            let same = |other: &&Entry| other.requirement.name == entry.requirement.name;
            entry.allowed().next().is_some()
                || self
                    .constraints
                    .iter()
                    .filter(same)
                    .any(|other| other.allowed().next().is_some())
        };
        for entry in &self.requirements {
            if !has_hash(entry) {
                return Err(entry.error(
                    "hashes are checked, and this has none: add `--hash=sha256:…`, or remove all hashes",
                ));
            }
            let pinned = self
                .constraints
                .iter()
                .filter(|other| other.requirement.name == entry.requirement.name)
                .chain([entry])
                .any(Entry::is_pinned);
            if !pinned {
                return Err(
                    entry.error("hashes are checked, and this leaves the version open: pin it with `==`")
                );
            }
        }
        Ok(())
    }
}

/// Whether a URL is that of a single file, which has a digest.
fn is_file(url: &Url) -> bool {
    let name = file_name(url.path());
    let is_path = matches!(url.scheme(), "file");
    let has_kind = is_archive(&name) || name.to_ascii_lowercase().ends_with(".whl");
    !url.scheme().contains('+') && (!is_path || has_kind)
}

/// Adds warnings for markers with a constant result.
fn add_lints(marker: &Marker, location: &Location, warnings: &mut Vec<String>) {
    for lint in marker.lints() {
        let warning = format!("{location}: {lint}");
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
}

/// Rejects the URL of a file that does not exist.
fn check_exists(url: &Url, location: &Location, context: &ReadContext<'_>) -> Result<(), ManifestError> {
    let scheme = url.scheme();
    if scheme != "file" && scheme != "git+file" {
        return Ok(());
    }
    let mut plain: Url = url
        .as_str()
        .trim_start_matches("git+")
        .parse()
        .unwrap_or_else(|_| url.clone());
    plain.set_fragment(None);
    let Some(path) = file_path(&plain) else {
        return Err(
            location.error("this is not the URL of a local file: write it as in `file:///folder/file`")
        );
    };
    // The path of a repository may end in a commit.
    let text = path.to_string_lossy();
    let repository = text
        .rsplit_once('@')
        .filter(|_| scheme == "git+file")
        .map(|(before, _)| before.to_owned());
    let exists = |path: &str| (context.exists)(path.as_ref());
    if exists(&text) || repository.is_some_and(|path| exists(&path)) {
        return Ok(());
    }
    Err(location.error(format!(
        "there is no `{text}`: correct the address; where conda's `pip freeze` wrote it, write `NAME==VERSION` as \
         `pip list --format=freeze` does, or delete the line"
    )))
}
