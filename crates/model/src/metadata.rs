//! Core metadata of distributions.
//!
//! Specification: <https://packaging.python.org/en/latest/specifications/core-metadata/>.

use mailparse::MailHeaderMap;
use pep440_rs::{Version, VersionSpecifiers};
use pep508_rs::{ExtraName, MarkerEnvironment, PackageName};
use serde::{Deserialize, Serialize};

use crate::{Marker, Requirement, lenient_requirement, lenient_specifiers, take_credentials};

/// The fields of a distribution's metadata that resolution needs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CoreMetadata {
    /// `Requires-Dist`, in the order of the file.
    pub requires_dist: Vec<Requirement>,
    /// `Requires-Python`.
    pub requires_python: Option<VersionSpecifiers>,
    /// `Provides-Extra`.
    pub provides_extra: Vec<ExtraName>,
    /// The reason why this distribution cannot be used: an invalid dependency. It is not an error, because the resolver
    /// takes another version instead of giving up.
    pub defect: Option<String>,
    /// Invalid dependencies with valid markers. They matter only in environments where their markers apply.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<UnreadableDependency>,
}

/// An invalid dependency with a valid marker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadableDependency {
    /// The condition.
    pub marker: Marker,
    /// The text, and the error.
    pub reason: String,
}

/// Metadata that does not conform to the specification.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the metadata is not a list of `Name: value` fields: {0}")]
pub struct MetadataError(String);

impl CoreMetadata {
    /// Parses a `METADATA` or `PKG-INFO` file.
    ///
    /// # Errors
    /// If the file has no fields. A single invalid dependency is a [`CoreMetadata::defect`].
    pub fn parse(content: &[u8]) -> Result<Self, MetadataError> {
        let (headers, _) =
            mailparse::parse_headers(content).map_err(|error| MetadataError(error.to_string()))?;
        if headers.get_first_value("Name").is_none() {
            return Err(MetadataError("the field `Name` is missing".to_owned()));
        }
        let mut metadata = Self::default();
        for text in headers.get_all_values("Requires-Dist") {
            match lenient_requirement(&text) {
                Ok(mut requirement) => {
                    // It must not go into messages or locks.
                    take_credentials(&mut requirement);
                    metadata.requires_dist.push(requirement);
                }
                Err(error) => {
                    let reason = format!("its dependency `{text}` cannot be read: {error}");
                    match marker_of(&text) {
                        Some(marker) => metadata.unreadable.push(UnreadableDependency { marker, reason }),
                        None => {
                            metadata.defect.get_or_insert(reason);
                        }
                    }
                }
            }
        }
        // An invalid `Requires-Python` is treated as absent, as for the files of an index: see `DistributionFile`.
        metadata.requires_python = headers
            .get_first_value("Requires-Python")
            .and_then(|text| lenient_specifiers(&text).ok());
        metadata.provides_extra = headers
            .get_all_values("Provides-Extra")
            .into_iter()
            .filter_map(|text| text.parse().ok())
            .collect();
        Ok(metadata)
    }

    /// The reason why the distribution cannot be used in an environment with these extras: an invalid dependency that
    /// applies there.
    #[must_use]
    pub fn unreadable_with(&self, environment: &MarkerEnvironment, extras: &[ExtraName]) -> Option<&str> {
        let mut unreadable = self.unreadable.iter();
        unreadable
            .find(|one| one.marker.evaluate(environment, extras))
            .map(|one| one.reason.as_str())
    }

    /// Compares the fields `Name` and `Version` of a `METADATA` file with the name of its wheel.
    ///
    /// # Errors
    /// If they differ; the message names the actual package. A version that does not conform to PEP 440 is accepted,
    /// because early uploads have such versions.
    pub fn check_identity(
        content: &[u8],
        name: &PackageName,
        version: Option<&Version>,
    ) -> Result<(), String> {
        let Ok((headers, _)) = mailparse::parse_headers(content) else {
            return Ok(());
        };
        let field = |field: &str| {
            headers
                .get_first_value(field)
                .map(|value| value.trim().to_owned())
        };
        let (stated, stated_version) = (field("Name"), field("Version"));
        let is_name = |text: &String| text.parse::<PackageName>().is_ok_and(|stated| stated == *name);
        let is_version = |text: &String| match (text.parse::<Version>(), version) {
            (Ok(stated), Some(version)) => stated == *version,
            _ => true,
        };
        if stated.as_ref().is_none_or(is_name) && stated_version.as_ref().is_none_or(is_version) {
            return Ok(());
        }
        let whole = |name: &str, version: Option<String>| match version {
            Some(version) => format!("`{name} {version}`"),
            None => format!("`{name}`"),
        };
        Err(format!(
            "its METADATA is that of {}, not of {}",
            whole(stated.as_deref().unwrap_or(name.as_ref()), stated_version),
            whole(name.as_ref(), version.map(ToString::to_string))
        ))
    }

