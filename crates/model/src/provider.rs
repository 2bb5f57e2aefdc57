//! Providers: the ways to obtain a package, and their order of preference.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use pep508_rs::PackageName;
use serde::{Deserialize, Serialize};

/// The default (docs/decisions/0016).
pub const DEFAULT_PROVIDERS: &str = "wheel,sdist,nixpkgs";

/// A way to obtain a package.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Provider {
    /// Built distributions of a package index.
    Wheel,
    /// Source distributions of a package index, built by Nix.
    Sdist,
    /// The Python packages of the nixpkgs in use.
    Nixpkgs,
    /// A conda channel, by name.
    Conda(Box<str>),
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wheel => f.write_str("wheel"),
            Self::Sdist => f.write_str("sdist"),
            Self::Nixpkgs => f.write_str("nixpkgs"),
            Self::Conda(channel) => write!(f, "conda/{channel}"),
        }
    }
}

impl FromStr for Provider {
    type Err = ProviderParseError;

    /// Parses a single provider in the form of its [`Display`](fmt::Display).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let list: ProviderPreference = text.parse()?;
        let mut ranked = list.ranked();
        match (ranked.next(), ranked.next()) {
            (Some((_, only)), None) => Ok(only.clone()),
            _ => Err(ProviderParseError::Unknown(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Provider {
    type Error = ProviderParseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Provider> for String {
    fn from(provider: Provider) -> Self {
        provider.to_string()
    }
}

/// An invalid provider list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderParseError {
    /// An unknown provider.
    #[error("`{0}` is not a provider: known are wheel, sdist, nixpkgs, conda and conda/CHANNEL")]
    Unknown(String),
    /// An empty item in the list.
    #[error("`{0}` has an empty item: write providers as in `wheel,sdist` or `wheel|sdist`")]
    Empty(String),
    /// The same provider twice.
    #[error("`{0}` names `{1}` twice")]
    Twice(String, String),
}

/// An ordered list of providers: tiers in order of preference (`,`), providers of equal rank inside a tier (`|`).
///
/// Every candidate of an earlier tier is preferred to every candidate of a later one. Inside a tier the newest
/// version wins, and within a version the leftmost provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProviderPreference {
    tiers: Vec<Vec<Provider>>,
}

impl ProviderPreference {
    /// A list with one tier per provider.
    #[must_use]
    pub fn in_order(providers: impl IntoIterator<Item = Provider>) -> Self {
        Self {
            tiers: providers.into_iter().map(|provider| vec![provider]).collect(),
        }
    }

    /// All providers with their tiers, in order of preference.
    pub fn ranked(&self) -> impl Iterator<Item = (usize, &Provider)> {
        self.tiers
            .iter()
            .enumerate()
            .flat_map(|(tier, providers)| providers.iter().map(move |p| (tier, p)))
    }

    /// The list after a tier for each of these providers, which it then does not name again.
    #[must_use]
    pub fn preceded_by(&self, first: Vec<Provider>) -> Self {
        let rest = self.filtered(|provider| !first.contains(provider));
        let mut list = Self::in_order(first);
        list.tiers.extend(rest.into_iter().flat_map(|rest| rest.tiers));
        list
    }

    /// The list without some of its providers, in the same order and ranks; `None` where none remains.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&Provider) -> bool) -> Option<Self> {
        let of_tier = |tier: &Vec<Provider>| -> Vec<Provider> {
            let kept = tier.iter().filter(|provider| keep(provider));
            kept.cloned().collect()
        };
        let tiers = self.tiers.iter().map(of_tier);
        let tiers: Vec<Vec<Provider>> = tiers.filter(|tier| !tier.is_empty()).collect();
        (!tiers.is_empty()).then_some(Self { tiers })
    }

    /// The names of the conda channels in the list, in order.
    pub fn channels(&self) -> impl Iterator<Item = &str> {
        let providers = self.tiers.iter().flatten();
        providers.filter_map(|provider| match provider {
            Provider::Conda(channel) => Some(&**channel),
            _ => None,
        })
    }

    /// Whether the list names this provider.
    #[must_use]
    pub fn allows(&self, provider: &Provider) -> bool {
        self.tiers.iter().flatten().any(|p| p == provider)
    }
}

/// [`DEFAULT_PROVIDERS`].
impl Default for ProviderPreference {
    fn default() -> Self {
        Self::in_order([Provider::Wheel, Provider::Sdist, Provider::Nixpkgs])
    }
}

impl FromStr for ProviderPreference {
    type Err = ProviderParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut tiers: Vec<Vec<Provider>> = Vec::new();
        for part in text.split(',') {
            let mut tier = Vec::new();
            for word in part.split('|').map(str::trim) {
                let named = match word {
                    "" => return Err(ProviderParseError::Empty(text.to_owned())),
                    "wheel" => vec![Provider::Wheel],
                    "sdist" => vec![Provider::Sdist],
                    "nixpkgs" => vec![Provider::Nixpkgs],
                    "conda" => vec![Provider::Conda("main".into()), Provider::Conda("r".into())],
                    _ => match word.strip_prefix("conda/") {
                        Some(channel) if !channel.is_empty() => vec![Provider::Conda(channel.into())],
                        _ => return Err(ProviderParseError::Unknown(word.to_owned())),
                    },
                };
                for provider in named {
                    if tier.contains(&provider) || tiers.iter().flatten().any(|p| *p == provider) {
                        return Err(ProviderParseError::Twice(text.to_owned(), provider.to_string()));
                    }
                    tier.push(provider);
                }
            }
            tiers.push(tier);
        }
        Ok(Self { tiers })
    }
}

impl fmt::Display for ProviderPreference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, tier) in self.tiers.iter().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            for (j, provider) in tier.iter().enumerate() {
                if j > 0 {
                    f.write_str("|")?;
                }
                provider.fmt(f)?;
            }
        }
        Ok(())
    }
}

