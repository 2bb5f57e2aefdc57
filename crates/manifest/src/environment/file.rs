//! The YAML of an `environment.yml` ([CEP 24](https://conda.org/learn/ceps/cep-0024/)).

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

/// The contents of the file.
#[derive(Default)]
pub struct File {
    pub channels: Option<Vec<Spanned<String>>>,
    pub dependencies: Vec<Spanned<Dependency>>,
    pub platforms: Vec<Spanned<String>>,
    pub variables: BTreeMap<String, String>,
    /// Keys that have no meaning here.
    pub unknown: Vec<Spanned<String>>,
}

/// An element of `dependencies`.
pub enum Dependency {
    /// A match spec.
    Conda(String),
    /// `pip:` with lines of a requirements file.
    Pip(Vec<Spanned<String>>),
    /// `sel(PLATFORM):` with a match spec.
    Selected {
        /// The text in parentheses.
        selector: String,
        /// The match spec.
        spec: String,
    },
}

/// Keys that do not affect the packages.
const IRRELEVANT: [&str; 3] = ["name", "prefix", "category"];

impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Mapping;

        impl<'de> Visitor<'de> for Mapping {
            type Value = File;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an environment: a mapping with `dependencies`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<File, A::Error> {
                let mut file = File::default();
                while let Some(key) = map.next_key::<Spanned<String>>()? {
                    match key.value.as_str() {
                        "channels" => file.channels = Some(list(&mut map)?),
                        "dependencies" => file.dependencies = list(&mut map)?,
                        "platforms" => file.platforms = list(&mut map)?,
                        "variables" => {
                            let variables: Option<BTreeMap<String, String>> = map.next_value()?;
                            file.variables = variables.unwrap_or_default();
                        }
                        known => {
                            map.next_value::<IgnoredAny>()?;
                            if !IRRELEVANT.contains(&known) {
                                file.unknown.push(key);
                            }
                        }
                    }
                }
                Ok(file)
            }

            fn visit_unit<E: de::Error>(self) -> Result<File, E> {
                Ok(File::default())
            }
        }

        deserializer.deserialize_map(Mapping)
    }
}

/// A list; a key without a value is an empty one.
fn list<'de, T: Deserialize<'de>, A: MapAccess<'de>>(map: &mut A) -> Result<Vec<T>, A::Error> {
    Ok(map.next_value::<Option<Vec<T>>>()?.unwrap_or_default())
}

impl<'de> Deserialize<'de> for Dependency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Element;

        impl<'de> Visitor<'de> for Element {
            type Value = Dependency;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a package, or `pip:` with a list of requirements")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Dependency, E> {
                Ok(Dependency::Conda(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Dependency, A::Error> {
                let key = map.next_key::<String>()?.unwrap_or_default();
                let dependency = if key == "pip" {
                    Dependency::Pip(list(&mut map)?)
                } else if let Some(selector) =
                    key.strip_prefix("sel(").and_then(|rest| rest.strip_suffix(')'))
                {
                    Dependency::Selected {
                        selector: selector.to_owned(),
                        spec: map.next_value()?,
                    }
                } else {
                    return Err(de::Error::custom(format!(
                        "`{key}:` is not known here: only `pip:` and `sel(PLATFORM):` can have entries of their own"
                    )));
                };
                match map.next_key::<String>()? {
                    None => Ok(dependency),
                    Some(second) => Err(de::Error::custom(format!(
                        "`{second}:` needs an element of its own: write `- {second}:`"
                    ))),
                }
            }
        }

        deserializer.deserialize_any(Element)
    }
}
