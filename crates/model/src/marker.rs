//! Environment markers: when a dependency holds.
//!
//! Specification: <https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers>.
//! `pep508_rs` reads markers too, but leaves out what it does not understand, so that the rest decides alone
//! (`python_version in '2.7, 3.11'`, which old packages say, is then always true), compares strings by their letters, and
//! panics on `'a' ~= os_name`. Here a marker is kept as it is written, and evaluated as the specification says:
//!
//! - A comparison with a variable that holds a version is one of versions if the other side makes a specifier, and then
//!   follows PEP 440. In all other cases strings are compared: equal or not, one in the other; `<` and `>` never hold, and
//!   `<=` and `>=` when both are equal.
//! - `extra` is compared in normal form.

mod doubt;
mod read;

use std::fmt;
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifier};
use pep508_rs::{ExtraName, MarkerEnvironment, MarkerTree};
use serde::{Deserialize, Serialize};

pub use read::MarkerError;

use crate::specifier;

/// A condition on the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker(Expression);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Expression {
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Comparison(Box<Comparison>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Comparison {
    variable: Variable,
    operator: Operator,
    literal: Box<str>,
    /// The literal is to the left of the operator.
    reversed: bool,
    /// What operator and literal say as a specifier; only where the variable is to the left and holds a version.
    specifier: Option<VersionSpecifier>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variable {
    Extra,
    ImplementationName,
    ImplementationVersion,
    OsName,
    PlatformMachine,
    PlatformPythonImplementation,
    PlatformRelease,
    PlatformSystem,
    PlatformVersion,
    PythonFullVersion,
    PythonVersion,
    SysPlatform,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Compatible,
    Arbitrary,
}

impl Marker {
    /// No condition.
    pub const TRUE: Self = Self(Expression::And(Vec::new()));

    /// Whether the condition holds. No extra at all counts as the empty one, as in the specification; of several, each
    /// is there.
    #[must_use]
    pub fn evaluate(&self, environment: &MarkerEnvironment, extras: &[ExtraName]) -> bool {
        self.0.evaluate(environment, extras)
    }

    /// Makes it hold only where another one holds, too.
    pub fn and(&mut self, other: Self) {
        let both = match (std::mem::replace(self, Self::TRUE).0, other.0) {
            (Expression::And(none), one) | (one, Expression::And(none)) if none.is_empty() => one,
            (one, other) => Expression::And(vec![one, other]),
        };
        *self = Self(both);
    }

    /// What is left of the condition when the extras are known; `None` where it cannot hold.
    #[must_use]
    pub fn with_extras(&self, extras: &[ExtraName]) -> Option<Self> {
        self.0.with_extras(extras).map(Self)
    }

    /// Whether there is no condition.
    #[must_use]
    pub fn is_true(&self) -> bool {
        *self == Self::TRUE
    }
}

impl Expression {
    fn with_extras(&self, extras: &[ExtraName]) -> Option<Self> {
        let always = Self::And(Vec::new());
        match self {
            Self::And(all) => {
                let left: Option<Vec<Self>> = all.iter().map(|one| one.with_extras(extras)).collect();
                let mut left = left?;
                left.retain(|one| *one != always);
                Some(if left.len() == 1 {
                    left.remove(0)
                } else {
                    Self::And(left)
                })
            }
            Self::Or(any) => {
                let mut left: Vec<Self> = any.iter().filter_map(|one| one.with_extras(extras)).collect();
                if left.contains(&always) {
                    return Some(always);
                }
                match left.len() {
                    0 => None,
                    1 => Some(left.remove(0)),
                    _ => Some(Self::Or(left)),
                }
            }
            Self::Comparison(comparison) if comparison.variable == Variable::Extra => {
                comparison.evaluate_extra(extras).then_some(always)
            }
            Self::Comparison(_) => Some(self.clone()),
        }
    }

    fn evaluate(&self, environment: &MarkerEnvironment, extras: &[ExtraName]) -> bool {
        match self {
            Self::And(all) => all.iter().all(|one| one.evaluate(environment, extras)),
            Self::Or(any) => any.iter().any(|one| one.evaluate(environment, extras)),
            Self::Comparison(comparison) => comparison.evaluate(environment, extras),
        }
    }
}

impl Comparison {
    fn evaluate(&self, environment: &MarkerEnvironment, extras: &[ExtraName]) -> bool {
        if self.variable == Variable::Extra {
            return self.evaluate_extra(extras);
        }
        let value = self.variable.value(environment);
        if self.operator == Operator::Arbitrary {
            // "simple string equality operations"
            return value.eq_ignore_ascii_case(&self.literal);
        }
        if let Some(specifier) = &self.specifier {
            return matches(specifier, value);
        }
        if self.reversed
            && self.variable.is_version()
            && let Ok(specifier) = format!("{}{value}", self.operator).parse()
        {
            return matches(&specifier, &self.literal);
        }
        self.holds(value)
    }

    /// The comparison of strings.
    fn holds(&self, value: &str) -> bool {
        if self.reversed {
            self.operator.holds(&self.literal, value)
        } else {
            self.operator.holds(value, &self.literal)
        }
    }

    fn evaluate_extra(&self, extras: &[ExtraName]) -> bool {
        let holds = |extra: &str| self.holds(extra);
        match extras {
            [] => holds(""),
            extras if matches!(self.operator, Operator::NotEqual | Operator::NotIn) => {
                extras.iter().all(|extra| holds(extra.as_ref()))
            }
            extras => extras.iter().any(|extra| holds(extra.as_ref())),
        }
    }
}

/// Whether a text is a version that satisfies a specifier; pre-releases count like any other version.
fn matches(specifier: &VersionSpecifier, version: &str) -> bool {
    Version::from_str(version).is_ok_and(|version| specifier::matches(specifier, &version))
}

impl Operator {
    /// The comparison of strings.
    fn holds(self, left: &str, right: &str) -> bool {
        match self {
            Self::In => right.contains(left),
            Self::NotIn => !right.contains(left),
            Self::Equal | Self::LessEqual | Self::GreaterEqual => left == right,
            Self::NotEqual => left != right,
            // `Compatible` and `Arbitrary` are not defined for strings: reading refuses them where it can tell.
            Self::Less | Self::Greater | Self::Compatible | Self::Arbitrary => false,
        }
    }
}

impl Variable {
    fn value(self, environment: &MarkerEnvironment) -> &str {
        match self {
            Self::Extra => "",
            Self::ImplementationName => environment.implementation_name(),
            Self::ImplementationVersion => &environment.implementation_version().string,
            Self::OsName => environment.os_name(),
            Self::PlatformMachine => environment.platform_machine(),
            Self::PlatformPythonImplementation => environment.platform_python_implementation(),
            Self::PlatformRelease => environment.platform_release(),
            Self::PlatformSystem => environment.platform_system(),
            Self::PlatformVersion => environment.platform_version(),
            Self::PythonFullVersion => &environment.python_full_version().string,
            Self::PythonVersion => &environment.python_version().string,
            Self::SysPlatform => environment.sys_platform(),
        }
    }

    fn is_version(self) -> bool {
        use Variable::{ImplementationVersion, PlatformRelease, PythonFullVersion, PythonVersion};
        matches!(
            self,
            ImplementationVersion | PlatformRelease | PythonFullVersion | PythonVersion
        )
    }
}

impl From<&MarkerTree> for Marker {
    /// What was computed with the algebra of `pep508_rs`.
    fn from(tree: &MarkerTree) -> Self {
        let never = Self(Expression::Or(Vec::new()));
        match tree.try_to_string() {
            None => Self::TRUE,
            Some(_) if tree.is_false() => never,
            // It writes what it reads, which is less than what is read here.
            Some(text) => text.parse().unwrap_or(never),
        }
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write(f, false)
    }
}

impl Expression {
    fn write(&self, f: &mut fmt::Formatter<'_>, inside: bool) -> fmt::Result {
        let (parts, word) = match self {
            Self::And(parts) => (parts, " and "),
            Self::Or(parts) => (parts, " or "),
            Self::Comparison(comparison) => return write!(f, "{comparison}"),
        };
        // An `and` inside an `or` needs none, but is easier to read with them.
        if inside {
            f.write_str("(")?;
        }
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                f.write_str(word)?;
            }
            part.write(f, true)?;
        }
        f.write_str(if inside { ")" } else { "" })
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = if self.literal.contains('\'') { '"' } else { '\'' };
        let (variable, literal) = (self.variable.name(), &self.literal);
        if self.reversed {
            write!(f, "{quote}{literal}{quote} {} {variable}", self.operator)
        } else {
            write!(f, "{variable} {} {quote}{literal}{quote}", self.operator)
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::In => "in",
            Self::NotIn => "not in",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Compatible => "~=",
            Self::Arbitrary => "===",
        })
    }
}

