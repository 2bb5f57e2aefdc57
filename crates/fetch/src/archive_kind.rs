//! Kinds of archives, by file name and by content.

/// Number of bytes at the start of a file that identify its kind.
pub const HEAD: usize = 512;

/// Number of bytes at the end of a file that identify its kind: the last record of a ZIP archive, with the longest
/// comment.
pub const TAIL: usize = 22 + 65_535;

/// The signature of the last record of a ZIP archive.
const END_OF_DIRECTORY: [u8; 4] = *b"PK\x05\x06";

/// The format of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveKind {
    Tar,
    TarGz,
    TarBz2,
    Zip,
}

impl ArchiveKind {
    /// The kind of an archive, by its file name.
    pub fn of(filename: &str) -> Option<Self> {
        let name = filename.to_ascii_lowercase();
        let endings = [
            (".tar.gz", Self::TarGz),
            (".tgz", Self::TarGz),
            (".tar.bz2", Self::TarBz2),
            (".tbz", Self::TarBz2),
            (".tar", Self::Tar),
            (".zip", Self::Zip),
        ];
        endings
            .into_iter()
            .find_map(|(ending, kind)| name.ends_with(ending).then_some(kind))
    }

    /// The kind of a distribution, by its file name: as [`ArchiveKind::of`], but including wheels, which are ZIP
    /// archives.
    pub fn of_distribution(filename: &str) -> Option<Self> {
        if filename.to_ascii_lowercase().ends_with(".whl") {
            Some(Self::Zip)
        } else {
            Self::of(filename)
        }
    }

    /// The name of the format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tar => "tar",
            Self::TarGz => "gzip",
            Self::TarBz2 => "bzip2",
            Self::Zip => "ZIP",
        }
    }

    /// Whether a file with these first and last bytes may be of this kind.
    pub fn fits(self, head: &[u8], tail: &[u8]) -> bool {
        match self {
            Self::Tar => head.get(257..262) == Some(b"ustar"),
            Self::TarGz => head.starts_with(&[0x1f, 0x8b]),
            Self::TarBz2 => head.starts_with(b"BZh"),
            Self::Zip => tail
                .windows(END_OF_DIRECTORY.len())
                .any(|bytes| bytes == END_OF_DIRECTORY),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_page_is_not_an_archive() {
        for name in [
            "a-1-py3-none-any.whl",
            "a-1.tar.gz",
            "a-1.tar.bz2",
            "a-1.zip",
            "a-1.tar",
        ] {
            let kind = ArchiveKind::of_distribution(name).unwrap();
            for content in [&b""[..], b"<html>log in</html>", b"{}"] {
                assert!(!kind.fits(content, content), "{name}");
            }
        }
        assert!(ArchiveKind::Zip.fits(b"", b"PK\x05\x06 and so on"));
        assert_eq!(ArchiveKind::of_distribution("a-1.exe"), None);
    }
}
