//! A software bill of materials: [CycloneDX 1.6](https://cyclonedx.org/docs/1.6/json/).
//!
//! Packages are identified by [package URLs](https://github.com/package-url/purl-spec). The document is reproducible:
//! it has no timestamp, and its serial number is derived from the lock.

use std::collections::{BTreeMap, BTreeSet};

use mach_nix_hash::Sha256;
use mach_nix_model::{AnyName, Provider};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::targets::{TargetSet, words};
use crate::{Lock, LockedPackage, LockedSource};

/// The reference of the bill's subject: the environment as a whole.
const ROOT: &str = "environment";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bill {
    #[serde(rename = "$schema")]
    schema: &'static str,
    bom_format: &'static str,
    spec_version: &'static str,
    serial_number: String,
    version: u32,
    metadata: Metadata,
    components: Vec<Component>,
    dependencies: Vec<Dependency>,
}

#[derive(Serialize)]
struct Metadata {
    tools: Tools,
    component: Application,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property>,
}

#[derive(Serialize)]
struct Tools {
    components: Vec<Application>,
}

#[derive(Serialize)]
struct Application {
    r#type: &'static str,
    #[serde(rename = "bom-ref", skip_serializing_if = "Option::is_none")]
    reference: Option<&'static str>,
    name: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Component {
    r#type: &'static str,
    #[serde(rename = "bom-ref")]
    reference: String,
    name: String,
    version: String,
    /// Only for a single file: if a component has several files, the digests belong to the files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hashes: Vec<Hash>,
    purl: String,
    external_references: Vec<ExternalReference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property>,
}

#[derive(Serialize)]
struct Hash {
    alg: &'static str,
    content: String,
}

#[derive(Serialize)]
struct ExternalReference {
    r#type: &'static str,
    url: String,
    comment: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hashes: Vec<Hash>,
}

#[derive(Serialize)]
struct Property {
    name: &'static str,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dependency {
    r#ref: String,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    depends_on: BTreeSet<String>,
}

/// The entries of the lock with the same package URL.
#[derive(Default)]
struct Entry<'a> {
    packages: Vec<&'a LockedPackage>,
    targets: TargetSet,
}

impl Lock {
    /// The lock as a CycloneDX 1.6 document in JSON.
    #[must_use]
    pub fn to_cyclonedx(&self) -> String {
        let mut entries = BTreeMap::<String, Entry>::new();
        for package in &self.packages {
            let entry = entries.entry(purl(package)).or_default();
            entry.targets.extend(self.targets_of(package));
            entry.packages.push(package);
        }
        let mut dependencies = vec![self.root(&entries)];
        dependencies.extend(
            entries
                .iter()
                .map(|(reference, entry)| self.edges(reference, entry, &entries)),
        );
        let targets = self.targets.iter().map(|target| Property {
            name: "mach-nix:target",
            value: mach_nix_model::Target::from(target).to_string(),
        });
        let bill = Bill {
            schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
            bom_format: "CycloneDX",
            spec_version: "1.6",
            serial_number: serial_number(&Sha256::of(self.to_json().as_bytes())),
            version: 1,
            metadata: Metadata {
                tools: Tools {
                    components: vec![Application {
                        r#type: "application",
                        reference: None,
                        name: "mach-nix",
                    }],
                },
                component: Application {
                    r#type: "application",
                    reference: Some(ROOT),
                    name: ROOT,
                },
                properties: targets.collect(),
            },
            components: entries
                .iter()
                .map(|(purl, entry)| self.component(purl, entry))
                .collect(),
            dependencies,
        };
        serde_json::to_string_pretty(&bill).expect("strings and numbers only") + "\n"
    }

    fn component(&self, purl: &str, entry: &Entry<'_>) -> Component {
        let references: BTreeMap<String, ExternalReference> = entry
            .packages
            .iter()
            .filter_map(|package| external(&package.source))
            .map(|reference| (reference.comment.clone(), reference))
            .collect();
        let first = entry.packages[0];
        let hashes: BTreeSet<_> = entry
            .packages
            .iter()
            .filter(|package| !matches!(package.source, LockedSource::Git { .. }))
            .filter_map(|package| package.hash())
            .collect();
        let targets = words(&self.targets, &entry.targets).map(|value| Property {
            name: "mach-nix:targets",
            value,
        });
        let provider = Property {
            name: "mach-nix:provider",
            value: first.provider.to_string(),
        };
        Component {
            r#type: "library",
            reference: purl.to_owned(),
            name: first.name.to_string(),
            version: first.version.to_string(),
            hashes: match hashes.first() {
                Some(hash) if hashes.len() == 1 => vec![sha256(*hash)],
                _ => Vec::new(),
            },
            purl: purl.to_owned(),
            external_references: references.into_values().collect(),
            properties: std::iter::once(provider).chain(targets).collect(),
        }
    }

