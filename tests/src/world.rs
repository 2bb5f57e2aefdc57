//! Packages and questions as data: `fixtures/scenarios/*.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A situation, and what is expected of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The reason why the expected answer is right.
    pub reason: String,
    /// The packages of the index.
    #[serde(default, rename = "package")]
    pub packages: Vec<Package>,
    /// The packages of nixpkgs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nixpkgs: Vec<Attribute>,
    /// Whether the index is a snapshot, which lacks every other project.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub snapshot: bool,
    /// The request.
    pub ask: Ask,
    /// The expected result.
    pub expect: Expect,
}

/// One version of a package.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Package {
    /// `NAME==VERSION`.
    pub release: String,
    /// `Requires-Dist` lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    /// `Requires-Python`.
    pub requires_python: Option<String>,
    /// `Provides-Extra`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extras: Vec<String>,
    /// The tags of its wheels, each `PYTHON-ABI-PLATFORM`; one pure wheel by default.
    #[serde(default = "pure", skip_serializing_if = "is_pure")]
    pub wheels: Vec<String>,
    /// Whether there is a source distribution.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sdist: bool,
    /// The files of the source distribution besides `PKG-INFO`, by their paths.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub source: BTreeMap<String, String>,
    /// The reason why its source distribution cannot be built.
    pub sdist_defect: Option<String>,
    /// The reason for which it was withdrawn.
    pub yanked: Option<String>,
    /// When it was uploaded.
    pub uploaded: Option<String>,
}

/// A package of nixpkgs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// `NAME==VERSION`; the attribute is called after the name.
    pub release: String,
    /// Its propagated packages, as names; those of an extra with a marker.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    /// Its extras.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extras: Vec<String>,
    /// The reason why nixpkgs does not build it.
    pub defect: Option<String>,
}

fn pure() -> Vec<String> {
    vec!["py3-none-any".to_owned()]
}

fn is_pure(wheels: &[String]) -> bool {
    wheels == ["py3-none-any"]
}

/// A request.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ask {
    /// The user's requirements.
    pub requirements: Vec<String>,
    /// The user's constraints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<String>,
    /// The Python version.
    #[serde(default = "python")]
    pub python: String,
    /// The system.
    #[serde(default = "system")]
    pub system: String,
    /// The provider list.
    #[serde(default = "providers")]
    pub providers: String,
    /// The provider lists of single packages, each `PACKAGE=LIST`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provider: Vec<String>,
    /// The rule for pre-releases.
    pub prerelease: Option<String>,
    /// The date limit.
    pub exclude_newer: Option<String>,
    /// Versions to stay with, each `NAME==VERSION`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preferences: Vec<String>,
}

fn python() -> String {
    "3.11".to_owned()
}

fn system() -> String {
    "x86_64-linux".to_owned()
}

fn providers() -> String {
    "wheel".to_owned()
}

/// The answer: versions, or the text of the refusal.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Each `NAME==VERSION`, sorted.
    pub packages: Option<Vec<String>>,
    /// Which of them come from nixpkgs.
    pub nixpkgs: Option<Vec<String>>,
    /// The text after `ResolutionImpossible: `.
    pub refusal: Option<String>,
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// When the text is not a scenario.
    pub fn read(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

impl Attribute {
    /// Name and version.
    ///
    /// # Panics
    /// When the release is not written `NAME==VERSION`.
    #[must_use]
    pub fn name_and_version(&self) -> (&str, &str) {
        name_and_version(&self.release)
    }
}

fn name_and_version(release: &str) -> (&str, &str) {
    release
        .split_once("==")
        .expect("a release is written NAME==VERSION")
}

impl Package {
    /// Name and version.
    ///
    /// # Panics
    /// When the release is not written `NAME==VERSION`.
    #[must_use]
    pub fn name_and_version(&self) -> (&str, &str) {
        name_and_version(&self.release)
    }

    /// The names of its files.
    #[must_use]
    pub fn files(&self) -> Vec<String> {
        let (name, version) = self.name_and_version();
        let stem = name.replace('-', "_");
        let wheels = self
            .wheels
            .iter()
            .map(|tags| format!("{stem}-{version}-{tags}.whl"));
        wheels
            .chain(self.sdist.then(|| format!("{stem}-{version}.tar.gz")))
            .collect()
    }

    /// The text of its `METADATA`.
    #[must_use]
    pub fn metadata(&self) -> String {
        let (name, version) = self.name_and_version();
        let mut text = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
        let python = self
            .requires_python
            .iter()
            .map(|value| ("Requires-Python", value));
        let extras = self.extras.iter().map(|value| ("Provides-Extra", value));
        let requires = self.requires.iter().map(|value| ("Requires-Dist", value));
        for (field, value) in python.chain(extras).chain(requires) {
            text += &format!("{field}: {value}\n");
        }
        text
    }
}
