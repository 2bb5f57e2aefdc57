//! The fields of an entry in the file: one flat object, which is simple to read in Nix.

use std::collections::BTreeMap;

use mach_nix_conda::{CondaName, Subdir};
use mach_nix_hash::Sha256;
use mach_nix_model::{AnyName, AnyVersion, ExtraName, Provider, Version};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{LockedBuild, LockedConda, LockedFile, LockedGit, LockedPackage, LockedSource};
use crate::LockError;

#[derive(Serialize, Deserialize)]
struct Fields {
    name: AnyName,
    version: String,
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
    channel: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subdir: Option<Subdir>,
    #[serde(default, rename = "condaName", skip_serializing_if = "Option::is_none")]
    conda_name: Option<CondaName>,
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
    build: Option<Build>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dependencies: Vec<AnyName>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cyclic: Vec<AnyName>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    extras: Vec<ExtraName>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    needs: BTreeMap<String, Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    targets: Option<Vec<usize>>,
}

/// A build environment, or the build string of a conda package.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Build {
    Conda(String),
    Environment(LockedBuild),
}

impl Fields {
    fn conda(&mut self) -> Result<LockedSource, &'static str> {
        let Some(Build::Conda(build)) = self.build.take() else {
            return Err("comes from conda and has no `build`");
        };
        let own_name = self.name.conda().cloned();
        let named = self.conda_name.take().or(own_name);
        let name = named.or_else(|| self.name.to_string().parse().ok());
        Ok(LockedSource::Conda(LockedConda {
            channel: self
                .channel
                .take()
                .ok_or("comes from conda and has no `channel`")?,
            subdir: self.subdir.ok_or("comes from conda and has no `subdir`")?,
            build,
            name: name.ok_or("comes from conda and has no `condaName`")?,
            file: self.file()?,
        }))
    }

    fn source(&mut self) -> Result<LockedSource, &'static str> {
        if let Provider::Conda(_) = self.provider {
            return self.conda();
        }
        if self.name.conda().is_some() {
            return Err("is a conda package, and its provider is not");
        }
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
        let file = self.file()?;
        Ok(if self.direct {
            let subdirectory = self.subdirectory.take();
            LockedSource::Direct { file, subdirectory }
        } else {
            LockedSource::Index(file)
        })
    }

    fn file(&mut self) -> Result<LockedFile, &'static str> {
        Ok(LockedFile {
            name: self.file.take().ok_or("has no `file`")?,
            url: self.url.take().ok_or("has no `url`")?,
            hash: self.hash.ok_or("has no `hash`")?,
            size: self.size,
        })
    }

    /// The version, of conda's kind for a conda package.
    fn version(&self) -> Result<AnyVersion, String> {
        if let Provider::Conda(_) = self.provider {
            let version = self.version.parse().map(AnyVersion::Conda);
            return version.map_err(|error| error.to_string());
        }
        let version = self.version.parse::<Version>().map(AnyVersion::Python);
        version.map_err(|error| error.to_string())
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
        let version = fields.version().map_err(|reason| LockError::NoVersion {
            package: fields.name.clone(),
            reason,
        })?;
        let source = fields.source().map_err(|reason| LockError::NoSource {
            package: fields.name.clone(),
            reason,
        })?;
        Ok(Self {
            name: fields.name,
            version,
            provider: fields.provider,
            source,
            build: match fields.build {
                Some(Build::Environment(build)) => Some(build),
                Some(Build::Conda(_)) | None => None,
            },
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
            version: package.version.to_string(),
            provider: package.provider,
            attribute: None,
            path: None,
            git: None,
            direct: false,
            channel: None,
            subdir: None,
            conda_name: None,
            file: None,
            url: None,
            hash: None,
            size: None,
            subdirectory: None,
            build: package.build.map(Build::Environment),
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
            LockedSource::Conda(conda) => {
                let own_name = match &self.name {
                    AnyName::Conda(name) => name.as_str() == conda.name.as_str(),
                    AnyName::Project(name) => name.as_ref() == conda.name.as_str(),
                };
                self.conda_name = (!own_name).then_some(conda.name);
                self.channel = Some(conda.channel);
                self.subdir = Some(conda.subdir);
                self.build = Some(Build::Conda(conda.build));
                self.say_file(conda.file);
            }
        }
    }

    fn say_file(&mut self, file: LockedFile) {
        self.file = Some(file.name);
        self.url = Some(file.url);
        self.hash = Some(file.hash);
        self.size = file.size;
    }
}
