//! Formatting of markers.

use std::fmt;

use serde::Serialize;

use super::expression::{Comparison, Expression, Marker, Operator};

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
        // Parentheses around an `and` inside an `or` are redundant, but easier to read.
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
