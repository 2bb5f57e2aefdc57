/// The kind of archive that an sdist is.
///
/// Today's specification allows `.tar.gz` alone; the others are what indexes still serve from earlier years
/// (PEP 527). In the order of preference where a release has several: the greater one is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SdistFormat {
    /// `.tar.bz2`
    TarBz2,
    /// `.zip`
    Zip,
    /// `.tar.gz`
    TarGz,
}

impl SdistFormat {
    /// Every format, the preferred one first.
    pub const ALL: [Self; 3] = [Self::TarGz, Self::Zip, Self::TarBz2];

    /// The ending of the file name, with its first dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::TarGz => ".tar.gz",
            Self::Zip => ".zip",
            Self::TarBz2 => ".tar.bz2",
        }
    }

    pub(crate) fn split(file_name: &str) -> Option<(&str, Self)> {
        Self::ALL
            .into_iter()
            .find_map(|format| Some((file_name.strip_suffix(format.extension())?, format)))
    }

    /// The endings, for messages.
    pub(crate) fn expected() -> String {
        let [first, second, third] = Self::ALL.map(Self::extension);
        format!("`{first}`, `{second}` or `{third}`")
    }
}
