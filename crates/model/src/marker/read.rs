//! Parser of markers.

use std::str::FromStr;

use pep508_rs::MarkerTree;
use serde::Deserialize;

use super::expression::{Comparison, Expression, Marker, Operator, Variable};

/// An invalid marker.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct MarkerError {
    /// The problem, and the remedy.
    pub message: String,
    /// The zero-based byte offset.
    pub start: usize,
}

/// Maximum depth of nested markers: the parser is recursive.
const MAX_DEPTH: usize = 64;

/// Both spellings; the ones with dots are from PEP 345.
const VARIABLES: &[(&str, Variable)] = &[
    ("extra", Variable::Extra),
    ("implementation_name", Variable::ImplementationName),
    ("implementation_version", Variable::ImplementationVersion),
    ("os.name", Variable::OsName),
    ("os_name", Variable::OsName),
    ("platform.machine", Variable::PlatformMachine),
    (
        "platform.python_implementation",
        Variable::PlatformPythonImplementation,
    ),
    ("platform.version", Variable::PlatformVersion),
    ("platform_machine", Variable::PlatformMachine),
    (
        "platform_python_implementation",
        Variable::PlatformPythonImplementation,
    ),
    ("platform_release", Variable::PlatformRelease),
    ("platform_system", Variable::PlatformSystem),
    ("platform_version", Variable::PlatformVersion),
    ("python_full_version", Variable::PythonFullVersion),
    ("python_implementation", Variable::PlatformPythonImplementation),
    ("python_version", Variable::PythonVersion),
    ("sys.platform", Variable::SysPlatform),
    ("sys_platform", Variable::SysPlatform),
];

/// Longer operators precede their prefixes.
const OPERATORS: &[(&str, Operator)] = &[
    ("===", Operator::Arbitrary),
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessEqual),
    (">=", Operator::GreaterEqual),
    ("~=", Operator::Compatible),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

impl From<&MarkerTree> for Marker {
    /// Converts from the marker algebra of `pep508_rs`.
    fn from(tree: &MarkerTree) -> Self {
        let never = Self(Expression::Or(Vec::new()));
        match tree.try_to_string() {
            None => Self::TRUE,
            Some(_) if tree.is_false() => never,
            // It writes only what it parses, which is a subset of the markers here.
            Some(text) => text.parse().unwrap_or(never),
        }
    }
}

impl<'de> Deserialize<'de> for Marker {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl FromStr for Marker {
    type Err = MarkerError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut reader = Reader {
            text,
            at: 0,
            depth: 0,
        };
        let marker = reader.either()?;
        match reader.rest() {
            "" => Ok(Self(marker)),
            _ => Err(reader.error("expected `and`, `or` or the end here")),
        }
    }
}

impl Variable {
    /// The current spelling.
    pub fn name(self) -> &'static str {
        let mut names = VARIABLES.iter().filter(|(name, _)| !name.contains('.'));
        names
            .find(|(_, variable)| *variable == self)
            .map_or("extra", |(name, _)| name)
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

enum Side<'t> {
    Variable(Variable),
    Literal(&'t str),
}

impl<'t> Reader<'t> {
    /// The rest, without leading white space.
    fn rest(&mut self) -> &'t str {
        let rest = self.text[self.at..].trim_start();
        self.at = self.text.len() - rest.len();
        rest
    }

    fn error(&self, message: impl Into<String>) -> MarkerError {
        MarkerError {
            message: message.into(),
            start: self.at,
        }
    }