impl TryFrom<String> for ProviderPreference {
    type Error = ProviderParseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ProviderPreference> for String {
    fn from(preference: ProviderPreference) -> Self {
        preference.to_string()
    }
}

/// The provider lists of all packages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Providers {
    /// The list for packages without their own.
    pub default: ProviderPreference,
    /// Lists of individual packages.
    pub packages: BTreeMap<PackageName, ProviderPreference>,
}

impl Providers {
    /// The list for a package.
    #[must_use]
    pub fn of(&self, name: &PackageName) -> &ProviderPreference {
        self.packages.get(name).unwrap_or(&self.default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_tiers_and_writes_them_back() {
        let preference: ProviderPreference = "wheel|sdist, nixpkgs,conda".parse().unwrap();
        assert_eq!(preference.to_string(), "wheel|sdist,nixpkgs,conda/main|conda/r");
        assert_eq!(
            preference.ranked().map(|(tier, _)| tier).collect::<Vec<_>>(),
            [0, 0, 1, 2, 2],
            "each comma begins a new tier"
        );
    }

    #[test]
    fn a_filtered_list_has_the_same_ranks() {
        let preference: ProviderPreference = "wheel|sdist,nixpkgs".parse().unwrap();
        let filtered = |dropped: &[Provider]| {
            let filtered = preference.filtered(|provider| !dropped.contains(provider));
            filtered.map(|preference| preference.to_string())
        };
        assert_eq!(filtered(&[]).as_deref(), Some("wheel|sdist,nixpkgs"));
        assert_eq!(filtered(&[Provider::Wheel]).as_deref(), Some("sdist,nixpkgs"));
        assert_eq!(
            filtered(&[Provider::Wheel, Provider::Sdist]).as_deref(),
            Some("nixpkgs")
        );
        assert_eq!(
            filtered(&[Provider::Wheel, Provider::Sdist, Provider::Nixpkgs]),
            None
        );
    }

    #[test]
    fn the_default_equals_its_text() {
        assert_eq!(ProviderPreference::default().to_string(), DEFAULT_PROVIDERS);
    }

    #[test]
    fn rejects_invalid_lists() {
        let error = |text: &str| text.parse::<ProviderPreference>().unwrap_err().to_string();
        assert_eq!(
            error("wheels"),
            "`wheels` is not a provider: known are wheel, sdist, nixpkgs, conda and conda/CHANNEL"
        );
        assert!(error("wheel,,sdist").contains("empty place"));
        assert!(error("wheel|wheel").contains("twice"));
    }
}
