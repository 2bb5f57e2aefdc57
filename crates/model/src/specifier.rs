//! Matching of versions against specifiers, according to PEP 440, "Version specifiers".
//!
//! `pep440_rs` deviates from the specification in cases that occur in real packages (`<1.0rc2` excludes `1.0rc1`;
//! `==1.1.*` accepts `1`), so that the rules are implemented here, each with its sentence.

use pep440_rs::{Operator, Version, VersionSpecifier, VersionSpecifiers};

/// Whether `version` satisfies every part of `specifiers`.
///
/// Pre-releases are compared like any other version: whether they may be *chosen* is the resolver's decision.
#[must_use]
pub fn matches_all(specifiers: &VersionSpecifiers, version: &Version) -> bool {
    specifiers.iter().all(|specifier| matches(specifier, version))
}

/// Whether `version` satisfies `specifier`.
#[must_use]
pub fn matches(specifier: &VersionSpecifier, version: &Version) -> bool {
    let wanted = specifier.version();
    match specifier.operator() {
        Operator::Equal => equal(wanted, version),
        Operator::NotEqual => !equal(wanted, version),
        Operator::EqualStar => has_prefix(version, wanted.epoch(), wanted.release()),
        Operator::NotEqualStar => !has_prefix(version, wanted.epoch(), wanted.release()),
        Operator::ExactEqual => wanted.to_string() == version.to_string(),
        // "~= V.N is approximately equivalent to >= V.N, == V.*"
        Operator::TildeEqual => {
            let release = wanted.release();
            public(version) >= *wanted && has_prefix(version, wanted.epoch(), &release[..release.len() - 1])
        }
        Operator::GreaterThanEqual => public(version) >= *wanted,
        Operator::LessThanEqual => public(version) <= *wanted,
        // "MUST NOT allow a pre-release of the specified version unless the specified version is itself a pre-release":
        // the first pre-release is its `.dev0`.
        Operator::LessThan if wanted.any_prerelease() => version < wanted,
        Operator::LessThan => *version < wanted.clone().with_dev(Some(0)),
        Operator::GreaterThan => greater(wanted, version),
    }
}

/// Whether a specifier matches a single version: `==V` or `===V`, not `==V.*`.
#[must_use]
pub fn pins(specifier: &VersionSpecifier) -> bool {
    matches!(specifier.operator(), Operator::Equal | Operator::ExactEqual)
}

/// Whether a specifier is an upper bound.
#[must_use]
pub fn bounds_above(specifier: &VersionSpecifier) -> bool {
    use Operator::{Equal, EqualStar, ExactEqual, LessThan, LessThanEqual, TildeEqual};
    matches!(
        specifier.operator(),
        Equal | EqualStar | ExactEqual | LessThan | LessThanEqual | TildeEqual
    )
}

/// "MUST NOT allow a post-release of the given version unless V itself is a post release", and "MUST NOT match a local
/// version of the specified version". A developmental release has no post-releases.
fn greater(wanted: &Version, version: &Version) -> bool {
    if let Some(number) = wanted.dev() {
        return *version >= wanted.clone().with_dev(number.checked_add(1));
    }
    if let Some(number) = wanted.post() {
        return *version >= wanted.clone().with_post(number.checked_add(1)).with_dev(Some(0));
    }
    *version > *wanted && (base(version) != base(wanted) || version.pre() != wanted.pre())
}

/// "If the specified version identifier is a public version identifier, then the local version label of any candidate
/// versions MUST be ignored."
fn equal(wanted: &Version, version: &Version) -> bool {
    if wanted.is_local() {
        wanted == version
    } else {
        *wanted == public(version)
    }
}

fn public(version: &Version) -> Version {
    version.clone().without_local()
}

/// The epoch and the release number without trailing zeros, which are insignificant in PEP 440.
fn base(version: &Version) -> (u64, &[u64]) {
    let release = version.release();
    let end = release.iter().rposition(|n| *n != 0).map_or(0, |last| last + 1);
    (version.epoch(), &release[..end])
}

