//! What sources say of themselves, without being run.

mod archive;
mod facts;

use std::sync::Arc;

use mach_nix_hash::Sha256;
use mach_nix_model::{DistributionFile, IndexError, PackageName, SourceFacts};

use crate::client::shown;
use crate::index::{Shared, content_key};
use crate::metadata::parse_url;
use archive::{ArchiveKind, Files};

/// The number is that of what is made of a source: a reader that understands more needs a new one.
const BUCKET: &str = "sources-v1";

/// What is kept of a source.
type Kept = SourceFacts;

impl Shared {
    /// Downloads a source distribution and reads what it states.
    pub async fn source(
        self: Arc<Self>,
        name: PackageName,
        file: DistributionFile,
    ) -> Result<Arc<SourceFacts>, IndexError> {
        let kept: Option<Kept> = self.cache.get(BUCKET, &content_key(&file));
        if let Some(kept) = kept {
            return Ok(Arc::new(kept));
        }
        if self.options.offline {
            return Err(IndexError::Offline {
                what: format!("the content of `{}`", file.filename),
            });
        }
        self.options.progress.asked(name.as_ref());
        let content = self.content(&file).await;
        self.options.progress.arrived(name.as_ref());
        let facts = facts_of(&file.filename, content?, None).await;
        // A defect may be ours: the next release may read what this one cannot.
        if facts.defect.is_none() {
            self.cache.put(BUCKET, &content_key(&file), &facts);
        }
        Ok(Arc::new(facts))
    }

    /// A whole file, which is the one that the index announced.
    async fn content(&self, file: &DistributionFile) -> Result<Vec<u8>, IndexError> {
        let url = parse_url(file)?;
        let Some(content) = self.client.file(&url).await? else {
            return Err(IndexError::Unreachable {
                url: shown(&url),
                reason: "the file is gone".to_owned(),
            });
        };
        let actual = Sha256::of(&content);
        match file.hash.filter(|expected| *expected != actual) {
            Some(expected) => Err(IndexError::HashMismatch {
                url: shown(&url),
                expected,
                actual,
            }),
            None => Ok(content),
        }
    }
}

/// Reads an archive on a thread that may take its time.
async fn facts_of(filename: &str, content: Vec<u8>, subdirectory: Option<String>) -> SourceFacts {
    let Some(kind) = ArchiveKind::of(filename) else {
        return defective("it is no archive that is known here (.tar.gz, .tar.bz2, .zip)".to_owned());
    };
    let read = tokio::task::spawn_blocking(move || {
        Files::read(kind, &content, subdirectory.as_deref()).map(|files| facts::facts(&files))
    });
    match read.await {
        Ok(Ok(facts)) => facts,
        Ok(Err(reason)) => defective(format!("its archive cannot be read: {reason}")),
        Err(error) => defective(format!("its archive cannot be read: {error}")),
    }
}

fn defective(reason: String) -> SourceFacts {
    SourceFacts {
        defect: Some(reason),
        ..SourceFacts::default()
    }
}