    /// Parses the name in a `METADATA` or `PKG-INFO` file.
    #[must_use]
    pub fn parse_name(content: &[u8]) -> Option<PackageName> {
        let (headers, _) = mailparse::parse_headers(content).ok()?;
        headers.get_first_value("Name")?.trim().parse().ok()
    }

    /// Parses the `PKG-INFO` of a source distribution, if its dependencies are final, that is, the same as those of a
    /// wheel built from it (PEP 643): from metadata version 2.2 on, unless the fields are dynamic. The version, which
    /// may never be dynamic, is included.
    #[must_use]
    pub fn parse_final(content: &[u8]) -> Option<(Option<Version>, Option<Self>)> {
        let (headers, _) = mailparse::parse_headers(content).ok()?;
        let format: Version = headers.get_first_value("Metadata-Version")?.trim().parse().ok()?;
        if format < Version::new([2, 2]) {
            return None;
        }
        let is_needed = |field: &String| {
            let needed = ["requires-dist", "requires-python", "provides-extra"];
            needed.iter().any(|name| field.trim().eq_ignore_ascii_case(name))
        };
        let version = headers.get_first_value("Version")?.trim().parse().ok();
        if headers.get_all_values("Dynamic").iter().any(is_needed) {
            return Some((version, None));
        }
        Some((version, Self::parse(content).ok()))
    }
}

/// The marker of a dependency that is invalid as a whole.
fn marker_of(text: &str) -> Option<Marker> {
    let (_, marker) = text.split_once(';')?;
    marker.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_fields_resolution_needs() {
        let metadata = CoreMetadata::parse(
            b"Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nRequires-Python: >=3.8\n\
              Requires-Dist: click (>=8.0)\nRequires-Dist: rich ; extra == 'cli'\nProvides-Extra: cli\n\n\
              Requires-Dist: not-a-field\n",
        )
        .unwrap();
        let requires: Vec<String> = metadata.requires_dist.iter().map(ToString::to_string).collect();
        assert_eq!(requires, ["click>=8.0", "rich ; extra == 'cli'"]);
        assert_eq!(metadata.requires_python.unwrap().to_string(), ">=3.8");
        assert_eq!(metadata.provides_extra.len(), 1);
        assert_eq!(metadata.defect, None);
    }

    #[test]
    fn an_unreadable_dependency_is_a_defect_not_a_failure() {
        let metadata = CoreMetadata::parse(b"Name: demo\nRequires-Dist: ???\n").unwrap();
        assert!(
            metadata
                .defect
                .unwrap()
                .starts_with("its dependency `???` cannot be read")
        );
        assert!(CoreMetadata::parse(b"<html>").is_err());
    }

    #[test]
    fn an_unreadable_dependency_of_an_extra_matters_only_with_the_extra() {
        let metadata = CoreMetadata::parse(
            b"Name: demo\nRequires-Dist: kubernetes (>=9.0.0a1.0) ; extra == \"all_extras\"\n\
              Requires-Dist: old (>=x) ; python_version < \"3\"\nRequires-Dist: click\n",
        )
        .unwrap();
        assert_eq!(
            (metadata.defect.as_ref(), metadata.requires_dist.len()),
            (None, 1)
        );
        let target = crate::Target {
            python: "3.12".parse().unwrap(),
            system: "x86_64-linux".parse().unwrap(),
        };
        let environment = target.marker_environment();
        assert_eq!(metadata.unreadable_with(&environment, &[]), None);
        assert_eq!(
            metadata.unreadable_with(&environment, &["other".parse().unwrap()]),
            None
        );
        let reason = metadata.unreadable_with(&environment, &["all-extras".parse().unwrap()]);
        assert!(
            reason
                .unwrap()
                .starts_with("its dependency `kubernetes (>=9.0.0a1.0) ; extra")
        );
        let metadata = CoreMetadata::parse(b"Name: demo\nRequires-Dist: ??? ; nonsense\n").unwrap();
        assert!(metadata.defect.is_some() && metadata.unreadable.is_empty());
    }
}
