//! Direct references, `name @ URL`.
//!
//! The lock contains the digest of the file, so that the file is read completely once, even if the reference has a
//! digest: a wrong digest would show only in a build. The result is cached by URL: forever if the reference has a
//! digest; otherwise the server is queried from time to time whether the file has changed.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use mach_nix_hash::{Digest as Promise, Sha256};
use mach_nix_model::{
    DirectReference, DirectSource, DistributionFile, IndexError, MetadataFile, PackageName, Requirement,
    VersionOrUrl, Yanked, file_name, file_path, promised_digest, without_credentials,
};
use mach_nix_tags::WheelFilename;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::address::shown;
use crate::local_file::{digest_of_path, digests_of_path};
use crate::responses::Digest;
use crate::shared::{Shared, log_cached};

const BUCKET: &str = "direct-v1";

/// The kind of a URL, by its form.
enum Kind {
    Wheel,
    Source,
}

impl Kind {
    fn of(url: &Url) -> Self {
        let is_file = matches!(url.scheme(), "http" | "https" | "file");
        if is_file && file_name(url.path()).to_ascii_lowercase().ends_with(".whl") {
            Self::Wheel
        } else {
            Self::Source
        }
    }
}

/// The cached data of a file at a URL.
#[derive(Serialize, Deserialize)]
struct Known {
    hash: Sha256,
    size: u64,
    /// The time of the last check.
    seen: SystemTime,
    /// The validator of the content, if the server sends one.
    validator: Option<String>,
}

impl Shared {
    /// Resolves a direct reference.
    pub async fn direct(self: Arc<Self>, reference: Requirement) -> Result<Arc<DirectReference>, IndexError> {
        let Some(VersionOrUrl::Url(url)) = &reference.version_or_url else {
            return Err(IndexError::invalid_reference(
                reference.to_string(),
                "the reference has no URL",
            ));
        };
        match Kind::of(url) {
            Kind::Wheel => self.direct_wheel(&reference.name, url).await.map(Arc::new),
            Kind::Source => self.direct_source(&reference.name, url).await.map(Arc::new),
        }
    }

    async fn direct_wheel(&self, name: &PackageName, url: &Url) -> Result<DirectReference, IndexError> {
        let filename = file_name(url.path());
        let reference = || format!("{name} @ {}", shown(url));
        let wheel: WheelFilename = filename.parse().map_err(|error: mach_nix_tags::FilenameError| {
            IndexError::invalid_reference(reference(), error)
        })?;
        if !wheel.belongs_to(name.as_ref()) {
            let reason = format!(
                "this is a wheel of `{}`: correct the name or the address",
                wheel.name()
            );
            return Err(IndexError::invalid_reference(reference(), reason));
        }
        let mut address = without_credentials(url);
        address.set_fragment(None);
        let promised = promised_digest(url);
        let (place, hash, size) = if let Some(path) = file_path(&address) {
            let (hash, size) = promised_digest_of_path(&path, promised, &address)?;
            let path = path.to_string_lossy().into();
            (DirectSource::Path { path, is_tree: false }, hash, size)
        } else {
            let (hash, size) = self.at_address(&address, promised, &filename).await?;
            (DirectSource::Archive { subdirectory: None }, hash, size)
        };
        Ok(DirectReference {
            version: Some(wheel.version().clone()),
            file: DistributionFile {
                filename: filename.into(),
                url: String::from(address).into(),
                hash: Some(hash),
                size: Some(size),
                requires_python: None,
                yanked: Yanked::No,
                upload_time: None,
                metadata_file: MetadataFile::Absent,
            },
            place,
        })
    }

    /// The file at a URL, from the cache or from its server, verified against the digest in the URL.
    pub async fn at_address(
        &self,
        address: &Url,
        promised: Option<Promise>,
        filename: &str,
    ) -> Result<(Sha256, u64), IndexError> {
        let Some(promise) = promised else {
            let known = self.known(address, None, filename).await?;
            return Ok((known.hash, known.size));
        };
        if let Some(hash) = promise.sha256() {
            let known = self.known(address, Some(hash), filename).await?;
            check_promise(address, promise, known.hash.into())?;
            return Ok((known.hash, known.size));
        }
        let key = format!("{address} {}", promise.to_pip());
        let (digests, size) = self.digests_at(address, &key, filename).await?;
        check_promise(address, promise, digests.by_algorithm_of(&promise))?;
        Ok((digests.sha256, size))
    }

    async fn known(
        &self,
        address: &Url,
        promised: Option<Sha256>,
        filename: &str,
    ) -> Result<Known, IndexError> {
        let cached: Option<Known> = self.cache.get(BUCKET, address.as_str());
        if let Some(cached) = cached {
            let fresh = self.options.is_fresh(cached.seen);
            let is_promised = promised == Some(cached.hash);
            if is_promised || self.options.offline || (promised.is_none() && fresh) {
                log_cached(&format!("the digest of {filename}"));
                return Ok(cached);
            }
            let validator = self.client.validator(address).await?;
            if promised.is_none() && validator.is_some() && validator == cached.validator {
                let seen = SystemTime::now();
                let cached = Known { seen, ..cached };
                self.cache.put(BUCKET, address.as_str(), &cached);
                return Ok(cached);
            }
        } else if self.options.offline {
            return Err(IndexError::Offline {
                what: format!("the content of `{filename}`"),
            });
        }
        self.options.progress.requested(filename);
        let read = self.client.digest(address, filename).await;
        self.options.progress.arrived(filename);
        let Digest {
            hash,
            size,
            validator,
        } = read?;
        let known = Known {
            hash,
            size,
            seen: SystemTime::now(),
            validator,
        };
        self.cache.put(BUCKET, address.as_str(), &known);
        Ok(known)
    }
}

/// The digest and size of a local file, verified against the digest in the URL.
pub fn promised_digest_of_path(
    path: &Path,
    promised: Option<Promise>,
    address: &Url,
) -> Result<(Sha256, u64), IndexError> {
    let Some(promise) = promised else {
        return digest_of_path(path);
    };
    let (digests, size) = digests_of_path(path)?;
    check_promise(address, promise, digests.by_algorithm_of(&promise))?;
    Ok((digests.sha256, size))
}

fn check_promise(address: &Url, expected: Promise, actual: Promise) -> Result<(), IndexError> {
    if expected == actual {
        return Ok(());
    }
    Err(IndexError::mismatch(shown(address), expected, actual))
}
