//! Date limits: in the user's notation, and as instants for a resolution.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::{Span, Unit, tz::TimeZone};
use pep508_rs::PackageName;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Timestamp, TimestampError};

/// A date limit in the user's notation, with uv's semantics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExcludeNewer {
    /// No limit, written as `false`.
    Never,
    /// A date or an instant.
    At(Timestamp),
    /// A duration before the time of locking.
    Age(Age),
}

/// A duration of constant length: `P7D`, `7 days`, `1 week`. Months and years are excluded.
#[derive(Clone)]
pub struct Age(Span);

/// An invalid date limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExcludeNewerError {
    /// Neither a date nor a duration.
    #[error("{0}, or a duration such as `7 days` or `P7D`")]
    Unreadable(#[from] TimestampError),
    /// A duration in months or years.
    #[error("`{text}` is not a duration of the same length at any time: write days, as in `{days} days`")]
    Calendar {
        /// The text.
        text: String,
        /// The approximate length in days.
        days: i64,
    },
    /// A duration that exceeds the range of the calendar.
    #[error("`{0}` exceeds the range of the calendar")]
    TooLong(String),
    /// A duration without a known time of locking.
    #[error(
        "`{0}` is a duration, which depends on the time of locking: make a lock file with `mach-nix lock`, or write a date, such \
         as `2026-11-01`"
    )]
    NoClock(Age),
}

impl FromStr for ExcludeNewer {
    type Err = ExcludeNewerError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "false" {
            return Ok(Self::Never);
        }
        let error = match text.parse() {
            Ok(instant) => return Ok(Self::At(instant)),
            Err(error) => error,
        };
        let Ok(span) = text.parse::<Span>() else {
            return Err(error.into());
        };
        let span = span.abs();
        let days = i64::from(span.get_years()) * 365 + i64::from(span.get_months()) * 30;
        if days > 0 {
            let text = text.to_owned();
            return Err(ExcludeNewerError::Calendar { text, days });
        }
        let age = Age(span);
        // A fixed reference time, so that a duration's validity does not depend on today's date.
        match age.before(Timestamp::EPOCH) {
            Some(_) => Ok(Self::Age(age)),
            None => Err(ExcludeNewerError::TooLong(text.to_owned())),
        }
    }
}

impl ExcludeNewer {
    /// The limit for a resolution at this time.
    ///
    /// # Errors
    /// For a duration, if the time is not known.
    pub fn limit(&self, now: Option<Timestamp>) -> Result<Option<DateLimit>, ExcludeNewerError> {
        match self {
            Self::Never => Ok(None),
            Self::At(at) => Ok(Some(DateLimit { at: *at, span: None })),
            Self::Age(age) => {
                let now = now.ok_or_else(|| ExcludeNewerError::NoClock(age.clone()))?;
                let at = age
                    .before(now)
                    .ok_or_else(|| ExcludeNewerError::TooLong(age.to_string()))?;
                let span = Some(age.clone());
                Ok(Some(DateLimit { at, span }))
            }
        }
    }
}

impl Age {
    fn before(&self, now: Timestamp) -> Option<Timestamp> {
        let now = now.instant().to_zoned(TimeZone::UTC);
        let start = now.checked_sub(self.0).ok()?.round(Unit::Second).ok()?;
        Some(Timestamp::of(start.timestamp()))
    }
}

/// Formats as ISO 8601.
impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Durations are equal if their lengths are: `P7D` and `P1W`.
impl PartialEq for Age {
    fn eq(&self, other: &Self) -> bool {
        self.0.fieldwise() == other.0.fieldwise()
    }
}

impl Eq for Age {}

impl Serialize for Age {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Age {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.parse() {
            Ok(ExcludeNewer::Age(age)) => Ok(age),
            Ok(_) => Err(de::Error::custom("this is not a duration")),
            Err(error) => Err(de::Error::custom(error)),
        }
    }
}

/// An instant from which on files are skipped, with the duration that it was derived from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateLimit {
    /// Files uploaded at this instant or later are skipped.
    pub at: Timestamp,
    /// The duration, if the limit was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Age>,
}

/// The date limits of a resolution.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DateLimits {
    /// Files uploaded at this instant or later are skipped.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "exclude_newer")]
    pub exclude_newer: Option<Timestamp>,
    /// The duration that the instant was derived from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude_newer_span: Option<Age>,
    /// Limits for individual packages; `None` for a package without a limit.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exclude_newer_package: BTreeMap<PackageName, Option<DateLimit>>,
}

impl DateLimits {
    /// The limit for a package.
    #[must_use]
    pub fn of(&self, name: &PackageName) -> Option<Timestamp> {
        match self.exclude_newer_package.get(name) {
            Some(limit) => limit.as_ref().map(|limit| limit.at),
            None => self.exclude_newer,
        }
    }

    /// The latest of all limits.
    #[must_use]
    pub fn latest(&self) -> Option<Timestamp> {
        let packages = self.exclude_newer_package.values().flatten();
        packages.map(|limit| limit.at).chain(self.exclude_newer).max()
    }