/// Matches a prefix of the release number; the candidate is padded with zeros.
fn has_prefix(version: &Version, epoch: u64, prefix: &[u64]) -> bool {
    version.epoch() == epoch
        && prefix
            .iter()
            .enumerate()
            .all(|(i, n)| version.release().get(i).copied().unwrap_or(0) == *n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_and_upper_bounds_by_operator() {
        for (specifier, is_pin, is_bound) in [
            ("==1", true, true),
            ("===1", true, true),
            ("==1.*", false, true),
            ("~=1.2", false, true),
            ("<1", false, true),
            ("<=1", false, true),
            (">=1", false, false),
            (">1", false, false),
            ("!=1", false, false),
            ("!=1.*", false, false),
        ] {
            let parsed: VersionSpecifier = specifier.parse().unwrap();
            assert_eq!(
                (pins(&parsed), bounds_above(&parsed)),
                (is_pin, is_bound),
                "{specifier}"
            );
        }
    }

    #[test]
    fn follows_the_specification() {
        // (specifier, accepted, rejected); the expected results are from PEP 440.
        let cases: &[(&str, &[&str], &[&str])] = &[
            (
                "==1.0",
                &["1", "1.0.0", "1.0+cpu"],
                &["1.0.post1", "1.0rc1", "1.1"],
            ),
            ("==1.0+cpu", &["1.0+cpu"], &["1.0", "1.0+cu118"]),
            (
                "==1.1.*",
                &["1.1", "1.1.0rc1", "1.1.post1"],
                &["1", "1.10", "1!1.1"],
            ),
            ("!=1.1.*", &["1.0", "1.10"], &["1.1", "1.1.5"]),
            ("~=1.4.5", &["1.4.5", "1.4.99"], &["1.5", "1.4.4", "1.4.5a1"]),
            ("~=2.2.post3", &["2.2.post3", "2.3"], &["2.2", "3.0"]),
            (">=1.0", &["1.0+cpu", "1.0", "2"], &["1.0rc1"]),
            ("<=1.0", &["1.0+cpu", "1.0", "1.0rc1"], &["1.0.post1"]),
            ("<1.0", &["0.9", "0.9rc1"], &["1.0", "1.0rc1", "1.0.dev1"]),
            ("<1.0rc2", &["1.0rc1", "1.0a1"], &["1.0rc2", "1.0"]),
            (">1.0", &["1.0.1", "1.1"], &["1.0", "1.0.post1", "1.0+cpu"]),
            (
                ">1.0.post1",
                &["1.0.post2", "1.0.post2.dev0"],
                &["1.0.post1", "1.0", "1.0.post1+cpu"],
            ),
            (
                ">1.0.dev1",
                &["1.0.dev2", "1.0", "1.0.post1"],
                &["1.0.dev1", "1.0.dev1+cpu"],
            ),
            (
                ">1.0a1",
                &["1.0a2", "1.0", "1.0+cpu"],
                &["1.0a1.post1", "1.0a1+cpu"],
            ),
            (
                "<1.0.post1",
                &["1.0", "1.0rc1", "1.0.post0"],
                &["1.0.post1", "1.0.post1.dev0"],
            ),
            ("===1.0", &["1.0"], &["1.0.0", "1.0+cpu"]),
        ];
        for (specifier, accepted, refused) in cases {
            let specifiers: VersionSpecifiers = specifier.parse().unwrap();
            for version in *accepted {
                assert!(
                    matches_all(&specifiers, &version.parse().unwrap()),
                    "{specifier} accepts {version}"
                );
            }
            for version in *refused {
                assert!(
                    !matches_all(&specifiers, &version.parse().unwrap()),
                    "{specifier} refuses {version}"
                );
            }
        }
    }
}
