use std::fmt;

/// The optional third part of a wheel's file name, which tells apart wheels that are otherwise the same.
///
/// It starts with a number. Build tags are ordered by that number, then by the text after it; no build tag at
/// all is less than any, which is the order of `Option<BuildTag>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BuildTag {
    number: u64,
    suffix: Box<str>,
}

impl BuildTag {
    /// `None` if `text` does not start with a number of 64 bits.
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

    /// The number that it starts with.
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

/// The number comes without the leading zeros that the file name may have.
impl fmt::Display for BuildTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.number, self.suffix)
    }
}
