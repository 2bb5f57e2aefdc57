//! The core metadata of a wheel, by the cheapest way its server offers.

use std::fs::File;
use std::io::{BufReader, Read, Seek};

use mach_nix_hash::Sha256;
use mach_nix_model::{CoreMetadata, DistributionFile, IndexError, MetadataFile};
use tokio::runtime::Handle;
use url::Url;

use crate::address::{local_path, parse_url, shown};
use crate::client::Client;
use crate::local_file::unreadable;
use crate::ranges::RemoteFile;

/// Reads the metadata of a wheel.
///
/// An unusable *content* is a value, [`CoreMetadata::defect`]: another version may do. Only a server that does not answer
/// is an error.
pub async fn fetch_metadata(client: &Client, file: &DistributionFile) -> Result<CoreMetadata, IndexError> {
    let url = parse_url(file)?;
    if let Some(path) = local_path(&url) {
        let file = File::open(&path).map_err(|error| unreadable(&path, &error))?;
        return Ok(content_of(member(BufReader::new(file))));
    }
    if file.metadata_file != MetadataFile::Absent
        && let Some(content) = beside(client, &url, file.metadata_file).await?
    {
        return Ok(read(&content));
    }
    let (client, runtime) = (client.clone(), Handle::current());
    let inside = tokio::task::spawn_blocking(move || {
        let archive = RemoteFile::open(client, url, runtime)?;
        Ok(member(archive))
    });
    match inside.await {
        Ok(Ok(content)) => Ok(content_of(content)),
        Ok(Err(error)) => Err(error),
        Err(error) => Ok(defective(format!("its wheel cannot be read: {error}"))),
    }
}

/// The metadata file beside the wheel (PEP 658), checked against its announced digest.
async fn beside(
    client: &Client,
    wheel: &Url,
    announced: MetadataFile,
) -> Result<Option<Vec<u8>>, IndexError> {
    let mut url = wheel.clone();
    url.set_path(&format!("{}.metadata", wheel.path()));
    let content = match client.file(&url).await {
        Ok(content) => content,
        // A server that never promised the file may refuse it in any way it likes.
        Err(_) if announced == MetadataFile::Unannounced => None,
        Err(error) => return Err(error),
    };
    if let (Some(content), MetadataFile::Announced(Some(expected))) = (&content, announced) {
        let actual = Sha256::of(content);
        if actual != expected {
            return Err(IndexError::HashMismatch {
                url: shown(&url),
                expected,
                actual,
            });
        }
    }
    Ok(content.filter(|content| CoreMetadata::parse(content).is_ok()))
}

/// The member `NAME-VERSION.dist-info/METADATA` of a wheel.
fn member(archive: impl Read + Seek) -> Result<Vec<u8>, String> {
    let mut archive = zip::ZipArchive::new(archive).map_err(|error| error.to_string())?;
    let name = archive
        .file_names()
        .flatten()
        .find(|name| {
            name.split_once('/')
                .is_some_and(|(dir, file)| dir.ends_with(".dist-info") && file == "METADATA")
        })
        .ok_or("there is no METADATA in it")?
        .into_owned();
    let mut content = Vec::new();
    let mut entry = archive.by_name(&name).map_err(|error| error.to_string())?;
    entry
        .read_to_end(&mut content)
        .map_err(|error| error.to_string())?;
    Ok(content)
}

fn content_of(member: Result<Vec<u8>, String>) -> CoreMetadata {
    match member {
        Ok(content) => read(&content),
        Err(reason) => defective(format!("its wheel cannot be read: {reason}")),
    }
}

fn read(content: &[u8]) -> CoreMetadata {
    CoreMetadata::parse(content).unwrap_or_else(|error| defective(error.to_string()))
}

fn defective(reason: String) -> CoreMetadata {
    CoreMetadata {
        defect: Some(reason),
        ..CoreMetadata::default()
    }
}