    /// The environment depends on the requirements.
    fn root(&self, entries: &BTreeMap<String, Entry<'_>>) -> Dependency {
        let graph = crate::Graph::new(self);
        let roots = graph
            .roots
            .iter()
            .flat_map(|root| references(&root.name, &root.targets, entries));
        Dependency {
            r#ref: ROOT.to_owned(),
            depends_on: roots.collect(),
        }
    }

    fn edges(&self, reference: &str, entry: &Entry<'_>, entries: &BTreeMap<String, Entry<'_>>) -> Dependency {
        let depends_on = entry.packages.iter().flat_map(|package| {
            let targets = self.targets_of(package);
            let others = package.dependencies.iter().filter(|name| **name != package.name);
            others.flat_map(move |name| references(name, &targets, entries).collect::<Vec<_>>())
        });
        Dependency {
            r#ref: reference.to_owned(),
            depends_on: depends_on.collect(),
        }
    }
}

/// The references of a package on some targets.
fn references<'a>(
    name: &'a AnyName,
    targets: &'a TargetSet,
    entries: &'a BTreeMap<String, Entry<'_>>,
) -> impl Iterator<Item = String> + 'a {
    let here = entries
        .iter()
        .filter(move |(_, entry)| entry.packages[0].name == *name && !entry.targets.is_disjoint(targets));
    here.map(|(reference, _)| reference.clone())
}

/// The external reference of a source.
fn external(source: &LockedSource) -> Option<ExternalReference> {
    let (r#type, url, comment, hash) = match source {
        LockedSource::Index(file) | LockedSource::Direct { file, .. } => (
            "distribution",
            file.url.clone(),
            file.name.clone(),
            Some(file.hash),
        ),
        LockedSource::Conda(conda) => (
            "distribution",
            encoded_path(&conda.file.url),
            conda.file.name.clone(),
            Some(conda.file.hash),
        ),
        LockedSource::Git { git, .. } => ("vcs", git.url.clone(), format!("commit {}", git.rev), None),
        LockedSource::Path { path, file } => {
            let (name, hash) = file.clone().unzip();
            let name = name.unwrap_or_else(|| "a folder".to_owned());
            ("distribution", encoded(path), name, hash)
        }
        LockedSource::Nixpkgs { .. } => return None,
    };
    Some(ExternalReference {
        r#type,
        url,
        comment,
        hashes: hash.map(sha256).into_iter().collect(),
    })
}

/// An address as it is, or a path as one.
fn encoded_path(address: &str) -> String {
    if address.contains("://") {
        address.to_owned()
    } else {
        encoded(address)
    }
}

/// A text in a URL.
fn encoded(text: &str) -> String {
    const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b':')
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    utf8_percent_encode(text, PLAIN).to_string()
}

fn sha256(hash: Sha256) -> Hash {
    Hash {
        alg: "SHA-256",
        content: hash.to_hex(),
    }
}

fn purl(package: &LockedPackage) -> String {
    let LockedPackage { name, version, .. } = package;
    // These two characters of a version need escaping in a URL.
    let version = version.to_string().replace('!', "%21").replace('+', "%2B");
    match &package.provider {
        Provider::Conda(channel) => match &package.source {
            LockedSource::Conda(conda) => format!(
                "pkg:conda/{}@{version}?build={}&channel={}&subdir={}&type={}",
                conda.name,
                encoded(&conda.build),
                encoded(channel),
                conda.subdir,
                if conda.file.name.ends_with(".conda") {
                    "conda"
                } else {
                    "tar.bz2"
                }
            ),
            _ => format!("pkg:conda/{name}@{version}?channel={}", encoded(channel)),
        },
        Provider::Nixpkgs => format!("pkg:nix/{name}@{version}"),
        Provider::Wheel | Provider::Sdist => {
            let qualifier = match &package.source {
                LockedSource::Direct { file, .. } => format!("?download_url={}", encoded(&file.url)),
                LockedSource::Git { git, .. } => {
                    format!("?vcs_url={}", encoded(&format!("git+{}@{}", git.url, git.rev)))
                }
                _ => String::new(),
            };
            format!("pkg:pypi/{name}@{version}{qualifier}")
        }
    }
}

/// A custom UUID (version 8, RFC 9562 §5.8), derived from the lock's digest.
fn serial_number(digest: &Sha256) -> String {
    let hex = digest.to_hex();
    format!(
        "urn:uuid:{}-{}-8{}-a{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[13..16],
        &hex[17..20],
        &hex[20..32]
    )
}
