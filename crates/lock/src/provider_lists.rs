//! Serialization of provider lists: one object, with `_default` among the names of packages.

use std::collections::BTreeMap;

use mach_nix_model::{PackageName, ProviderPreference, Providers};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const DEFAULT: &str = "_default";

pub fn serialize<S: Serializer>(providers: &Providers, serializer: S) -> Result<S::Ok, S::Error> {
    let named = providers.packages.iter();
    let named = named.map(|(name, list)| (name.to_string(), list));
    let lists: BTreeMap<String, &ProviderPreference> =
        named.chain([(DEFAULT.to_owned(), &providers.default)]).collect();
    lists.serialize(serializer)
}

pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Providers, D::Error> {
    let mut lists = BTreeMap::<String, ProviderPreference>::deserialize(deserializer)?;
    let default = lists
        .remove(DEFAULT)
        .ok_or_else(|| D::Error::missing_field(DEFAULT))?;
    let named = lists.into_iter().map(|(name, list)| {
        let name: PackageName = name
            .parse()
            .map_err(|_| D::Error::custom(format!("`{name}` is not a package name")))?;
        Ok((name, list))
    });
    Ok(Providers {
        default,
        packages: named.collect::<Result<_, D::Error>>()?,
    })
}
