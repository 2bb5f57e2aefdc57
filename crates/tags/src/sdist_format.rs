/// The archive format of an sdist.
///
/// The current specification allows only `.tar.gz`; indexes still serve the others from earlier years (PEP 527).
/// Ordered by preference if a release has several: the greatest is the best.
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
    /// Every format, in order of preference.
    pub const ALL: [Self; 3] = [Self::TarGz, Self::Zip, Self::TarBz2];

    /// The file extension, including its first dot.
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

    /// The extensions, for messages.
    pub(crate) fn expected() -> String {
        let [first, second, third] = Self::ALL.map(Self::extension);
        format!("`{first}`, `{second}` or `{third}`")
    }
}
