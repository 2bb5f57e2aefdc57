//! Core metadata of wheels, by the cheapest method that the server supports.

use std::fs::File;
use std::io::{BufReader, Read, Seek};

use mach_nix_hash::Sha256;
use mach_nix_model::{
    CoreMetadata, DistributionFile, FileKind, IndexError, MetadataFile, PackageName, file_path,
};
use tokio::runtime::Handle;
use url::Url;

use crate::address::{parse_url, shown};
use crate::client::Client;
use crate::limits::MAX_METADATA;
use crate::local_file::unreadable;
use crate::ranges::RemoteFile;

/// Reads the metadata of a wheel.
///
/// Invalid metadata is not an error but a [`CoreMetadata::defect`], so that another version can be chosen. Because only
/// the content of the release itself proves it invalid, the whole wheel is then read and compared with its digest. A
/// server that sends other content, or nothing, is an error.
pub async fn fetch_metadata(
    client: &Client,
    name: &PackageName,
    file: &DistributionFile,
) -> Result<CoreMetadata, IndexError> {
    let url = parse_url(file)?;
    let expected = Expected {
        name: name.clone(),
        kind: FileKind::of(&file.filename, name),
    };
    if let Some(path) = file_path(&url) {
        let archive = File::open(&path).map_err(|error| unreadable(&path, &error))?;
        return Ok(expected.of_wheel(BufReader::new(archive)).unwrap_or_else(invalid));
    }
    if file.metadata_file != MetadataFile::Absent
        && let Some(content) = of_metadata_file(client, &url, file.metadata_file).await?
        && expected.check(&content).is_ok()
        && let Ok(metadata) = CoreMetadata::parse(&content)
    {
        return Ok(metadata);
    }
    match of_parts(client, &url, &expected).await? {
        Ok(metadata) if metadata.defect.is_none() => Ok(metadata),
        Ok(metadata) if file.hash.is_none() => Ok(metadata),
        Ok(_) | Err(_) => of_whole(client, &url, file, expected).await,
    }
}

/// The metadata file next to the wheel (PEP 658), verified against its announced digest.
async fn of_metadata_file(
    client: &Client,
    wheel: &Url,
    announced: MetadataFile,
) -> Result<Option<Vec<u8>>, IndexError> {
    let mut url = wheel.clone();
    url.set_path(&format!("{}.metadata", wheel.path()));
    let content = match client.file(&url, MAX_METADATA).await {
        Ok(content) => content,
        // A server that did not announce the file may reject the request in any way.
        Err(_) if announced == MetadataFile::Unannounced => None,
        Err(error) => return Err(error),
    };
    if let (Some(content), MetadataFile::Announced(Some(expected))) = (&content, announced) {
        let actual = Sha256::of(content);
        if actual != expected {
            return Err(IndexError::mismatch(shown(&url), expected, actual));
        }
    }
    Ok(content)
}

/// Reads the wheel with range requests; the inner error is the reason why that fails.
async fn of_parts(
    client: &Client,
    url: &Url,
    expected: &Expected,
) -> Result<Result<CoreMetadata, String>, IndexError> {
    let (client, url, runtime) = (client.clone(), url.clone(), Handle::current());
    let expected = expected.clone();
    let read = tokio::task::spawn_blocking(move || {
        let part = |range: &str, length| runtime.block_on(client.part(&url, range, length));
        let mut archive = RemoteFile::open(part)?;
        let metadata = expected.of_wheel(&mut archive);
        match archive.failed {
            Some(error) => Err(error),
            None => Ok(metadata),
        }
    });
    read.await.unwrap_or_else(|error| Ok(Err(error.to_string())))
}

/// Reads the whole wheel, and uses it only if it has the digest listed by the index.
async fn of_whole(
    client: &Client,
    url: &Url,
    file: &DistributionFile,
    expected: Expected,
) -> Result<CoreMetadata, IndexError> {
    let (actual, archive) = client.spool(url).await?.finish();
    if let Some(announced) = file.hash.filter(|announced| *announced != actual) {
        return Err(IndexError::mismatch(shown(url), announced, actual));
    }
    let read = tokio::task::spawn_blocking(move || expected.of_wheel(BufReader::new(archive)));
    match read.await.unwrap_or_else(|error| Err(error.to_string())) {
        Ok(metadata) => Ok(metadata),
        Err(reason) if file.hash.is_some() => Ok(invalid(reason)),
        Err(reason) => Err(IndexError::malformed(shown(url), reason)),
    }
}

/// The metadata in a wheel of a package, of any version.
pub fn of_wheel(name: &PackageName, archive: impl Read + Seek) -> Result<CoreMetadata, String> {
    let name = name.clone();
    Expected { name, kind: None }.of_wheel(archive)
}

/// The expected name and version in the metadata of a wheel.
#[derive(Clone)]
struct Expected {
    name: PackageName,
    kind: Option<FileKind>,
}

impl Expected {
    /// Checks that the metadata is that of the wheel; the error names the actual package.
    fn check(&self, content: &[u8]) -> Result<(), String> {
        let version = self.kind.as_ref().map(FileKind::version);
        CoreMetadata::check_identity(content, &self.name, version)
    }

    /// The metadata in a wheel, `NAME-VERSION.dist-info/METADATA`; the error is the reason why the archive cannot be
    /// read.
    fn of_wheel(&self, archive: impl Read + Seek) -> Result<CoreMetadata, String> {
        let unreadable = |error: &dyn std::fmt::Display| format!("its wheel cannot be read: {error}");
        let mut archive = zip::ZipArchive::new(archive).map_err(|error| unreadable(&error))?;
        let names: Vec<String> = archive
            .file_names()
            .flatten()
            .filter(|name| {
                name.split_once('/')
                    .is_some_and(|(folder, file)| folder.ends_with(".dist-info") && file == "METADATA")
            })
            .map(std::borrow::Cow::into_owned)
            .collect();
        let name = match names.as_slice() {
            [name] => name,
            [] => return Ok(invalid(unreadable(&"it has no METADATA"))),
            names => {
                let names = names.join("`, `");
                return Ok(invalid(unreadable(&format!(
                    "it has several METADATA: `{names}`"
                ))));
            }
        };
        let entry = archive.by_name(name).map_err(|error| unreadable(&error))?;
        let mut content = Vec::new();
        entry
            .take(MAX_METADATA + 1)
            .read_to_end(&mut content)
            .map_err(|error| unreadable(&error))?;
        if content.len() as u64 > MAX_METADATA {
            return Ok(invalid(unreadable(&"its METADATA is too large")));
        }
        if let Err(reason) = self.check(&content) {
            return Ok(invalid(reason));
        }
        Ok(CoreMetadata::parse(&content).unwrap_or_else(|error| invalid(error.to_string())))
    }
}

fn invalid(reason: String) -> CoreMetadata {
    CoreMetadata {
        defect: Some(reason),
        ..CoreMetadata::default()
    }
}
