use std::fmt;

/// The optional third part of a wheel's file name, which distinguishes otherwise identical wheels.
///
/// It starts with a number. Build tags are ordered by that number, then by the text after it; a missing build tag sorts
/// before all others, as in the order of `Option<BuildTag>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BuildTag {
    number: u64,
    suffix: Box<str>,
}

impl BuildTag {
    /// `None` if `text` does not start with a 64-bit number.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let end = text
            .bytes()
            .position(|byte| !byte.is_ascii_digit())
            .unwrap_or(text.len());
        let (number, suffix) = text.split_at(end);
        Some(Self {
            number: number.parse().ok()?,
            suffix: suffix.into(),
        })
    }

    /// The number at the start.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// The text after the number; often empty.
    #[must_use]
    pub fn suffix(&self) -> &str {
        &self.suffix
    }
}

/// Formats the number without leading zeros, which the file name may have.
impl fmt::Display for BuildTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.number, self.suffix)
    }
}