    /// The next word: letters, digits and the characters between them.
    fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')));
        &rest[..end.unwrap_or(rest.len())]
    }

    fn takes(&mut self, word: &str) -> bool {
        let found = self.word() == word;
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn either(&mut self) -> Result<Expression, MarkerError> {
        let mut parts = vec![self.both()?];
        while self.takes("or") {
            parts.push(self.both()?);
        }
        Ok(joined(parts, Expression::Or))
    }

    fn both(&mut self) -> Result<Expression, MarkerError> {
        let mut parts = vec![self.one()?];
        while self.takes("and") {
            parts.push(self.one()?);
        }
        Ok(joined(parts, Expression::And))
    }

    fn one(&mut self) -> Result<Expression, MarkerError> {
        if !self.rest().starts_with('(') {
            return self.comparison();
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error("the marker is nested too deeply: write it with fewer parentheses"));
        }
        self.at += 1;
        let inner = self.either()?;
        if !self.rest().starts_with(')') {
            return Err(self.error("expected `and`, `or` or `)` here"));
        }
        self.at += 1;
        self.depth -= 1;
        Ok(inner)
    }

    fn comparison(&mut self) -> Result<Expression, MarkerError> {
        let left = self.side()?;
        self.rest();
        let start = self.at;
        let operator = self.operator()?;
        let right = self.side()?;
        let wrong = |message| Err(MarkerError { message, start });
        let (variable, literal, reversed) = match (left, right) {
            (Side::Variable(variable), Side::Literal(literal)) => (variable, literal, false),
            (Side::Literal(literal), Side::Variable(variable)) => (variable, literal, true),
            _ => return wrong("a marker compares a variable with a text in quotation marks".to_owned()),
        };
        let specifier = if variable.is_version() && !reversed && operator != Operator::Arbitrary {
            format!("{operator}{literal}").parse().ok()
        } else {
            None
        };
        // The specification defines neither for strings.
        let defined = match operator {
            Operator::Arbitrary => {
                variable.is_version() && (reversed || !literal.contains([' ', '\t', ';', ')']))
            }
            // The release of the kernel is unknown, so that it forms no specifier.
            Operator::Compatible if reversed => {
                variable.is_version() && variable != Variable::PlatformRelease
            }
            Operator::Compatible => specifier.is_some(),
            _ => true,
        };
        if !defined {
            return wrong(format!(
                "`{operator}` compares versions, and one of these is not a version: write `==`"
            ));
        }
        let literal = if variable == Variable::Extra {
            normal(literal)
        } else {
            literal.to_owned()
        };
        Ok(Expression::Comparison(Box::new(Comparison {
            variable,
            operator,
            literal: literal.into(),
            reversed,
            specifier,
        })))
    }

    fn side(&mut self) -> Result<Side<'t>, MarkerError> {
        let rest = self.rest();
        if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '\'' | '"')) {
            let Some(end) = rest[1..].find(quote) else {
                return Err(self.error(format!("the closing {quote} is missing")));
            };
            self.at += end + 2;
            return Ok(Side::Literal(&rest[1..=end]));
        }
        let word = self.word();
        match VARIABLES.iter().find(|(name, _)| *name == word) {
            Some((_, variable)) => {
                self.at += word.len();
                Ok(Side::Variable(*variable))
            }
            None if word.is_empty() => {
                Err(self.error("expected a variable such as `python_version`, or a text in quotation marks"))
            }
            None => Err(self.error(format!(
                "`{word}` is not a variable of markers: texts need quotation marks"
            ))),
        }
    }

    fn operator(&mut self) -> Result<Operator, MarkerError> {
        if self.takes("in") {
            return Ok(Operator::In);
        }
        if self.takes("not") {
            return if self.takes("in") {
                Ok(Operator::NotIn)
            } else {
                Err(self.error("expected `in` after `not`"))
            };
        }
        let rest = self.rest();
        match OPERATORS.iter().find(|(text, _)| rest.starts_with(text)) {
            Some((text, operator)) => {
                self.at += text.len();
                Ok(*operator)
            }
            None => Err(self.error("expected an operator such as `==`, `<` or `not in`")),
        }
    }
}

fn joined(mut parts: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    if parts.len() == 1 {
        parts.remove(0)
    } else {
        join(parts)
    }
}

/// The normal form of PEP 503, also for invalid names.
fn normal(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            c => normal.extend(c.to_lowercase()),
        }
    }
    normal
}
