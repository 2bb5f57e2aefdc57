//! Match specs: what conda packages depend on, and what users request
//! ([CEP 29](https://conda.org/learn/ceps/cep-0029/)).

use std::fmt;
use std::str::FromStr;

use rattler_conda_types::{
    MatchSpec, PackageNameMatcher, ParseMatchSpecOptions, RepodataRevision, StringMatcher,
};

use crate::{CondaName, CondaVersion, Subdir};

/// Maximum length of a match spec. The longest real ones have some hundred characters.
const MAX_LENGTH: usize = 4096;

/// Maximum number of opening parentheses in a match spec: each is a level of recursion of the parser.
const MAX_PARENTHESES: usize = 16;

/// A match spec, such as `numpy >=1.26,<2.0a0`, `libblas * *openblas` or `conda-forge::python=3.12`.
///
/// ```
/// use mach_nix_conda::CondaSpec;
///
/// let spec: CondaSpec = "conda-forge::numpy >=1.26,<2.0a0 py312*".parse()?;
/// assert_eq!(spec.name().as_str(), "numpy");
/// assert_eq!(spec.channel(), Some("conda-forge"));
/// assert!(!spec.is_met_outside_conda(&"1.26.4".parse()?), "it names a build");
///
/// // One equals sign is a prefix, two are exact (CEP 29).
/// let prefix: CondaSpec = "numpy=1.26".parse()?;
/// assert!(prefix.is_met_outside_conda(&"1.26.4".parse()?));
/// let exact: CondaSpec = "numpy==1.26".parse()?;
/// assert!(!exact.is_met_outside_conda(&"1.26.4".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct CondaSpec {
    text: Box<str>,
    name: CondaName,
    channel: Option<Box<str>>,
    subdir: Option<Box<str>>,
    spec: MatchSpec,
}

/// A text that is not a match spec, or one with a part that is not supported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a usable match spec: {reason}", text.escape_debug())]
pub struct CondaSpecError {
    text: String,
    reason: String,
}

impl CondaSpec {
    /// The name of the package.
    #[must_use]
    pub fn name(&self) -> &CondaName {
        &self.name
    }

    /// The channel that the package has to be from: a name or an address.
    #[must_use]
    pub fn channel(&self) -> Option<&str> {
        self.channel.as_deref()
    }

    /// The subdir that the package has to be from.
    #[must_use]
    pub fn subdir(&self) -> Option<&str> {
        self.subdir.as_deref()
    }

    /// Whether the spec names a build other than `*`, so that only conda packages can meet it.
    #[must_use]
    pub fn names_a_build(&self) -> bool {
        self.spec
            .build
            .as_ref()
            .is_some_and(|build| !matches!(build, StringMatcher::Any))
    }

    /// The spec without its build. With one, a single equals sign is exact, and it stays exact.
    ///
    /// ```
    /// # use mach_nix_conda::CondaSpec;
    /// let exported: CondaSpec = "conda-forge::xz=5.2.6=h166bdaf_0".parse()?;
    /// assert_eq!(exported.without_build().to_string(), "conda-forge::xz ==5.2.6");
    /// let other: CondaSpec = "numpy >=1.26,<2".parse()?;
    /// assert_eq!(other.without_build(), other);
    /// # Ok::<(), mach_nix_conda::CondaSpecError>(())
    /// ```
    #[must_use]
    pub fn without_build(&self) -> Self {
        if !self.names_a_build() && self.spec.build_number.is_none() {
            return self.clone();
        }
        let version = self.spec.version.as_ref().map(ToString::to_string);
        let subdir = self.subdir.as_ref().map(|subdir| format!("/{subdir}"));
        let before = match (&self.channel, subdir) {
            (None, None) => String::new(),
            (channel, subdir) => format!(
                "{}{}::",
                channel.as_deref().unwrap_or("*"),
                subdir.unwrap_or_default()
            ),
        };
        let text = format!("{before}{} {}", self.name, version.unwrap_or_default());
        parse(&text).unwrap_or_else(|_| self.clone())
    }

