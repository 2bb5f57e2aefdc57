//! The parts of a marker, and their evaluation.

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifier};
use pep508_rs::{ExtraName, MarkerEnvironment};

use crate::specifier;

/// A condition on the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker(pub(super) Expression);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Comparison(Box<Comparison>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub variable: Variable,
    pub operator: Operator,
    pub literal: Box<str>,
    /// Whether the literal is to the left of the operator.
    pub reversed: bool,
    /// The operator and literal as a specifier, if the variable is to the left and holds a version.
    pub specifier: Option<VersionSpecifier>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variable {
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
pub enum Operator {
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
    /// The empty condition.
    pub const TRUE: Self = Self(Expression::And(Vec::new()));

    /// Evaluates the condition. As in the specification, no extras are equivalent to the empty extra; with several,
    /// `extra` equals each of them.
    #[must_use]
    pub fn evaluate(&self, environment: &MarkerEnvironment, extras: &[ExtraName]) -> bool {
        self.0.evaluate(environment, extras)
    }

    /// Restricts the condition by another one.
    pub fn and(&mut self, other: Self) {
        let both = match (std::mem::replace(self, Self::TRUE).0, other.0) {
            (Expression::And(none), one) | (one, Expression::And(none)) if none.is_empty() => one,
            (one, other) => Expression::And(vec![one, other]),
        };
        *self = Self(both);
    }

    /// The condition with its extras evaluated; `None` if it is never true.
    #[must_use]
    pub fn with_extras(&self, extras: &[ExtraName]) -> Option<Self> {
        self.0.with_extras(extras).map(Self)
    }

    /// Whether the condition is empty.
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

    /// Compares strings.
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

/// Whether a text is a version that satisfies a specifier; pre-releases are compared like any other version.
fn matches(specifier: &VersionSpecifier, version: &str) -> bool {
    Version::from_str(version).is_ok_and(|version| specifier::matches(specifier, &version))
}

impl Operator {
    /// Compares strings.
    fn holds(self, left: &str, right: &str) -> bool {
        match self {
            Self::In => right.contains(left),
            Self::NotIn => !right.contains(left),
            Self::Equal | Self::LessEqual | Self::GreaterEqual => left == right,
            Self::NotEqual => left != right,
            // `Compatible` and `Arbitrary` are not defined for strings; the parser rejects them where it can.
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

    pub fn is_version(self) -> bool {
        use Variable::{ImplementationVersion, PlatformRelease, PythonFullVersion, PythonVersion};
        matches!(
            self,
            ImplementationVersion | PlatformRelease | PythonFullVersion | PythonVersion
        )
    }
}
