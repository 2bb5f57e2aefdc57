//! Cached failures of build backends (docs/decisions/0043).

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use mach_nix_fetch::Cache;
use mach_nix_hash::{Sha256, Sha256Hasher};
use serde::{Deserialize, Serialize};

use crate::{LIBRARY, Nix, identity};

/// The number is that of the format and of the rule for caching failures.
const BUCKET: &str = "backend-failures-v1";

/// Failures by query and package set. The query alone does not suffice, because definitions in nixpkgs provide
/// libraries.
pub struct Failures<'a> {
    nix: &'a Nix,
    cache: Cache,
    package_set: OnceCell<Option<Identified>>,
}

/// The package set in use, as a part of keys.
struct Identified {
    key: String,
    /// Whether equal keys imply equal content.
    is_content: bool,
}

/// A cached failure.
#[derive(Serialize, Deserialize)]
pub struct Failure {
    /// The message for the user.
    pub reason: String,
    /// The failed derivation. It is compared if the package set may have changed.
    derivation: PathBuf,
}

impl<'a> Failures<'a> {
    pub fn new(nix: &'a Nix, cache: Cache) -> Self {
        Self {
            nix,
            cache,
            package_set: OnceCell::new(),
        }
    }

    /// The failure of a query in an earlier run.
    pub fn get(&self, query: &str) -> Option<Failure> {
        self.cache.get(BUCKET, &self.key(query)?)
    }

    /// Whether a failure is valid without comparing its derivation.
    pub fn are_final(&self) -> bool {
        self.package_set().is_some_and(|set| set.is_content)
    }

    /// Caches the failure of a query.
    pub fn put(&self, query: &str, derivation: &Path, reason: &str) {
        if let Some(key) = self.key(query) {
            let failure = Failure {
                reason: reason.to_owned(),
                derivation: derivation.to_owned(),
            };
            self.cache.put(BUCKET, &key, &failure);
        }
    }

    fn key(&self, query: &str) -> Option<String> {
        Some(format!("{query} {}", self.package_set()?.key))
    }

    fn package_set(&self) -> Option<&Identified> {
        let find = || {
            let path = self.nix.package_set().ok()?;
            let content = identity::of(path);
            let is_content = content.is_some();
            let name = content.unwrap_or_else(|| state_of(path));
            Some(Identified {
                key: format!("{} {} {name}", library(), std::env::consts::ARCH),
                is_content,
            })
        };
        self.package_set.get_or_init(find).as_ref()
    }
}

impl Failure {
    /// Whether this derivation is the failed one.
    pub fn is_of(&self, derivation: &Path) -> bool {
        self.derivation == derivation
    }
}

/// The path of a mutable package set, with the latest modification time that is visible without an evaluation.
fn state_of(path: &Path) -> String {
    let file = if path.is_dir() {
        path.join("default.nix")
    } else {
        path.to_owned()
    };
    let changed = file.metadata().and_then(|metadata| metadata.modified()).ok();
    let changed = changed.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    format!("{} {}", path.display(), changed.unwrap_or_default().as_nanos())
}

/// The digest of `nixlib`, because a new fix may resolve the failure.
fn library() -> String {
    let mut hasher = Sha256Hasher::new();
    for (name, content) in LIBRARY {
        hasher.update(name.as_bytes());
        hasher.update(Sha256::of(content).to_hex().as_bytes());
    }
    hasher.finish().to_hex()
}