    /// Whether something that is not a conda package meets the spec: a wheel, a source or a package of nixpkgs with this
    /// version. Such a package has a version and nothing else that the spec could be about, so a spec about builds,
    /// channels or digests is never met.
    ///
    /// The version is compared in conda's order, and PEP 440's rule for pre-releases does not apply.
    #[must_use]
    pub fn is_met_outside_conda(&self, version: &CondaVersion) -> bool {
        let spec = &self.spec;
        let is_about_versions_only = !self.names_a_build()
            && spec.build_number.is_none()
            && self.channel.is_none()
            && self.subdir.is_none()
            && spec.md5.is_none()
            && spec.sha256.is_none()
            && spec.file_name.is_none()
            && spec.url.is_none()
            && spec.license.is_none()
            && spec.track_features.is_none();
        is_about_versions_only && self.allows_version(version)
    }

    /// Whether the part of the spec about versions is met.
    #[must_use]
    pub fn allows_version(&self, version: &CondaVersion) -> bool {
        self.spec
            .version
            .as_ref()
            .is_none_or(|wanted| wanted.matches(version.version()))
    }

    /// The spec as it was read, without name and channel.
    pub(crate) fn parsed(&self) -> &MatchSpec {
        &self.spec
    }

    /// Whether the parts of the spec about versions and builds are met.
    pub(crate) fn allows(&self, version: &CondaVersion, build: &str, build_number: u64) -> bool {
        self.allows_version(version)
            && self
                .spec
                .build
                .as_ref()
                .is_none_or(|wanted| wanted.matches(build))
            && self
                .spec
                .build_number
                .as_ref()
                .is_none_or(|wanted| wanted.matches(&build_number))
    }
}

impl FromStr for CondaSpec {
    type Err = CondaSpecError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).map_err(|reason| CondaSpecError {
            text: text.chars().take(MAX_LENGTH).collect(),
            reason,
        })
    }
}

fn parse(text: &str) -> Result<CondaSpec, String> {
    if text.len() > MAX_LENGTH {
        return Err(format!("it has more than {MAX_LENGTH} characters"));
    }
    if text.matches('(').count() > MAX_PARENTHESES {
        return Err(format!("it has more than {MAX_PARENTHESES} parentheses"));
    }
    let (before, rest) = split_channel(text);
    let options = ParseMatchSpecOptions::lenient().with_repodata_revision(RepodataRevision::V3);
    let mut spec = MatchSpec::from_str(rest, options).map_err(|error| error.to_string())?;
    let PackageNameMatcher::Exact(name) = &spec.name else {
        return Err("it has to name one package".to_owned());
    };
    let name = name
        .as_normalized()
        .parse()
        .map_err(|error: crate::CondaNameError| error.to_string())?;
    if let Some(key) = unsupported(&spec) {
        return Err(format!("{key} is not supported"));
    }
    let in_brackets = spec.channel.take();
    let in_brackets = in_brackets.map(|channel| {
        channel
            .name
            .clone()
            .unwrap_or_else(|| channel.base_url.as_str().to_owned())
    });
    let (channel, subdir) = before.map_or((None, None), channel_and_subdir);
    Ok(CondaSpec {
        text: text.trim().into(),
        name,
        channel: channel.map(Into::into).or(in_brackets.map(Into::into)),
        subdir: subdir.map(Into::into).or(spec.subdir.take().map(Into::into)),
        spec,
    })
}

/// Parts of a match spec that have no meaning here. It is better to refuse them than to ignore a restriction.
fn unsupported(spec: &MatchSpec) -> Option<&'static str> {
    if spec.condition.is_some() {
        Some("a condition (`when`, CEP 43)")
    } else if spec.extras.is_some() {
        Some("`extras` (CEP 44)")
    } else if spec.flags.is_some() {
        Some("`flags` (CEP 45)")
    } else if spec.namespace.is_some() {
        Some("a namespace")
    } else if spec.license_family.is_some() {
        Some("`license_family`")
    } else {
        None
    }
}

/// `CHANNEL::REST`. Left to the parser, a channel would be completed with the current folder of the process.
fn split_channel(text: &str) -> (Option<&str>, &str) {
    let positional = text.split_once('[').map_or(text, |(before, _)| before);
    match positional.split_once("::") {
        Some((channel, _)) => (Some(channel.trim()), &text[channel.len() + 2..]),
        None => (None, text),
    }
}

/// `conda-forge`, `conda-forge/linux-64`, or an address with or without a subdir.
fn channel_and_subdir(text: &str) -> (Option<&str>, Option<&str>) {
    let named = |channel: &'_ str| !channel.is_empty() && channel != "*";
    match text.trim_end_matches('/').rsplit_once('/') {
        Some((channel, subdir)) if subdir.parse::<Subdir>().is_ok() => {
            (Some(channel).filter(|one| named(one)), Some(subdir))
        }
        _ => (Some(text.trim_end_matches('/')).filter(|one| named(one)), None),
    }
}

