//! An entry as it stands in the file: one flat object, for Nix to read.

use std::collections::BTreeMap;

use mach_nix_hash::Sha256;
use mach_nix_model::{ExtraName, PackageName, Provider, Version};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{LockedBuild, LockedFile, LockedGit, LockedPackage, LockedSource};
use crate::LockError;

#[derive(Serialize, Deserialize)]
struct Fields {
    name: PackageName,
    version: Version,
    provider: Provider,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    attribute: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    git: Option<LockedGit>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    direct: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hash: Option<Sha256>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subdirectory: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    build: Option<LockedBuild>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dependencies: Vec<PackageName>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cyclic: Vec<PackageName>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    extras: Vec<ExtraName>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    needs: BTreeMap<String, Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    targets: Option<Vec<usize>>,
}

impl Fields {
    fn source(&mut self) -> Result<LockedSource, &'static str> {
        if let Some(attribute) = self.attribute.take() {
            return Ok(LockedSource::Nixpkgs { attribute });
        }
        if let Some(git) = self.git.take() {
            let hash = self.hash.ok_or("comes from git and has no `hash`")?;
            return Ok(LockedSource::Git { git, hash });
        }
        if let Some(path) = self.path.take() {
            let file = match (self.file.take(), self.hash) {
                (Some(name), Some(hash)) => Some((name, hash)),
                (None, None) => None,
                _ => return Err("has a `path` and only one of `file` and `hash`"),
            };
            return Ok(LockedSource::Path { path, file });
        }
        let file = LockedFile {
            name: self.file.take().ok_or("has no `file`")?,
            url: self.url.take().ok_or("has no `url`")?,
            hash: self.hash.ok_or("has no `hash`")?,
            size: self.size,
        };
        Ok(if self.direct {
            let subdirectory = self.subdirectory.take();
            LockedSource::Direct { file, subdirectory }
        } else {
            LockedSource::Index(file)
        })
    }
}

impl Serialize for LockedPackage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Fields::from(self.clone()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for LockedPackage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Fields::deserialize(deserializer)?
            .try_into()
            .map_err(de::Error::custom)
    }
}

impl TryFrom<Fields> for LockedPackage {
    type Error = LockError;

    fn try_from(mut fields: Fields) -> Result<Self, Self::Error> {
        let source = fields.source().map_err(|reason| LockError::NoSource {
            package: fields.name.clone(),
            reason,
        })?;
        Ok(Self {
            name: fields.name,
            version: fields.version,
            provider: fields.provider,
            source,
            build: fields.build,
            dependencies: fields.dependencies,
            cyclic: fields.cyclic,
            extras: fields.extras,
            needs: fields.needs,
            targets: fields.targets,
        })
    }
}

impl From<LockedPackage> for Fields {
    fn from(package: LockedPackage) -> Self {
        let mut fields = Self {
            name: package.name,
            version: package.version,
            provider: package.provider,
            attribute: None,
            path: None,
            git: None,
            direct: false,
            file: None,
            url: None,
            hash: None,
            size: None,
            subdirectory: None,
            build: package.build,
            dependencies: package.dependencies,
            cyclic: package.cyclic,
            extras: package.extras,
            needs: package.needs,
            targets: package.targets,
        };
        fields.say(package.source);
        fields
    }
}

impl Fields {
    fn say(&mut self, source: LockedSource) {
        match source {
            LockedSource::Index(file) => self.say_file(file),
            LockedSource::Direct { file, subdirectory } => {
                self.say_file(file);
                self.direct = true;
                self.subdirectory = subdirectory;
            }
            LockedSource::Git { git, hash } => {
                self.git = Some(git);
                self.hash = Some(hash);
            }
            LockedSource::Path { path, file } => {
                self.path = Some(path);
                (self.file, self.hash) = file.unzip();
            }
            LockedSource::Nixpkgs { attribute } => self.attribute = Some(attribute),
        }
    }

    fn say_file(&mut self, file: LockedFile) {
        self.file = Some(file.name);
        self.url = Some(file.url);
        self.hash = Some(file.hash);
        self.size = file.size;
    }
}
