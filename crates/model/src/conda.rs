//! The conda part of a request.

use std::fmt;
use std::str::FromStr;

use mach_nix_conda::{Channel, CondaSpec, VirtualPackage, VirtualPackages};
use mach_nix_tags::NixSystem;
use serde::{Deserialize, Serialize};

use crate::{Marker, ProviderPreference, Providers};

/// The channels of a request, and the virtual packages that it states.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CondaPolicy {
    /// The channels, most preferred first. Their names are those of providers: `conda/NAME`.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// Virtual packages that replace those of the target, by name.
    #[serde(default)]
    pub virtual_packages: Vec<VirtualPackage>,
}

impl CondaPolicy {
    /// Whether the request is without conda channels and packages.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.channels.is_empty() && self.virtual_packages.is_empty()
    }

    /// The channels of this policy, completed by the public ones that provider lists name, in the order of first mention.
    #[must_use]
    pub fn completed(mut self, providers: &Providers) -> Self {
        let lists = std::iter::once(&providers.default).chain(providers.packages.values());
        for name in lists.flat_map(ProviderPreference::channels) {
            if self.channel(name).is_none() {
                self.channels.push(Channel::public(name));
            }
        }
        self
    }

    /// The channel of this name.
    #[must_use]
    pub fn channel(&self, name: &str) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.name() == name)
    }

    /// The virtual packages of a system under this policy.
    #[must_use]
    pub fn packages_of(&self, system: NixSystem) -> VirtualPackages {
        let given = self.virtual_packages.iter().cloned();
        given.fold(VirtualPackages::of(system), VirtualPackages::with)
    }
}

/// A requirement of the user for a conda package: a match spec, on the targets where a marker holds.
///
/// As text it is `conda:SPEC`, or `conda:SPEC ; MARKER`.
///
/// ```
/// use mach_nix_model::CondaRequirement;
///
/// let requirement: CondaRequirement = "conda:libblas * *openblas ; sys_platform == 'linux'".parse()?;
/// assert_eq!(requirement.spec.name().as_str(), "libblas");
/// assert_eq!(requirement.to_string(), "conda:libblas * *openblas ; sys_platform == 'linux'");
/// # Ok::<(), mach_nix_model::CondaRequirementError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CondaRequirement {
    /// What is required.
    pub spec: CondaSpec,
    /// The targets that it is for: selectors of environments as an environment marker.
    pub marker: Marker,
}

/// A text that is not a requirement for a conda package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a requirement for a conda package: {reason}", text.escape_debug())]
pub struct CondaRequirementError {
    text: String,
    reason: String,
}

impl From<CondaSpec> for CondaRequirement {
    fn from(spec: CondaSpec) -> Self {
        Self {
            spec,
            marker: Marker::TRUE,
        }
    }
}

impl fmt::Display for CondaRequirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "conda:{}", self.spec)?;
        if self.marker == Marker::TRUE {
            Ok(())
        } else {
            write!(f, " ; {}", self.marker)
        }
    }
}

impl FromStr for CondaRequirement {
    type Err = CondaRequirementError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |reason: String| CondaRequirementError {
            text: text.to_owned(),
            reason,
        };
        let rest = text.strip_prefix("conda:");
        let rest = rest.ok_or_else(|| error("it does not begin with `conda:`".to_owned()))?;
        let (spec, marker) = match rest.split_once(" ; ") {
            Some((spec, marker)) => (
                spec,
                marker
                    .parse()
                    .map_err(|e: crate::MarkerError| error(e.to_string()))?,
            ),
            None => (rest, Marker::TRUE),
        };
        let spec = spec
            .parse()
            .map_err(|e: mach_nix_conda::CondaSpecError| error(e.to_string()))?;
        Ok(Self { spec, marker })
    }
}

impl TryFrom<String> for CondaRequirement {
    type Error = CondaRequirementError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<CondaRequirement> for String {
    fn from(requirement: CondaRequirement) -> Self {
        requirement.to_string()
    }
}