    /// Moves the limit of a package, or the default limit.
    pub fn move_to(&mut self, limit: Timestamp, package: Option<&PackageName>) {
        match package {
            Some(name) => {
                let limit = DateLimit {
                    at: limit,
                    span: None,
                };
                self.exclude_newer_package.insert(name.clone(), Some(limit));
            }
            None => self.exclude_newer = Some(limit),
        }
    }

    /// These limits, with the instants of `others` for equal durations.
    #[must_use]
    pub fn at_instants_of(&self, others: &Self) -> Self {
        let mut limits = self.clone();
        if limits.exclude_newer_span.is_some() && limits.exclude_newer_span == others.exclude_newer_span {
            limits.exclude_newer = others.exclude_newer;
        }
        for (name, limit) in &mut limits.exclude_newer_package {
            if let (Some(limit), Some(Some(other))) = (limit, others.exclude_newer_package.get(name))
                && limit.span.is_some()
                && limit.span == other.span
            {
                limit.at = other.at;
            }
        }
        limits
    }
}

impl From<Option<Timestamp>> for DateLimits {
    fn from(exclude_newer: Option<Timestamp>) -> Self {
        Self {
            exclude_newer,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails says where")]

    use super::*;

    fn limit(text: &str) -> String {
        let now: Timestamp = "2026-03-31T12:30:00.5Z".parse().unwrap();
        let limit = text.parse::<ExcludeNewer>().unwrap().limit(Some(now)).unwrap();
        limit.map_or_else(|| "none".to_owned(), |limit| limit.at.to_string())
    }

    #[test]
    fn durations_are_relative_to_now() {
        for (text, expected) in [
            ("false", "none"),
            ("2026-02-01", "2026-02-02T00:00:00Z"),
            ("2026-02-01T10:00:00+02:00", "2026-02-01T08:00:00Z"),
            ("P7D", "2026-03-24T12:30:01Z"),
            ("-P7D", "2026-03-24T12:30:01Z"),
            ("7 days", "2026-03-24T12:30:01Z"),
            ("7d", "2026-03-24T12:30:01Z"),
            ("1 week", "2026-03-24T12:30:01Z"),
            ("1 week ago", "2026-03-24T12:30:01Z"),
            ("PT24H", "2026-03-30T12:30:01Z"),
            ("24 hours", "2026-03-30T12:30:01Z"),
            ("P1DT12H", "2026-03-30T00:30:01Z"),
        ] {
            assert_eq!(limit(text), expected, "{text}");
        }
    }

    #[test]
    fn invalid_limits_have_a_remedy() {
        let reason = |text: &str| text.parse::<ExcludeNewer>().unwrap_err().to_string();
        for text in ["today", "", "true", "2026-13-01", "7"] {
            let reason = reason(text);
            assert!(
                reason.starts_with(&format!("`{text}` is not a date: write")),
                "{reason}"
            );
            assert!(
                reason.ends_with("or a duration such as `7 days` or `P7D`"),
                "{reason}"
            );
        }
        assert!(reason("6 months").ends_with("write days, as in `180 days`"));
        assert!(reason("P1Y1M").ends_with("write days, as in `395 days`"));
        assert!(reason("175307616 hours").contains("exceeds the range of the calendar"));
        let week: ExcludeNewer = "1 week".parse().unwrap();
        let error = week.limit(None).unwrap_err().to_string();
        assert!(
            error.starts_with("`P1W` is a duration, which depends on the time of locking"),
            "{error}"
        );
    }

    #[test]
    fn an_instant_stays_while_its_duration_is_the_same() {
        let limits = |at: &str, span: &str, package: &str| DateLimits {
            exclude_newer: Some(at.parse().unwrap()),
            exclude_newer_span: Some(serde_json::from_value(span.into()).unwrap()),
            exclude_newer_package: BTreeMap::from([(
                "lib".parse().unwrap(),
                package
                    .parse::<ExcludeNewer>()
                    .unwrap()
                    .limit(Some(at.parse().unwrap()))
                    .unwrap(),
            )]),
        };
        let (old, new) = (
            limits("2026-01-01", "P7D", "1 day"),
            limits("2026-02-01", "P7D", "1 day"),
        );
        assert_eq!(new.at_instants_of(&old), old);
        let other = limits("2026-02-01", "P8D", "2 days");
        assert_eq!(other.at_instants_of(&old), other);
        let text = serde_json::to_string(&old).unwrap();
        assert_eq!(serde_json::from_str::<DateLimits>(&text).unwrap(), old);
    }

    #[test]
    fn a_package_may_have_its_own_limit_or_none() {
        let mut limits = DateLimits::from(Some("2026-01-01".parse().unwrap()));
        let (lib, other): (PackageName, PackageName) = ("lib".parse().unwrap(), "other".parse().unwrap());
        limits.exclude_newer_package.insert(lib.clone(), None);
        assert_eq!((limits.of(&lib), limits.of(&other)), (None, limits.exclude_newer));
        let later = "2026-06-01".parse().unwrap();
        limits.move_to(later, Some(&lib));
        assert_eq!(limits.of(&lib), Some(later));
        limits.move_to(later, None);
        assert_eq!(limits.of(&other), Some(later));
    }
}
