//! Direct references to sources: archives, folders, commits of git repositories.

use mach_nix_hash::Sha256;
use mach_nix_model::{
    DirectReference, DirectSource, DistributionFile, IndexError, MetadataFile, PackageName, Yanked,
    file_name, file_path, fragment, promised_digest, without_credentials,
};
use url::Url;

use crate::address::parse_url;
use crate::direct::promised_digest_of_path;
use crate::shared::Shared;

impl Shared {
    /// Resolves a direct reference to a source.
    pub async fn direct_source(&self, name: &PackageName, url: &Url) -> Result<DirectReference, IndexError> {
        let mut referenced = if url.scheme().starts_with("git+") {
            self.commit(url).await?
        } else {
            self.archive_or_folder(url).await?
        };
        let address = parse_url(&referenced.file)?;
        let facts = self.read(&address, &referenced.file).await?.checked(name);
        if let Some(defect) = &facts.defect {
            return Err(IndexError::invalid_reference(
                format!("{name} @ {address}"),
                defect.clone(),
            ));
        }
        referenced.version.clone_from(&facts.version);
        Ok(referenced)
    }

    /// The name of the source at a URL.
    pub async fn name_at(&self, url: &Url) -> Result<Option<PackageName>, IndexError> {
        if url.scheme().starts_with("git+") {
            return Ok(self.checkout(url).await?.read.likely_name());
        }
        let file = self.archive_or_folder(url).await?.file;
        let read = self.read(url, &file).await?;
        match read.facts.defect {
            Some(defect) => Err(IndexError::invalid_reference(without_credentials(url), defect)),
            None => Ok(read.likely_name()),
        }
    }

    async fn archive_or_folder(&self, url: &Url) -> Result<DirectReference, IndexError> {
        let filename = file_name(url.path());
        let subdirectory = fragment(url, "subdirectory");
        let mut address = without_credentials(url);
        let wanted = subdirectory
            .as_ref()
            .map(|folder| format!("subdirectory={folder}"));
        address.set_fragment(wanted.as_deref());
        let (place, digest) = if let Some(path) = file_path(url) {
            let is_tree = path.is_dir();
            let digest = if is_tree {
                None
            } else {
                Some(promised_digest_of_path(&path, promised_digest(url), &address)?)
            };
            let path = path.to_string_lossy().into();
            (DirectSource::Path { path, is_tree }, digest)
        } else {
            let mut plain = address.clone();
            plain.set_fragment(None);
            let digest = self.at_address(&plain, promised_digest(url), &filename).await?;
            let subdirectory = subdirectory.map(Into::into);
            let digest = Some(digest);
            (DirectSource::Archive { subdirectory }, digest)
        };
        let (hash, size) = digest.unzip();
        Ok(referenced(filename, address, hash, size, place))
    }

    async fn commit(&self, url: &Url) -> Result<DirectReference, IndexError> {
        let checkout = self.checkout(url).await?;
        let subdirectory = fragment(url, "subdirectory");
        let mut address = checkout.repository.clone();
        let path = format!("{}@{}", address.path(), checkout.rev);
        address.set_path(&path);
        let wanted = subdirectory
            .as_ref()
            .map(|folder| format!("subdirectory={folder}"));
        address.set_fragment(wanted.as_deref());
        let place = DirectSource::Git {
            url: checkout.repository_without_prefix().into(),
            rev: checkout.rev.clone().into(),
            reference: checkout.reference.map(Into::into),
            subdirectory: subdirectory.map(Into::into),
            hash: checkout.hash,
        };
        let filename = file_name(checkout.repository.path());
        Ok(referenced(filename, address, Some(checkout.hash), None, place))
    }
}

fn referenced(
    filename: String,
    address: Url,
    hash: Option<Sha256>,
    size: Option<u64>,
    place: DirectSource,
) -> DirectReference {
    DirectReference {
        version: None,
        file: DistributionFile {
            filename: filename.into(),
            url: String::from(address).into(),
            hash,
            size,
            requires_python: None,
            yanked: Yanked::No,
            upload_time: None,
            metadata_file: MetadataFile::Absent,
        },
        place,
    }
}
