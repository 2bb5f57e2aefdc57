//! The crates pinned by a `Cargo.lock`.
//!
//! Only the sources of packages are read. The versions of the format differ in the location of the digests, which were
//! in a separate table at first. Download URLs follow <https://crates.io/data-access>.

use std::collections::BTreeMap;

use mach_nix_hash::Sha256;
use mach_nix_model::{CRATE_DOWNLOADS, Crate};
use serde::Deserialize;

/// The names of crates.io in a `Cargo.lock`; the second is that of the sparse protocol.
const CRATES_IO: [&str; 2] = [
    "registry+https://github.com/rust-lang/crates.io-index",
    "sparse+https://index.crates.io/",
];

/// Maximum length of a name: crates.io accepts 64 characters. Versions are much shorter.
const MAX_NAME: usize = 64;
const MAX_VERSION: usize = 128;

/// Maximum number of crates. Programs rarely need a tenth of it.
const MAX_CRATES: usize = 10_000;

#[derive(Deserialize)]
struct CargoLock {
    #[serde(default)]
    package: Vec<Package>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
}

/// The crates that a `Cargo.lock` pins from crates.io.
///
/// # Errors
/// The reason why it is not usable.
pub fn read(content: &[u8]) -> Result<Vec<Crate>, String> {
    let text = std::str::from_utf8(content).map_err(|error| error.to_string())?;
    let lock: CargoLock = toml::from_str(text).map_err(|error| error.message().to_owned())?;
    if lock.package.len() > MAX_CRATES {
        return Err(format!("it names more than {MAX_CRATES} crates"));
    }
    let metadata = &lock.metadata;
    let crates = lock.package.into_iter();
    crates
        .filter_map(|package| package.pinned(metadata).transpose())
        .collect()
}

impl Package {
    /// The pinned crate; `None` for a crate of the source itself.
    fn pinned(self, metadata: &BTreeMap<String, String>) -> Result<Option<Crate>, String> {
        let Some(source) = &self.source else {
            return Ok(None);
        };
        let is_word = |text: &str, longest: usize, besides: &str| {
            (1..=longest).contains(&text.len())
                && text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                && text
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || besides.contains(c))
        };
        let Self { name, version, .. } = &self;
        if !is_word(name, MAX_NAME, "-_") || !is_word(version, MAX_VERSION, "-.+") {
            return Err(format!(
                "`{} {}` is not the name and version of a crate",
                cut(name),
                cut(version)
            ));
        }
        if !CRATES_IO.contains(&&**source) {
            return Err(format!(
                "it takes the crate `{name}` from `{}`, and only those of crates.io can be locked",
                cut(source)
            ));
        }
        let in_table = || metadata.get(&format!("checksum {name} {version} ({source})"));
        let digest = self.checksum.as_ref().or_else(in_table);
        let digest = digest.ok_or_else(|| format!("it has no checksum for `{name} {version}`"))?;
        let hash = Sha256::from_hex(digest)
            .map_err(|_| format!("the checksum of `{name} {version}` is not one of SHA-256"))?;
        let file = format!("{name}-{}.crate", version.replace('+', "%2B"));
        Ok(Some(Crate {
            url: format!("{CRATE_DOWNLOADS}/{name}/{file}"),
            name: self.name,
            version: self.version,
            hash,
        }))
    }
}

/// An untrusted text, shortened for a message.
fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn package(fields: &str) -> String {
        format!("[[package]]\n{fields}\n")
    }

    fn of_crates_io(name: &str, version: &str, checksum: &str) -> String {
        package(&format!(
            "name = '{name}'\nversion = '{version}'\nsource = '{}'\nchecksum = '{checksum}'",
            CRATES_IO[0]
        ))
    }

    #[test]
    fn crates_of_the_registry_are_read_and_others_of_the_source_are_not() {
        let own = package("name = 'own'\nversion = '0.1.0'\ndependencies = ['itoa']");
        let text = format!(
            "version = 4\n{own}{}",
            of_crates_io("zstd-sys", "2.0.9+zstd.1.5.5", HEX)
        );
        let crates = read(text.as_bytes()).unwrap();
        let [found] = crates.as_slice() else {
            panic!("{crates:?}")
        };
        assert_eq!((&*found.name, &*found.version), ("zstd-sys", "2.0.9+zstd.1.5.5"));
        assert_eq!(
            found.url,
            "https://static.crates.io/crates/zstd-sys/zstd-sys-2.0.9%2Bzstd.1.5.5.crate"
        );
        assert_eq!(found.hash.to_hex(), HEX);
        assert_eq!(read(b"").unwrap(), []);
    }

    #[test]
    fn the_first_format_has_its_checksums_elsewhere() {
        let source = CRATES_IO[0];
        let text = format!(
            "{}[metadata]\n'checksum itoa 1.0.1 ({source})' = '{HEX}'\n",
            package(&format!("name = 'itoa'\nversion = '1.0.1'\nsource = '{source}'"))
        );
        assert_eq!(read(text.as_bytes()).unwrap()[0].hash.to_hex(), HEX);
    }

    #[test]
    fn rejects_unsupported_locks() {
        let git = package(
            "name = 'own'\nversion = '1.0.0'\nsource = 'git+https://git.example.org/own?branch=main#0123456789'",
        );
        let unchecked = package(&format!("name = 'a'\nversion = '1'\nsource = '{}'", CRATES_IO[0]));
        let many = of_crates_io("a", "1", HEX).repeat(MAX_CRATES + 1);
        for (text, reason) in [
            ("[[package]".to_owned(), "unclosed"),
            (
                "package = 3".to_owned(),
                "invalid type: integer `3`, expected a sequence",
            ),
            (
                git,
                "it takes the crate `own` from `git+https://git.example.org/own?branch=main#0123456789`, and only those",
            ),
            (unchecked, "it has no checksum for `a 1`"),
            (
                of_crates_io("a", "1", &HEX[1..]),
                "the checksum of `a 1` is not one of SHA-256",
            ),
            (
                of_crates_io("../a", "1", HEX),
                "`../a 1` is not the name and version of a crate",
            ),
            (
                of_crates_io("a", "1/../..", HEX),
                "`a 1/../..` is not the name and version of a crate",
            ),
            (
                of_crates_io(&"a".repeat(65), "1", HEX),
                "is not the name and version of a crate",
            ),
            (many, "it names more than 10000 crates"),
        ] {
            let error = read(text.as_bytes()).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
        assert!(read(&[0xff]).is_err());
    }
}
