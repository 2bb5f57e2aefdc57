//! Names of package files ([CEP 26](https://conda.org/learn/ceps/cep-0026/)).

use std::fmt::Write as _;

/// The name of a package file: `NAME-VERSION-BUILD.conda`, or `.tar.bz2`, the older format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackageFile<'a> {
    file: &'a str,
    stem: &'a str,
    name: &'a str,
}

/// A text that is not the name of a package file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not the name of a conda package file, NAME-VERSION-BUILD.conda or .tar.bz2", .0.escape_debug())]
pub struct PackageFileError(String);

impl<'a> PackageFile<'a> {
    /// The ending of the newer format.
    pub const CONDA: &'static str = ".conda";

    /// The ending of the older format.
    pub const TAR_BZ2: &'static str = ".tar.bz2";

    /// Reads a name.
    ///
    /// # Errors
    /// When it has not the form of one, or would lead out of its folder.
    pub fn parse(file: &'a str) -> Result<Self, PackageFileError> {
        let error = || PackageFileError(file.chars().take(256).collect());
        let stem = file
            .strip_suffix(Self::CONDA)
            .or_else(|| file.strip_suffix(Self::TAR_BZ2))
            .ok_or_else(error)?;
        let mut parts = stem.rsplitn(3, '-');
        let is_safe = |c: char| !c.is_control() && !matches!(c, '/' | '\\');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(build), Some(version), Some(name))
                if ![build, version, name].contains(&"")
                    && !name.starts_with('.')
                    && file.chars().all(is_safe) =>
            {
                Ok(Self { file, stem, name })
            }
            _ => Err(error()),
        }
    }

    /// The name of the package.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// Name, version and build, without the ending: the package, whatever its format.
    #[must_use]
    pub fn stem(&self) -> &'a str {
        self.stem
    }

    /// The name as the last part of an address.
    pub(crate) fn in_address(&self) -> String {
        let mut text = String::with_capacity(self.file.len());
        for byte in self.file.bytes() {
            match byte {
                b'0'..=b'9'
                | b'A'..=b'Z'
                | b'a'..=b'z'
                | b'-'
                | b'.'
                | b'_'
                | b'~'
                | b'!'
                | b'+'
                | b'='
                | b',' => text.push(byte.into()),
                other => write!(text, "%{other:02X}").expect("a string takes every text"),
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::PackageFile;

    #[test]
    fn the_name_is_what_precedes_version_and_build() {
        let file = PackageFile::parse("ld_impl_linux-64-2.40-hf600244_0.conda").unwrap();
        assert_eq!(
            (file.name(), file.stem()),
            ("ld_impl_linux-64", "ld_impl_linux-64-2.40-hf600244_0")
        );
        let file = PackageFile::parse("x-1!2.0+3-0.tar.bz2").unwrap();
        assert_eq!(
            (file.name(), file.in_address().as_str()),
            ("x", "x-1!2.0+3-0.tar.bz2")
        );
        assert_eq!(
            PackageFile::parse("x-1 2-0.conda").unwrap().in_address(),
            "x-1%202-0.conda"
        );
    }

    #[test]
    fn a_file_stays_in_its_folder() {
        for text in [
            "../x-1-0.conda",
            "a/x-1-0.conda",
            "..-1-0.conda",
            "a\\x-1-0.conda",
            "x-1-0\0.conda",
            "x-1.conda",
            "-1-0.conda",
            "x-1-0.zip",
            "x--0.conda",
            "",
        ] {
            assert!(PackageFile::parse(text).is_err(), "{text:?}");
        }
    }
}
