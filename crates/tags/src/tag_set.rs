use std::fmt;

/// The tags at one place of a wheel's file name: one or more, joined by dots (a *compressed tag set* in PEP
/// 425).
///
/// Kept in one piece, lower case, in the order of the file name: an index has many wheels, and most have one
/// tag at each place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TagSet(Box<str>);

impl TagSet {
    /// `None` if a tag is empty.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.split('.').any(str::is_empty) {
            return None;
        }
        Some(Self(text.to_ascii_lowercase().into_boxed_str()))
    }

    /// The tags, in the order of the file name.
    pub fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.split('.')
    }

    /// Whether `tag`, in lower case, is one of them.
    #[must_use]
    pub fn contains(&self, tag: &str) -> bool {
        self.iter().any(|known| known == tag)
    }

    /// The tags joined by dots, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TagSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
