//! Virtual packages as a lock has them: an object of names and versions, `"1 x86_64"` where the build string is not `0`.

use std::collections::BTreeMap;

use mach_nix_conda::VirtualPackage;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub fn serialize<S: Serializer>(packages: &[VirtualPackage], serializer: S) -> Result<S::Ok, S::Error> {
    let text = |package: &VirtualPackage| match &*package.build {
        "0" => package.version.to_string(),
        build => format!("{} {build}", package.version),
    };
    let texts = packages
        .iter()
        .map(|package| (package.name.to_string(), text(package)));
    texts.collect::<BTreeMap<_, _>>().serialize(serializer)
}

pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<VirtualPackage>, D::Error> {
    let texts = BTreeMap::<String, String>::deserialize(deserializer)?;
    let read = texts.into_iter().map(|(name, text)| {
        let text = format!("{name}={}", text.replacen(' ', "=", 1));
        text.parse().map_err(D::Error::custom)
    });
    read.collect()
}