impl Serialize for Marker {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Marker {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_it_is_meant() {
        for (read, written) in [
            ("python_version<'3.8'", "python_version < '3.8'"),
            ("\"it's\" != sys.platform", "\"it's\" != sys_platform"),
            (
                "extra == 'Fast_Path' and os_name not  in 'nt'",
                "extra == 'fast-path' and os_name not in 'nt'",
            ),
            (
                "(os_name == 'a' or os_name == 'b')and extra == 'c'",
                "(os_name == 'a' or os_name == 'b') and extra == 'c'",
            ),
        ] {
            let marker: Marker = read.parse().unwrap();
            assert_eq!(marker.to_string(), written);
            assert_eq!(written.parse(), Ok(marker));
        }
    }

    #[test]
    fn extras_are_decided() {
        let asked = ["a".parse().unwrap()];
        for (marker, left) in [
            ("extra == 'a'", Some("")),
            ("extra == 'b'", None),
            ("extra == 'b' or os_name == 'nt'", Some("os_name == 'nt'")),
            ("extra == 'a' or os_name == 'nt'", Some("")),
            ("extra == 'a' and os_name == 'nt'", Some("os_name == 'nt'")),
            ("extra == 'b' and os_name == 'nt'", None),
            ("extra != 'b'", Some("")),
            (
                "(os_name == 'nt' or os_name == 'x') and extra == 'a'",
                Some("os_name == 'nt' or os_name == 'x'"),
            ),
        ] {
            let marker: Marker = marker.parse().unwrap();
            let found = marker.with_extras(&asked).map(|marker| marker.to_string());
            assert_eq!(found.as_deref(), left, "{marker}");
        }
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        for (text, start, message) in [
            (
                "",
                0,
                "expected a variable such as `python_version`, or a text in quotation marks",
            ),
            (
                "python_version < 3.8",
                17,
                "`3.8` is no variable of markers: texts need quotation marks",
            ),
            ("os_name == 'a", 11, "the closing ' is missing"),
            (
                "'a' ~= os_name",
                4,
                "`~=` compares versions, and one of these is none: write `==`",
            ),
            (
                "os_name == 'a' os_name",
                15,
                "expected `and`, `or` or the end here",
            ),
        ] {
            let error = text.parse::<Marker>().unwrap_err();
            assert_eq!((error.start, error.message.as_str()), (start, message), "{text}");
        }
        assert!("(".repeat(100_000).parse::<Marker>().is_err());
    }
}