impl fmt::Display for CondaSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for CondaSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{CondaSpec, MAX_LENGTH, MAX_PARENTHESES};

    fn spec(text: &str) -> CondaSpec {
        text.parse().unwrap()
    }

    #[test]
    fn the_three_meanings_of_an_equals_sign() {
        let met = |text: &str, version: &str| spec(text).allows_version(&version.parse().unwrap());
        assert!(met("a=1.2", "1.2.7") && met("a=1.2", "1.2") && !met("a=1.2", "1.20"));
        assert!(met("a==1.2", "1.2") && met("a==1.2", "1.2.0") && !met("a==1.2", "1.2.7"));
        assert!(met("a 1.2", "1.2") && !met("a 1.2", "1.2.7"));
        assert!(
            met("a=1.2=b_0", "1.2") && !met("a=1.2=b_0", "1.2.7"),
            "with a build, one sign is exact"
        );
    }

    #[test]
    fn upper_bounds_with_a_letter_leave_pre_releases_out() {
        let bound = spec("a >=1.0a0,<2.0a0");
        let met = |version: &str| bound.allows_version(&version.parse().unwrap());
        assert!(met("1.0rc1") && met("1.9") && !met("2.0rc1") && !met("2.0"));
    }

    #[test]
    fn channels_and_subdirs_precede_the_name_or_stand_in_brackets() {
        let cases = [
            ("conda-forge::a", Some("conda-forge"), None),
            (
                "conda-forge/linux-64::a >=1",
                Some("conda-forge"),
                Some("linux-64"),
            ),
            (
                "https://conda.example.org/x/noarch::a",
                Some("https://conda.example.org/x"),
                Some("noarch"),
            ),
            ("*/osx-64::a", None, Some("osx-64")),
            ("::a", None, None),
            (
                "a[channel=conda-forge, subdir=noarch]",
                Some("conda-forge"),
                Some("noarch"),
            ),
            ("a[version='>=1']", None, None),
        ];
        for (text, channel, subdir) in cases {
            let read = spec(text);
            assert_eq!(
                (read.name().as_str(), read.channel(), read.subdir()),
                ("a", channel, subdir),
                "{text}"
            );
        }
    }

    #[test]
    fn only_specs_about_versions_are_met_outside_conda() {
        let met = |text: &str| spec(text).is_met_outside_conda(&"1.5".parse().unwrap());
        assert!(met("a") && met("a >=1") && met("a 1.5 *") && met("a * *"));
        for text in [
            "a >=2",
            "a * *mkl",
            "conda-forge::a",
            "a[build_number='>=1']",
            "a[subdir=noarch]",
            "a[md5=d41d8cd98f00b204e9800998ecf8427e]",
        ] {
            assert!(!met(text), "{text}");
        }
    }

    #[test]
    fn what_would_be_ignored_is_refused() {
        let refused = [
            ("a[when=\"__win\"]", "a condition"),
            ("a[extras=[x]]", "`extras`"),
            ("a[flags=[x]]", "`flags`"),
            ("a[license_family=MIT]", "`license_family`"),
            ("a*", "glob"),
            ("", "missing package name"),
            ("a >>1", "a >>1"),
        ];
        for (text, expected) in refused {
            let error = text.parse::<CondaSpec>().unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        assert!(
            format!("a {}", "1".repeat(MAX_LENGTH))
                .parse::<CondaSpec>()
                .is_err()
        );
    }

    #[test]
    fn nested_parentheses_cost_little() {
        let open = "(".repeat(MAX_PARENTHESES);
        for text in [
            format!("a {open}1"),
            format!("a {open}1|2,{}", ")".repeat(MAX_PARENTHESES)),
            format!("a ({open}1"),
        ] {
            assert!(text.parse::<CondaSpec>().is_err(), "{text}");
        }
        assert!(
            format!("a {open}1{}", ")".repeat(MAX_PARENTHESES))
                .parse::<CondaSpec>()
                .is_ok()
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "[a-z]{0,3}[-a-z0-9 =<>!~,.|*()\\[\\]:'\"^$@#+_\\\\é]{0,40}") {
            if let Ok(read) = text.parse::<CondaSpec>() {
                let again: CondaSpec = read.to_string().parse().unwrap();
                prop_assert_eq!(again, read);
            }
            let _ = text.parse::<crate::CondaVersion>();
        }
    }
}
