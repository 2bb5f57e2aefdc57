//! Pinned indexes of packages.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The URLs of the indexes that a package is pinned to.
///
/// There are several only if another tool's lock takes versions of a package from several indexes, as for builds of
/// `torch`: `2.5.1` from one index and `2.5.1+cpu` from another. A single URL is serialized as a string, several as a
/// list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "OneOrMany", into = "OneOrMany")]
pub struct PinnedIndex(Vec<String>);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl PinnedIndex {
    /// The same indexes with each URL transformed.
    #[must_use]
    pub fn map(&self, change: impl Fn(&str) -> String) -> Self {
        self.0.iter().map(|address| change(address)).collect()
    }
}

impl FromIterator<String> for PinnedIndex {
    fn from_iter<I: IntoIterator<Item = String>>(addresses: I) -> Self {
        Self(addresses.into_iter().collect())
    }
}

impl From<OneOrMany> for PinnedIndex {
    fn from(addresses: OneOrMany) -> Self {
        match addresses {
            OneOrMany::One(address) => Self(vec![address]),
            OneOrMany::Many(addresses) => Self(addresses),
        }
    }
}

impl From<PinnedIndex> for OneOrMany {
    fn from(PinnedIndex(mut addresses): PinnedIndex) -> Self {
        match (addresses.pop(), addresses.is_empty()) {
            (Some(only), true) => Self::One(only),
            (last, _) => {
                addresses.extend(last);
                Self::Many(addresses)
            }
        }
    }
}

impl fmt::Display for PinnedIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_a_text_and_several_are_a_list() {
        for text in [r#""https://a/""#, r#"["https://a/","https://b/"]"#] {
            let index: PinnedIndex = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&index).unwrap(), text);
        }
    }
}
